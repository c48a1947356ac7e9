"""All topics with their subscriptions: pages, what is unknown, and how a list fails."""

import pytest

from connectors.errors import ConnectorError, Step
from connectors.sns.models import SubscriptionTally, Topic
from connectors.sns.topics import read_topics
from tests.conftest import OpenSession
from tests.support.clock import HurryingClock
from tests.support.moto import boto_client
from tests.support.stub import SqsStub
from tests.support.wire import Answering, answer, denied, throttled

REGION = "eu-south-1"
"""Of the emulator, used by no other test: a list is of one region."""


def counts(tally: SubscriptionTally | None) -> tuple[int, int, tuple[str, ...]]:
    assert tally is not None
    return tally.total, tally.pending, tally.protocols


async def test_every_page_of_both_lists_is_read_and_no_topic_costs_a_call(
    moto_url: str, open_session: OpenSession
) -> None:
    client = boto_client(moto_url, "sns", region=REGION)
    arns = [client.create_topic(Name=f"topic-{number:03}")["TopicArn"] for number in range(250)]
    for number in range(120):
        client.subscribe(TopicArn=arns[number // 2], Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:1:queue-{number}")
    session = await open_session(moto_url, region=REGION)
    reading = await read_topics(session)
    assert [topic.arn for topic in reading.topics] == arns
    tallies = [counts(reading.tally(topic)) for topic in reading.topics]
    assert tallies == [(2, 0, ("sqs",))] * 60 + [(0, 0, ())] * 190
    assert session.meter.total == 3 + 2


async def test_pending_subscriptions_are_counted_and_those_deleted_or_of_foreign_topics_are_not(
    stub: SqsStub, open_session: OpenSession
) -> None:
    orders, payments = stub.sns.topic("orders"), stub.sns.topic("payments.fifo")
    stub.sns.subscribe(orders, "sqs", "arn:aws:sqs:us-east-1:123456789012:orders")
    stub.sns.subscribe(orders, "email", "me@example.com", state="PendingConfirmation")
    stub.sns.subscribe(orders, "lambda", "arn:aws:lambda:us-east-1:123456789012:function:old", state="Deleted")
    stub.sns.subscribe("arn:aws:sns:us-east-1:999999999999:theirs", "sqs", "arn:aws:sqs:us-east-1:123456789012:orders")
    reading = await read_topics(await open_session(stub.url))
    assert [(topic.name, topic.type) for topic in reading.topics] == [("orders", "standard"), ("payments.fifo", "fifo")]
    assert counts(reading.tally(Topic(orders))) == (2, 1, ("email", "sqs"))
    assert reading.tally(Topic(payments)) == SubscriptionTally()


@pytest.mark.parametrize(
    ("reply", "step"),
    [(denied("SNS:ListSubscriptions"), Step.PERMISSION), (throttled(), Step.THROTTLE)],
    ids=["denied", "throttled"],
)
async def test_subscriptions_that_can_not_be_listed_are_unknown_and_not_none(
    reply: Answering, step: Step, stub: SqsStub, open_session: OpenSession
) -> None:
    orders = stub.sns.topic("orders")
    stub.on("ListSubscriptions", reply)
    reading = await read_topics(await open_session(stub.url, clock=HurryingClock()))
    assert reading.tally(Topic(orders)) is None
    assert reading.error is not None
    assert reading.error.step is step


async def test_topics_that_can_not_be_listed_are_the_failure(stub: SqsStub, open_session: OpenSession) -> None:
    stub.on("ListTopics", denied("SNS:ListTopics"))
    with pytest.raises(ConnectorError) as caught:
        await read_topics(await open_session(stub.url))
    assert caught.value.step is Step.PERMISSION


async def test_an_endpoint_that_sends_a_page_again_and_again_is_stopped(
    stub: SqsStub, open_session: OpenSession
) -> None:
    stub.on("ListTopics", answer(Topics=[{"TopicArn": "arn:aws:sns:us-east-1:1:orders"}], NextToken="1"))
    with pytest.raises(ConnectorError, match="same page again"):
        await read_topics(await open_session(stub.url))
