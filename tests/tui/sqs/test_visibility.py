"""Changing how long messages stay hidden, and giving back everything that sluice holds."""

import json
from datetime import UTC, datetime

from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import denied, partly_failed, reset
from tests.tui.conftest import AtWork
from tests.tui.person import Person
from widgets.dialog import Panel

OPERATION = "ChangeMessageVisibilityBatch"
BODIES = ("first", "second", "third")


async def looks(person: Person, count: int) -> None:
    await person.reads("cost", "A look (p)")
    await person.press("p")
    await person.reads("cost", f"{count} held")


async def sets(person: Person, seconds: int) -> str:
    """Answers the question for a visibility timeout that `v` opens; gives its facts."""
    await person.press("h")
    facts = await person.is_asked("Hide for a time?")
    await person.press(*str(seconds))
    await person.says("y")
    return facts


async def test_twelve_hours_count_from_the_receive_and_the_moment_is_said(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", messages=BODIES)
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await looks(person, 3)
        clock.jump(10)
        await person.press("asterisk", "h")
        await person.is_asked("Hide for a time?")
        await person.press(*"43200")
        await person.sees("until 14:59:", "12 hours after the receive")
        await person.says("y")
        await person.reads("hints", "3 of 3 hidden until 14:59:")
        [request] = stub.sent(OPERATION)
        assert {entry["VisibilityTimeout"] <= 43_200 - 15 for entry in request.params["Entries"]} == {True}


async def test_marked_messages_are_hidden_for_as_long_as_was_typed(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    orders = stub.queue("orders", messages=BODIES, attributes={"VisibilityTimeout": "45"})
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await person.sees("123456789012")
        await looks(person, 3)
        await person.press("space", "space", "h")
        facts = await person.is_asked("Hide for a time?")
        assert "messages: 2" in facts
        assert "queue: orders" in facts
        assert "account: 123456789012" in facts
        await person.sees("Hidden from consumers until 03:00:45")
        await person.press(*"600")
        await person.sees("Hidden from consumers until 03:10:00, also when you leave")
        await person.says("y")
        await person.reads("hints", "2 of 2 hidden until 03:10:00")
        [request] = stub.sent(OPERATION)
        assert [entry["VisibilityTimeout"] for entry in request.params["Entries"]] == [600, 600]
        assert [entry["ReceiptHandle"] for entry in request.params["Entries"]] == [
            message.handle for message in orders.messages[:2]
        ]
        assert "03:10" in person.row("1 03:10")
        await person.reads("cost", "1 held for 30 s more")
        clock.jump(31)
        await person.reads("cost", "2 kept hidden until 03:10:00")


async def test_what_stays_hidden_over_midnight_is_said_with_the_date(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["first"])
    late = ManualClock(datetime(2026, 3, 14, 23, 0, tzinfo=UTC))
    async with sluice(stub.url, view="queue:orders", clock=late) as person:
        await looks(person, 1)
        await sets(person, 7200)
        await person.reads("cost", "1 kept hidden until 2026-03-15 01:00:00")
        await person.press("i")
        assert "held until 2026-03-15 01:00:00" in await person.is_shown("Receives of this message")


async def test_leaving_does_not_undo_it_and_release_does(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=BODIES)
    other = stub.queue("other", messages=["x"])
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person, 3)
        await person.press("asterisk")
        await sets(person, 600)
        await person.reads("hints", "3 of 3 hidden")
        await person.press("escape", "colon")
        await person.types("queue:other")
        await person.press("enter")
        await looks(person, 1)
        assert [len(request.params["Entries"]) for request in stub.sent(OPERATION)] == [3]
        await person.press("H")
        await person.reads("hints", "4 messages of 2 queues given back")
        assert not any(message.in_flight for message in (*orders.messages, *other.messages))
        await person.sees("back")
        await person.press("H")
        await person.reads("hints", "nothing is held")


async def test_whoever_quits_is_told_what_stays_hidden_and_until_when(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", messages=BODIES)
    stub.queue("other", messages=["x"])
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await looks(person, 3)
        await person.press("space", "space")
        await sets(person, 600)
        await person.reads("hints", "2 of 2 hidden")
        await person.press("asterisk", "asterisk")
        await sets(person, 900)
        await person.reads("hints", "1 of 1 hidden")
        await person.press("escape", "colon")
        await person.types("queue:other")
        await person.press("enter")
        await looks(person, 1)
        await sets(person, 7200)
        await person.reads("hints", "1 of 1 hidden")
        await person.press("ctrl+q")
        await until(lambda: person.has_left, what="the way out, without a question")
        assert person.app.left_undone == [
            "3 of orders stay hidden until 03:15:00 at the latest, as set by hand",
            "1 of other stays hidden until 05:00:01, as set by hand",  # three questions took 0.4 s each
        ]


async def test_a_switch_of_the_context_says_what_stays_hidden_in_the_old_one(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", messages=BODIES)
    with SqsStub() as other:
        other.queue("orders", visible=77)
        async with sluice(stub.url, view="queue:orders", clock=clock) as person:
            await looks(person, 3)
            await person.press("asterisk")
            await sets(person, 600)
            await person.reads("hints", "3 of 3 hidden")
            await person.press("c", "tab", "tab", "tab", "ctrl+u")
            await person.types(other.url)
            await person.press("enter")
            await person.reads("title", "77 visible")
            await person.reads("hints", "3 of orders stay hidden until 03:10:00, as set by hand")
        assert person.app.left_undone == []


async def test_what_was_hidden_by_hand_stays_hidden_where_the_next_change_fails(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=BODIES)
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person, 3)
        await person.press("asterisk")
        await sets(person, 600)
        await person.reads("hints", "3 of 3 hidden")
        for failing in (denied("sqs:changemessagevisibility"), partly_failed(0, 1, 2)):
            stub.on(OPERATION, failing, times=1)
            await sets(person, 900)
            await until(lambda: isinstance(person.app.screen, Panel))
            await person.press("escape")
            await person.reads("cost", "3 kept hidden")
        await person.press("escape")
        await person.sees("Queues 1")
        assert len(stub.sent(OPERATION)) == 3
        assert all(message.in_flight for message in orders.messages)


async def test_a_release_that_failed_can_be_tried_again(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=BODIES)
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person, 3)
        await person.press("asterisk")
        await sets(person, 600)
        await person.reads("hints", "3 of 3 hidden")
        stub.on(OPERATION, partly_failed(1), times=1, acting=False)
        await person.press("H")
        await person.is_shown("Not all were released")
        await person.press("escape")
        await person.reads("cost", "1 kept hidden")
        await person.press("H")
        await person.reads("hints", "1 message of 1 queue given back")
        assert not orders.messages[1].in_flight


async def test_to_release_everything_ends_a_walk_so_that_nothing_is_received_anew(
    stub: SqsStub, sluice: AtWork
) -> None:
    orders = stub.queue("orders", messages=["x"] * 20)
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        answers = stub.hold("ReceiveMessage", when=lambda _: len(stub.sent("ReceiveMessage")) > 1)
        await person.press("colon")
        await person.types("peek 30")
        await person.press("enter")
        await person.is_asked("Walk through orders?")
        await person.says("y")
        await person.reads("cost", "10 of about 20 seen")
        await until(lambda: all(message.in_flight for message in orders.messages))
        await person.press("H")
        await until(lambda: sum(message.in_flight for message in orders.messages) == 10)
        answers.release()
        await until(lambda: not any(message.in_flight for message in orders.messages))
        await person.reads("cost", "No lease is held any more")
        assert {message.receive_count for message in orders.messages} == {1}


async def test_zero_gives_back_at_once_and_the_handle_is_worth_nothing_then(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=["first"])
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person, 1)
        await person.press("h")
        await person.is_asked("Hide for a time?")
        await person.press("0")
        await person.sees("Gives them back: visible to consumers at once. The receive count stays")
        await person.says("y")
        await person.reads("hints", "1 message given back")
        assert not orders.messages[0].in_flight
        assert not person.app.audit.path.exists()
        await person.sees("1  back")
        for key in ("d", "h"):
            await person.press(key)
            assert "the lease of what you chose has ended" in await person.is_shown("Refused")
            await person.press("escape")
        assert stub.sent("DeleteMessageBatch") == []


async def test_where_one_fails_each_message_is_told(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=BODIES)
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person, 3)
        stub.on(OPERATION, partly_failed(1, code="InvalidParameterValue", message="beyond 12 hours"))
        await person.press("asterisk")
        await sets(person, 43_200)
        told = (await person.is_shown("Not all were changed")).splitlines()
        ids = [message.message_id for message in orders.messages]
        assert told[0] == f"{ids[0]}: changed"
        assert told[1].startswith(f"{ids[1]}: InvalidParameterValue: beyond 12 hours")
        await person.press("escape")
        await person.reads("cost", "1 held")


async def test_without_an_answer_the_outcome_is_unknown_and_it_is_given_back_on_leaving(
    stub: SqsStub, sluice: AtWork
) -> None:
    orders = stub.queue("orders", messages=["first"])
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person, 1)
        stub.on(OPERATION, reset(), times=1, acting=True)
        await sets(person, 600)
        assert "unknown" in await person.is_shown("Not all were changed")
        assert len(stub.sent(OPERATION)) == 1
        await person.press("escape", "escape")
        await until(lambda: not orders.messages[0].in_flight)


async def test_a_lease_that_ends_while_the_question_is_open_is_not_tried(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", messages=["first"])
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await looks(person, 1)
        await person.press("h")
        await person.is_asked("Hide for a time?")
        clock.jump(31)
        await person.says("y")
        assert "lease ended, peek again" in await person.is_shown("Not all were changed")
        assert stub.sent(OPERATION) == []


async def test_the_cursor_that_moves_while_the_question_is_open_changes_nothing(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=BODIES)
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person, 3)
        await person.press("j", "h")
        await person.is_asked("Hide for a time?")
        person.table.action_top()
        person.table.action_mark_all()
        await person.press(*"60")
        await person.says("y")
        await person.reads("hints", "1 of 1 hidden")
        [request] = stub.sent(OPERATION)
        assert [entry["ReceiptHandle"] for entry in request.params["Entries"]] == [orders.messages[1].handle]


async def test_the_record_holds_the_seconds(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["first"])
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person, 1)
        await sets(person, 600)
        await person.reads("hints", "1 of 1 hidden")
        intent, outcome = map(json.loads, person.app.audit.path.read_text().splitlines())
        assert "--visibility-timeout 600 " in intent["command"]
        assert (intent["account"], outcome["result"]) == ("123456789012", "done")


async def test_read_only_refuses_to_hide_and_lets_release(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=["first"])
    async with sluice(stub.url, view="queue:orders", read_only=True) as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.is_asked("Look into orders?")
        await person.says("y")
        await person.reads("cost", "1 held")
        await person.press("h")
        await person.reads("hints", "this context is read-only")
        await person.press("colon")
        await person.types("release")
        await person.press("enter")
        await person.reads("hints", "1 message of 1 queue given back")
        assert not orders.messages[0].in_flight


async def test_what_could_not_be_released_is_named_with_its_queue_and_the_time_of_its_return(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    orders = stub.queue("orders", messages=["first", "second"])
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await looks(person, 2)
        stub.on(OPERATION, denied("sqs:changemessagevisibility"))
        clock.jump(10)
        await person.press("H")
        facts = await person.is_shown("Not all were released")
        assert "released: 0 of 2" in facts
        for message in orders.messages:
            assert f"{message.message_id}: orders: " in facts
        assert facts.count("returns by itself at 03:00:30") == 2
        await person.press("escape")
        assert person.row("1 03:00")
        clock.jump(21)
        await person.sees("1  ended")


async def test_release_works_from_the_list_and_says_where_there_is_nothing(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["first"])
    async with sluice(stub.url) as person:
        await person.reads("title", "Queues 1")
        await person.press("H")
        await person.reads("hints", "nothing is held: there is nothing to give back")


async def test_without_a_message_there_is_nothing_to_hide(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("h")
        await person.reads("hints", "no message is under the cursor: peek first (p)")
