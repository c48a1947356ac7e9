"""The rules of a filter policy: what a value must be. Each judges one value that is no array and no object.

The Developer Guide of SNS has them on the pages "String value matching", "Numeric value matching" and "Key matching".
Numbers are compared as published: from -1e9 to 1e9, with five decimals. What lies beyond is left open.
"""

import ipaddress
import json
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from connectors.sns.filter_policy.matching import Match

LARGEST_NUMBER = 10**9
CLOSEST = 0.9e-5
"""Two numbers that differ by less are not told apart with certainty by five decimals."""
MOST_WILDCARDS = 3
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_LONGEST_SHOWN = 60
_MOST_SHOWN = 5


def shown(value: Any) -> str:
    """`value` as JSON, cut to a length that fits a line; of an object that it is one."""
    if type(value) is dict:
        return "{…}"
    if type(value) is list:
        elements = ", ".join("[…]" if type(element) is list else shown(element) for element in value[:_MOST_SHOWN])
        return _cut(f"[{elements}{', …' if len(value) > _MOST_SHOWN else ''}]")
    return _cut(json.dumps(value[:_LONGEST_SHOWN] if type(value) is str else value, ensure_ascii=False))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def listed(values: tuple[Any, ...]) -> str:
    """`"a", "b" or "c"`; of many values the first, and how many more there are."""
    first = [shown(value) for value in values[:_MOST_SHOWN]]
    if len(values) > _MOST_SHOWN:
        return f"{', '.join(first)} or {len(values) - _MOST_SHOWN:,} more"
    return f"{', '.join(first[:-1])} or {first[-1]}" if len(first) > 1 else first[0]


class Rule(Protocol):
    def test(self, value: Any) -> Match:
        """What the rule says of a string, a number, true, false or null."""

    def miss(self, value: Any) -> str:
        """What `value` is not, after the words `VALUE `."""

    def hit(self) -> str:
        """What each value is that the rule takes, after the words `VALUE `."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Exact strings."""

    values: tuple[str, ...]

    def test(self, value: Any) -> Match:
        return Match.YES if type(value) is str and value in self.values else Match.NO

    def miss(self, value: Any) -> str:
        return f"is not {listed(self.values)}"

    def hit(self) -> str:
        return f"is {listed(self.values)}"


@dataclass(frozen=True, slots=True)
class Words:
    """Some of true, false and null."""

    values: tuple[bool | None, ...]

    def test(self, value: Any) -> Match:
        return Match.YES if any(value is word for word in self.values) else Match.NO

    def miss(self, value: Any) -> str:
        return f"is not {listed(self.values)}"

    def hit(self) -> str:
        return f"is {listed(self.values)}"


def is_number(value: Any) -> bool:
    return type(value) is int or type(value) is float


def in_range(value: float) -> bool:
    return -LARGEST_NUMBER <= value <= LARGEST_NUMBER


def _equal(value: float, wanted: float) -> Match:
    certain = in_range(value)
    if certain is not in_range(wanted):
        return Match.NO
    if value == wanted:
        return Match.YES if certain else Match.UNKNOWN
    return Match.NO if certain and abs(value - wanted) >= CLOSEST else Match.UNKNOWN


@dataclass(frozen=True, slots=True)
class Numbers:
    """Exact numbers, however they are written: 3.0e2 is 300."""

    values: tuple[float, ...]

    def test(self, value: Any) -> Match:
        if not is_number(value):
            return Match.NO
        found = Match.NO
        for wanted in self.values:
            match = _equal(value, wanted)
            if match is Match.YES:
                return match
            if match is Match.UNKNOWN:
                found = match
        return found

    def miss(self, value: Any) -> str:
        return f"is not {listed(self.values)}{_type_fault(value, 'number')}"

    def hit(self) -> str:
        return f"is {listed(self.values)}"


@dataclass(frozen=True, slots=True)
class Range:
    """`numeric`: one comparison, or a lower and an upper bound."""

    bounds: tuple[tuple[str, float], ...]

    def test(self, value: Any) -> Match:
        if not is_number(value):
            return Match.NO
        if not in_range(value):
            return Match.UNKNOWN
        found = Match.YES
        for sign, bound in self.bounds:
            if not in_range(bound) or 0 < abs(value - bound) < CLOSEST:
                found = Match.UNKNOWN
            elif not _COMPARISONS[sign](value, bound):
                return Match.NO
        return found

    def _text(self) -> str:
        return " and ".join(f"{sign} {shown(bound)}" for sign, bound in self.bounds)

    def miss(self, value: Any) -> str:
        return f"is not {self._text()}{_type_fault(value, 'number')}"

    def hit(self) -> str:
        return f"is {self._text()}"


@dataclass(frozen=True, slots=True)
class Prefix:
    text: str

    def test(self, value: Any) -> Match:
        return Match.YES if type(value) is str and value.startswith(self.text) else Match.NO

    def miss(self, value: Any) -> str:
        return f"does not begin with {shown(self.text)}{_type_fault(value, 'string')}"

    def hit(self) -> str:
        return f"begins with {shown(self.text)}"


@dataclass(frozen=True, slots=True)
class Suffix:
    text: str

    def test(self, value: Any) -> Match:
        return Match.YES if type(value) is str and value.endswith(self.text) else Match.NO

    def miss(self, value: Any) -> str:
        return f"does not end with {shown(self.text)}{_type_fault(value, 'string')}"

    def hit(self) -> str:
        return f"ends with {shown(self.text)}"


@dataclass(frozen=True, slots=True)
class IgnoringCase:
    text: str

    def test(self, value: Any) -> Match:
        return Match.YES if type(value) is str and value.lower() == self.text.lower() else Match.NO

    def miss(self, value: Any) -> str:
        return f"is not {shown(self.text)} in any case{_type_fault(value, 'string')}"

    def hit(self) -> str:
        return f"is {shown(self.text)} in some case"


class WildcardFault(ValueError):
    """What is wrong with a wildcard pattern."""


def wildcard_parts(pattern: str) -> tuple[str, ...]:
    """The texts between the `*` of a pattern, in which a backslash takes its sense from a `*` or a backslash. Raises
    `WildcardFault`."""
    parts = [""]
    characters = iter(pattern)
    follows_wildcard = False
    for character in characters:
        if character == "*":
            if follows_wildcard:
                raise WildcardFault("two * follow each other")
            parts.append("")
        elif character == "\\":
            taken = next(characters, "")
            if taken not in ("*", "\\"):
                raise WildcardFault("a backslash stands before something else than * or a backslash")
            parts[-1] += taken
        else:
            parts[-1] += character
        follows_wildcard = character == "*"
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class Wildcard:
    pattern: str
    parts: tuple[str, ...]

    def test(self, value: Any) -> Match:
        return Match.YES if type(value) is str and self._takes(value) else Match.NO

    def _takes(self, value: str) -> bool:
        first, *between = self.parts
        if not between:
            return value == first
        last = between.pop()
        if len(value) < len(first) + len(last) or not value.startswith(first) or not value.endswith(last):
            return False
        at, end = len(first), len(value) - len(last)
        for part in between:
            found = value.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return True

    def miss(self, value: Any) -> str:
        return f"does not match {shown(self.pattern)}{_type_fault(value, 'string')}"

    def hit(self) -> str:
        return f"matches {shown(self.pattern)}"


@dataclass(frozen=True, slots=True)
class Cidr:
    text: str
    network: ipaddress.IPv4Network | ipaddress.IPv6Network

    def test(self, value: Any) -> Match:
        if type(value) is not str:
            return Match.NO
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            return Match.NO
        return Match.YES if address in self.network else Match.NO

    def miss(self, value: Any) -> str:
        return f"is no address in {self.text}"

    def hit(self) -> str:
        return f"is an address in {self.text}"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of several rules, as the list in `anything-but` has them."""

    rules: tuple[Rule, ...]

    def test(self, value: Any) -> Match:
        found = Match.NO
        for rule in self.rules:
            match = rule.test(value)
            if match is Match.YES:
                return match
            if match is Match.UNKNOWN:
                found = match
        return found

    def miss(self, value: Any) -> str:
        return " and ".join(rule.miss(value) for rule in self.rules)

    def hit(self) -> str:
        return " or ".join(rule.hit() for rule in self.rules)


@dataclass(frozen=True, slots=True)
class AnythingBut:
    """The reverse of another rule, where the key is present."""

    rule: Rule

    def test(self, value: Any) -> Match:
        return self.rule.test(value).reverse()

    def miss(self, value: Any) -> str:
        return f"{self.rule.hit()}, which is excluded"

    def hit(self) -> str:
        return f"is not one that {self.rule.hit()}"


@dataclass(frozen=True, slots=True)
class Undecided:
    """A rule on which AWS's documents disagree. It leaves everything open where the key is present."""

    what: str

    def test(self, value: Any) -> Match:
        return Match.UNKNOWN

    def miss(self, value: Any) -> str:
        return f"may not be taken by {self.what}: AWS's documents disagree on it"

    def hit(self) -> str:
        return f"may be taken by {self.what}"


def _type_fault(value: Any, wanted: str) -> str:
    """What stands behind a miss because of the value's type; nothing where the type is right."""
    kind = "string" if type(value) is str else "number" if is_number(value) else ""
    return "" if kind == wanted else f" (it is no {wanted})"
