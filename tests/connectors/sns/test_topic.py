"""One topic: what is known of it, and its subscriptions with the queues that they name."""

import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from connectors.aws.session import Timeouts
from connectors.concurrency import MOST
from connectors.errors import ConnectorError, Step
from connectors.open_context import OpenContext
from connectors.sns.connector import SnsConnector
from connectors.sns.models import DELETED, PENDING, Subscription, Topic
from connectors.sns.subscriptions import SubscriptionState, SubscriptionWatch
from connectors.sns.topics import subscription_pages
from tests.conftest import OpeningContexts, OpenSession
from tests.support.clock import HurryingClock
from tests.support.following import following
from tests.support.moto import boto_client
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import Answering, Request, answer, denied, error, silence, throttled

ACCOUNT = "123456789012"
MOTO_REGION = "ap-south-1"
"""Of the emulator, used by no other test: a list is of one region."""


def queue_arn(name: str, account: str = ACCOUNT, region: str = "us-east-1") -> str:
    return f"arn:aws:sqs:{region}:{account}:{name}"


@asynccontextmanager
async def watching(context: OpenContext, topic: Topic, rows: int = 20) -> AsyncIterator[SubscriptionWatch]:
    watch = context.connector(SnsConnector).watch_subscriptions(topic, rows_on_screen=rows)
    async with following(watch):
        yield watch


def of_endpoint(watch: SubscriptionWatch, endpoint: str) -> SubscriptionState:
    return next(state for state in watch.states.values() if state.subscription.short_endpoint == endpoint)


async def read_once(context: OpenContext, topic_arn: str) -> list[SubscriptionState]:
    source = context.connector(SnsConnector).subscriptions(Topic(topic_arn))
    return [await source.read(source.unread(each)) async for page in source.pages() for each in page.resources]


# -- the topic ------------------------------------------------------------------------------------------------------


async def test_a_topic_has_its_attributes_and_tags(stub: SqsStub, open_context: OpeningContexts) -> None:
    attributes = {
        "DisplayName": "Payments",
        "KmsMasterKeyId": "alias/ours",
        "Policy": '{"Statement": []}',
        "ContentBasedDeduplication": "true",
        "ArchivePolicy": '{"MessageRetentionPeriod": "30"}',
        "MaximumMessageSize": "1048576",
    }
    arn = stub.sns.topic("payments.fifo", attributes=attributes, tags={"team": "money"})
    sns = (await open_context(stub.url)).connector(SnsConnector)
    details = await sns.details(Topic(arn))
    assert (details.attributes_error, details.tags_error) == (None, None)
    assert (details.display_name, details.owner, details.encryption_key) == ("Payments", ACCOUNT, "alias/ours")
    assert (details.content_based_deduplication, details.maximum_message_size) == (True, 1_048_576)
    assert details.archive_policy == attributes["ArchivePolicy"]
    assert details.policy == attributes["Policy"]
    assert details.tags == {"team": "money"}
    plain = await sns.details(Topic(stub.sns.topic("orders")))
    assert (plain.encryption_key, plain.content_based_deduplication, plain.maximum_message_size) == ("", False, 262_144)


@pytest.mark.parametrize("answering", [denied("SNS:Read"), throttled(), silence()], ids=["denied", "throttled", "none"])
@pytest.mark.parametrize("operation", ["GetTopicAttributes", "ListTagsForResource"])
async def test_of_a_topic_one_read_that_fails_leaves_the_other(
    operation: str, answering: Answering, stub: SqsStub, open_context: OpeningContexts
) -> None:
    arn = stub.sns.topic("orders", attributes={"DisplayName": "Orders"}, tags={"team": "shop"})
    stub.on(operation, answering)
    context = await open_context(stub.url, clock=HurryingClock(), timeouts=Timeouts(read=0.1))
    details = await context.connector(SnsConnector).details(Topic(arn))
    failed = details.attributes_error if operation == "GetTopicAttributes" else details.tags_error
    assert failed is not None
    if operation == "GetTopicAttributes":
        assert (details.display_name, details.encryption_key, details.tags) == (None, None, {"team": "shop"})
        assert (details.content_based_deduplication, details.maximum_message_size) == (None, None)
    else:
        assert (details.display_name, details.tags) == ("Orders", None)


async def test_a_topic_is_found_by_name_or_arn_and_its_end_is_told(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    arn = stub.sns.topic("orders")
    sns = (await open_context(stub.url)).connector(SnsConnector)
    assert await sns.find("orders") == await sns.find(arn) == Topic(arn)
    with pytest.raises(ConnectorError, match="there is no topic order") as caught:
        await sns.find("order")
    assert caught.value.step is Step.NOT_FOUND
    with pytest.raises(ConnectorError, match="--region"):
        await sns.find("arn:aws:sns:eu-west-1:123456789012:orders")
    stub.sns.topics.clear()
    assert (await sns.details(Topic(arn))).is_gone


# -- its subscriptions ----------------------------------------------------------------------------------------------


async def test_every_page_of_the_subscriptions_of_a_topic_is_listed(moto_url: str, open_session: OpenSession) -> None:
    client = boto_client(moto_url, "sns", region=MOTO_REGION)
    arn, other = (client.create_topic(Name=name)["TopicArn"] for name in ("orders", "audit"))
    endpoints = [queue_arn(f"queue-{number:03}", region=MOTO_REGION) for number in range(120)]
    for endpoint in endpoints:
        client.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=endpoint)
    client.subscribe(TopicArn=other, Protocol="sqs", Endpoint=endpoints[0])
    session = await open_session(moto_url, region=MOTO_REGION)
    pages = [page async for page in subscription_pages(session, Topic(arn))]
    assert [len(page) for page in pages] == [100, 20]
    assert sorted(each.queue_arn for page in pages for each in page) == endpoints


async def test_a_subscription_is_read_with_its_queue_and_dead_letter_queue(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    stub.queue("shipping", visible=7, attributes={"Policy": "{}"})
    stub.queue("shipping-dlq", visible=3)
    attributes = {
        "FilterPolicy": '{"type": ["order"]}',
        "FilterPolicyScope": "MessageBody",
        "RawMessageDelivery": "true",
        "RedrivePolicy": json.dumps({"deadLetterTargetArn": queue_arn("shipping-dlq")}),
    }
    topic = stub.sns.topic("orders")
    stub.sns.subscribe(topic, "sqs", queue_arn("shipping"), attributes=attributes)
    (state,) = await read_once(await open_context(stub.url), topic)
    details = state.details
    assert details is not None
    assert (details.filter_policy, details.scope, details.raw_delivery) == ('{"type": ["order"]}', "MessageBody", True)
    assert state.queue is not None
    assert state.queue.attributes is not None
    assert (state.queue.visible, state.queue.attributes.raw["Policy"]) == (7, "{}")
    assert state.dead_letters is not None
    assert (state.dead_letters.name, state.dead_letters.visible) == ("shipping-dlq", 3)


async def test_pending_ones_are_not_asked_for_and_deleted_ones_are_left_out(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    topic = stub.sns.topic("orders")
    stub.sns.subscribe(topic, "https", "https://hooks.example.com:8443/a?b=c", state=PENDING)
    stub.sns.subscribe(topic, "email", "me@example.com", state=PENDING)
    stub.sns.subscribe(topic, "sqs", queue_arn("old"), state=DELETED)
    told = stub.sns.subscribe(topic, "http", "http://x.example.com", attributes={"PendingConfirmation": "true"})
    async with watching(await open_context(stub.url), Topic(topic)) as watch:
        await until(lambda: watch.complete and all(state.read_at for state in watch.states.values()))
        states = [*watch.states.values()]
    assert [state.subscription.short_endpoint for state in states] == [
        "hooks.example.com",
        "me@example.com",
        "x.example.com",
    ]
    assert [state.is_pending for state in states] == [True, True, True]
    assert [request.params["SubscriptionArn"] for request in stub.sent("GetSubscriptionAttributes")] == [told]


async def test_a_subscription_that_vanished_is_gone_and_the_others_stay(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    topic = stub.sns.topic("orders")
    vanished = stub.sns.subscribe(topic, "email", "a@example.com")
    stub.sns.subscribe(topic, "email", "b@example.com")
    of_vanished: Callable[[Request], bool] = lambda request: request.params.get("SubscriptionArn") == vanished  # noqa: E731
    stub.on("GetSubscriptionAttributes", error("NotFound", "Subscription does not exist", 404), when=of_vanished)
    async with watching(await open_context(stub.url), Topic(topic)) as watch:
        await until(lambda: watch.complete and len(watch.states) == 2 and of_endpoint(watch, "a@example.com").is_gone)
        await until(lambda: of_endpoint(watch, "b@example.com").details is not None)
        stub.sns.unsubscribe(vanished)
        watch.refresh()
        await until(lambda: len(watch.states) == 1)
        assert watch.listing_error is None


@pytest.mark.parametrize(
    ("answering", "step"),
    [(denied("x:Read"), Step.PERMISSION), (throttled(), Step.THROTTLE)],
    ids=["denied", "throttled"],
)
@pytest.mark.parametrize(
    ("operation", "of_queue"),
    [
        ("GetSubscriptionAttributes", None),
        ("GetQueueUrl", "shipping"),
        ("GetQueueAttributes", "shipping"),
        ("GetQueueAttributes", "shipping-dlq"),
    ],
)
async def test_of_a_subscription_each_single_read_may_fail(
    operation: str,
    of_queue: str | None,
    answering: Answering,
    step: Step,
    stub: SqsStub,
    open_context: OpeningContexts,
) -> None:
    stub.queue("shipping", visible=7)
    stub.queue("shipping-dlq", visible=3)
    topic = stub.sns.topic("orders")
    redrive = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": queue_arn("shipping-dlq")})}
    stub.sns.subscribe(topic, "sqs", queue_arn("shipping"), attributes=redrive)
    stub.on(operation, answering, queue=of_queue)
    (state,) = await read_once(await open_context(stub.url, clock=HurryingClock()), topic)
    failed = {
        "details": state.error,
        "queue": state.queue.error if state.queue else None,
        "dead letters": state.dead_letters.error if state.dead_letters else None,
    }
    part = "details" if of_queue is None else "queue" if of_queue == "shipping" else "dead letters"
    assert [name for name, found in failed.items() if found] == [part]
    found = failed[part]
    assert found is not None
    assert found.step is step
    assert (state.queue.visible if state.queue else None) == (None if part == "queue" else 7)


async def test_a_queue_is_gone_where_it_is_of_the_topics_account_and_unknown_elsewhere(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    topic = stub.sns.topic("orders")
    elsewhere = (queue_arn("b", account="999999999999"), queue_arn("c", region="eu-west-1"), "[b]no ARN")
    for arn in (queue_arn("a"), *elsewhere):
        stub.sns.subscribe(topic, "sqs", arn)
    states = await read_once(await open_context(stub.url), topic)
    queues = [state.queue for state in states if state.queue]
    assert [queue.is_gone for queue in queues] == [True, False, False, False]
    assert [(queue.error.step, queue.error.title) for queue in queues if queue.error] == [
        (Step.NOT_FOUND, "the queue does not exist"),
        (Step.NOT_FOUND, "the queue does not exist"),
        (Step.SETTINGS, "the queue is of region eu-west-1"),
        (Step.SETTINGS, "the endpoint is no ARN of a queue"),
    ]


async def test_the_rows_on_screen_are_read_before_the_rest(stub: SqsStub, open_context: OpeningContexts) -> None:
    topic = stub.sns.topic("orders")
    arns = [stub.sns.subscribe(topic, "email", f"{number:03}@example.com") for number in range(150)]
    async with watching(await open_context(stub.url), Topic(topic)) as watch:
        await until(lambda: watch.complete)
        before = len(stub.sent("GetSubscriptionAttributes"))
        watch.show(arns[120:140])
        await until(lambda: all(watch.states[arn].details for arn in arns[120:140]))
        sent = [request.params["SubscriptionArn"] for request in stub.sent("GetSubscriptionAttributes")]
    assert sent[:20] == arns[:20]
    assert {*arns[120:140]} <= {*sent[before : before + 20 + MOST]}


async def test_a_throttle_makes_it_slower(stub: SqsStub, open_context: OpeningContexts) -> None:
    topic = stub.sns.topic("orders")
    stub.sns.subscribe(topic, "email", "a@example.com")
    stub.on("GetSubscriptionAttributes", throttled())
    context = await open_context(stub.url, clock=HurryingClock())
    source = context.connector(SnsConnector).subscriptions(Topic(topic))
    (subscription,) = [each async for page in source.pages() for each in page.resources]
    state = await source.read(source.unread(subscription))
    assert state.error is not None
    assert state.error.step is Step.THROTTLE
    assert source.rate.per_second == 12
    stub.heal()
    assert (await source.read(state)).details is not None


async def test_where_sns_takes_thirty_calls_a_second_every_subscription_is_read(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    topic = stub.sns.topic("orders")
    for number in range(60):
        stub.sns.subscribe(topic, "email", f"{number:02}@example.com")
    stub.on("GetSubscriptionAttributes", throttled(), when=_more_than(30))
    async with watching(await open_context(stub.url), Topic(topic)) as watch:
        await until(lambda: watch.complete and all(state.details for state in watch.states.values()))
        assert len(watch.states) == 60


def _more_than(most: int) -> Callable[[Request], bool]:
    """Whether a request is one too many within a second."""
    taken: deque[float] = deque(maxlen=most)

    def throttles(request: Request) -> bool:
        if len(taken) == most and request.at - taken[0] < 1:
            return True
        taken.append(request.at)
        return False

    return throttles


async def test_a_topic_that_vanishes_under_its_screen_is_told_and_its_rows_stay(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    topic = stub.sns.topic("orders")
    stub.sns.subscribe(topic, "email", "a@example.com")
    async with watching(await open_context(stub.url), Topic(topic)) as watch:
        await until(lambda: watch.complete)
        stub.sns.topics.clear()
        watch.refresh()
        await until(lambda: watch.listing_error)
        assert watch.listing_error is not None
        assert (watch.listing_error.step, len(watch.states)) == (Step.NOT_FOUND, 1)


@pytest.mark.parametrize(
    "reply", [answer(), answer(Attributes=""), answer(Attributes={"entry": []})], ids=["nothing", "empty", "no entry"]
)
async def test_an_answer_without_attributes_is_not_taken_for_no_filter(
    reply: Answering, stub: SqsStub, open_context: OpeningContexts
) -> None:
    topic = stub.sns.topic("orders")
    stub.sns.subscribe(topic, "email", "a@example.com")
    stub.on("GetSubscriptionAttributes", reply)
    stub.on("GetTopicAttributes", reply)
    context = await open_context(stub.url)
    (state,) = await read_once(context, topic)
    details = await context.connector(SnsConnector).details(Topic(topic))
    assert [found.step for found in (state.error, details.attributes_error) if found] == [Step.ANSWER] * 2


@pytest.mark.parametrize(
    ("protocol", "endpoint", "short"),
    [
        ("sqs", queue_arn("orders"), "orders"),
        ("lambda", "arn:aws:lambda:us-east-1:123456789012:function:resize", "resize"),
        ("firehose", "arn:aws:firehose:us-east-1:123456789012:deliverystream/all", "all"),
        ("https", "https://user:pw@hooks.example.com/in", "hooks.example.com"),
        ("https", "https://[::1", "https://[::1"),
        ("email", "me@example.com", "me@example.com"),
        ("sms", "+15550100", "+15550100"),
    ],
)
def test_the_short_endpoint_is_what_a_person_knows_it_by(protocol: str, endpoint: str, short: str) -> None:
    subscription = Subscription(PENDING, "arn:aws:sns:us-east-1:1:orders", protocol, endpoint)
    assert subscription.short_endpoint == short
    assert subscription.queue_name == (short if protocol == "sqs" else "")
    assert subscription.key != Subscription(DELETED, subscription.topic_arn, protocol, endpoint).key
