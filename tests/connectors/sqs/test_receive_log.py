"""The receive log: what sluice itself received, how often, and what became of each lease."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.open_context import OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.models import Message, Queue
from connectors.sqs.receive_log import MOST_RECEIVES, LeaseEnd, ReceiveLog
from connectors.sqs.receiving import Messages
from tests.conftest import OpeningContexts
from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.wire import denied, reset

AT = datetime(2026, 3, 14, 3, 0, tzinfo=UTC)
ORDERS = Queue("http://sqs/1/orders")


def message(number: int = 1, count: int | None = 1, queue: Queue = ORDERS) -> Message:
    system = {} if count is None else {"ApproximateReceiveCount": str(count)}
    return Message(queue, f"id-{number}", f"handle-{number}-{count}", "x", (), system, 1030.0)


def received(log: ReceiveLog, *messages: Message, minute: int = 0) -> None:
    at = AT + timedelta(minutes=minute)
    log.received("AWS", messages, at, at + timedelta(seconds=30))


def test_each_receive_stands_there_with_its_moment_and_its_count() -> None:
    log = ReceiveLog()
    received(log, message(count=3))
    received(log, message(count=4), minute=2)
    entry = log.of_message("AWS", message())
    assert entry is not None
    assert entry.times == 2
    assert [(receive.at, receive.count) for receive in entry.latest] == [(AT, 3), (AT + timedelta(minutes=2), 4)]


@pytest.mark.parametrize(
    ("counts", "others"),
    [([1], 0), ([3], 2), ([3, 4], 2), ([1, 4], 2), ([None], None), ([5, 1], None), ([2, 2, 3], None)],
)
def test_the_rest_of_the_count_is_of_others_unless_the_counts_do_not_add_up(
    counts: list[int | None], others: int | None
) -> None:
    log = ReceiveLog()
    for count in counts:
        received(log, message(count=count))
    entry = log.of_message("AWS", message())
    assert entry is not None
    assert entry.others == others


def test_a_queue_counts_receives_and_messages_apart() -> None:
    log = ReceiveLog()
    received(log, message(1), message(2))
    received(log, message(1, 2))
    received(log, message(3, queue=Queue("http://sqs/1/other")))
    totals = log.of_queue("AWS", ORDERS)
    assert (totals.receives, totals.messages, totals.exact) == (3, 2, True)
    assert log.of_queue("http://127.0.0.1:4566", ORDERS).receives == 0
    assert log.of_message("http://127.0.0.1:4566", message()) is None


def test_beyond_its_bound_the_message_received_longest_ago_is_forgotten_and_the_total_says_so() -> None:
    log = ReceiveLog(most_messages=2)
    received(log, message(1), message(2))
    received(log, message(1, 2))
    received(log, message(3))
    assert log.of_message("AWS", message(2)) is None
    assert log.of_message("AWS", message(1)) is not None
    received(log, message(2, 2))
    totals = log.of_queue("AWS", ORDERS)
    assert (totals.receives, totals.messages, totals.exact) == (5, 4, False)


def test_of_a_message_received_very_often_the_latest_receives_stay_and_all_are_counted() -> None:
    log = ReceiveLog()
    for count in range(1, 31):
        received(log, message(count=count))
    entry = log.of_message("AWS", message())
    assert entry is not None
    assert (entry.times, len(entry.latest), entry.latest[-1].count) == (30, MOST_RECEIVES, 30)
    assert entry.others == 0


def test_a_lease_is_over_when_it_was_given_back_deleted_moved_gone_or_replaced() -> None:
    log = ReceiveLog()
    messages = {end: message(number) for number, end in enumerate(LeaseEnd)}
    received(log, *messages.values(), message(101), message(102))
    for end, ended in messages.items():
        log.ended("AWS", [ended], end)
    over = {end for end, ended in messages.items() if log.is_over("AWS", ended)}
    assert over == {LeaseEnd.GIVEN_BACK, LeaseEnd.DELETED, LeaseEnd.GONE, LeaseEnd.MOVED}
    received(log, message(101, 2))
    assert [log.is_over("AWS", message(number)) for number in (101, 102, 103)] == [True, False, False]
    assert not log.is_over("AWS", message(101, 2))


def test_messages_at_the_limit_are_known_by_their_latest_count_or_else_by_the_receives_of_this_run() -> None:
    log = ReceiveLog()
    received(log, message(1, 4), message(2, 5), message(3, 6), message(4, 9), message(5, 9))
    for _ in range(5):
        received(log, message(6, None))
    log.ended("AWS", [message(4, 9)], LeaseEnd.DELETED)
    log.ended_by_id("AWS", message(5).queue, [message(5).message_id], LeaseEnd.MOVED)
    at_limit = {message(number).message_id for number in (2, 3, 6)}
    assert {*log.at_limit("AWS", message(1).queue, 5)} == at_limit
    assert log.at_limit("another endpoint", message(1).queue, 5) == []


def test_what_was_received_from_a_queue_that_was_deleted_and_made_anew_is_forgotten() -> None:
    log, queue = ReceiveLog(), message(1).queue
    log.made("AWS", queue, "1")
    received(log, message(1, 5))
    log.made("AWS", queue, "1")
    log.made("AWS", queue, "")
    assert log.at_limit("AWS", queue, 5) == [message(1).message_id]
    log.made("AWS", queue, "2")
    assert log.at_limit("AWS", queue, 5) == []
    assert log.of_queue("AWS", queue).receives == 0


# -- as it is fed -----------------------------------------------------------------------------------------------------


@pytest.fixture
def queue(stub: SqsStub) -> Queue:
    return Queue(stub.queue("orders", messages=["one", "two"]).url)


@pytest.fixture
async def context(stub: SqsStub, open_context: OpeningContexts, clock: ManualClock) -> OpenContext:
    return await open_context(stub.url, clock=clock)


def ends(context: OpenContext, messages: tuple[Message, ...]) -> list[list[LeaseEnd]]:
    entries = [context.connector(SqsConnector).receives_of(message) for message in messages]
    return [[receive.end for receive in entry.latest] if entry else [] for entry in entries]


async def test_every_look_is_written_down_with_the_end_of_its_leases(
    queue: Queue, context: OpenContext, clock: ManualClock
) -> None:
    connector = Messages(context)
    first = await connector.look(queue)
    assert ends(context, first.messages) == [[LeaseEnd.NONE]] * 2
    await connector.give_back(first.messages)
    await clock.advance(120)
    second = await connector.look(queue)
    assert ends(context, second.messages) == [[LeaseEnd.GIVEN_BACK, LeaseEnd.NONE]] * 2
    entry = context.connector(SqsConnector).receives_of(second.messages[0])
    assert entry is not None
    assert [(receive.at.minute, receive.lease_ends_at.second) for receive in entry.latest] == [(0, 30), (2, 30)]


async def test_a_deleted_message_says_so_and_is_not_deleted_once_more(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    connector = Messages(context)
    look = await connector.look(queue)
    confirmed = []
    for _ in range(2):
        change = connector.deleting(queue, look.messages[:1])
        [outcome] = await connector.delete(change, context.guard.permit(change, "test"), queue, look.messages[:1])
        confirmed.append(outcome.confirmed)
    assert confirmed == [True, False]
    assert len(stub.sent("DeleteMessageBatch")) == 1
    assert ends(context, look.messages) == [[LeaseEnd.DELETED], [LeaseEnd.NONE]]


async def test_what_was_not_given_back_and_what_nobody_knows_are_told_apart(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    connector = Messages(context)
    look = await connector.look(queue)
    stub.on("ChangeMessageVisibilityBatch", denied("sqs:changemessagevisibility"))
    await connector.give_back(look.messages[:1])
    stub.on("ChangeMessageVisibilityBatch", reset())
    await connector.give_back(look.messages[1:])
    assert ends(context, look.messages) == [[LeaseEnd.NOT_GIVEN_BACK], [LeaseEnd.GIVING_BACK]]


async def test_a_lease_that_was_over_before_it_was_given_back_ended_by_itself(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    connector = Messages(context)
    look = await connector.look(queue)
    for held in stub.model.queues["orders"].messages:
        held.hidden_until = 0.0
    assert all(outcome.confirmed for outcome in await connector.give_back(look.messages))
    assert ends(context, look.messages) == [[LeaseEnd.NONE]] * 2


async def test_a_message_that_was_given_back_is_not_deleted_by_its_old_handle(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    connector = Messages(context)
    look = await connector.look(queue)
    await connector.give_back(look.messages[:1])
    change = connector.deleting(queue, look.messages)
    outcomes = await connector.delete(change, context.guard.permit(change, "test"), queue, look.messages)
    assert [outcome.confirmed for outcome in outcomes] == [False, True]
    assert "peek again" in outcomes[0].reason
    [request] = stub.sent("DeleteMessageBatch")
    assert [entry["ReceiptHandle"] for entry in request.params["Entries"]] == [look.messages[1].receipt_handle]
