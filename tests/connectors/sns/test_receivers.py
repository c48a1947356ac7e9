"""Who would receive a message: the verdict and its reasons from what was read of a subscription."""

import json
from dataclasses import replace
from typing import Any

import pytest

from connectors.errors import ConnectorError, Step
from connectors.sns.models import PENDING, PublishDraft, QueueReading, Subscription, SubscriptionDetails
from connectors.sns.receivers import Delivery, Receivers
from connectors.sns.subscriptions import SubscriptionState
from connectors.sqs.models import MessageAttribute, Queue, QueueAttributes, QueueCounts

TOPIC = "arn:aws:sns:us-east-1:123456789012:order-events"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:shipping"
DENIED = ConnectorError(Step.PERMISSION, "x:Read is denied", operation="Read")
THROTTLED = ConnectorError(Step.THROTTLE, "the service asks to slow down (Throttled)")
GONE = ConnectorError(Step.NOT_FOUND, "Subscription does not exist")
ORDER = PublishDraft('{"price": 12}', (MessageAttribute("type", "String", "order"),))
MANY = PublishDraft("x", tuple(MessageAttribute(f"a{number}", "String", "v") for number in range(12)))


def policy(topic: str = TOPIC, **condition: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "*",
        "Condition": condition or {"ArnEquals": {"aws:SourceArn": topic}},
    }
    return json.dumps({"Statement": [statement]})


def queue(**raw: str) -> QueueReading:
    attributes = QueueAttributes(
        Queue(f"https://x/{QUEUE}"), QUEUE, QueueCounts(0, 0, 0), None, {"Policy": policy(), **raw}
    )
    return QueueReading(QUEUE, attributes)


def state(protocol: str = "sqs", **raw: str) -> SubscriptionState:
    """A subscription that was read, with these attributes and a queue that lets the topic send."""
    subscription = Subscription(f"{TOPIC}:1", TOPIC, protocol, QUEUE if protocol == "sqs" else "https://x.example.com")
    return SubscriptionState(
        subscription,
        SubscriptionDetails({"Owner": "1", **raw}),
        read_at=1.0,
        queue=queue() if protocol == "sqs" else None,
    )


READ = state()
ON_PRICE = state(FilterPolicy='{"price": [{"numeric": [">=", 100]}]}', FilterPolicyScope="MessageBody")
UNREAD = replace(READ, value=None, read_at=None)
PENDING_BY_LIST = SubscriptionState(replace(READ.subscription, arn=PENDING), read_at=1.0)
GONE_QUEUE = QueueReading(QUEUE, None, ConnectorError(Step.NOT_FOUND, "the queue does not exist"), is_gone=True)


@pytest.mark.parametrize(
    ("judged", "draft", "verdict", "reasons"),
    [
        (READ, ORDER, "deliver", []),
        (state(FilterPolicy='{"type": ["order"]}'), ORDER, "deliver", []),
        (state("https", FilterPolicy='{"type": ["order"]}'), ORDER, "deliver", []),
        # kept away by its filter policy
        (ON_PRICE, ORDER, "filtered", ["price: 12 is not >= 100"]),
        (
            state(FilterPolicy='{"store": ["x"]}'),
            PublishDraft('{"store": "x"}', ORDER.attributes),
            "filtered",
            ["no attribute store (this policy looks at attributes; the body has it)"],
        ),
        # nothing arrives
        (PENDING_BY_LIST, ORDER, "unreachable", ["pending: not confirmed"]),
        (state("http", PendingConfirmation="true"), ORDER, "unreachable", ["pending: not confirmed"]),
        (UNREAD.failed(GONE), ORDER, "unreachable", ["the subscription is gone"]),
        (replace(READ, queue=GONE_QUEUE), ORDER, "unreachable", ["queue is gone"]),
        (
            replace(READ, queue=queue(Policy=policy(TOPIC.replace("order-events", "orders")))),
            ORDER,
            "unreachable",
            ["queue policy: aws:SourceArn is …:orders"],
        ),
        (
            replace(READ, queue=queue(Policy="")),
            ORDER,
            "unreachable",
            ["the queue has no policy: only its own account's principals may send"],
        ),
        (state(RawMessageDelivery="true"), MANY, "unreachable", ["12 attributes: raw delivery carries 10"]),
        (state(RawMessageDelivery="false"), MANY, "deliver", []),
        (state("http", RawMessageDelivery="true"), MANY, "deliver", []),
        (replace(READ, queue=queue(MaximumMessageSize="10")), ORDER, "unreachable", ["28 bytes: the queue takes 10"]),
        # both at once: what holds for every message stands first
        (
            replace(ON_PRICE, queue=GONE_QUEUE),
            ORDER,
            "unreachable",
            ["queue is gone", "price: 12 is not >= 100"],
        ),
        # not read is never a yes
        (UNREAD, ORDER, "unknown", ["filter policy: not read yet"]),
        (UNREAD.failed(DENIED), ORDER, "unknown", ["filter policy: not allowed to read"]),
        (
            UNREAD.failed(THROTTLED),
            ORDER,
            "unknown",
            ["filter policy: not read (the service asks to slow down (Throttled))"],
        ),
        (READ.failed(THROTTLED), ORDER, "deliver", []),  # the last good reading is seconds old
        (replace(READ, queue=None), ORDER, "unknown", ["queue: not read yet"]),
        (replace(READ, queue=QueueReading(QUEUE, error=DENIED)), ORDER, "unknown", ["queue: not allowed to read"]),
        (replace(ON_PRICE, queue=None), ORDER, "filtered", ["price: 12 is not >= 100", "queue: not read yet"]),
        (state("lambda"), ORDER, "unknown", ["whether lambda lets this topic send is not read"]),
        (
            replace(READ, queue=queue(Policy=policy(StringEquals={"aws:PrincipalOrgID": "o-1"}))),
            ORDER,
            "unknown",
            ["queue policy: StringEquals on aws:PrincipalOrgID is not judged here"],
        ),
        (
            replace(READ, queue=queue(KmsMasterKeyId="alias/aws/sqs")),
            ORDER,
            "unknown",
            ["queue key alias/aws/sqs: managed by AWS, SNS may be refused"],
        ),
        (
            replace(READ, queue=queue(KmsMasterKeyId="alias/ours")),
            ORDER,
            "unknown",
            ["queue key alias/ours: whether SNS may use it is not read"],
        ),
        # what rules leave open, and policies that SNS can't have taken
        (
            state(FilterPolicy='{"type": [{"anything-but": ["a"]}]}'),
            PublishDraft("x", (MessageAttribute("type", "String.Array", '["a", "b"]'),)),
            "unknown",
            None,
        ),
        (state(FilterPolicy="[]"), ORDER, "unknown", None),
        (state(FilterPolicy='{"type": ["order"]}', FilterPolicyScope="Both"), ORDER, "unknown", None),
    ],
)
def test_each_subscription_has_a_verdict_and_says_why(
    judged: SubscriptionState, draft: PublishDraft, verdict: str, reasons: list[str] | None
) -> None:
    (receipt,) = Receivers().judge([judged], draft)
    assert receipt.verdict == verdict
    assert reasons is None or [str(reason) for reason in receipt.reasons] == reasons
    assert bool(receipt.reasons) is (receipt.verdict is not Delivery.DELIVER)


def test_no_comes_first_then_can_not_tell_then_yes() -> None:
    states = [READ, UNREAD, ON_PRICE, PENDING_BY_LIST]
    receipts = Receivers().judge(states, ORDER)
    assert [receipt.verdict for receipt in receipts] == ["filtered", "unreachable", "unknown", "deliver"]


def test_what_was_set_anew_is_judged_anew() -> None:
    receivers = Receivers()
    other = queue(Policy=policy(f"{TOPIC}-2"))
    for judged in (ON_PRICE, READ, replace(READ, queue=other), READ):
        (receipt,) = receivers.judge([judged], ORDER)
        expected = {id(ON_PRICE): "filtered", id(READ): "deliver"}.get(id(judged), "unreachable")
        assert receipt.verdict == expected


@pytest.mark.parametrize("text", ["[" * 1_000 + "1" + "]" * 1_000, json.dumps({f"k{n}": ["v"] for n in range(10_000)})])
def test_a_policy_that_no_service_takes_is_not_known(text: str) -> None:
    (receipt,) = Receivers().judge([state(FilterPolicy=text)], ORDER)
    assert receipt.verdict == "unknown"
    assert str(receipt.reasons[0]).startswith("the filter policy is none that SNS takes: line 1, column ")
