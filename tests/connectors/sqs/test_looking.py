import asyncio

import pytest

from connectors.aws.session import Timeouts
from connectors.errors import ConnectorError, Step
from connectors.open_context import OpenContext
from connectors.sqs.models import Look, Message, Queue
from connectors.sqs.receiving import Messages
from tests.conftest import OpeningContexts
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import answer, denied, error, partly_failed, reset, silence


@pytest.fixture
def queue(stub: SqsStub) -> Queue:
    return Queue(stub.queue("orders", messages=[f"body {number}" for number in range(12)]).url)


@pytest.fixture
async def context(stub: SqsStub, open_context: OpeningContexts) -> OpenContext:
    return await open_context(stub.url)


def visible(stub: SqsStub, name: str = "orders") -> int:
    return sum(not message.in_flight for message in stub.model.queues[name].messages)


def held(queue: Queue, count: int) -> list[Message]:
    """Messages as a look would have brought them."""
    return [Message(queue, f"id-{number}", f"handle-{number}", "x", (), {}, 1e12) for number in range(count)]


async def test_a_look_asks_for_everything_and_takes_ten_at_most(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    look = await Messages(context).look(queue)
    assert [message.body for message in look.messages] == [f"body {number}" for number in range(10)]
    assert visible(stub) == 2
    (request,) = stub.sent("ReceiveMessage")
    assert request.params == {
        "QueueUrl": queue.url,
        "MaxNumberOfMessages": 10,
        "VisibilityTimeout": 30,
        "WaitTimeSeconds": 1,
        "MessageSystemAttributeNames": ["All"],
        "MessageAttributeNames": ["All"],
    }


async def test_every_look_adds_one_to_the_receive_count(stub: SqsStub, queue: Queue, context: OpenContext) -> None:
    connector = Messages(context)
    for count in (1, 2, 3):
        look = await connector.look(queue)
        assert {message.receive_count for message in look.messages} == {count}
        await connector.give_back(look.messages)


async def test_attributes_of_every_type_and_the_system_attributes_arrive_as_they_are(
    stub: SqsStub, context: OpenContext
) -> None:
    queue = stub.queue("typed.fifo", messages=["x"])
    message = queue.messages[0]
    message.attributes = {
        "text": {"DataType": "String.custom", "StringValue": "[/red] \u202e"},
        "number": {"DataType": "Number", "StringValue": "1e-3"},
        "bytes": {"DataType": "Binary", "BinaryValue": "AAEC/w=="},
    }
    message.system |= {"MessageGroupId": "customer-1", "SentTimestamp": "1767225600123"}
    (found,) = (await Messages(context).look(Queue(queue.url))).messages
    assert [(one.name, one.data_type, one.text, one.binary) for one in found.attributes] == [
        ("bytes", "Binary", None, b"\x00\x01\x02\xff"),
        ("number", "Number", "1e-3", None),
        ("text", "String.custom", "[/red] \u202e", None),
    ]
    assert found.group_id == "customer-1"
    moment = found.moment("SentTimestamp")
    assert moment is not None
    assert moment.isoformat() == "2026-01-01T00:00:00.123000+00:00"
    assert found.moment("ApproximateFirstReceiveTimestamp") is None
    assert found.size == 1 + sum(len(part) for part in ("text", "String.custom", "number", "Number", "1e-3")) + len(
        "bytes" + "Binary"
    ) + 4 + len("[/red] \u202e".encode())


async def test_an_empty_queue_gives_an_empty_look(stub: SqsStub, context: OpenContext) -> None:
    queue = stub.queue("shipping")
    assert (await Messages(context).look(Queue(queue.url))).messages == ()


async def test_the_lease_is_counted_from_before_the_call_so_that_it_never_claims_too_much(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    before = context.clock.monotonic()
    stub.latency = 0.1
    look = await Messages(context).look(queue, lease_seconds=20)
    assert before + 20 <= look.lease_ends < context.clock.monotonic() + 20 - 0.05
    assert {message.lease_ends for message in look.messages} == {look.lease_ends}


async def test_an_unreadable_receive_count_is_unknown(stub: SqsStub, queue: Queue, context: OpenContext) -> None:
    stub.on("ReceiveMessage", answer(Messages=[{"MessageId": "1", "ReceiptHandle": "h", "Body": "x"}]))
    (message,) = (await Messages(context).look(queue)).messages
    assert message.receive_count is None
    assert message.group_id is None


async def test_a_look_without_an_answer_says_when_what_it_took_is_back(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url, timeouts=Timeouts(read=0.2))
    stub.on("ReceiveMessage", silence(), acting=True)
    with pytest.raises(ConnectorError) as caught:
        await Messages(context).look(queue)
    assert caught.value.step is Step.TIMEOUT
    assert "visible again within 30 s" in caught.value.hint
    assert len(stub.sent("ReceiveMessage")) == 1


# -- cancelling -----------------------------------------------------------------------------------------------------


async def cancelled(look: "asyncio.Task[Look]") -> None:
    look.cancel()
    with pytest.raises(asyncio.CancelledError):
        await look


async def test_a_look_cancelled_in_its_middle_gives_back_what_came(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    hold = stub.hold("ReceiveMessage")
    look = asyncio.create_task(Messages(context).look(queue))
    await until(lambda: stub.sent("ReceiveMessage"))
    await cancelled(look)
    assert visible(stub) == 2
    hold.release()
    await until(lambda: visible(stub) == 12)
    (returned,) = stub.sent("ChangeMessageVisibilityBatch")
    assert len(returned.params["Entries"]) == 10


async def test_a_look_cancelled_in_the_turn_in_which_it_ends_gives_back_what_came(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    look = asyncio.create_task(Messages(context).look(queue))
    await until(lambda: context.aws.log and context.aws.log[-1].operation == "ReceiveMessage")
    if not look.done():
        await cancelled(look)
        await until(lambda: visible(stub) == 12)


async def test_closing_the_context_gives_back_what_an_abandoned_look_still_brings(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    stub.latency = 0.1
    look = asyncio.create_task(Messages(context).look(queue))
    await until(lambda: stub.sent("ReceiveMessage"))
    look.cancel()
    left = await context.close()
    assert visible(stub) == 12
    assert left.undone == []


async def test_closing_the_context_gives_back_what_a_look_brings_meanwhile(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    stub.latency = 0.1
    look = asyncio.create_task(Messages(context).look(queue))
    await until(lambda: stub.sent("ReceiveMessage"))
    await context.close()
    await look
    assert visible(stub) == 12


async def test_no_look_begins_while_the_context_is_closed(stub: SqsStub, queue: Queue, context: OpenContext) -> None:
    stub.latency = 0.1
    first = asyncio.create_task(Messages(context).look(queue))
    await until(lambda: stub.sent("ReceiveMessage"))
    closing = asyncio.create_task(context.close())
    for _ in range(4):  # turns of the event loop, until closing has begun
        await asyncio.sleep(0)
    with pytest.raises(ConnectorError, match="closed"):
        await Messages(context).look(queue)
    await asyncio.gather(first, closing)
    assert len(stub.sent("ReceiveMessage")) == 1


# -- giving back ----------------------------------------------------------------------------------------------------


async def test_what_is_given_back_is_visible_at_once(stub: SqsStub, queue: Queue, context: OpenContext) -> None:
    connector = Messages(context)
    look = await connector.look(queue)
    outcomes = await connector.give_back(look.messages)
    assert [outcome.message_id for outcome in outcomes] == [message.message_id for message in look.messages]
    assert all(outcome.confirmed for outcome in outcomes)
    assert visible(stub) == 12


async def test_giving_back_goes_in_tens_and_each_queue_by_itself(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    other = Queue(stub.queue("payments").url)
    messages = [*held(queue, 25), *held(other, 2)]
    stub.on("ChangeMessageVisibilityBatch", partly_failed())
    outcomes = await Messages(context).give_back(messages)
    assert [outcome.message_id for outcome in outcomes] == [message.message_id for message in messages]
    sent = [(request.queue, len(request.params["Entries"])) for request in stub.sent("ChangeMessageVisibilityBatch")]
    assert sorted(sent) == [("orders", 5), ("orders", 10), ("orders", 10), ("payments", 2)]
    assert all(
        entry["VisibilityTimeout"] == 0
        for request in stub.sent("ChangeMessageVisibilityBatch")
        for entry in request.params["Entries"]
    )


async def test_giving_nothing_back_asks_nothing(stub: SqsStub, context: OpenContext) -> None:
    assert await Messages(context).give_back([]) == []
    assert stub.requests == []


async def test_what_could_not_be_given_back_is_named_with_its_reason(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    stub.on("ChangeMessageVisibilityBatch", partly_failed(1, 2, code="InternalError", message="no"))
    outcomes = await Messages(context).give_back(held(queue, 4))
    assert [(outcome.confirmed, outcome.reason) for outcome in outcomes] == [
        (True, ""),
        (False, "InternalError: no"),
        (False, "InternalError: no"),
        (True, ""),
    ]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("MessageNotInflight", "not in flight"),
        ("AWS.SimpleQueueService.MessageNotInflight", ""),
        ("InvalidParameterValue", "Value x for parameter ReceiptHandle is invalid. The receipt handle has expired."),
    ],
)
async def test_a_lease_that_ended_by_itself_counts_as_given_back(
    code: str, message: str, stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    stub.on("ChangeMessageVisibilityBatch", partly_failed(0, code=code, message=message))
    (outcome,) = await Messages(context).give_back(held(queue, 1))
    assert (outcome.confirmed, outcome.reason) == (True, "")


async def test_an_answer_that_forgets_a_message_confirms_nothing_of_it(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    stub.on("ChangeMessageVisibilityBatch", answer(Successful=[{"Id": "0"}], Failed=[]))
    first, second = await Messages(context).give_back(held(queue, 2))
    assert (first.confirmed, second.confirmed) == (True, False)
    assert second.reason == "the answer does not name it"


@pytest.mark.parametrize("reply", [denied("sqs:changemessagevisibility"), reset(), error("OverLimit")])
async def test_a_failure_of_the_whole_call_is_named_for_each_message_and_does_not_stop_the_others(
    reply: object, stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    other = Queue(stub.queue("payments").url)
    stub.on("ChangeMessageVisibilityBatch", reply, queue="orders")  # type: ignore[arg-type]
    stub.on("ChangeMessageVisibilityBatch", partly_failed(), queue="payments")
    outcomes = await Messages(context).give_back([*held(queue, 12), *held(other, 1)])
    assert [outcome.confirmed for outcome in outcomes] == [False] * 12 + [True]
    assert all(outcome.reason.startswith("ChangeMessageVisibilityBatch failed at") for outcome in outcomes[:12])
