"""Setting the visibility timeout of messages that are held: what is sent, what came of each, and how long it holds."""

import json

import pytest

from connectors.errors import ConnectorError, Refused
from connectors.open_context import OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.models import EntryOutcome, Message, Queue
from connectors.sqs.receiving import Messages
from tests.conftest import OpeningContexts
from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.wire import Reply, Request, denied, partly_failed, reset

OPERATION = "ChangeMessageVisibilityBatch"


@pytest.fixture
def queue(stub: SqsStub) -> Queue:
    return Queue(stub.queue("orders", messages=[f"body {number}" for number in range(25)]).url)


@pytest.fixture
async def context(stub: SqsStub, open_context: OpeningContexts, clock: ManualClock) -> OpenContext:
    return await open_context(stub.url, clock=clock)


async def looked(context: OpenContext, queue: Queue, looks: int = 1) -> list[Message]:
    return [message for _ in range(looks) for message in (await Messages(context).look(queue)).messages]


async def hides(
    context: OpenContext, queue: Queue, messages: list[Message], seconds: int = 600
) -> tuple[list[EntryOutcome], list[Message]]:
    connector = Messages(context)
    change = connector.changing_visibility(queue, messages, seconds)
    return await connector.change_visibility(change, context.guard.permit(change, "test"), queue, messages, seconds)


async def test_the_new_timeout_goes_out_in_tens_and_the_leases_follow(
    stub: SqsStub, queue: Queue, context: OpenContext, clock: ManualClock
) -> None:
    messages = await looked(context, queue, looks=3)
    await clock.advance(12)
    outcomes, renewed = await hides(context, queue, messages)
    requests = stub.sent(OPERATION)
    assert [len(request.params["Entries"]) for request in requests] == [10, 10, 5]
    assert {entry["VisibilityTimeout"] for request in requests for entry in request.params["Entries"]} == {600}
    assert outcomes == [EntryOutcome(message.message_id, True) for message in messages]
    assert {message.lease_ends for message in renewed} == {clock.monotonic() + 600}
    entry = context.connector(SqsConnector).receives_of(renewed[0])
    assert entry is not None
    assert (entry.latest[-1].lease_ends_at - clock.now()).total_seconds() == 600


async def test_the_record_says_for_how_long_and_holds_no_handle(queue: Queue, context: OpenContext) -> None:
    messages = (await looked(context, queue))[:2]
    await hides(context, queue, messages)
    text = context.guard.audit.path.read_text()
    intent, outcome = map(json.loads, text.splitlines())
    assert "--visibility-timeout 600" in intent["command"]
    assert "for each of 2" in intent["command"]
    assert (intent["count"], outcome["result"], outcome["confirmed"]) == (2, "done", 2)
    assert messages[0].receipt_handle not in text


async def test_a_lease_that_is_over_is_not_tried(
    stub: SqsStub, queue: Queue, context: OpenContext, clock: ManualClock
) -> None:
    early = (await looked(context, queue))[:1]
    await clock.advance(20)
    late = (await looked(context, queue))[:1]
    await clock.advance(10)
    outcomes, renewed = await hides(context, queue, early + late)
    assert [(outcome.confirmed, outcome.reason) for outcome in outcomes] == [
        (False, "lease ended, peek again"),
        (True, ""),
    ]
    assert renewed[0] == early[0]
    [request] = stub.sent(OPERATION)
    assert [entry["ReceiptHandle"] for entry in request.params["Entries"]] == [late[0].receipt_handle]


async def test_what_the_service_knows_to_be_over_is_named_in_the_same_words(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    messages = (await looked(context, queue))[:3]
    stub.on(OPERATION, partly_failed(1, code="MessageNotInflight", message="not in flight"))
    outcomes, renewed = await hides(context, queue, messages)
    assert [(outcome.confirmed, outcome.reason) for outcome in outcomes] == [
        (True, ""),
        (False, "lease ended, peek again"),
        (True, ""),
    ]
    assert renewed[1].lease_ends == messages[1].lease_ends


async def test_without_an_answer_the_earlier_end_counts_and_it_is_not_tried_again(
    stub: SqsStub, queue: Queue, context: OpenContext, clock: ManualClock
) -> None:
    messages = await looked(context, queue, looks=2)
    stub.on(OPERATION, reset(), acting=True)
    outcomes, renewed = await hides(context, queue, messages)
    assert len(stub.sent(OPERATION)) == 1
    assert [outcome.unknown for outcome in outcomes] == [True] * 10 + [False] * 10
    assert {outcome.reason for outcome in outcomes[10:]} == {"not tried"}
    assert renewed == messages
    assert json.loads(context.guard.audit.path.read_text().splitlines()[-1])["result"] == "unknown"

    def only_the_first(request: Request) -> Reply:
        return stub.model.reply(request) if len(stub.sent(OPERATION)) == 2 else reset()

    stub.on(OPERATION, only_the_first)
    outcomes, renewed = await hides(context, queue, messages, seconds=5)
    assert [outcome.confirmed for outcome in outcomes] == [True] * 10 + [False] * 10
    assert all(outcome.unknown for outcome in outcomes[10:])
    assert {message.lease_ends for message in renewed} == {clock.monotonic() + 5}


async def test_a_denial_is_raised_and_changes_no_lease(stub: SqsStub, queue: Queue, context: OpenContext) -> None:
    messages = (await looked(context, queue))[:1]
    stub.on(OPERATION, denied("sqs:changemessagevisibility"))
    with pytest.raises(ConnectorError, match="denied"):
        await hides(context, queue, messages)


@pytest.mark.parametrize("seconds", [0, -1, 43_201])
async def test_seconds_out_of_bounds_never_go_out(
    stub: SqsStub, queue: Queue, context: OpenContext, seconds: int
) -> None:
    messages = (await looked(context, queue))[:1]
    with pytest.raises(Refused):
        await hides(context, queue, messages, seconds)
    assert stub.sent(OPERATION) == []


async def test_a_permit_for_other_messages_or_in_a_read_only_context_is_none(
    stub: SqsStub, queue: Queue, context: OpenContext, open_context: OpeningContexts
) -> None:
    messages = await looked(context, queue)
    connector = Messages(context)
    change = connector.changing_visibility(queue, messages[:2], 60)
    with pytest.raises(Refused):
        await connector.change_visibility(change, context.guard.permit(change, "test"), queue, messages[:3], 60)
    reading = await open_context(stub.url, read_only=True)
    with pytest.raises(Refused):
        reading.guard.permit(Messages(reading).changing_visibility(queue, messages, 60), "test")
    assert stub.sent(OPERATION) == []
