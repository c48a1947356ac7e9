"""How many messages a second one core judges by SNS filter policies, and who would receive one of 64 KB."""

import json
import time
from collections.abc import Callable
from functools import partial
from statistics import median

from connectors.sns.filter_policy import Attribute, FilterMessage, FilterPolicy, Scope, check_policy
from connectors.sns.models import PublishDraft, QueueReading, Subscription, SubscriptionDetails
from connectors.sns.receivers import Receivers
from connectors.sns.subscriptions import SubscriptionState
from connectors.sqs.models import MessageAttribute, Queue, QueueAttributes, QueueCounts
from tests.benchmarks.harness import RUNS, Figure, at_most, seconds

_SECONDS = 0.5
_BATCH = 200
_TOPIC = "arn:aws:sns:us-east-1:123456789012:orders"
_POLICIES = 200
_BODY_BYTES = 64 * 1024
_RULES = {
    "type": ["order-created", "order-changed"],
    "price": [{"numeric": [">=", 100]}],
    "store": [{"prefix": "eu-"}, {"anything-but": "us-east"}],
}
_ITEMS = [{"sku": f"sku-{number:05}", "count": number, "price": 9.95, "note": "wrapped"} for number in range(14)]


def _policy(scope: Scope) -> FilterPolicy:
    policy = check_policy(json.dumps(_RULES), scope).policy
    assert policy is not None
    return policy


def _message(price: str) -> FilterMessage:
    body = {"type": "order-created", "price": json.loads(price), "store": "eu-west", "customer": {"name": "Ada"}}
    attributes = {
        "type": Attribute("String", "order-created"),
        "price": Attribute("Number", price),
        "store": Attribute("String", "eu-west"),
        "trace": Attribute("String", "1-5759e988-bd862e3fe1be46a994272793"),
    }
    return FilterMessage(json.dumps(body | {"items": _ITEMS}), attributes)


def _per_second(judge: Callable[[], object]) -> float:
    judged, started = 0, time.perf_counter()
    while (took := time.perf_counter() - started) < _SECONDS:
        for _ in range(_BATCH):
            judge()
        judged += _BATCH
    return judged / took


def _at_least(what: str, values: list[float], target: float, note: str) -> Figure:
    value = median(values)
    return Figure(what, note, f"{value:,.0f} /s", "", f"{target:,.0f} /s", value >= target)


def _subscription(number: int) -> SubscriptionState:
    """Half of the policies look at the body; one of ten takes the message."""
    arn = f"arn:aws:sqs:us-east-1:123456789012:queue-{number:03}"
    rules = _RULES | {"price": [{"numeric": [">=", 100 if number % 10 == 0 else 1_000 + number]}]}
    raw = {"FilterPolicy": json.dumps(rules), "FilterPolicyScope": [*Scope][number % 2].value}
    policy = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    attributes = QueueAttributes(
        Queue(arn), arn, QueueCounts(0, 0, 0), None, {"Policy": json.dumps({"Statement": [policy]})}
    )
    subscription = Subscription(f"{_TOPIC}:{number}", _TOPIC, "sqs", arn)
    return SubscriptionState(subscription, SubscriptionDetails(raw), 1.0, queue=QueueReading(arn, attributes))


def _per_key_press() -> list[float]:
    """Seconds for each of some key presses: a new body and a verdict with its reasons for each subscription."""
    states = [_subscription(number) for number in range(_POLICIES)]
    receivers = Receivers()
    attributes = (
        MessageAttribute("type", "String", "order-created"),
        MessageAttribute("price", "Number", "120"),
        MessageAttribute("store", "String", "eu-west"),
    )
    body = {"type": "order-created", "price": 120, "store": "eu-west", "items": _ITEMS * (_BODY_BYTES // 900)}
    took = []
    for press in range(RUNS + 1):
        text = json.dumps(body | {"note": "x" * press})
        assert len(text) >= _BODY_BYTES
        started = time.perf_counter()
        receipts = receivers.judge(states, PublishDraft(text, attributes))
        took.append(time.perf_counter() - started)
        verdicts = [receipt.verdict.value for receipt in receipts]
        assert (verdicts.count("filtered"), verdicts.count("deliver")) == (_POLICIES * 9 // 10, _POLICIES // 10)
    return took[1:]  # the policies were checked at the first


def _judge_anew(policy: FilterPolicy, body: str) -> object:
    return policy.judge(FilterMessage(body))


def measure() -> list[Figure]:
    on_attributes, on_body = _policy(Scope.ATTRIBUTES), _policy(Scope.BODY)
    figures: list[Figure] = []
    for outcome, price in (("taken", "120"), ("filtered", "99.5")):
        message = _message(price)
        expected = on_attributes.judge(message).verdict
        assert on_body.judge(message).verdict is expected
        attributes = [_per_second(partial(on_attributes.judge, message)) for _ in range(RUNS)]
        # a new message each time, so that its body is parsed each time
        bodies = [_per_second(partial(_judge_anew, on_body, message.body)) for _ in range(RUNS)]
        figures += [
            _at_least(f"filter policy of 3 keys on attributes: {outcome}", attributes, 100_000, "one message"),
            _at_least(f"the same on a body, parsed: {outcome}", bodies, 10_000, f"{len(message.body):,} B"),
        ]
    worst = max(_per_key_press())
    what = f"who would receive: {_POLICIES} policies, a body of 64 KB, per key press"
    return [*figures, at_most(what, worst, 0.05, seconds, note="the slowest")]
