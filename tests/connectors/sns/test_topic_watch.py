"""The watch over all topics: names first, one pass of both lists, and what a failure leaves on the screen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from connectors.aws.session import Timeouts
from connectors.errors import Step
from connectors.open_context import OpenContext
from connectors.sns.connector import SnsConnector
from connectors.sns.models import SubscriptionTally, Topic
from connectors.sns.source import TopicState, TopicWatch
from tests.conftest import OpeningContexts
from tests.support.clock import HurryingClock
from tests.support.following import following
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import Answering, answer, denied, silence, throttled


@asynccontextmanager
async def watching(context: OpenContext) -> AsyncIterator[TopicWatch]:
    watch = context.connector(SnsConnector).watch(rows_on_screen=20)
    async with following(watch):
        yield watch


def state(watch: TopicWatch, name: str) -> TopicState:
    return watch.states[watch.keys_by_name[name]]


def counts(tally: SubscriptionTally | None) -> tuple[int, int, tuple[str, ...]]:
    assert tally is not None
    return tally.total, tally.pending, tally.protocols


async def test_names_are_there_page_by_page_and_before_any_subscription(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    arns = [stub.sns.topic(f"topic-{number:03}") for number in range(250)]
    for number in range(120):
        stub.sns.subscribe(arns[number // 2], "sqs", f"arn:aws:sqs:us-east-1:123456789012:queue-{number}")
    more_topics = stub.hold("ListTopics", when=lambda request: request.params.get("NextToken") == "100")
    subscriptions = stub.hold("ListSubscriptions")
    async with watching(await open_context(stub.url)) as watch:
        await until(lambda: len(watch.states) == 100)
        assert not watch.complete
        more_topics.release()
        await until(lambda: len(watch.states) == 250)
        assert {reading.known for reading in watch.states.values()} == {None}
        subscriptions.release()
        await until(lambda: watch.complete)
        tallies = [counts(state(watch, f"topic-{number:03}").known) for number in range(250)]
    assert tallies == [(2, 0, ("sqs",))] * 60 + [(0, 0, ())] * 190
    assert sorted(stub.operations) == ["ListSubscriptions"] * 2 + ["ListTopics"] * 3


@pytest.mark.parametrize(
    ("answering", "step"),
    [(denied("SNS:ListSubscriptions"), Step.PERMISSION), (throttled(), Step.THROTTLE), (silence(), Step.TIMEOUT)],
    ids=["denied", "throttled", "no answer"],
)
async def test_topics_whose_subscriptions_fail_are_listed_with_the_reason_and_no_zero(
    answering: Answering, step: Step, stub: SqsStub, open_context: OpeningContexts
) -> None:
    stub.sns.subscribe(stub.sns.topic("orders"), "sqs", "arn:aws:sqs:us-east-1:123456789012:orders")
    stub.on("ListSubscriptions", answering)
    context = await open_context(stub.url, clock=HurryingClock(), timeouts=Timeouts(read=1.0))
    async with watching(context) as watch:
        await until(lambda: watch.complete)
        orders = state(watch, "orders")
    assert orders.known is None
    assert orders.error is not None
    assert orders.error.step is step
    assert watch.listing_error is None


async def test_a_topic_that_is_gone_is_listed_last_with_the_subscriptions_that_are_left(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    stub.sns.topic("orders")
    gone = stub.sns.topic("old-orders")
    stub.sns.topics.remove(gone)
    stub.sns.subscribe(gone, "sqs", "arn:aws:sqs:us-east-1:123456789012:orders")
    made_meanwhile = stub.sns.topic("new")
    stub.sns.subscribe(made_meanwhile, "sqs", "arn:aws:sqs:us-east-1:123456789012:orders")
    stub.on("ListTopics", answer(Topics=[{"TopicArn": stub.sns.topics[0]}]))
    stub.sns.subscribe("arn:aws:sns:us-east-1:999999999999:theirs", "sqs", "arn:aws:sqs:us-east-1:123456789012:orders")
    context = await open_context(stub.url)
    async with watching(context) as watch:
        await until(lambda: watch.complete)
        assert [reading.topic.name for reading in watch.states.values()] == ["orders", "old-orders"]
        tally = state(watch, "old-orders").known
    assert tally is not None
    assert (tally.topic_is_gone, [each.queue_name for each in tally.subscriptions]) == (True, ["orders"])


async def test_what_the_list_of_topics_read_says_what_feeds_a_queue(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    queue = "arn:aws:sqs:us-east-1:123456789012:shipping"
    arns = [stub.sns.topic(name) for name in ("orders", "returns")]
    for arn in arns:
        stub.sns.subscribe(arn, "sqs", queue)
    stub.sns.subscribe(arns[0], "sqs", queue, state="Deleted")
    sns = (context := await open_context(stub.url)).connector(SnsConnector)
    assert sns.feeding(queue) is None
    async with watching(context) as watch:
        await until(lambda: watch.complete)
        feeding = sns.feeding(queue)
    assert feeding is not None
    assert [each.topic_arn for each in feeding] == arns
    assert sns.feeding(f"{queue}-2") == ()


async def test_a_subscription_that_only_its_own_reading_tells_to_be_pending_counts_as_such_from_then_on(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    topic = Topic(stub.sns.topic("orders"))
    arn = stub.sns.subscribe(topic.arn, "http", "http://x.example.com", attributes={"PendingConfirmation": "true"})
    context = await open_context(stub.url)
    source = context.connector(SnsConnector).subscriptions(topic)
    async with watching(context) as watch:
        await until(lambda: watch.complete)
        assert counts(state(watch, "orders").known) == (1, 0, ("http",))
        for pending, text in ((1, "true"), (0, "false")):
            stub.sns.subscription_attributes[arn] = {"PendingConfirmation": text}
            (subscription,) = [each async for page in source.pages() for each in page.resources]
            await source.read(source.unread(subscription))
            watch.refresh()
            await until(lambda pending=pending: counts(state(watch, "orders").known) == (1, pending, ("http",)))
