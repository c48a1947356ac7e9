"""How many messages a second one core judges by SNS filter policies."""

import json
import time
from collections.abc import Callable
from functools import partial
from statistics import median

from connectors.sns.filter_policy import Attribute, FilterMessage, FilterPolicy, Scope, check_policy
from tests.benchmarks.harness import RUNS, Figure

_SECONDS = 0.5
_BATCH = 200
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
    return figures
