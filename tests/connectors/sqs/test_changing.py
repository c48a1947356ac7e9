import json
import shlex

import pytest

from connectors.aws.session import Timeouts
from connectors.errors import ConnectorError, OutcomeUnknown, Refused, Step
from connectors.open_context import OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.models import Draft, EntryOutcome, Message, MessageAttribute, Queue, Sent
from connectors.sqs.queues import queue_command
from connectors.sqs.service import PURGE_COOLDOWN
from tests.conftest import OpeningContexts
from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.wire import (
    Answering,
    Reply,
    Request,
    answer,
    denied,
    partly_failed,
    reset,
    server_error,
    silence,
    text,
    throttled,
)


@pytest.fixture
def queue(stub: SqsStub) -> Queue:
    return Queue(stub.queue("orders", messages=[f"body {number}" for number in range(25)]).url)


@pytest.fixture
async def context(stub: SqsStub, open_context: OpeningContexts, clock: ManualClock) -> OpenContext:
    return await open_context(stub.url, clock=clock, timeouts=Timeouts(read=1.5))


async def send(context: OpenContext, queue: Queue, draft: Draft) -> Sent:
    connector = context.connector(SqsConnector).messages
    change = connector.sending(queue)
    return await connector.send(change, context.guard.permit(change, "test"), queue, draft)


async def delete(context: OpenContext, queue: Queue, messages: list[Message]) -> list[EntryOutcome]:
    connector = context.connector(SqsConnector).messages
    change = connector.deleting(queue, messages)
    return await connector.delete(change, context.guard.permit(change, "test"), queue, messages)


async def purge(context: OpenContext, queue: Queue) -> str:
    connector = context.connector(SqsConnector).messages
    change = connector.purging(queue)
    return await connector.purge(change, context.guard.permit(change, "test"), queue)


async def looked(context: OpenContext, queue: Queue, looks: int = 1) -> list[Message]:
    return [
        message
        for _ in range(looks)
        for message in (await context.connector(SqsConnector).messages.look(queue)).messages
    ]


# -- sending --------------------------------------------------------------------------------------------------------


async def test_a_message_arrives_with_ten_attributes_of_all_three_types(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    more = {f"more-{number}": f"value {number}" for number in range(7)}  # ten in all, the most that SQS takes
    draft = Draft(
        '{"id": "ä\\u001b"}',
        (
            MessageAttribute("text", "String", "[/x] ü"),
            MessageAttribute("number", "Number.int", "-7"),
            MessageAttribute("bytes", "Binary", binary=b"\x00\xff"),
            *(MessageAttribute(name, "String", value) for name, value in more.items()),
        ),
        delay_seconds=0,
    )
    sent = await send(context, queue, draft)
    (request,) = stub.sent("SendMessage")
    assert request.params == {
        "QueueUrl": queue.url,
        "MessageBody": '{"id": "ä\\u001b"}',
        "DelaySeconds": 0,
        "MessageAttributes": {
            "text": {"DataType": "String", "StringValue": "[/x] ü"},
            "number": {"DataType": "Number.int", "StringValue": "-7"},
            "bytes": {"DataType": "Binary", "BinaryValue": "AP8="},
            **{name: {"DataType": "String", "StringValue": value} for name, value in more.items()},
        },
    }
    assert sent.message_id == stub.model.queues["orders"].messages[-1].message_id
    assert sent.sequence_number is None
    assert sent.request_id.startswith("req-")


async def test_what_was_left_open_is_left_to_the_queue(stub: SqsStub, queue: Queue, context: OpenContext) -> None:
    await send(context, queue, Draft("x"))
    assert stub.sent("SendMessage")[0].params == {"QueueUrl": queue.url, "MessageBody": "x"}


async def test_on_a_fifo_queue_group_and_deduplication_id_go_out_and_the_sequence_number_comes_back(
    stub: SqsStub, context: OpenContext
) -> None:
    fifo = Queue(stub.queue("payments.fifo").url)
    sent = await send(context, fifo, Draft("x", group_id="customer-1", deduplication_id="once"))
    params = stub.sent("SendMessage")[0].params
    assert (params["MessageGroupId"], params["MessageDeduplicationId"]) == ("customer-1", "once")
    assert sent.sequence_number is not None
    assert int(sent.sequence_number) > 10**19


async def test_a_group_on_a_standard_queue_is_kept(stub: SqsStub, queue: Queue, context: OpenContext) -> None:
    await send(context, queue, Draft("x", group_id="tenant-7"))
    assert stub.sent("SendMessage")[0].params["MessageGroupId"] == "tenant-7"


async def test_a_body_of_a_mebibyte_arrives_whole(stub: SqsStub, queue: Queue, context: OpenContext) -> None:
    body = "ä" * 524_288
    draft = Draft(body)
    assert draft.size == 1_048_576
    await send(context, queue, draft)
    assert stub.sent("SendMessage")[0].params["MessageBody"] == body


def test_the_size_of_a_draft_counts_bytes_of_body_names_types_and_values() -> None:
    draft = Draft("äb", (MessageAttribute("n", "String", "ü"), MessageAttribute("b", "Binary", binary=b"123")))
    assert draft.size == 3 + (1 + 6 + 2) + (1 + 6 + 3)
    assert Draft("\ud800").size == 3


@pytest.mark.parametrize(
    "reply",
    [reset(), silence(), server_error(), answer(), answer(MessageId=""), answer(MD5OfMessageBody="x"), text("{")],
    ids=["reset", "silence", "500", "empty", "no id", "only a sum", "half"],
)
@pytest.mark.parametrize("acting", [True, False])
async def test_a_send_without_a_usable_answer_is_of_unknown_outcome_and_never_sent_again(
    reply: Answering, acting: bool, stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    stub.on("SendMessage", reply, acting=acting)
    with pytest.raises(OutcomeUnknown, match="unknown"):
        await send(context, queue, Draft("x"))
    assert len(stub.sent("SendMessage")) == 1


@pytest.mark.parametrize("reply", [denied("sqs:sendmessage"), throttled()])
async def test_a_send_that_was_refused_was_not_sent(
    reply: Answering, stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    stub.on("SendMessage", reply)
    with pytest.raises(ConnectorError) as caught:
        await send(context, queue, Draft("x"))
    assert not isinstance(caught.value, OutcomeUnknown)
    assert len(stub.sent("SendMessage")) == 1


# -- deleting -------------------------------------------------------------------------------------------------------


async def test_a_delete_confirms_message_by_message(stub: SqsStub, queue: Queue, context: OpenContext) -> None:
    messages = (await looked(context, queue))[:3]
    outcomes = await delete(context, queue, messages)
    assert outcomes == [EntryOutcome(message.message_id, True) for message in messages]
    assert len(stub.model.queues["orders"].messages) == 22


async def test_a_delete_goes_in_tens_and_keeps_the_order_given(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    messages = (await looked(context, queue, looks=3))[::-1]
    outcomes = await delete(context, queue, messages)
    assert [len(request.params["Entries"]) for request in stub.sent("DeleteMessageBatch")] == [10, 10, 5]
    assert [outcome.message_id for outcome in outcomes] == [message.message_id for message in messages]
    assert all(outcome.confirmed for outcome in outcomes)
    assert stub.model.queues["orders"].messages == []


async def test_a_message_that_could_not_be_deleted_is_named(stub: SqsStub, queue: Queue, context: OpenContext) -> None:
    messages = (await looked(context, queue))[:3]
    stub.on("DeleteMessageBatch", partly_failed(1, code="InternalError", message="not yours"))
    outcomes = await delete(context, queue, messages)
    assert [(outcome.confirmed, outcome.reason) for outcome in outcomes] == [
        (True, ""),
        (False, "InternalError: not yours"),
        (True, ""),
    ]


async def test_a_message_whose_lease_ended_is_not_tried_and_says_so(
    stub: SqsStub, queue: Queue, context: OpenContext, clock: ManualClock
) -> None:
    early = (await looked(context, queue))[:2]
    await clock.advance(20)
    late = (await looked(context, queue))[:2]
    await clock.advance(10)
    outcomes = await delete(context, queue, [early[0], late[0], early[1], late[1]])
    assert [(outcome.confirmed, outcome.reason) for outcome in outcomes] == [
        (False, "lease ended, peek again"),
        (True, ""),
        (False, "lease ended, peek again"),
        (True, ""),
    ]
    (request,) = stub.sent("DeleteMessageBatch")
    sent = [entry["ReceiptHandle"] for entry in request.params["Entries"]]
    assert sent == [message.receipt_handle for message in late]


async def test_where_all_leases_ended_nothing_is_sent(
    stub: SqsStub, queue: Queue, context: OpenContext, clock: ManualClock
) -> None:
    messages = await looked(context, queue)
    await clock.advance(30)
    assert not any(outcome.confirmed for outcome in await delete(context, queue, messages))
    assert stub.sent("DeleteMessageBatch") == []


async def test_a_delete_confirmed_after_its_lease_ended_is_not_believed(
    stub: SqsStub, queue: Queue, context: OpenContext, clock: ManualClock
) -> None:
    messages = (await looked(context, queue))[:1]

    def slowly(request: Request) -> Reply:
        clock.jump(31)
        return answer(Successful=[{"Id": "0"}], Failed=[])

    stub.on("DeleteMessageBatch", slowly)
    (outcome,) = await delete(context, queue, messages)
    assert (outcome.confirmed, outcome.unknown) == (False, True)
    assert "whether it was done is unknown" in outcome.reason


async def test_after_a_batch_that_failed_the_next_is_not_tried(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    messages = await looked(context, queue, looks=3)
    stub.on("DeleteMessageBatch", denied("sqs:deletemessage"))
    stub.on("DeleteMessageBatch", partly_failed(), times=1)
    outcomes = await delete(context, queue, messages)
    assert [outcome.confirmed for outcome in outcomes] == [True] * 10 + [False] * 15
    assert "sqs:deletemessage is denied" in outcomes[10].reason
    assert {outcome.reason for outcome in outcomes[20:]} == {"not tried"}
    assert len(stub.sent("DeleteMessageBatch")) == 2


async def test_a_batch_without_an_answer_is_of_unknown_outcome(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    messages = await looked(context, queue, looks=2)
    stub.on("DeleteMessageBatch", reset())
    stub.on("DeleteMessageBatch", partly_failed(), times=1)
    outcomes = await delete(context, queue, messages)
    assert [outcome.unknown for outcome in outcomes] == [False] * 10 + [True] * 10
    told = next(context.guard.audit.tail())
    assert (told["result"], told["confirmed"], told["failed"], told["unknown"]) == ("unknown", 10, 0, 10)
    assert told["error"].startswith("answer")


async def test_a_delete_of_which_nothing_was_confirmed_raises_why(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    messages = await looked(context, queue, looks=2)
    stub.on("DeleteMessageBatch", denied("sqs:deletemessage"))
    with pytest.raises(ConnectorError, match="sqs:deletemessage"):
        await delete(context, queue, messages)
    assert len(stub.sent("DeleteMessageBatch")) == 1


# -- purging --------------------------------------------------------------------------------------------------------


async def test_a_purge_empties_the_queue_and_is_remembered_for_its_cooldown(
    stub: SqsStub, queue: Queue, context: OpenContext, clock: ManualClock
) -> None:
    assert context.connector(SqsConnector).messages.purge_cooldown(queue) == 0
    assert (await purge(context, queue)).startswith("req-")
    assert stub.model.queues["orders"].messages == []
    await clock.advance(18)
    assert context.connector(SqsConnector).messages.purge_cooldown(queue) == PURGE_COOLDOWN - 18
    with pytest.raises(Refused) as caught:
        await purge(context, queue)
    assert caught.value.retry_after == 42
    assert caught.value.hint == "again in 42 s"
    assert len(stub.sent("PurgeQueue")) == 1
    await clock.advance(42)
    assert context.connector(SqsConnector).messages.purge_cooldown(queue) == 0
    stub.queue("orders")
    await purge(context, queue)
    assert len(stub.sent("PurgeQueue")) == 2


async def test_the_cooldown_belongs_to_one_queue(stub: SqsStub, queue: Queue, context: OpenContext) -> None:
    other = Queue(stub.queue("payments").url)
    await purge(context, queue)
    await purge(context, other)
    assert [request.queue for request in stub.sent("PurgeQueue")] == ["orders", "payments"]


async def test_a_purge_that_somebody_else_started_starts_the_cooldown_too(
    stub: SqsStub, queue: Queue, context: OpenContext, open_context: OpeningContexts
) -> None:
    await purge(await open_context(stub.url), queue)
    with pytest.raises(ConnectorError) as caught:
        await purge(context, queue)
    assert caught.value.step is Step.REJECTED
    assert caught.value.retry_after == PURGE_COOLDOWN
    assert context.connector(SqsConnector).messages.purge_cooldown(queue) == PURGE_COOLDOWN


async def test_a_purge_of_unknown_outcome_starts_the_cooldown_and_a_denied_one_does_not(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    stub.on("PurgeQueue", denied("sqs:purgequeue"), times=1)
    with pytest.raises(ConnectorError):
        await purge(context, queue)
    assert context.connector(SqsConnector).messages.purge_cooldown(queue) == 0
    stub.on("PurgeQueue", reset(), times=1)
    with pytest.raises(OutcomeUnknown):
        await purge(context, queue)
    assert context.connector(SqsConnector).messages.purge_cooldown(queue) == PURGE_COOLDOWN


# -- the equivalent command -----------------------------------------------------------------------------------------


async def test_a_change_names_its_target_and_the_equivalent_command(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    connector = context.connector(SqsConnector).messages
    sending, purging = connector.sending(queue), connector.purging(queue)
    assert (sending.operation, sending.count, sending.target.resource) == ("SendMessage", 1, "orders")
    assert (sending.target.region, sending.target.endpoint) == ("us-east-1", stub.url)
    where = f"--queue-url {queue.url} --region us-east-1 --endpoint-url {stub.url}"
    assert sending.command == f"aws sqs send-message {where} --message-body file://BODY"
    assert purging.command == f"aws sqs purge-queue {where}"
    assert purging.count is None
    messages = await looked(context, queue)
    deleting = connector.deleting(queue, messages)
    assert (deleting.count, messages[0].receipt_handle in deleting.command) == (10, False)
    assert len({sending.id, purging.id, deleting.id}) == 3


async def test_the_command_is_safe_to_paste_whatever_the_queue_is_called(stub: SqsStub, context: OpenContext) -> None:
    hostile = Queue(f"{stub.url}/1/$(reboot);'x'")
    command = queue_command(context.aws, "purge-queue", hostile)
    assert shlex.split(command)[:5] == ["aws", "sqs", "purge-queue", "--queue-url", hostile.url]


async def test_the_command_names_profile_and_region_where_credentials_are_real(
    stub: SqsStub, open_context: OpeningContexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "word")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "word")
    context = await open_context(region="eu-west-1")
    command = queue_command(context.aws, "purge-queue", Queue("https://sqs.eu-west-1.amazonaws.com/1/q"))
    assert command == (
        "aws sqs purge-queue --queue-url https://sqs.eu-west-1.amazonaws.com/1/q --profile default --region eu-west-1"
    )


def test_the_texts_of_a_message_do_not_stand_in_its_representation() -> None:
    message = Message(Queue("http://x/1/q"), "id", "handle", "body", (), {"SenderId": "me"}, 1.0)
    assert json.dumps([repr(message), repr(Draft("body"))]).count("body") == 0
    assert "handle" not in repr(message)
