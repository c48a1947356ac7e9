"""Policies and messages with the verdict that AWS publishes, or that somebody recorded on AWS. Each names where from.

What is of one key stands here and holds in both scopes; the rest stands in `filter_cases.jsonl`, in the format that
`sluice explain --cases` reads. "SNS guide" is the Developer Guide of SNS, with the page's name; localstack's
tests/aws/services/sns/test_sns_filter_policy.py ran against AWS; event-ruler is the engine that SNS matches with.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from connectors.sns.filter_policy import Attribute, FilterMessage, Scope, check_policy
from connectors.sns.filter_policy.cases import Case, Outcome, read_cases

FILE = Path(__file__).with_name("filter_cases.jsonl")
STRINGS = "SNS guide: String value matching"
NUMBERS = "SNS guide: Numeric value matching"
KEYS = "SNS guide: Key matching"
LIMITS = "SNS guide: Filter policy constraints"
RECORDED = "localstack, recorded on AWS: test_sns_filter_policy.py"
UNIT = "localstack: tests/unit/services/sns/test_sns.py"
RULER = "event-ruler: README"
OPEN = "open: nowhere published, or documents disagree"

VERDICTS = (Outcome.DELIVER, Outcome.FILTERED, Outcome.UNKNOWN)


def attribute(value: Any) -> Attribute:
    """The attribute that carries `value`."""
    if isinstance(value, Attribute):
        return value
    if isinstance(value, list):
        return Attribute("String.Array", json.dumps(value))
    return Attribute("String", value) if isinstance(value, str) else Attribute("Number", json.dumps(value))


def on_attributes(**values: Any) -> FilterMessage:
    return FilterMessage("hello", {name: attribute(value) for name, value in values.items()})


def on_body(content: Any) -> FilterMessage:
    return FilterMessage(content if isinstance(content, str) else json.dumps(content))


# Rules of one key; values that they take, that they don't take, and of which nobody can tell. True in both scopes.
RULES: list[tuple[str, list[Any], list[Any], list[Any], list[Any]]] = [
    (STRINGS, ["rail", "ferry"], ["rail", "ferry", ["rail", "ferry"]], ["bus", ["bus"], "Rail", "railway", 5], []),
    (UNIT, ["rail", "ferry"], [["bus", "ferry", "tram"]], [["bus", "tram"]], []),
    (STRINGS, [{"prefix": "bas"}], ["basin", "basket", "bas"], ["rugs", "Basin", "abas", 5], []),
    (UNIT, [{"prefix": "soc"}], [["socket", "plug"]], [["plug"]], []),
    (STRINGS, [{"suffix": "ball"}], ["handball", "ball"], ["balls", "rugs", "hall", "handBALL", 5], []),
    (UNIT, [{"suffix": "gs"}], [["plug", "rugs"]], [["plug"]], []),
    (STRINGS, [{"equals-ignore-case": "ferry"}], ["FERRY", "Ferry", "ferry"], ["ferries", "rail", 5], []),
    (UNIT, [{"equals-ignore-case": "FeRRy"}], [["rail", "ferry"]], [["rail"]], []),
    (STRINGS, [{"wildcard": "*ball"}], ["handball", "ball"], ["balls", "rugs", 5], []),
    (RULER, [{"wildcard": "a*b*c"}], ["abc", "a-b-c", "abcbc"], ["ac", "acb", "ab"], []),
    (RULER, [{"wildcard": "ab*b*c"}], ["abbc", "abxbxc"], ["abc", "abcb"], []),
    (RULER, [{"wildcard": "aba*aba"}], ["abaaba", "aba-aba"], ["aba", "ababa"], []),
    (RULER, [{"wildcard": "*"}], ["anything"], [5], []),
    (STRINGS, [{"anything-but": ["rail", "ferry"]}], ["bus", "Rail", ["bus", "tram"]], ["rail", "ferry", ["rail"]], []),
    (UNIT, [{"anything-but": "rail"}], ["ferry"], ["rail"], []),
    (STRINGS, [{"anything-but": {"prefix": "order-"}}], ["data-entry", "order_number"], ["order-gone"], []),
    (STRINGS, [{"anything-but": {"suffix": "ball"}}], ["rugs", "balls"], ["handball"], []),
    (STRINGS, [{"anything-but": {"wildcard": "*ball"}}], ["rugs"], ["handball"], []),
    (UNIT, [{"anything-but": "a"}, {"anything-but": "b"}], ["a", "b"], [], []),
    (STRINGS, [{"cidr": "10.0.0.0/24"}], ["10.0.0.0", "10.0.0.255"], ["10.1.1.0", "10.0.1.255"], []),
    (UNIT, [{"cidr": "10.0.0.0/24"}], ["10.0.0.17"], ["10.0.0.256", "ten"], []),
    (RULER, [{"cidr": "2001:db8::/32"}], ["2001:db8::1"], ["2001:db9::1", "10.0.0.1"], []),
    (NUMBERS, [{"numeric": ["=", 301.5]}], [301.5, 3.015e2], [301, 301.51, "301.5"], []),
    (NUMBERS, [{"numeric": ["<", 0]}], [-1, -0.5], [0, 1], []),
    (NUMBERS, [{"numeric": [">", 0, "<=", 150]}], [0.1, 122, 150], [0, 150.1, -1, 200], []),
    (RECORDED, [{"numeric": [">", 0, "<=", 100]}], [99], [111], []),
    (UNIT, [{"numeric": [">=", 300]}], [300, 301], [299], []),
    (UNIT, [{"numeric": ["<=", 300]}], [300, 299], [301, "test"], []),
    (UNIT, [{"numeric": ["=", 300]}, {"numeric": ["=", 500]}], [300, 500], [400], []),
    (NUMBERS, [{"anything-but": [100, 500]}], [101, 100.1], [100, 500], []),
    (NUMBERS, [100, 200], [100, 100.0, [5, 200]], [101, "100", [5]], []),
    (UNIT, ["one", "two", {"prefix": "typ"}], ["two", "type1", ["one", "other"]], ["three", ["any", "some"]], []),
    (KEYS, [{"exists": True}], ["fans", 5, ["a"]], [], []),
    (KEYS, [{"exists": False}], [], ["fans", 5, ["a"]], []),
    (OPEN, [{"anything-but": ["rail", "ferry"]}], [], [], [["rail", "bus"]]),
    (OPEN, [{"anything-but": [100, 500]}], [], [], [[100, 50]]),
    (OPEN, [{"anything-but": {"prefix": "order-"}}], [], [], [["order-1", "data-1"]]),
    (OPEN, [{"anything-but": {"equals-ignore-case": "rail"}}], [], [], ["rail", "RAIL", "bus", 5]),
    (LIMITS, [{"numeric": [">", 100]}], [100.00002], [99.99998], [100.000001, 2e9, 1e300]),
    (LIMITS, [1234567890123], [], [5], [1234567890123]),
    (LIMITS, [5], [5], [2e9], []),
]


def _both_scopes() -> Iterator[Case]:
    for source, rules, *values in RULES:
        attributes, body = (check_policy(json.dumps({"key": rules}), scope) for scope in Scope)
        for expected, given in zip(VERDICTS, values, strict=True):
            for value in given:
                yield Case(0, source, attributes, on_attributes(key=value, other="x"), expected)
                yield Case(0, source, body, on_body({"key": value, "other": "x"}), expected)


def name_of(case: Case) -> str:
    attributes = {name: attribute.value for name, attribute in case.message.attributes.items()}
    return f"{case.line or ''} {case.name}: {attributes or case.message.body}"[:120]


with FILE.open("rb") as _lines:
    CASES = (*_both_scopes(), *read_cases(_lines))
