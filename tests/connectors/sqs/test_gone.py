"""Messages that somebody else deleted, purged or received while they were held: gone, never "visible again"."""

import pytest

from connectors.open_context import OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.models import Queue
from connectors.sqs.wire import GONE
from tests.conftest import OpeningContexts
from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.wire import Answering, Reply, Request


@pytest.fixture
def queue(stub: SqsStub) -> Queue:
    return Queue(stub.queue("orders", messages=["one", "two", "three"]).url)


@pytest.fixture
async def context(stub: SqsStub, open_context: OpeningContexts, clock: ManualClock) -> OpenContext:
    return await open_context(stub.url, clock=clock)


def refusing(code: str, message: str) -> Answering:
    def reply(request: Request) -> Reply:
        failed = [
            {"Id": entry["Id"], "Code": code, "Message": message, "SenderFault": True}
            for entry in request.params["Entries"]
        ]
        return Reply(answer={"Successful": [], "Failed": failed})

    return reply


AWS_WORDS = (
    "Value AQEBsecret for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for "
    "visibility timeout change."
)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("InvalidParameterValue", AWS_WORDS),
        ("ReceiptHandleIsInvalid", "The input receipt handle is invalid."),
        ("AWS.SimpleQueueService.ReceiptHandleIsInvalid", "Your request was invalid."),
    ],
)
async def test_what_the_service_does_not_know_any_more_is_gone_and_not_held(
    stub: SqsStub, queue: Queue, context: OpenContext, code: str, message: str
) -> None:
    leases = context.connector(SqsConnector).leases
    leases.hold((await leases.messages.look(queue)).messages)
    stub.on("ChangeMessageVisibilityBatch", refusing(code, message))
    returned = await leases.give_back(queue)
    assert (returned.lost, returned.gone, returned.returns_in) == ([], 3, 0.0)
    assert {outcome.reason for outcome in returned.outcomes} == {GONE}
    assert leases.maybe_hidden() == []


async def test_another_invalid_value_is_not_taken_for_gone(stub: SqsStub, queue: Queue, context: OpenContext) -> None:
    leases = context.connector(SqsConnector).leases
    leases.hold((await leases.messages.look(queue)).messages)
    stub.on("ChangeMessageVisibilityBatch", refusing("InvalidParameterValue", "Value 0 for VisibilityTimeout is bad."))
    returned = await leases.give_back(queue)
    assert (len(returned.lost), returned.gone) == (3, 0)
    assert returned.returns_in > 0


async def test_where_the_queue_was_deleted_all_of_its_messages_are_gone(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    leases = context.connector(SqsConnector).leases
    leases.hold((await leases.messages.look(queue)).messages)
    del stub.model.queues["orders"]
    returned = await leases.give_back(queue)
    assert (returned.lost, returned.gone) == ([], 3)
    assert leases.maybe_hidden() == []


@pytest.mark.parametrize("how", ["purged", "queue deleted"])
async def test_extending_finds_out_and_lets_go_of_them(
    stub: SqsStub, queue: Queue, context: OpenContext, clock: ManualClock, how: str
) -> None:
    sqs = context.connector(SqsConnector)
    look = await sqs.messages.look(queue)
    sqs.leases.hold(look.messages)
    if how == "purged":
        stub.model.queues["orders"].messages.pop(0)
    else:
        del stub.model.queues["orders"]
    await clock.advance(25)
    await sqs.leases.extend(queue, sqs.leases.due(queue))
    left = [message.message_id for message in sqs.leases.open(queue)]
    assert left == [message.message_id for message in look.messages[1:]] * (how == "purged")
    assert sqs.leases.not_extended == {}
    assert sqs.is_gone(look.messages[0])


async def test_a_message_received_anew_meanwhile_is_held_on_under_its_new_handle(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    leases = context.connector(SqsConnector).leases
    old = (await leases.messages.look(queue)).messages
    leases.hold(old)
    for message in stub.model.queues["orders"].messages:
        message.hidden_until = 0.0
    new = (await leases.messages.look(queue)).messages
    leases.hold(new)
    leases.forget_gone(old, await leases.messages.give_back(old))
    assert {message.receipt_handle for message in leases.open(queue)} == {message.receipt_handle for message in new}
