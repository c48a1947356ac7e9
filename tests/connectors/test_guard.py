import asyncio
import dataclasses
import inspect
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from botocore import xform_name

from connectors.aws.session import Lane
from connectors.errors import Refused
from connectors.guard import Change, Permit
from connectors.open_context import OpenContext
from connectors.service import OperationClass
from connectors.sqs.models import Draft, Message, Queue
from connectors.sqs.receiving import Messages
from connectors.sqs.service import SERVICE
from connectors.sqs.taken_leases import LONGEST_EXTENSION, TakenLeases
from tests.conftest import OpeningContexts
from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import silence

CHANGES = {"SendMessage", "DeleteMessageBatch", "PurgeQueue", "ChangeMessageVisibilityBatch"}
"""The operations that the connector of SQS changes something with."""


@pytest.fixture
def queue(stub: SqsStub) -> Queue:
    return Queue(stub.queue("orders", messages=["one", "two", "three"]).url)


def change_of(context: OpenContext, queue: Queue, operation: str = "SendMessage") -> Change:
    return Change("sqs", operation, context.aws.target("sqs", queue.name, {"QueueUrl": queue.url}), 1, "aws sqs …")


Permitting = Callable[[Change], Permit]
Attempt = Callable[[Messages, Queue, list[Message], Permitting], Awaitable[Any]]


async def _send(connector: Messages, queue: Queue, messages: list[Message], permitting: Permitting) -> None:
    change = connector.sending(queue)
    await connector.send(change, permitting(change), queue, Draft("x"))


async def _delete(connector: Messages, queue: Queue, messages: list[Message], permitting: Permitting) -> None:
    change = connector.deleting(queue, messages)
    await connector.delete(change, permitting(change), queue, messages)


async def _purge(connector: Messages, queue: Queue, messages: list[Message], permitting: Permitting) -> None:
    change = connector.purging(queue)
    await connector.purge(change, permitting(change), queue)


async def _hide(connector: Messages, queue: Queue, messages: list[Message], permitting: Permitting) -> None:
    change = connector.changing_visibility(queue, messages, 600)
    await connector.change_visibility(change, permitting(change), queue, messages, 600)


ATTEMPTS = [_send, _delete, _purge, _hide]


def permitted_by(context: OpenContext) -> Permitting:
    return lambda change: context.guard.permit(change, "test")


@pytest.mark.parametrize("attempt", ATTEMPTS)
async def test_a_read_only_context_refuses_each_change_and_the_service_saw_none(
    attempt: Attempt, stub: SqsStub, queue: Queue, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url, read_only=True)
    connector = Messages(context)
    messages = list((await connector.look(queue)).messages)
    with pytest.raises(Refused, match="read-only"):
        await attempt(connector, queue, messages, permitted_by(context))
    assert CHANGES.isdisjoint(stub.operations)
    writable = await open_context(stub.url)
    await attempt(Messages(writable), queue, messages, permitted_by(writable))
    assert not CHANGES.isdisjoint(stub.operations)


@pytest.mark.parametrize("attempt", ATTEMPTS)
async def test_a_permit_that_somebody_made_himself_does_not_open_a_read_only_context(
    attempt: Attempt, stub: SqsStub, queue: Queue, open_context: OpeningContexts
) -> None:
    messages = list((await Messages(await open_context(stub.url)).look(queue)).messages)
    context = await open_context(stub.url, read_only=True)
    with pytest.raises(Refused, match="read-only"):
        await attempt(Messages(context), queue, messages, lambda change: Permit(change, "myself", issuer=context.guard))
    assert stub.operations == ["ReceiveMessage"]
    assert [*context.guard.audit.tail()] == []  # `carry_out` refused it, not only the wire


async def test_no_permit_is_made_without_a_guard(stub: SqsStub, queue: Queue, open_context: OpeningContexts) -> None:
    change = change_of(await open_context(stub.url), queue)
    with pytest.raises(TypeError):
        Permit(change, "myself", issuer=None)  # type: ignore[arg-type]


async def test_a_permit_is_good_once(stub: SqsStub, queue: Queue, open_context: OpeningContexts) -> None:
    context = await open_context(stub.url)
    connector = Messages(context)
    change = connector.sending(queue)
    permit = context.guard.permit(change, "test")
    await connector.send(change, permit, queue, Draft("x"))
    with pytest.raises(Refused, match="used before"):
        await connector.send(change, permit, queue, Draft("x"))
    assert len(stub.sent("SendMessage")) == 1


async def test_a_permit_is_for_its_own_change_only(stub: SqsStub, queue: Queue, open_context: OpeningContexts) -> None:
    context = await open_context(stub.url)
    connector = Messages(context)
    agreed = connector.sending(queue)
    for other in (connector.sending(queue), dataclasses.replace(agreed, count=1000)):
        with pytest.raises(Refused, match="another change"):
            await connector.send(other, context.guard.permit(agreed, "test"), queue, Draft("x"))
    assert stub.requests == []


async def test_a_permit_of_one_context_is_worth_nothing_in_another(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts
) -> None:
    old, new = await open_context(stub.url), await open_context(stub.url)
    change = Messages(old).sending(queue)
    permit = old.guard.permit(change, "test")
    with pytest.raises(Refused, match="switched"):
        await Messages(new).send(change, permit, queue, Draft("x"))
    mine = Messages(new).sending(queue)
    with pytest.raises(Refused, match="another change"):
        await Messages(new).send(mine, Permit(mine, "x", issuer=old.guard), queue, Draft("x"))
    assert stub.requests == []


async def test_what_was_agreed_for_one_queue_does_not_happen_to_another(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts
) -> None:
    other = Queue(stub.queue("payments").url)
    context = await open_context(stub.url)
    connector = Messages(context)
    sending, purging = connector.sending(queue), connector.purging(queue)
    with pytest.raises(Refused, match="another queue"):
        await connector.send(sending, context.guard.permit(sending, "test"), other, Draft("x"))
    with pytest.raises(Refused, match="another queue"):
        await connector.purge(purging, context.guard.permit(purging, "test"), other)
    change = change_of(context, queue)
    async with context.guard.carry_out(change, context.guard.permit(change, "test")):
        with pytest.raises(Refused, match="no permit"):
            await context.aws.call("sqs", "SendMessage", lane=Lane.CHANGE, QueueUrl=other.url, MessageBody="x")
    assert stub.requests == []


async def test_the_messages_deleted_are_those_that_were_agreed_to(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url)
    connector = Messages(context)
    messages = (await connector.look(queue)).messages
    change = connector.deleting(queue, messages[:1])
    with pytest.raises(Refused, match="agreed"):
        await connector.delete(change, context.guard.permit(change, "test"), queue, messages)
    assert stub.sent("DeleteMessageBatch") == []


# -- below the connectors -------------------------------------------------------------------------------------------


async def test_at_the_wire_alone_a_read_only_context_refuses_every_operation_but_reads_and_looks(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts
) -> None:
    """`permit` and `carry_out` refuse before the wire is reached. So the gate of each operation is opened first and the
    context made read-only while the gate is open: then only `before_call` stands in the way."""
    context = await open_context(stub.url)
    guard, model = context.guard, (await context.aws.client("sqs")).meta.service_model
    named = {"QueueUrl": queue.url, "QueueName": queue.name, "TaskHandle": "task", "SourceArn": "arn"}
    params = {"body": json.dumps({**named, "VisibilityTimeout": 600, "Entries": [entry("handle", 600)]}).encode()}
    refused: dict[str, str] = {}
    for operation in SERVICE.changes:
        resource = SERVICE.resource(operation, named)
        change = Change("sqs", operation, context.aws.target("sqs", queue.name, resource), 1, "aws sqs …")
        async with guard.carry_out(change, guard.permit(change, "test")):
            guard.before_call(model.operation_model(operation), params)  # the open gate lets it pass
            guard.read_only = True
            try:
                guard.before_call(model.operation_model(operation), params)
            except Refused as refusal:
                refused[operation] = refusal.title
            guard.read_only = False
    assert set(refused.values()) == {"this context is read-only"}
    assert {*model.operation_names} - {*refused} == {
        "ListQueues",
        "GetQueueAttributes",
        "GetQueueUrl",
        "ListQueueTags",
        "ListDeadLetterSourceQueues",
        "ListMessageMoveTasks",
        "ReceiveMessage",
    }


@pytest.mark.parametrize("lane", [*Lane])
async def test_a_change_called_past_the_connectors_is_refused(
    lane: Lane, stub: SqsStub, queue: Queue, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url)
    with pytest.raises(Refused, match="no permit"):
        await context.aws.call("sqs", "DeleteQueue", lane=lane, QueueUrl=queue.url)
    assert stub.requests == []


async def test_a_client_taken_from_the_session_or_made_anew_is_guarded_too(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url)
    with pytest.raises(Refused):
        await (await context.aws.client("sqs", Lane.CHANGE)).delete_queue(QueueUrl=queue.url)
    async with context.aws._botocore.create_client("sqs", region_name="us-east-1", endpoint_url=stub.url) as client:
        with pytest.raises(Refused):
            await client.purge_queue(QueueUrl=queue.url)
    assert stub.requests == []


async def test_the_gate_of_a_change_is_shut_for_everything_else(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts
) -> None:
    context, other = await open_context(stub.url), await open_context(stub.url)
    change = change_of(context, queue)
    async with context.guard.carry_out(change, context.guard.permit(change, "test")):
        for call in (
            context.aws.call("sqs", "PurgeQueue", QueueUrl=queue.url),
            other.aws.call("sqs", "SendMessage", QueueUrl=queue.url, MessageBody="x"),
        ):
            with pytest.raises(Refused, match="no permit"):
                await call
    with pytest.raises(Refused, match="no permit"):
        await context.aws.call("sqs", "SendMessage", QueueUrl=queue.url, MessageBody="x")
    assert stub.requests == []


async def test_a_task_started_during_a_change_finds_the_gate_shut_afterwards(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url)
    change = change_of(context, queue)
    go = asyncio.Event()

    async def later() -> None:
        await go.wait()
        await context.aws.call("sqs", "SendMessage", lane=Lane.CHANGE, QueueUrl=queue.url, MessageBody="x")

    async with context.guard.carry_out(change, context.guard.permit(change, "test")):
        task = asyncio.create_task(later())
        await asyncio.sleep(0)
    go.set()
    with pytest.raises(Refused, match="no permit"):
        await task
    assert stub.requests == []


def entry(handle: str, seconds: int, number: int = 0) -> dict[str, Any]:
    return {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": seconds}


async def change_visibility(context: OpenContext, queue: Queue, *entries: dict[str, Any]) -> None:
    await context.aws.call("sqs", "ChangeMessageVisibilityBatch", QueueUrl=queue.url, Entries=[*entries])


@pytest.mark.parametrize("seconds", [1, 30, 43200])
async def test_changing_the_visibility_timeout_of_somebody_elses_lease_to_anything_but_zero_is_a_change(
    seconds: int, stub: SqsStub, queue: Queue, open_context: OpeningContexts
) -> None:
    theirs = (await Messages(await open_context(stub.url)).look(queue, most=1)).messages[0].receipt_handle
    context = await open_context(stub.url, read_only=True)
    mine = (await Messages(context).look(queue, most=1)).messages[0].receipt_handle
    for entries in ([entry(theirs, seconds)], [entry(theirs, 0), entry(theirs, seconds, 1)]):
        with pytest.raises(Refused, match="read-only"):
            await change_visibility(context, queue, *entries)
    with pytest.raises(Refused, match="read-only"):
        await change_visibility(context, queue, entry(mine, 30), entry(theirs, seconds, 1))
    with pytest.raises(Refused, match="read-only"):
        await context.aws.call(
            "sqs",
            "ChangeMessageVisibility",
            QueueUrl=queue.url,
            ReceiptHandle=theirs,
            VisibilityTimeout=seconds,
        )
    assert stub.operations == ["ReceiveMessage"] * 2
    await change_visibility(context, queue, entry(theirs, 0))
    assert stub.operations == ["ReceiveMessage"] * 2 + ["ChangeMessageVisibilityBatch"]


async def test_a_lease_that_a_look_took_may_be_extended_up_to_five_minutes_as_part_of_it(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url, read_only=True)
    message = (await Messages(context).look(queue)).messages[0]
    await change_visibility(context, queue, entry(message.receipt_handle, LONGEST_EXTENSION))
    for seconds in (LONGEST_EXTENSION + 1, 43200):
        with pytest.raises(Refused, match="read-only"):
            await change_visibility(context, queue, entry(message.receipt_handle, seconds))
    assert len(stub.sent("ChangeMessageVisibilityBatch")) == 1


async def test_a_lease_that_ended_or_was_given_back_is_extended_no_more(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts, clock: ManualClock
) -> None:
    context = await open_context(stub.url, clock=clock)
    connector = Messages(context)
    first, second, _ = (await connector.look(queue)).messages
    await connector.give_back([first])
    with pytest.raises(Refused, match="no permit"):
        await change_visibility(context, queue, entry(first.receipt_handle, 60))
    await connector.extend([second], 60)
    await clock.advance(59)
    await change_visibility(context, queue, entry(second.receipt_handle, 60))
    await clock.advance(2)
    with pytest.raises(Refused, match="no permit"):
        await change_visibility(context, queue, entry(second.receipt_handle, 60))


def test_leases_that_have_ended_are_forgotten(clock: ManualClock) -> None:
    taken = TakenLeases(clock)
    for number in range(100_000):
        taken.take([f"handle-{number}"], clock.monotonic() + 30)
        clock.jump(1)
    assert len(taken) < 3000
    assert taken.runs("handle-99999")
    assert not taken.runs("handle-0")


async def test_no_look_refuses_to_receive_and_still_gives_back(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts
) -> None:
    looking = await open_context(stub.url)
    messages = (await Messages(looking).look(queue)).messages
    context = await open_context(stub.url, no_look=True)
    with pytest.raises(Refused, match="--no-look"):
        await Messages(context).look(queue)
    with pytest.raises(Refused, match="--no-look"):
        await context.aws.call("sqs", "ReceiveMessage", lane=Lane.LOOK, QueueUrl=queue.url)
    assert len(stub.sent("ReceiveMessage")) == 1
    outcomes = await Messages(context).give_back(messages)
    assert all(outcome.confirmed for outcome in outcomes), outcomes


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        ("ChangeMessageVisibility", {"VisibilityTimeout": 0}, OperationClass.LOOK),
        ("ChangeMessageVisibility", {"VisibilityTimeout": 1}, OperationClass.CHANGE),
        ("ChangeMessageVisibility", {}, OperationClass.CHANGE),
        ("ChangeMessageVisibilityBatch", {"Entries": []}, OperationClass.CHANGE),
        ("ChangeMessageVisibilityBatch", {"Entries": [{"VisibilityTimeout": 0}, {}]}, OperationClass.CHANGE),
        ("StartMessageMoveTask", {}, OperationClass.CHANGE),
    ],
)
def test_a_change_of_visibility_that_gives_back_nothing_and_extends_no_own_lease_is_a_change(
    operation: str, request_: dict[str, Any], expected: OperationClass, clock: ManualClock
) -> None:
    assert TakenLeases(clock).classify(operation, request_) is expected


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("ListQueues", OperationClass.READ),
        ("ReceiveMessage", OperationClass.LOOK),
        ("StartMessageMoveTask", OperationClass.CHANGE),
        ("AnOperationOfTomorrow", None),
    ],
)
def test_what_is_not_known_to_be_harmless_is_a_change(operation: str, expected: OperationClass | None) -> None:
    assert SERVICE.operation_class(operation) is expected


async def test_a_change_that_was_sent_is_not_stopped_by_a_cancel(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url)
    connector = Messages(context)
    change = connector.sending(queue)
    hold = stub.hold("SendMessage")
    sending = asyncio.create_task(connector.send(change, context.guard.permit(change, "test"), queue, Draft("x")))
    await until(lambda: stub.sent("SendMessage"))
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    hold.release()
    await until(lambda: [entry for entry in context.guard.audit.tail() if entry["entry"] == "outcome"])
    assert next(context.guard.audit.tail())["result"] == "done"


async def test_a_change_cut_off_by_closing_is_recorded_as_unknown_and_named(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    from connectors.errors import OutcomeUnknown

    stub.on("SendMessage", silence())
    monkeypatch.setattr("connectors.open_context.CLOSE_BUDGET", 0.2)
    context = await open_context(stub.url)
    connector = Messages(context)
    change = connector.sending(queue)
    sending = asyncio.create_task(connector.send(change, context.guard.permit(change, "test"), queue, Draft("x")))
    await until(lambda: stub.sent("SendMessage"))
    left = await context.close()
    with pytest.raises(OutcomeUnknown):
        await sending
    assert left.undone == ["SendMessage on orders had no answer: its outcome is unknown"]
    assert next(context.guard.audit.tail())["result"] == "unknown"


def test_every_method_that_changes_takes_a_change_and_a_permit() -> None:
    for name in ("send", "delete", "purge"):
        parameters = [*inspect.signature(getattr(Messages, name)).parameters.values()]
        assert [parameter.annotation for parameter in parameters[1:3]] == [Change, Permit], xform_name(name)
