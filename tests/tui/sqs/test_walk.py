"""Walking through a queue on the screen: what it asks, how far it is, how it ends, and that everything goes back."""

import pytest

from connectors.sqs.connector import SqsConnector
from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import denied, no_such_queue
from tests.tui.conftest import AtWork
from tests.tui.person import Person
from widgets.dialog import Panel, Question

DENIED = denied("sqs:changemessagevisibility")


def bodies(count: int) -> list[str]:
    return [f"body {number:03}" for number in range(count)]


def in_flight(stub: SqsStub, name: str = "orders") -> int:
    return sum(message.in_flight for message in stub.model.queues[name].messages)


async def looks(person: Person) -> None:
    await person.reads("cost", "A look (p)")
    await person.press("p")
    await person.reads("cost", "10 held")


async def walks(person: Person, most: str = "") -> None:
    """As somebody who looked already and wants more, `most` or as many as are suggested."""
    await person.press("p")
    await person.is_asked("Walk through orders?")
    if most:
        await person.types(most)
    await person.says("y")


async def test_p_again_asks_how_many_and_walks_on(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=bodies(60), dead_letter="orders-dlq", max_receive_count=5)
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "after 5 they go")
        await person.press("p")
        await person.is_asked("Look into orders?")
        await person.says("y")
        await person.reads("cost", "10 held")
        await person.reads("title", "50 visible")
        await person.press("p")
        facts = await person.is_asked("Walk through orders?")
        assert "adds 1 to the receive count of each message seen; about 50 are visible" in facts
        assert "after 5 receives a message goes to orders-dlq" in facts
        await person.sees("How many messages (1 to 10,000):", "│ 100 ")
        await person.types("25")
        await person.says("y")
        await person.reads("hints", "25 messages seen, as many as asked for")
        await person.reads("cost", "35 held for")
        assert person.table.model.total == in_flight(stub) == 35
        assert (
            len({message.receive_count for message in stub.model.queues["orders"].messages if message.in_flight}) == 1
        )


async def test_the_number_is_checked_and_enter_is_not_the_answer(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=bodies(20))
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        await person.press("p")
        await person.is_asked("Walk through orders?")
        await person.press("enter")
        for wrong in ("0", "10001"):
            await person.press(*["backspace"] * 5)
            await person.types(wrong)
            await person.press("y")
            await person.sees("a number from 1 to 10,000")
        await person.press(*["backspace"] * 5, "y")
        await person.sees("a number from 1 to 10,000")
        assert len(stub.sent("ReceiveMessage")) == 1
        await person.says("n")
        assert len(stub.sent("ReceiveMessage")) == 1


async def test_keys_typed_before_the_question_listens_change_neither_number_nor_answer(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders", messages=bodies(20))
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        person.sends_key("p")
        await until(lambda: isinstance(person.app.screen, Question))  # `press` may return when it listens already
        await person.types("77yy")
        await person.is_asked("Walk through orders?")
        await person.sees("(1 to 10,000):", "│ 100 ")
        assert len(stub.sent("ReceiveMessage")) == 1


@pytest.mark.parametrize("view", ["queue:orders", "queues"])
async def test_a_number_after_the_command_walks_without_an_earlier_look(
    stub: SqsStub, sluice: AtWork, view: str
) -> None:
    stub.queue("orders", messages=bodies(40))
    async with sluice(stub.url, view=view) as person:
        await person.sees("orders")
        if view != "queues":
            await person.reads("cost", "A look (p)")
        await person.press("colon")
        await person.types("peek 30")
        await person.press("enter")
        await person.is_asked("Walk through orders?")
        await person.sees("(1 to 10,000):", "│ 30 ")
        await person.says("y")
        await person.reads("cost", "30 held")


async def test_it_shows_how_far_it_is_and_escape_gives_back_what_it_brought_before_it_leaves(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders", messages=bodies(90))
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        await person.reads("title", "80 visible")
        answers = stub.hold("ReceiveMessage", when=lambda _: len(stub.sent("ReceiveMessage")) > 5)
        await walks(person)
        await person.reads("cost", "40 of about 80 seen; p stops, esc gives them back")
        await until(lambda: in_flight(stub) > 50)
        await person.press("escape")
        await person.reads("hints", "40 messages given back")
        await person.reads("cost", "10 held for")
        assert person.table.model.total == 50
        answers.release()
        await until(lambda: in_flight(stub) == 10)
        sizes = [len(request.params["Entries"]) for request in stub.sent("ChangeMessageVisibilityBatch")]
        assert sizes[1:5] == [10] * 4  # the first asked whether giving back is allowed
        await person.press("escape")
        await person.sees("Queues 1")
        await until(lambda: in_flight(stub) == 0)


async def test_p_stops_a_walk_and_a_second_one_is_refused(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=bodies(90))
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        stub.hold("ReceiveMessage", when=lambda _: len(stub.sent("ReceiveMessage")) > 5)
        await walks(person)
        await person.reads("cost", "40 of about")
        await person.press("colon")
        await person.types("peek 5")
        await person.press("enter")
        await person.reads("hints", "a walk goes on; p stops it")
        await person.press("p")
        await person.reads("hints", "40 messages seen, then stopped")
        await person.reads("cost", "50 held")


async def test_leaving_gives_back_all_that_a_walk_brought_in_batches(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=bodies(200))
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        await walks(person, "150")
        await person.reads("cost", "160 held")
        await person.press("escape")
        await person.reads("hints", "160 messages given back")
        assert in_flight(stub) == 0
        sizes = [len(request.params["Entries"]) for request in stub.sent("ChangeMessageVisibilityBatch")]
        assert sizes == [1, *[10] * 16]  # the first asked whether giving back is allowed


async def test_leaving_in_the_middle_of_a_walk_leaves_nothing_behind(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=bodies(200))
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        answers = stub.hold("ReceiveMessage", when=lambda _: len(stub.sent("ReceiveMessage")) > 5)
        await walks(person)
        await person.reads("cost", "40 of ")
        await until(lambda: in_flight(stub) > 50)
        await person.press("1")
        await person.sees("Queues 1")
        answers.release()
        await until(lambda: in_flight(stub) == 0)


async def test_a_switch_of_the_context_in_the_middle_of_a_walk_gives_everything_back(
    stub: SqsStub, sluice: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.open_context.CLOSE_BUDGET", 60.0)  # a slow machine is not what this is about
    stub.queue("orders", messages=bodies(200))
    with SqsStub() as other:
        other.queue("orders", visible=77)
        async with sluice(stub.url, view="queue:orders") as person:
            await looks(person)
            answers = stub.hold("ReceiveMessage", when=lambda _: len(stub.sent("ReceiveMessage")) > 5)
            await walks(person)
            await person.reads("cost", "40 of ")
            await until(lambda: in_flight(stub) > 50)
            await person.press("c", "tab", "tab", "tab", "ctrl+u")
            await person.types(other.url)
            await person.press("enter")
            answers.release()
            await person.reads("title", "77 visible")
            await until(lambda: in_flight(stub) == 0)
            assert other.sent("ChangeMessageVisibilityBatch") == []
            assert not isinstance(person.app.screen, Panel)


async def test_where_giving_back_is_denied_it_says_so_first_and_takes_short_leases(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders", messages=bodies(60))
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        stub.on("ChangeMessageVisibilityBatch", DENIED)
        await person.press("p")
        facts = await person.is_asked("Walk through orders?")
        assert facts.startswith("careful: giving back is denied here: what is looked at stays hidden for 30 s")
        assert len(stub.sent("ReceiveMessage")) == 1
        await person.says("y")
        await person.reads("cost", "60 held")
        assert {request.params["VisibilityTimeout"] for request in stub.sent("ReceiveMessage")} == {30}


async def test_a_queue_that_is_gone_in_the_middle_keeps_what_was_seen(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=bodies(90))
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        stub.on("ReceiveMessage", no_such_queue(), when=lambda _: len(stub.sent("ReceiveMessage")) > 4)
        await walks(person)
        assert "step: not found" in await person.is_shown("It did not work")
        await person.press("escape")
        await person.reads("cost", "40 held")
        assert person.table.model.total == 40


async def test_no_look_refuses_a_walk(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=bodies(5))
    async with sluice(stub.url, view="queue:orders", no_look=True) as person:
        await person.reads("title", "5 visible")
        await person.press("colon")
        await person.types("peek 50")
        await person.press("enter")
        await person.reads("hints", "peeking is switched off by --no-look")
        assert stub.sent("ReceiveMessage") == stub.sent("ChangeMessageVisibilityBatch") == []


async def test_new_rows_come_to_the_end_and_the_cursor_stays_where_it_is(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=bodies(40))
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        await person.press("j", "j", "j", "O")
        under = person.under_cursor.key
        before = person.table.model.shown_keys()
        await walks(person)
        await person.reads("cost", "40 held")
        assert person.under_cursor.key == under
        assert person.table.model.shown_keys()[:10] == before


# -- leases kept alive ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["list", "message", "dialog"])
async def test_a_lease_is_extended_while_somebody_reads_or_decides(
    stub: SqsStub, sluice: AtWork, clock: ManualClock, where: str
) -> None:
    orders = stub.queue("orders", messages=bodies(3))
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.reads("cost", "3 held for 30 s more")
        await person.press(*{"list": (), "message": ("enter",), "dialog": ("asterisk", "d")}[where])
        clock.jump(21)
        await person.reads("cost", "3 held for 120 s more; given back when you leave.")
        assert len(stub.sent("ChangeMessageVisibilityBatch")) == 1
        clock.jump(79)
        if where == "message":
            await person.reads("title", "lease 41 s")
        if where == "dialog":
            await person.is_asked("Delete messages?")
            await person.says("y")
            await person.reads("hints", "3 of 3 deletes confirmed by SQS")
            assert orders.messages == []


async def test_nobody_at_the_keyboard_lets_the_leases_end_and_a_key_holds_them_again(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", messages=bodies(3))
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.reads("cost", "3 held for 30 s more")
        for times, seconds in enumerate((21, 90, 90, 90), start=1):
            clock.jump(seconds)
            await until(lambda times=times: len(stub.sent("ChangeMessageVisibilityBatch")) == times)  # type: ignore[misc]
            await person.reads("cost", "3 held for 120 s more")
        clock.jump(90)
        await person.reads("cost", "3 held for 30 s more; not extended: no key for 5 min.")
        await person.press("j")
        await person.reads("cost", "3 held for 120 s more; given back when you leave.")
        clock.jump(301)
        await person.reads("cost", "No lease is held any more: look again (p) before you delete.")


async def test_a_walk_keeps_its_leases_also_with_nobody_at_the_keyboard(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", messages=bodies(90))
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await looks(person)
        stub.hold("ReceiveMessage", when=lambda _: len(stub.sent("ReceiveMessage")) > 5)
        await walks(person)
        await person.reads("cost", "40 of")
        assert person.app.workplace is not None
        leases = person.app.workplace.connector(SqsConnector).leases
        for _ in range(4):
            clock.jump(85)
            await until(
                lambda: [lease.lease_ends > clock.monotonic() + 100 for lease in leases.open()] == [True] * 40,
                what="forty leases extended",
            )
        assert not person.app.somebody_is_here
        await person.reads("cost", "40 of")


async def test_a_lease_that_can_not_be_extended_ends_as_before_and_says_why(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", messages=bodies(3))
    stub.on("ChangeMessageVisibilityBatch", DENIED)
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.reads("cost", "3 held for 30 s more")
        clock.jump(21)
        await person.reads("cost", "3 held for 9 s more; not extended (permission).")
        clock.jump(6)
        await person.reads("cost", "3 held for 3 s more")
        clock.jump(4)
        await person.reads("cost", "No lease is held any more")
        assert len(stub.sent("ChangeMessageVisibilityBatch")) == 1


async def test_a_second_a_walked_list_costs_no_row_that_did_not_change(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", messages=bodies(200))
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await looks(person)
        await walks(person, "190")
        await person.reads("cost", "200 held for 30 s more")
        rows = [person.table.model.row(index)[1] for index in range(200)]
        clock.jump(5)
        await person.reads("cost", "200 held for 25 s more")
        assert all(person.table.model.row(index)[1] is row for index, row in enumerate(rows))


async def test_the_hints_say_what_stops_a_walk_and_what_cancels_it(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=[f"body {number}" for number in range(30)])
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        hold = stub.hold("ReceiveMessage")
        await person.types(":peek 30")
        await person.press("enter")
        await person.is_asked("Walk through orders?")
        await person.says("y")
        assert "p Stop" in await person.reads("hints", "esc Cancel")
        hold.release()
        await person.reads("hints", "esc Back", seconds=20)
