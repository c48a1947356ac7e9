"""SQS counts the 12 hours from the receive and refuses a total above them: what is set later is shorter by as much."""

from dataclasses import replace

import pytest

from connectors.open_context import OpenContext
from connectors.sqs.changes import LONGEST_VISIBILITY
from connectors.sqs.connector import SqsConnector
from connectors.sqs.models import Message, Queue
from connectors.sqs.receiving import HELD_LONGEST, Messages
from tests.conftest import OpeningContexts
from tests.support.clock import ManualClock
from tests.support.stub import SqsStub

OPERATION = "ChangeMessageVisibilityBatch"
ON_THE_WAY = 5


@pytest.fixture
def queue(stub: SqsStub) -> Queue:
    return Queue(stub.queue("orders", messages=["one", "two"]).url)


@pytest.fixture
async def context(stub: SqsStub, open_context: OpeningContexts, clock: ManualClock) -> OpenContext:
    return await open_context(stub.url, clock=clock)


def timeouts(stub: SqsStub) -> list[int]:
    return [entry["VisibilityTimeout"] for entry in stub.sent(OPERATION)[-1].params["Entries"]]


def aged(message: Message, seconds: float) -> Message:
    assert message.received_at is not None
    return replace(message, received_at=message.received_at - seconds)


async def test_hiding_is_capped_by_the_age_of_each_receive(
    stub: SqsStub, queue: Queue, context: OpenContext, clock: ManualClock
) -> None:
    connector = Messages(context)
    first, second = (await connector.look(queue)).messages
    await clock.advance(10)
    messages = [first, aged(second, 3600)]
    change = connector.changing_visibility(queue, messages, LONGEST_VISIBILITY)
    permit = context.guard.permit(change, "test")
    outcomes, renewed = await connector.change_visibility(change, permit, queue, messages, LONGEST_VISIBILITY)
    assert all(outcome.confirmed for outcome in outcomes)
    caps = [LONGEST_VISIBILITY - 10 - ON_THE_WAY, LONGEST_VISIBILITY - 3610 - ON_THE_WAY]
    assert timeouts(stub) == caps
    assert [message.lease_ends - clock.monotonic() for message in renewed] == caps
    entries = [context.connector(SqsConnector).receives_of(message) for message in messages]
    ends = [entry.latest[-1].lease_ends_at - clock.now() for entry in entries if entry]
    assert [end.total_seconds() for end in ends] == caps


async def test_what_fits_is_set_as_it_was_asked_for(
    stub: SqsStub, queue: Queue, context: OpenContext, clock: ManualClock
) -> None:
    connector = Messages(context)
    messages = [aged(message, 3600) for message in (await connector.look(queue)).messages]
    change = connector.changing_visibility(queue, messages, 600)
    await connector.change_visibility(change, context.guard.permit(change, "test"), queue, messages, 600)
    assert timeouts(stub) == [600, 600]


async def test_a_lease_is_extended_to_the_end_of_the_12_hours_and_then_no_more(
    stub: SqsStub, queue: Queue, context: OpenContext, clock: ManualClock
) -> None:
    leases = context.connector(SqsConnector).leases
    first, second = (await leases.messages.look(queue)).messages
    leases.hold([aged(first, LONGEST_VISIBILITY - 60), second])
    await clock.advance(25)
    await leases.extend(queue, leases.due(queue))
    assert timeouts(stub) == [60 - 25 - ON_THE_WAY, 120]
    await clock.advance(28)
    await leases.extend(queue, leases.due(queue))
    assert len(stub.sent(OPERATION)) == 1
    assert leases.not_extended[queue] == HELD_LONGEST
    assert [message.message_id for message in leases.open(queue)] == [first.message_id, second.message_id]
    assert leases.due(queue) == []
