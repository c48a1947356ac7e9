import json
from datetime import UTC, datetime

import pytest

from connectors.errors import ConnectorError, Step
from connectors.sqs.models import Queue, QueueAttributes
from connectors.sqs.queues import PAGE, Queues, redrive_policy
from tests.conftest import OpenSession
from tests.support.stub import SqsStub
from tests.support.wire import answer, denied, no_such_queue


async def all_names(queues: Queues, prefix: str = "") -> list[str]:
    return [queue.name async for page in queues.pages(prefix) for queue in page.queues]


async def test_a_list_does_not_end_at_a_thousand(stub: SqsStub, open_session: OpenSession) -> None:
    stub.many(2500)
    pages = [page async for page in Queues(await open_session(stub.url)).pages()]
    assert [len(page.queues) for page in pages] == [1000, 1000, 500]
    assert [page.complete for page in pages] == [False, False, True]
    names = [queue.name for page in pages for queue in page.queues]
    assert (names[0], names[-1], len(set(names))) == ("queue-00000", "queue-02499", 2500)
    assert all(request.params["MaxResults"] == PAGE for request in stub.sent("ListQueues"))


@pytest.mark.parametrize("count", [999, 1000, 1001])
async def test_a_list_around_a_full_page_is_complete(count: int, stub: SqsStub, open_session: OpenSession) -> None:
    stub.many(count)
    assert len(await all_names(Queues(await open_session(stub.url)))) == count


async def test_the_prefix_goes_to_the_service_on_every_page(stub: SqsStub, open_session: OpenSession) -> None:
    stub.many(1200, "orders-")
    stub.many(3, "emails-")
    queues = Queues(await open_session(stub.url))
    assert len(await all_names(queues, "orders-")) == 1200
    assert [request.params["QueueNamePrefix"] for request in stub.sent("ListQueues")] == ["orders-", "orders-"]
    assert await all_names(queues, "nothing-") == []


@pytest.mark.parametrize("tokens", [["same"], ["one", "two"]])
async def test_an_endpoint_that_sends_pages_in_a_circle_is_stopped(
    tokens: list[str], stub: SqsStub, open_session: OpenSession
) -> None:
    stub.on("ListQueues", lambda request: answer(QueueUrls=[], NextToken=tokens[len(stub.requests) % len(tokens)]))
    with pytest.raises(ConnectorError, match="again and again") as caught:
        await all_names(Queues(await open_session(stub.url)))
    assert caught.value.step is Step.ANSWER
    assert len(stub.requests) <= 3


async def test_an_empty_account_is_an_empty_list(stub: SqsStub, open_session: OpenSession) -> None:
    stub.on("ListQueues", answer())
    assert await all_names(Queues(await open_session(stub.url))) == []


async def test_a_queue_is_found_by_name_and_one_that_vanished_says_so(stub: SqsStub, open_session: OpenSession) -> None:
    url = stub.queue("orders").url
    queues = Queues(await open_session(stub.url))
    assert await queues.find("orders") == Queue(url)
    with pytest.raises(ConnectorError) as caught:
        await queues.find("gone")
    assert caught.value.step is Step.NOT_FOUND


async def test_the_sources_of_a_dead_letter_queue_come_in_pages_too(stub: SqsStub, open_session: OpenSession) -> None:
    dead_letter = stub.queue("orders-dlq")
    for number in range(1100):
        stub.queue(f"orders-{number}", dead_letter="orders-dlq")
    stub.queue("else", dead_letter="other-dlq")
    pages = [page async for page in Queues(await open_session(stub.url)).sources(Queue(dead_letter.url))]
    assert [len(page.queues) for page in pages] == [1000, 100]


async def test_tags_are_a_mapping_and_no_tags_an_empty_one(stub: SqsStub, open_session: OpenSession) -> None:
    tagged, bare = stub.queue("tagged", tags={"team": "payments"}), stub.queue("bare")
    queues = Queues(await open_session(stub.url))
    assert await queues.tags(Queue(tagged.url)) == {"team": "payments"}
    assert await queues.tags(Queue(bare.url)) == {}


# -- attributes -----------------------------------------------------------------------------------------------------


async def read(stub: SqsStub, open_session: OpenSession, name: str = "orders") -> QueueAttributes:
    return await Queues(await open_session(stub.url)).attributes(Queue(stub.model.queues[name].url))


async def test_counts_and_settings_are_read_as_numbers_and_times(stub: SqsStub, open_session: OpenSession) -> None:
    stub.queue("orders", visible=3, in_flight=2, delayed=1, dead_letter="orders-dlq", max_receive_count=5)
    attributes = await read(stub, open_session)
    assert (attributes.counts.visible, attributes.counts.in_flight, attributes.counts.delayed) == (3, 2, 1)
    assert attributes.arn == "arn:aws:sqs:us-east-1:123456789012:orders"
    assert attributes.redrive is not None
    assert (attributes.redrive.dead_letter_name, attributes.redrive.max_receive_count) == ("orders-dlq", 5)
    assert attributes.maximum_message_size == 1_048_576
    assert attributes.seconds("VisibilityTimeout") == 30
    assert attributes.seconds("NoSuchThing") is None
    assert attributes.moment("CreatedTimestamp") == datetime(2026, 1, 1, tzinfo=UTC)
    assert not attributes.content_based_deduplication
    assert stub.sent("GetQueueAttributes")[0].params["AttributeNames"] == ["All"]


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ({"ApproximateNumberOfMessages": "0"}, (0, None, None)),
        ({"QueueArn": "arn:x"}, (None, None, None)),
        ({"ApproximateNumberOfMessages": "many", "ApproximateNumberOfMessagesDelayed": ""}, (None, None, None)),
        ({"ApproximateNumberOfMessages": 7}, (7, None, None)),
    ],
)
async def test_a_count_that_did_not_come_is_unknown_and_not_zero(
    missing: dict[str, str], expected: tuple[int | None, ...], stub: SqsStub, open_session: OpenSession
) -> None:
    stub.queue("orders")
    stub.on("GetQueueAttributes", answer(Attributes=missing))
    counts = (await read(stub, open_session)).counts
    assert (counts.visible, counts.in_flight, counts.delayed) == expected


@pytest.mark.parametrize("members", [{}, {"Attributes": {}}])
async def test_attributes_that_did_not_come_are_a_failure(
    members: dict[str, dict[str, str]], stub: SqsStub, open_session: OpenSession
) -> None:
    stub.queue("orders")
    stub.on("GetQueueAttributes", answer(**members))
    with pytest.raises(ConnectorError, match="no Attributes") as caught:
        await read(stub, open_session)
    assert caught.value.step is Step.ANSWER


@pytest.mark.parametrize("limit", [3, "3"])
def test_the_limit_of_receives_comes_as_a_number_or_as_text(limit: int | str) -> None:
    policy = redrive_policy(json.dumps({"deadLetterTargetArn": "arn:aws:sqs:x:1:dlq", "maxReceiveCount": limit}))
    assert policy is not None
    assert (policy.max_receive_count, policy.dead_letter_name) == (3, "dlq")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "7", '"text"', "{}", '{"maxReceiveCount": 3}', "[" * 100_000, '{"a":' * 50_000]
)
def test_a_redrive_policy_that_is_none_reads_as_none(text: str) -> None:
    assert redrive_policy(text) is None


@pytest.mark.parametrize("limit", [None, "often", [], {}, 1e999])
def test_a_limit_that_is_no_number_is_unknown(limit: object) -> None:
    policy = redrive_policy(json.dumps({"deadLetterTargetArn": "arn:aws:sqs:x:1:dlq", "maxReceiveCount": limit}))
    assert policy is not None
    assert policy.max_receive_count is None


@pytest.mark.parametrize("moment", ["", "soon", "9" * 30, "-" + "9" * 30, "9" * 5000, "nan"])
async def test_a_time_that_is_no_time_is_unknown(moment: str, stub: SqsStub, open_session: OpenSession) -> None:
    stub.queue("orders", attributes={"CreatedTimestamp": moment})
    assert (await read(stub, open_session)).moment("CreatedTimestamp") is None


async def test_a_queue_that_vanished_and_one_that_is_denied_are_told_apart(
    stub: SqsStub, open_session: OpenSession
) -> None:
    stub.queue("orders")
    for reply, step in ((no_such_queue(), Step.NOT_FOUND), (denied("sqs:getqueueattributes"), Step.PERMISSION)):
        stub.on("GetQueueAttributes", reply)
        with pytest.raises(ConnectorError) as caught:
            await read(stub, open_session)
        assert caught.value.step is step
    assert "sqs:getqueueattributes" in caught.value.hint


@pytest.mark.parametrize(
    ("url", "name", "kind"),
    [
        ("https://sqs.eu-west-1.amazonaws.com/123456789012/orders", "orders", "standard"),
        ("http://localhost:4566/queue/eu-west-1/000000000000/payments.fifo", "payments.fifo", "fifo"),
        ("http://localhost:9324/000000000000/orders/", "orders", "standard"),
    ],
)
def test_name_and_type_of_a_queue_stand_in_its_url(url: str, name: str, kind: str) -> None:
    assert (Queue(url).name, Queue(url).type) == (name, kind)
