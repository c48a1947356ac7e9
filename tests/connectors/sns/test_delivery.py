"""What is really delivered, against the verdicts: messages published to ministack, and what its queues then hold.

It decides as AWS does over exact values, `prefix`, `suffix`, `wildcard`, `equals-ignore-case`, `numeric` and `exists`
on scalars of matching type, and over queue policies: so no verdict may differ there. Where it is laxer is named.
"""

import asyncio
import json
import random
from dataclasses import dataclass
from typing import Any

import pytest

from connectors.emulator.ministack import ACCOUNT
from connectors.open_context import OpenContext
from connectors.sns.connector import SnsConnector
from connectors.sns.models import PublishDraft, Topic
from connectors.sns.receivers import Delivery
from connectors.sns.subscriptions import SubscriptionState
from connectors.sqs.models import MessageAttribute
from connectors.sqs.policy import Answer
from tests.conftest import OpeningContexts
from tests.connectors.sqs import test_policy
from tests.support.clock import HurryingClock
from tests.support.ministack import CREDENTIALS
from tests.support.moto import boto_client, fresh_name

QUEUES = 100
MESSAGES = 5
REGION = "us-east-1"
TEXTS = ("order", "order-changed", "Order", "eu-west", "eu-north", "us-east", "x")
NUMBERS = (-3, 0, 12, 12.5, 99, 100, 250)
KEYS = {"type": TEXTS, "store": TEXTS, "price": NUMBERS, "count": NUMBERS}


def queue_arn(name: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def lets_in(topic_arn: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "*",
        "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


# -- what is generated ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Generated:
    """The policies of one run by queue name, with their scopes, and its messages."""

    policies: dict[str, tuple[dict[str, Any], str]]
    messages: list[PublishDraft]

    @classmethod
    def of(cls, seed: int, names: list[str]) -> "Generated":
        chance = random.Random(seed)
        policies = {name: (_policy(chance), chance.choice(("MessageAttributes", "MessageBody"))) for name in names}
        return cls(policies, [_message(chance, number) for number in range(MESSAGES)])


def _policy(chance: random.Random) -> dict[str, Any]:
    keys = chance.sample([*KEYS], chance.choice((1, 1, 2, 3)))
    return {key: [_rule(chance, KEYS[key]) for _ in range(chance.choice((1, 2, 2)))] for key in keys}


def _rule(chance: random.Random, values: tuple[Any, ...]) -> Any:
    if chance.random() < 0.15:
        return {"exists": chance.random() < 0.5}
    value = chance.choice(values)
    if values is NUMBERS:
        low, high = sorted(chance.sample(NUMBERS, 2))
        numeric = chance.choice(
            (
                ["=", value],
                [chance.choice(("<", "<=", ">", ">=")), value],
                [">", low, "<=", high],
                [">=", low, "<", high],
            )
        )
        return chance.choice((value, {"numeric": numeric}, {"numeric": numeric}))
    cut = chance.randrange(1, len(value) + 1)
    return chance.choice(
        (
            value,
            {"prefix": value[:cut]},
            {"suffix": value[-cut:]},
            {"wildcard": f"{value[:cut]}*"},
            {"wildcard": f"*{value[cut - 1 : cut]}*"},
            {"equals-ignore-case": value.swapcase()},
        )
    )


def _message(chance: random.Random, number: int) -> PublishDraft:
    """It has some of the keys, in its attributes and in its body, each with values of its own. One key is always
    there: a message without attributes is another case."""
    attributes = [MessageAttribute("trace", "String", "1-abc")]
    body: dict[str, Any] = {"number": number}
    for key, values in KEYS.items():
        kind = "Number" if values is NUMBERS else "String"
        if chance.random() < 0.75:
            attributes.append(MessageAttribute(key, kind, str(chance.choice(values))))
        if chance.random() < 0.75:
            body[key] = chance.choice(values)
    return PublishDraft(json.dumps(body), tuple(attributes))


# -- ministack ------------------------------------------------------------------------------------------------------


class Shop:
    """A topic with subscribed queues on ministack, seen from outside sluice."""

    def __init__(self, url: str) -> None:
        self._sns, self._sqs = (boto_client(url, service, key=CREDENTIALS) for service in ("sns", "sqs"))
        self.topic = Topic(self._sns.create_topic(Name=fresh_name("topic"))["TopicArn"])
        self._urls: dict[str, str] = {}

    def subscribe(self, name: str, queue_policy: str, **attributes: str) -> None:
        self._urls[name] = self._sqs.create_queue(
            QueueName=name, Attributes={"Policy": queue_policy} if queue_policy else {}
        )["QueueUrl"]
        self._sns.subscribe(TopicArn=self.topic.arn, Protocol="sqs", Endpoint=queue_arn(name), Attributes=attributes)

    def subscribe_url(self, endpoint: str) -> None:
        self._sns.subscribe(TopicArn=self.topic.arn, Protocol="http", Endpoint=endpoint)

    def delete_queue(self, name: str) -> None:
        self._sqs.delete_queue(QueueUrl=self._urls.pop(name))

    def received(self) -> dict[str, list[str]]:
        """The bodies that each queue holds, sorted, where delivery was raw."""
        found = {}
        for name, url in self._urls.items():
            answer = self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
            found[name] = sorted(message["Body"] for message in answer.get("Messages", ()))
        return found


@pytest.fixture
async def context(ministack_url: str, open_context: OpeningContexts) -> OpenContext:
    return await open_context(ministack_url, clock=HurryingClock())


async def read_all(context: OpenContext, topic: Topic) -> list[SubscriptionState]:
    source = context.connector(SnsConnector).subscriptions(topic)
    return [await source.read(source.unread(each)) async for page in source.pages() for each in page.resources]


async def publish(context: OpenContext, topic: Topic, draft: PublishDraft) -> None:
    sns = context.connector(SnsConnector)
    change = sns.publishing(topic)
    await sns.publish(change, context.guard.permit(change, "test"), topic, draft)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(1, 10))])
async def test_what_is_delivered_is_what_was_said(seed: int, ministack_url: str, context: OpenContext) -> None:
    """500 pairs of a policy and a message."""
    generated = Generated.of(seed, [fresh_name(f"queue-{seed}") for _ in range(QUEUES)])
    shop = await asyncio.to_thread(Shop, ministack_url)

    def subscribe() -> None:
        for name, (policy, scope) in generated.policies.items():
            texts = {"FilterPolicy": json.dumps(policy), "FilterPolicyScope": scope, "RawMessageDelivery": "true"}
            shop.subscribe(name, lets_in(shop.topic.arn), **texts)

    await asyncio.to_thread(subscribe)
    states = await read_all(context, shop.topic)
    receivers = context.connector(SnsConnector).receivers(shop.topic)
    said: dict[str, list[str]] = {name: [] for name in generated.policies}
    for draft in generated.messages:
        for receipt in receivers.judge(states, draft):
            assert receipt.verdict in (Delivery.DELIVER, Delivery.FILTERED), receipt
            if receipt.verdict is Delivery.DELIVER:
                said[receipt.subscription.queue_name].append(draft.body)
        await publish(context, shop.topic, draft)
    delivered = await asyncio.to_thread(shop.received)
    assert delivered == {name: sorted(bodies) for name, bodies in said.items()}
    pairs = sum(map(len, said.values()))
    assert QUEUES * MESSAGES / 10 < pairs < QUEUES * MESSAGES * 9 / 10  # both verdicts come, so it is a test


async def test_a_queue_policy_for_another_topic_or_none_loses_the_message(
    ministack_url: str, context: OpenContext
) -> None:
    shop = await asyncio.to_thread(Shop, ministack_url)
    names = [fresh_name(word) for word in ("right", "other", "none", "gone")]
    right, other, none, gone = names

    def subscribe() -> None:
        shop.subscribe(right, lets_in(shop.topic.arn), RawMessageDelivery="true")
        shop.subscribe(other, lets_in(f"{shop.topic.arn}-2"))
        shop.subscribe(none, "")
        shop.subscribe(gone, lets_in(shop.topic.arn))
        shop.delete_queue(gone)
        shop.subscribe_url("http://127.0.0.1:9/in")

    await asyncio.to_thread(subscribe)
    draft = PublishDraft("hello")
    states = await read_all(context, shop.topic)
    receipts = context.connector(SnsConnector).receivers(shop.topic).judge(states, draft)
    assert {
        receipt.subscription.short_endpoint: [str(reason) for reason in receipt.reasons] for receipt in receipts
    } == {
        right: [],
        other: [f"queue policy: aws:SourceArn is …:{shop.topic.name}-2"],
        none: ["the queue has no policy: only its own account's principals may send"],
        gone: ["queue is gone"],
        "127.0.0.1": ["pending: not confirmed"],  # its list has the full ARN, the attributes say it
    }
    await publish(context, shop.topic, draft)
    assert await asyncio.to_thread(shop.received) == {right: ["hello"], other: [], none: []}


def test_a_queue_policy_lets_in_what_was_said(ministack_url: str) -> None:
    """Each policy of the table that has a yes or a no, on a topic and a queue with the names that it has there. Left
    out are those with a Deny for everybody, which keeps the test itself out of the queue."""
    sns, sqs = (boto_client(ministack_url, service, key=CREDENTIALS) for service in ("sns", "sqs"))
    names = [arn.rsplit(":", 1)[-1] for arn in (test_policy.TOPIC, test_policy.QUEUE)]
    topic = sns.create_topic(Name=names[0])["TopicArn"]
    url = sqs.create_queue(QueueName=names[1])["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn(names[1]))
    delivered = []
    for_everybody = '"Deny", "Principal": "*"'
    said = [
        (statements, answer)
        for statements, answer, _ in test_policy.CASES
        if answer is not Answer.UNKNOWN and for_everybody not in json.dumps(statements)
    ]
    for statements, _ in said:
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements}).replace("123456789012", ACCOUNT)
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        sns.publish(TopicArn=topic, Message="hello")
        delivered.append("Messages" in sqs.receive_message(QueueUrl=url))
    sns.delete_topic(TopicArn=topic)
    assert delivered == [answer is Answer.YES for _, answer in said]


async def test_raw_delivery_of_eleven_attributes_is_lost_on_aws_and_not_here(
    ministack_url: str, context: OpenContext
) -> None:
    shop = await asyncio.to_thread(Shop, ministack_url)
    name = fresh_name("raw")
    await asyncio.to_thread(shop.subscribe, name, lets_in(shop.topic.arn), RawMessageDelivery="true")
    draft = PublishDraft("hello", tuple(MessageAttribute(f"a{number}", "String", "v") for number in range(11)))
    (receipt,) = context.connector(SnsConnector).receivers(shop.topic).judge(await read_all(context, shop.topic), draft)
    assert (receipt.verdict, str(receipt.reasons[0])) == ("unreachable", "11 attributes: raw delivery carries 10")
    await publish(context, shop.topic, draft)
    assert await asyncio.to_thread(shop.received) == {name: ["hello"]}
