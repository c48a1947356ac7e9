"""Counts over the last minutes: where they are shown, and when they move."""

from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.tui.conftest import AtWork
from tests.tui.person import Person

WIDE = (140, 45)


async def passes(person: Person, clock: ManualClock, seconds: int) -> None:
    """Lets time pass in steps in which everything that is due is read and told."""
    for _ in range(seconds // 5):
        await person.lets_pass(clock, 5)
        await person.pilot.pause()


async def test_the_list_shows_a_block_for_each_minute_that_has_ended(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    orders = stub.queue("orders", visible=10)
    stub.queue("quiet", visible=0)
    async with sluice(stub.url, size=WIDE, clock=clock) as person:
        await person.sees("last 12 min", "quiet")
        assert "█" not in person.screen
        await passes(person, clock, 60)
        await until(lambda: "█" in person.row("orders"))
        assert "▁" in person.row("quiet")
        orders.visible = 1
        await passes(person, clock, 30)
        assert "█▃" not in person.screen
        await passes(person, clock, 30)
        await until(lambda: "█▃" in person.row("orders"))
        assert "▁▁" in person.row("quiet")


async def test_within_a_minute_a_row_with_the_same_counts_is_not_painted(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", visible=10)
    async with sluice(stub.url, size=WIDE, clock=clock) as person:
        await person.sees("orders")
        await passes(person, clock, 65)
        painted = person.table.render_line(1)
        await passes(person, clock, 50)
        assert person.table.render_line(1) is painted


async def test_where_it_is_narrow_there_is_no_column_for_it(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", visible=10)
    async with sluice(stub.url, size=(120, 45)) as person:
        await person.sees("orders", "dead-letter queue")
        assert "last 12 min" not in person.screen


async def test_a_queue_says_its_trend_and_goes_on_with_it_while_it_is_open(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    orders = stub.queue("orders", visible=10)
    async with sluice(stub.url, size=WIDE, clock=clock) as person:
        await person.sees("orders")
        await passes(person, clock, 65)
        await person.press("enter")
        await person.reads("title", "10 visible")
        orders.visible = 4
        await person.press("r")
        await person.reads("title", "4 visible")
        await passes(person, clock, 60)
        await person.press("r")
        await person.sees("4 to 10 visible, last 2 min")
        await person.press("escape")
        await until(lambda: "█▄" in person.row("orders"))
