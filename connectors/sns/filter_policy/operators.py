"""Reads the list of rules that a key of a filter policy has: its values and operators."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

from connectors.sns.filter_policy.clauses import Leaf
from connectors.sns.filter_policy.located_json import Elements, Members, Node
from connectors.sns.filter_policy.rules import (
    MOST_WILDCARDS,
    AnyOf,
    AnythingBut,
    Cidr,
    IgnoringCase,
    Numbers,
    Prefix,
    Range,
    Rule,
    Suffix,
    Texts,
    Undecided,
    Wildcard,
    WildcardFault,
    Words,
    in_range,
    is_number,
    shown,
    wildcard_parts,
)

OPERATORS = ("prefix", "suffix", "wildcard", "equals-ignore-case", "numeric", "exists", "cidr", "anything-but")
_EXCLUDABLE = ("prefix", "suffix", "wildcard", "equals-ignore-case")
KEYWORDS = frozenset(
    (
        *OPERATORS,
        *("=", "<", "<=", ">", ">="),
        *("exactly", "exact", "regex", "not-wildcard", "not-equals-ignore-case", "date-after", "date-on-or-after"),
        *("date-before", "date-on-or-before", "in-date-range", "ip-address-in-range", "ip-address-not-in-range"),
    )
)
"""Names that the matching engine of AWS (event-ruler) reserves: an object with one is no branch of `$or`."""
_LONGEST_SOURCE = 300


class Faulty(Exception):
    """A list of rules that SNS refuses; `at` is where it goes wrong."""

    def __init__(self, at: int, text: str) -> None:
        super().__init__(text)
        self.at = at
        self.text = text


@dataclass(frozen=True, slots=True)
class ReadLeaf:
    """The rules of a key, and what they count against the limits: all values, also those within `anything-but`; points
    of wildcard complexity, and the most points that AWS's description can mean."""

    leaf: Leaf
    values: int
    points: int
    most_points: int


def in_words(node: Node) -> str:
    """What kind of value it is: `a list`, `a string`, `null`."""
    value = node.value
    if isinstance(value, Elements):
        return "a list"
    if isinstance(value, Members):
        return "an object"
    return "a string" if isinstance(value, str) else "a number" if is_number(value) else shown(value)


class _Pattern:
    """Counts the wildcards of one key. AWS gives 1 point to a pattern with one wildcard and to `anything-but`, and
    several wildcards have "3 points each": for each pattern or for each wildcard, it does not say."""

    def __init__(self) -> None:
        self.patterns = 0
        self.points = 0
        self.most_points = 0
        self.has_wildcard = False

    def add(self, wildcards: int = 0) -> None:
        self.patterns += 1
        self.has_wildcard |= wildcards > 0
        self.points += 3 if wildcards > 1 else 1
        self.most_points += 3 * wildcards if wildcards > 1 else 1


class LeafReader:
    """Reads the rules of each key of one policy. `warn` is told of what AWS leaves open."""

    def __init__(self, text: str, warn: Callable[[int, str], None]) -> None:
        self._text = text
        self._warn = warn

    def read(self, node: Node, elements: Elements) -> ReadLeaf:
        """The rules of the list `node`. Raises `Faulty`."""
        texts: list[str] = []
        numbers: list[float] = []
        words: list[bool | None] = []
        rules: list[Rule] = []
        exists = absent = False
        values = 0
        pattern = _Pattern()
        for element in elements:
            value = element.value
            values += 1
            if isinstance(value, Members):
                name, operand = self._operator(element, value)
                if name == "exists":
                    present = self._exists(operand)
                    exists, absent = exists or present, absent or not present
                else:
                    rule, count = self._rule(name, operand, pattern)
                    rules.append(rule)
                    values += count - 1
            elif isinstance(value, Elements):
                raise Faulty(element.at, "a value is a string, a number, true, false, null or an operator, not a list")
            elif isinstance(value, str):
                texts.append(value)
            elif is_number(value):
                numbers.append(self._number(element))
            else:
                words.append(None if value is None else bool(value))
        if words:
            rules.insert(0, Words(tuple(words)))
        if numbers:
            rules.insert(0, Numbers(tuple(numbers)))
        if texts:
            rules.insert(0, Texts(tuple(texts)))
        source = " ".join(self._text[node.at : node.end][: _LONGEST_SOURCE + 1].split())
        leaf = Leaf(tuple(rules), source[:_LONGEST_SOURCE], exists=exists, absent=absent)
        if not pattern.has_wildcard:
            return ReadLeaf(leaf, values, 0, 0)
        most_points = pattern.most_points + (
            len(elements) - pattern.patterns if len(elements) > pattern.patterns else 0
        )
        return ReadLeaf(
            leaf, values, pattern.points * pattern.patterns, most_points * max(pattern.patterns, len(elements))
        )

    def _operator(self, node: Node, members: Members) -> tuple[str, Node]:
        if not members:
            raise Faulty(node.at, "an empty object: an operator is missing")
        first = members[0]
        if first.name not in OPERATORS:
            raise Faulty(first.at, f"{shown(first.name)} is no operator; there are {', '.join(OPERATORS)}")
        if len(members) > 1:
            raise Faulty(members[1].at, f"a second operator beside {first.name}: each needs an object of its own")
        return first.name, first.node

    def _exists(self, operand: Node) -> bool:
        if operand.value is not True and operand.value is not False:
            raise Faulty(operand.at, f"exists takes true or false, not {in_words(operand)}")
        return operand.value

    def _rule(self, name: str, operand: Node, pattern: _Pattern) -> tuple[Rule, int]:
        """The rule of an operator, and how many values it has."""
        if name == "anything-but":
            return self._anything_but(operand, pattern)
        if name == "numeric":
            return self._range(operand), 1
        text = self._string(name, operand)
        if name == "cidr":
            return self._cidr(operand, text), 1
        rule, wildcards = self._text_rule(name, operand, text)
        if name == "wildcard":
            pattern.add(wildcards)
        return rule, 1

    def _string(self, name: str, operand: Node) -> str:
        if not isinstance(operand.value, str):
            raise Faulty(operand.at, f"{name} takes a string, not {in_words(operand)}")
        return operand.value

    def _text_rule(self, name: str, operand: Node, text: str) -> tuple[Rule, int]:
        """The rule, and how many wildcards it has."""
        if name == "prefix":
            return Prefix(text), 0
        if name == "suffix":
            return Suffix(text), 0
        if name == "equals-ignore-case":
            return IgnoringCase(text), 0
        try:
            parts = wildcard_parts(text)
        except WildcardFault as fault:
            raise Faulty(operand.at, f"wildcard: {fault}") from fault
        if len(parts) - 1 > MOST_WILDCARDS:
            raise Faulty(operand.at, f"wildcard: {len(parts) - 1} * in a pattern, at most {MOST_WILDCARDS}")
        return Wildcard(text, parts), len(parts) - 1

    def _cidr(self, operand: Node, text: str) -> Rule:
        try:
            if "/" not in text:
                raise ValueError
            return Cidr(text, ipaddress.ip_network(text, strict=False))
        except ValueError:
            raise Faulty(operand.at, f"cidr takes a range of addresses like 10.0.0.0/24, not {shown(text)}") from None

    def _number(self, node: Node) -> float:
        value = node.value
        if not isinstance(value, int | float):
            raise Faulty(node.at, f"a number is wanted, not {in_words(node)}")
        if not in_range(value):
            self._warn(node.at, "a number beyond ±1e9: AWS does not say how it is compared")
        elif round(value, 5) != value:
            self._warn(node.at, "a number of more than five decimals: AWS does not say how it is compared")
        return value

    def _range(self, operand: Node) -> Rule:
        """`numeric`: `["=", 1]`, `["<", 1]`, `[">=", 1, "<", 2]`."""
        if not isinstance(operand.value, Elements):
            raise Faulty(operand.at, f'numeric takes a list like [">=", 100], not {in_words(operand)}')
        members = list(operand.value)
        if not members:
            raise Faulty(operand.at, "numeric has an empty list")
        bounds: list[tuple[str, float]] = []
        for index in range(0, len(members), 2):
            sign = members[index]
            if sign.value not in ("=", "<", "<=", ">", ">=") or not isinstance(sign.value, str):
                given = shown(sign.value) if isinstance(sign.value, str | int | float) else in_words(sign)
                raise Faulty(sign.at, f"numeric: one of = < <= > >= is wanted, not {given}")
            if index == 2 and (bounds[0][0] not in (">", ">=") or sign.value not in ("<", "<=")):
                raise Faulty(
                    sign.at, "numeric: a range has its lower bound first (> or >=), then the upper one (< or <=)"
                )
            if index == 4:
                raise Faulty(sign.at, "numeric: a range has two bounds")
            if index + 1 == len(members):
                raise Faulty(sign.at, f"numeric: a number is missing after {sign.value}")
            number = members[index + 1]
            if not is_number(number.value):
                raise Faulty(number.at, f"numeric: {sign.value} takes a number, not {in_words(number)}")
            bounds.append((sign.value, self._number(number)))
            if len(bounds) == 2 and not bounds[0][1] < bounds[1][1]:
                raise Faulty(number.at, "numeric: the lower bound must be less than the upper one")
        return Range(tuple(bounds))

    def _anything_but(self, operand: Node, pattern: _Pattern) -> tuple[Rule, int]:
        value = operand.value
        if isinstance(value, Members):
            return self._anything_but_operator(operand, value, pattern)
        pattern.add()
        nodes = list(value) if isinstance(value, Elements) else [operand]
        if not nodes:
            raise Faulty(operand.at, "anything-but has an empty list")
        for node in nodes:
            if not isinstance(node.value, str) and not is_number(node.value):
                raise Faulty(node.at, f"anything-but takes strings or numbers, not {in_words(node)}")
            if isinstance(node.value, str) is not isinstance(nodes[0].value, str):
                raise Faulty(node.at, "anything-but takes either strings or numbers, not both in one list")
        texts = tuple(node.value for node in nodes if isinstance(node.value, str))
        rule: Rule = Texts(texts) if texts else Numbers(tuple(self._number(node) for node in nodes))
        return AnythingBut(rule), len(nodes)

    def _anything_but_operator(self, operand: Node, members: Members, pattern: _Pattern) -> tuple[Rule, int]:
        if not members:
            raise Faulty(operand.at, "anything-but has an empty object")
        first = members[0]
        name = first.name
        if name not in _EXCLUDABLE:
            raise Faulty(first.at, f"anything-but takes {', '.join(_EXCLUDABLE)}, not {shown(name)}")
        if len(members) > 1:
            raise Faulty(members[1].at, f"anything-but: a second operator beside {name}")
        listed = isinstance(first.node.value, Elements)
        nodes = list(first.node.value) if isinstance(first.node.value, Elements) else [first.node]
        if not nodes:
            raise Faulty(first.node.at, f"anything-but: {name} has an empty list")
        rules: list[Rule] = []
        for node in nodes:
            rule, wildcards = self._text_rule(name, node, self._string(f"anything-but: {name}", node))
            rules.append(rule)
            pattern.add(wildcards)
        if name == "equals-ignore-case":
            self._warn(first.at, "anything-but with equals-ignore-case: AWS's documents disagree on it")
            return Undecided("anything-but with equals-ignore-case"), len(nodes)
        if listed:
            self._warn(first.node.at, f"anything-but with a list for {name}: AWS's documents show one string only")
        return AnythingBut(AnyOf(tuple(rules)) if len(rules) > 1 else rules[0]), len(nodes)
