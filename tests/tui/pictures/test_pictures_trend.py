"""Pictures of the counts of the last minutes: the clock is moved until every minute that is shown has its block."""

from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.tui.person import Person
from tests.tui.pictures.conftest import LooksAsBefore
from tests.tui.pictures.scenes import LARGE
from tui.format.values import cell

COUNTS = {
    "emails": (12, 40, 85, 120, 90, 64, 31, 12, 4, 0, 0, 7, 12),
    "orders": (1234, 1180, 1020, 990, 870, 640, 480, 310, 150, 90, 40, 12, 3),
    "payments.fifo": (18, 18, 18, 19, 22, 31, 60, 118, 240, 477, 950, 1890, 3770),
    "payments-dlq.fifo": (0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 5, 9, 9),
}
"""What is visible in each minute; the last of them has only begun."""


def set_counts_of(minute: int, shop: SqsStub) -> None:
    for name, counts in COUNTS.items():
        shop.model.queues[name].visible = counts[minute]


async def sees_the_minutes_pass(person: Person, shop: SqsStub, clock: ManualClock) -> None:
    """Every queue is read at the beginning of each minute."""
    await person.sees("payments.fifo")
    for minute in range(len(COUNTS["orders"])):
        if minute:
            clock.jump(59)
        set_counts_of(minute, shop)
        await person.lets_pass(clock, 1)
        for name, counts in COUNTS.items():
            start = f"{name} {cell(counts[minute])} "
            await until(lambda start=start: person.row(start), what=f"the counts of {minute=}")
    # help and back: the calls per minute are shown every few seconds, and at once when the list comes back to the front
    await person.press("question_mark", "escape")


def test_queues_with_the_trend_of_twelve_minutes(
    looks_as_before: LooksAsBefore, shop: SqsStub, clock: ManualClock
) -> None:
    set_counts_of(0, shop)

    async def act(person: Person) -> None:
        await sees_the_minutes_pass(person, shop, clock)
        await person.sees("▁▁▁▁▁▁▁▃▃▃▅█")

    assert looks_as_before(act, size=LARGE, clock=clock)


def test_a_queue_with_the_trend_of_twelve_minutes(
    looks_as_before: LooksAsBefore, shop: SqsStub, clock: ManualClock
) -> None:
    set_counts_of(0, shop)

    async def act(person: Person) -> None:
        await sees_the_minutes_pass(person, shop, clock)
        await person.press("colon", *"queue:payments.fifo", "enter")
        await person.reads("title", "3,770 visible")
        await person.reads("cost", "Groups wait")
        await until(lambda: "visible, last 12 min" in person.facts and "DLQ of: no queue" in person.facts)

    assert looks_as_before(act, clock=clock)
