"""The demo's topics: declared so that AWS would take them, and delivering what the screen will say of them."""

import asyncio
import json
import re
from typing import Any

from connectors.emulator.kinds import MINISTACK
from connectors.emulator.process import Emulator
from connectors.sns.demo import ORDER_EVENTS, TOPICS, WEBHOOK
from connectors.sns.demo.seed import seed
from connectors.sns.filter_policy import check_policy
from connectors.sns.service import SERVICE as SNS
from connectors.sqs.demo import STORY
from tests.support.emulators import DEADLINE, client, counts, receive_all
from tests.support.emulators import SEEDS as QUEUES

SEEDS = [*QUEUES, SNS.seeds]
SENDERS = {queue.name: queue.senders for queue in STORY}
# What ministack decides as AWS does, and moto knows, too.
OPERATORS = {"prefix", "suffix", "numeric", "exists"}


def arn_of(sns: Any, name: str) -> str:
    arns = [str(entry["TopicArn"]) for entry in sns.list_topics()["Topics"]]
    return next(arn for arn in arns if arn.endswith(f":{name}"))


def subscriptions(sns: Any, topic: str) -> dict[str, dict[str, str]]:
    """The attributes of each subscription of `topic`, by the last part of its endpoint."""
    found: dict[str, dict[str, str]] = {}
    for entry in sns.list_subscriptions_by_topic(TopicArn=arn_of(sns, topic))["Subscriptions"]:
        attributes = sns.get_subscription_attributes(SubscriptionArn=entry["SubscriptionArn"])["Attributes"]
        found[re.split("[:/]", entry["Endpoint"])[-1]] = attributes
    return found


def test_every_queue_lets_its_topics_send_but_the_one_that_still_names_another() -> None:
    feeds = {
        (topic.name, queue)
        for topic in TOPICS
        for subscription in topic.subscriptions
        if subscription.protocol == "sqs"
        for queue in (subscription.endpoint, subscription.dead_letter_queue)
        if queue is not None
    }
    assert {(topic, queue) for topic, queue in feeds if topic not in SENDERS[queue]} == {
        ("order-events", "fulfilment-returns")
    }
    senders = {(topic, queue) for queue, topics in SENDERS.items() for topic in topics}
    assert senders - feeds == {("order-events-v1", "fulfilment-returns")}
    assert STORY[0].senders == ()


def test_one_of_fourteen_topics_has_no_subscriber_and_a_fifo_queue_has_a_fifo_topic() -> None:
    assert len(TOPICS) == len({topic.name for topic in TOPICS}) == 14
    assert [topic.name for topic in TOPICS if not topic.subscriptions] == ["deployments"]
    for topic in TOPICS:
        assert topic.tags["team"]
        for subscription in topic.subscriptions:
            assert subscription.endpoint.endswith(".fifo") == topic.name.endswith(".fifo")


def test_sns_takes_every_filter_policy_and_the_emulators_decide_it_as_aws_does() -> None:
    for subscription in (subscription for topic in TOPICS for subscription in topic.subscriptions):
        if subscription.filter_policy is not None:
            assert check_policy(json.dumps(subscription.filter_policy), subscription.scope).faults == ()
            rules = [rule for rules in subscription.filter_policy.values() for rule in rules if isinstance(rule, dict)]
            assert {operator for rule in rules for operator in rule} <= OPERATORS


def test_an_emulator_is_asked_to_confirm_at_an_endpoint_that_is_this_machine() -> None:
    elsewhere = [
        subscription for topic in TOPICS for subscription in topic.subscriptions if "://" in subscription.endpoint
    ]
    assert [subscription.endpoint for subscription in elsewhere] == [WEBHOOK]
    assert WEBHOOK.startswith("http://127.0.0.1:")


async def test_what_is_published_to_order_events_reaches_those_that_filter_and_queue_policy_let_through(
    kind: str,
) -> None:
    async with asyncio.timeout(DEADLINE), await Emulator.start(kind, seeds=SEEDS) as emulator:
        seeded = await emulator.wait_seeded()
        assert (seeded.created, seeded.existing) == (len(STORY) + len(TOPICS), 0)
        sns = client("sns", emulator.url)
        attributes = subscriptions(sns, "order-events")
        before = await asyncio.to_thread(counts, emulator.url)
        sent = {"type": {"DataType": "String", "StringValue": "order_returned"}}
        sns.publish(TopicArn=arn_of(sns, "order-events"), Message='{"order_id":"ORD-1"}', MessageAttributes=sent)
        sns.publish(TopicArn=arn_of(sns, "payments-topic.fifo"), Message="{}", MessageGroupId="merchant-1001")
        after = await asyncio.to_thread(counts, emulator.url)
        [wrapped] = await asyncio.to_thread(receive_all, emulator.url, "shipping")

    assert json.loads(wrapped["Body"])["Message"] == '{"order_id":"ORD-1"}'
    reached = {name: after[name][0] - before[name][0] for name in after if after[name] != before[name]}
    expected = {"shipping": 1, "analytics-events": 1, "payments.fifo": 1}
    pending = {endpoint for endpoint, its in attributes.items() if its["PendingConfirmation"] == "true"}
    if kind == "moto":  # it knows neither a queue's policy nor a pending subscription
        assert reached == expected | {"fulfilment-returns": 1}
        assert set(attributes) == {each.endpoint for each in ORDER_EVENTS.subscriptions} - {WEBHOOK}
    else:
        assert reached == expected
        assert pending == {"order-events"}


async def test_a_second_seeding_makes_no_topic_anew_and_brings_back_what_is_gone() -> None:
    async with asyncio.timeout(DEADLINE), await Emulator.start(MINISTACK, seeds=[SNS.seeds]) as emulator:
        await emulator.wait_seeded()
        sns = client("sns", emulator.url)
        arn, before = arn_of(sns, "order-events"), subscriptions(sns, "catalog-changes")
        sns.delete_topic(TopicArn=arn)
        done: list[tuple[int, str]] = []
        again = await asyncio.to_thread(seed, TOPICS, emulator.url, lambda number, name: done.append((number, name)))
        assert (again["created"], again["existing"]) == (1, len(TOPICS) - 1)
        assert done == [*enumerate((topic.name for topic in TOPICS), start=1)]
        assert subscriptions(sns, "catalog-changes") == before
        assert "shipping" in subscriptions(sns, "order-events")


async def test_an_emulator_without_sns_keeps_its_queues_and_gets_no_topic() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", asked)
        await reader.readexactly(int(length[1]) if length else 0)
        body = b"<ErrorResponse><Error><Code>InvalidAction</Code><Message>no SNS here</Message></Error></ErrorResponse>"
        writer.write(
            b"HTTP/1.1 400 Bad Request\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)
        )
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        counted = await asyncio.to_thread(seed, TOPICS, url, lambda number, name: None)
    assert (counted["created"], counted["existing"]) == (0, 0)
