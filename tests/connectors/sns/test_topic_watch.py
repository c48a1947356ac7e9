"""The watch over all topics: names first, one pass of both lists, and what a failure leaves on the screen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from connectors.aws.session import Timeouts
from connectors.errors import Step
from connectors.open_context import OpenContext
from connectors.sns.connector import SnsConnector
from connectors.sns.models import SubscriptionTally
from connectors.sns.source import TopicState, TopicWatch
from tests.conftest import OpeningContexts
from tests.support.clock import HurryingClock
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import Answering, denied, silence, throttled


@asynccontextmanager
async def watching(context: OpenContext) -> AsyncIterator[TopicWatch]:
    watch = context.connector(SnsConnector).watch(rows_on_screen=20)

    async def follow() -> None:
        async for _ in watch.run():
            pass

    task = asyncio.create_task(follow())
    try:
        yield watch
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def state(watch: TopicWatch, name: str) -> TopicState:
    return watch.states[watch.keys_by_name[name]]


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
        tallies = [state(watch, f"topic-{number:03}").known for number in range(250)]
    assert tallies == [SubscriptionTally(2, 0, ("sqs",))] * 60 + [SubscriptionTally()] * 190
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
