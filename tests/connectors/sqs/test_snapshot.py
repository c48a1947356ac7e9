import json

import pytest

from connectors.errors import ConnectorError, Step
from connectors.sqs.snapshot import snapshot
from tests.conftest import OpenSession
from tests.support.clock import HurryingClock
from tests.support.stub import SqsStub
from tests.support.wire import denied, no_such_queue, reset


def arn(name: str) -> str:
    return f"arn:aws:sqs:us-east-1:123456789012:{name}"


async def test_all_queues_come_sorted_by_name_with_their_counts(stub: SqsStub, open_session: OpenSession) -> None:
    stub.queue("orders", visible=3, dead_letter="orders-dlq", max_receive_count=5)
    stub.queue("emails", visible=1, delayed=2)
    stub.queue("orders-dlq", visible=4)
    states, by_arn = await snapshot(await open_session(stub.url))
    assert [(state.queue.name, state.visible, state.delayed) for state in states] == [
        ("emails", 1, 2),
        ("orders", 3, 0),
        ("orders-dlq", 4, 0),
    ]
    assert (states[1].dead_letter_name, states[1].max_receive_count) == ("orders-dlq", 5)
    assert by_arn[arn("orders-dlq")].visible == 4
    assert len(stub.sent("GetQueueAttributes")) == 3
    assert stub.sent("GetQueueUrl") == []


async def test_a_dead_letter_queue_outside_the_prefix_is_read_but_not_listed(
    stub: SqsStub, open_session: OpenSession
) -> None:
    stub.queue("orders", dead_letter="dead")
    stub.queue("orders-eu", dead_letter="dead")
    stub.queue("dead", visible=9)
    stub.queue("emails")
    states, by_arn = await snapshot(await open_session(stub.url), "orders")
    assert [state.queue.name for state in states] == ["orders", "orders-eu"]
    assert by_arn[arn("dead")].visible == 9
    assert len(stub.sent("GetQueueUrl")) == 1


@pytest.mark.parametrize("fault", [denied("sqs:getqueueurl"), no_such_queue()])
async def test_a_dead_letter_queue_that_cannot_be_found_stays_unknown(
    fault: object, stub: SqsStub, open_session: OpenSession
) -> None:
    stub.queue("orders", dead_letter="gone")
    stub.on("GetQueueUrl", fault)  # type: ignore[arg-type]
    states, by_arn = await snapshot(await open_session(stub.url))
    assert states[0].dead_letter_name == "gone"
    assert by_arn == {}


async def test_one_queue_that_fails_carries_its_reason_and_the_others_their_counts(
    stub: SqsStub, open_session: OpenSession
) -> None:
    stub.many(12)
    stub.on("GetQueueAttributes", denied("sqs:getqueueattributes"), queue="queue-00005")
    states, _ = await snapshot(await open_session(stub.url))
    failed = [state for state in states if state.error is not None]
    assert [(state.queue.name, state.visible) for state in failed] == [("queue-00005", None)]
    assert [state.visible for state in states if state.error is None] == [0, 1, 2, 3, 4, *range(6, 12)]


async def test_a_list_that_cannot_be_had_fails_as_a_whole(stub: SqsStub, open_session: OpenSession) -> None:
    stub.on("ListQueues", denied("sqs:listqueues"))
    with pytest.raises(ConnectorError) as caught:
        await snapshot(await open_session(stub.url))
    assert caught.value.step is Step.PERMISSION


async def test_half_a_list_is_not_passed_off_as_the_whole(stub: SqsStub, open_session: OpenSession) -> None:
    stub.many(1500)
    stub.on("ListQueues", lambda request: stub.model.reply(request) if "NextToken" not in request.params else reset())
    with pytest.raises(ConnectorError):
        await snapshot(await open_session(stub.url, clock=HurryingClock()))
    assert stub.sent("GetQueueAttributes") == []


async def test_no_more_calls_are_in_flight_than_the_pace_allows(stub: SqsStub, open_session: OpenSession) -> None:
    stub.many(120)
    stub.latency = 0.02
    session = await open_session(stub.url)
    states, _ = await snapshot(session)
    assert len(states) == 120
    assert 4 < stub.most_in_flight <= 20


@pytest.mark.parametrize(("place", "asked"), [("us-east-1:999999999999", 1), ("eu-west-1:123456789012", 0)])
async def test_a_queue_of_the_same_name_here_is_not_the_dead_letter_queue_of_another_account_or_region(
    stub: SqsStub, open_session: OpenSession, place: str, asked: int
) -> None:
    policy = json.dumps({"deadLetterTargetArn": f"arn:aws:sqs:{place}:dead", "maxReceiveCount": 3})
    stub.queue("orders", attributes={"RedrivePolicy": policy})
    stub.queue("dead", visible=9)
    _, by_arn = await snapshot(await open_session(stub.url))
    assert by_arn == {}
    assert [request.params.get("QueueOwnerAWSAccountId") for request in stub.sent("GetQueueUrl")] == [
        "999999999999"
    ] * asked
