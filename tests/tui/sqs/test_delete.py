"""Deleting messages: the target is the one of the key press, and what came of each message is told."""

import json

from tests.support.clock import ManualClock
from tests.support.moto import boto_client, fresh_name
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import denied, partly_failed, reset
from tests.tui.conftest import AtWork
from tests.tui.person import Person

BODIES = ("first", "second", "third")


async def looks(person: Person, count: int) -> None:
    await person.reads("cost", "A look (p)")
    await person.press("p")
    await person.reads("cost", f"{count} held")


async def test_marked_messages_are_deleted_and_the_others_stay(moto_url: str, sluice: AtWork) -> None:
    sqs, name = boto_client(moto_url), fresh_name("orders")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    for body in BODIES:
        sqs.send_message(QueueUrl=url, MessageBody=body)
    async with sluice(moto_url, view=f"queue:{name}") as person:
        await person.sees("123456789012")
        await looks(person, 3)
        keep = person.under_cursor.message.body
        await person.press("j", "space", "space", "d")
        facts = await person.is_asked("Delete messages?")
        assert "messages: 2\n" in facts
        chosen = [person.table.model.get(key) for key in person.table.marks]
        assert all(f"{row.message.message_id[:8]}  {row.message.body}" in facts for row in chosen)
        assert f"  {keep}" not in facts
        assert f"queue: {name}" in facts
        assert "account: 123456789012" in facts
        assert "This can't be undone." in person.screen
        await person.says("y")
        await person.reads("hints", "2 of 2 deletes confirmed")
        await until(lambda: person.table.model.total == 1)
        await person.press("escape")
        await person.reads("hints", "1 message given back")
        left = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        assert [message["Body"] for message in left] == [keep]


async def test_no_is_an_answer_and_enter_is_none(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=BODIES)
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person, 3)
        await person.press("d")
        await person.is_asked("Delete messages?")
        await person.press("enter", "space", "d")
        await person.sees("Delete messages?")
        await person.says("n")
        await person.press("d")
        await person.is_asked("Delete messages?")
        await person.says("escape")
        assert stub.sent("DeleteMessageBatch") == []


async def test_what_moves_while_the_question_is_open_does_not_change_what_is_deleted(
    stub: SqsStub, sluice: AtWork
) -> None:
    orders = stub.queue("orders", messages=BODIES)
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person, 3)
        await person.press("j", "d")
        assert "message: " in await person.is_asked("Delete messages?")
        # the list goes on living behind the question: its cursor moves, rows are marked, sorted and taken away
        table = person.table
        table.action_top()
        table.action_mark_all()
        table.sort_by("body", reverse=True)
        table.remove_rows([orders.messages[0].message_id])
        await person.says("y")
        await person.reads("hints", "1 of 1 deletes confirmed")
        assert [message.body for message in orders.messages] == ["first", "third"]
        [request] = stub.sent("DeleteMessageBatch")
        assert len(request.params["Entries"]) == 1


async def test_where_one_delete_fails_each_message_is_told(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=BODIES)
    stub.on("DeleteMessageBatch", partly_failed(1, code="InternalError", message="not this one"))
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person, 3)
        await person.press("asterisk", "d")
        await person.is_asked("Delete messages?")
        await person.says("y")
        told = (await person.is_shown("Not all were deleted")).splitlines()
        ids = [message.message_id for message in orders.messages]
        assert told[0] == f"{ids[0]}: deleted"
        assert told[1].startswith(f"{ids[1]}: InternalError: not this one")
        assert told[2] == f"{ids[2]}: deleted"
        await person.press("escape")
        await person.reads("hints", "2 of 3 deletes confirmed")
        assert list(person.table.model.shown_keys()) == [ids[1]]


async def test_a_delete_that_fails_as_a_whole_keeps_every_row(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=BODIES)
    stub.on("DeleteMessageBatch", denied("sqs:deletemessage"))
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person, 3)
        await person.press("asterisk", "d")
        await person.is_asked("Delete messages?")
        await person.says("y")
        assert "permission" in await person.is_shown("It did not work")
        await person.press("escape")
        assert person.table.model.total == 3


async def test_a_delete_without_an_answer_is_unknown_and_not_tried_again(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["first"])
    stub.on("DeleteMessageBatch", reset(), acting=True)
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person, 1)
        await person.press("d")
        await person.is_asked("Delete messages?")
        await person.says("y")
        await until(lambda: "unknown" in person.facts)
        assert len(stub.sent("DeleteMessageBatch")) == 1


async def test_a_lease_that_ends_while_the_question_is_open_deletes_nothing(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    orders = stub.queue("orders", messages=BODIES)
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await looks(person, 3)
        stub.on("ChangeMessageVisibilityBatch", denied("sqs:changemessagevisibility"))
        clock.jump(25)
        await person.reads("cost", "3 held for 5 s more; not extended (permission).")
        await person.press("d")
        assert "ends in 5 s; answer before that" in await person.is_asked("Delete messages?")
        clock.jump(6)
        await person.says("y")
        assert "lease ended, peek again" in await person.is_shown("Not all were deleted")
        assert stub.sent("DeleteMessageBatch") == []
        assert len(orders.messages) == 3


async def test_messages_whose_lease_has_ended_are_left_out_and_named(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", messages=["first"])
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await looks(person, 1)
        stub.model.put(stub.model.queues["orders"], "second")
        await person.press("p")
        await person.is_asked("Walk through orders?")
        await person.says("y")
        await person.reads("cost", "2 held")
        clock.jump(35)
        await person.press("asterisk", "d")
        assert "left out: 1 whose lease has ended" in await person.is_asked("Delete messages?")
        await person.says("n")


async def test_without_a_message_there_is_nothing_to_delete(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("d")
        await person.reads("hints", "no message is under the cursor: peek first (p)")


async def test_the_audit_log_has_intent_and_outcome_and_no_body(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["a body with a secret"])
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person, 1)
        await person.press("d")
        await person.is_asked("Delete messages?")
        await person.says("y")
        await person.reads("hints", "1 of 1 deletes confirmed")
        text = person.app.audit.path.read_text()
        intent, outcome = map(json.loads, text.splitlines())
        assert (intent["entry"], intent["operation"], intent["target"]) == ("intent", "DeleteMessageBatch", "orders")
        assert (outcome["entry"], outcome["result"]) == ("outcome", "done")
        assert "secret" not in text
        await person.press("L")
        await person.sees("audit", "DeleteMessageBatch orders  outcome: done")
