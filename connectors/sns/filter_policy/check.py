"""Checks a filter policy as SNS does when it is set, and makes it ready to judge messages.

What is wrong is a `Fault` with its place. Where AWS's documents disagree, or don't say what happens, it is a warning,
and the policy may be set. The limits are those of "Filter policy constraints" in the Developer Guide of SNS.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from connectors.sns.filter_policy.clauses import Clause, Leaf
from connectors.sns.filter_policy.located_json import Elements, JsonFault, Member, Members, Node, Place, place, read
from connectors.sns.filter_policy.operators import KEYWORDS, Faulty, LeafReader, in_words
from connectors.sns.filter_policy.policy import FilterPolicy, Scope

LARGEST_POLICY = 256 * 1024
"""Bytes of UTF-8."""
MOST_COMBINATIONS = 150
MOST_KEYS = 5
MOST_WILDCARD_POINTS = 100
_MOST_FAULTS = 20
_MOST_KEYS_CHECKED = 100
"""Of a policy that has too many."""
_ENOUGH = 10**6
"""What is more is not counted."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something in the text of a policy, and the place where it begins."""

    place: Place
    text: str

    def __str__(self) -> str:
        return f"line {self.place.line}, column {self.place.column}: {self.text}"


@dataclass(frozen=True, slots=True)
class CheckedPolicy:
    """What a check brought. `policy` is None where there are faults: SNS would not take it."""

    policy: FilterPolicy | None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


@dataclass(slots=True)
class _Part:
    """What was read of an object of the policy: the parts of its clause, and what they count against the limits."""

    leaves: list[tuple[str, Leaf]] = field(default_factory=list)
    inner: "dict[str, _Part]" = field(default_factory=dict)
    choices: "list[list[_Part]]" = field(default_factory=list)
    combinations: int = 1
    most_combinations: int = 1
    """Where each value of a list in `anything-but` counts."""
    keys: int = 0
    points: int = 0
    most_points: int = 0

    def clause(self) -> Clause:
        return Clause(
            tuple(self.leaves),
            tuple((name, part.clause()) for name, part in self.inner.items()),
            tuple(tuple(part.clause() for part in choice) for choice in self.choices),
        )

    def holder(self, path: Sequence[str]) -> "_Part":
        """The part for the object at `path`."""
        part = self
        for name in path:
            part = part.inner.setdefault(name, _Part())
        return part

    def count(self, other: "_Part") -> None:
        """Takes in what `other` counts, which must be true as well."""
        self.combinations = min(self.combinations * other.combinations, _ENOUGH)
        self.most_combinations = min(self.most_combinations * other.most_combinations, _ENOUGH)
        self.keys += other.keys
        self.points += other.points
        self.most_points += other.most_points

    def adopt(self, other: "_Part") -> None:
        """Takes in the parts of the clause that `other` has for the same object."""
        self.leaves += other.leaves
        self.choices += other.choices
        for name, part in other.inner.items():
            self.holder((name,)).adopt(part)


def check_policy(text: str, scope: Scope = Scope.ATTRIBUTES) -> CheckedPolicy:
    """Checks the policy that `text` writes. A blank text and `{}` take the filter away, as they do on AWS."""
    if len(text.encode(errors="surrogatepass")) > LARGEST_POLICY:
        return CheckedPolicy(None, (Fault(Place(1, 1), "the policy is larger than 256 KB"),))
    if not text.strip():
        warning = Fault(Place(1, 1), "without a policy every message is delivered")
        return CheckedPolicy(FilterPolicy(scope, None), warnings=(warning,))
    try:
        node = read(text)
    except JsonFault as fault:
        return CheckedPolicy(None, (Fault(place(text, fault.at), f"no JSON: {fault.text}"),))
    return check_node(node, text, scope)


def check_node(node: Node, text: str, scope: Scope) -> CheckedPolicy:
    """Checks the policy that is a value within `text`; places are those in `text`."""
    return _Check(text, scope).run(node)


class _Check:
    def __init__(self, text: str, scope: Scope) -> None:
        self._text = text
        self._scope = scope
        self._faults: list[Fault] = []
        self._warnings: list[Fault] = []
        self._reader = LeafReader(text, self._warn)

    def _fault(self, at: int, text: str) -> None:
        if len(self._faults) < _MOST_FAULTS:
            self._faults.append(Fault(place(self._text, at), text))

    def _warn(self, at: int, text: str) -> None:
        if len(self._warnings) < _MOST_FAULTS:
            self._warnings.append(Fault(place(self._text, at), text))

    def run(self, node: Node) -> CheckedPolicy:
        members = node.value
        if not isinstance(members, Members):
            self._fault(node.at, f"a policy is an object, not {in_words(node)}")
            return self._done(None)
        if node.end - node.at > LARGEST_POLICY:
            self._fault(node.at, "the policy is larger than 256 KB")
            return self._done(None)
        if not members:
            self._warn(node.at, "without a rule every message is delivered")
            return self._done(FilterPolicy(self._scope, None))
        part = self._object(members, 1, 1)
        self._limits(node, part)
        return self._done(None if self._faults else FilterPolicy(self._scope, part.clause()))

    def _done(self, policy: FilterPolicy | None) -> CheckedPolicy:
        return CheckedPolicy(policy, tuple(sorted(self._faults)), tuple(sorted(self._warnings)))

    def _limits(self, node: Node, part: _Part) -> None:
        if part.keys > MOST_KEYS and not self._faults:
            text = f"{part.keys:,} keys with rules, at most {MOST_KEYS}: whether all or the top ones count is open"
            self._warn(node.at, text)
        self._limit(node, part.combinations, part.most_combinations, MOST_COMBINATIONS, "combinations of values")
        self._limit(node, part.points, part.most_points, MOST_WILDCARD_POINTS, "points of wildcard complexity")

    def _limit(self, node: Node, least: int, most: int, limit: int, what: str) -> None:
        """AWS's descriptions can be read in two ways: only what is too much in both is a fault."""
        if least > limit:
            self._fault(node.at, f"{_amount(least)} {what}: at most {limit}")
        elif most > limit:
            self._warn(node.at, f"up to {_amount(most)} {what}, by how one reads AWS's description: at most {limit}")

    def _object(self, members: Members, level: int, depth: int) -> _Part:
        """Reads an object of the policy. Its keys are at `level` of its objects; `depth` counts dots and $or, too."""
        part = _Part()
        if level == 1:
            members = self._top_keys(members)
        seen: set[str] = set()
        for member in members:
            if member.name in seen:
                self._warn(member.at, f"{_key(member)} stands twice: AWS does not say which of the two counts")
            seen.add(member.name)
            if len(self._faults) >= _MOST_FAULTS or part.combinations >= _ENOUGH:
                break
            self._member(part, member, level, depth)
        return part

    def _top_keys(self, members: Members) -> Members:
        """The members to check of the policy, or of a branch of a `$or` at its top. More than five keys are too many
        there in either reading of the limit."""
        keys = [member for member in members if not (member.name == "$or" and _is_choice(member.node))]
        if len(keys) <= MOST_KEYS:
            return members
        self._fault(keys[MOST_KEYS].at, f"{len(keys):,} keys: at most {MOST_KEYS}")
        return Members(members[:_MOST_KEYS_CHECKED])

    def _member(self, part: _Part, member: Member, level: int, depth: int) -> None:
        value = member.node.value
        if member.name == "$or" and _is_choice(member.node):
            self._choice(part, member, level, depth)
        elif isinstance(value, Members):
            self._inner(part, member, value, level, depth)
        elif isinstance(value, Elements):
            self._leaf(part, member, value, level, depth)
        elif self._scope is Scope.BODY:
            self._fault(member.node.at, f"{_key(member)} must have a list of values, or an object of keys within it")
        else:
            self._fault(member.node.at, f"{_key(member)} must have a list of values")

    def _too_deep(self, at: int, depth: int) -> bool:
        # each level of objects multiplies and each $or adds, so a deeper policy has too many combinations in any case
        if depth <= MOST_COMBINATIONS:
            return False
        self._fault(at, f"more than {MOST_COMBINATIONS} levels")
        return True

    def _inner(self, part: _Part, member: Member, value: Members, level: int, depth: int) -> None:
        path = self._path(member.name)
        if self._scope is Scope.ATTRIBUTES:
            text = f"{_key(member)} has an object: a policy on attributes has a list of values for each key"
            self._fault(member.node.at, text)
        elif not value:
            self._fault(member.node.at, f"{_key(member)} has an empty object")
        elif not self._too_deep(member.at, depth + len(path)):
            inner = self._object(value, level + 1, depth + len(path))
            part.count(inner)
            part.holder(path).adopt(inner)

    def _choice(self, part: _Part, member: Member, level: int, depth: int) -> None:
        if self._too_deep(member.at, depth + 1):
            return
        branches: list[_Part] = []
        elements = member.node.value
        for branch in elements if isinstance(elements, Elements) else ():
            if isinstance(branch.value, Members) and branch.value:
                branches.append(self._object(branch.value, level, depth + 1))
            else:
                self._fault(branch.at, "a branch of $or is empty")
        part.choices.append(branches)
        counted = _Part(
            combinations=sum(branch.combinations for branch in branches),
            most_combinations=sum(branch.most_combinations for branch in branches),
            keys=sum(branch.keys for branch in branches),
            points=sum(branch.points for branch in branches),
            most_points=sum(branch.most_points for branch in branches),
        )
        part.count(counted)

    def _leaf(self, part: _Part, member: Member, value: Elements, level: int, depth: int) -> None:
        *holders, name = self._path(member.name)
        if self._too_deep(member.at, depth + len(holders)):
            return
        if not value:
            self._fault(member.node.at, f"{_key(member)} has an empty list")
            return
        try:
            read = self._reader.read(member.node, value)
        except Faulty as fault:
            self._fault(fault.at, fault.text)
            return
        part.holder(holders).leaves.append((name, read.leaf))
        part.count(
            _Part(
                combinations=len(value) * level,
                most_combinations=read.values * level,
                keys=1,
                points=read.points,
                most_points=read.most_points,
            )
        )

    def _path(self, name: str) -> list[str]:
        """In a body a dotted name means nested or flat; an attribute's name is what it is."""
        return name.split(".") if self._scope is Scope.BODY else [name]


def _is_choice(node: Node) -> bool:
    """Whether SNS takes a `$or` for the operator: at least two objects, none with an operator for a name. Else it is a
    key like any other."""
    elements = node.value
    if not isinstance(elements, Elements) or len(elements) < 2:
        return False
    return all(
        isinstance(element.value, Members) and not any(member.name in KEYWORDS for member in element.value)
        for element in elements
    )


def _key(member: Member) -> str:
    return f'"{member.name}"' if len(member.name) <= 60 else f'"{member.name[:59]}…"'


def _amount(value: int) -> str:
    return f"{value:,}" if value < _ENOUGH else f"{_ENOUGH:,} or more"


def on_line(fault: Fault, line: int) -> Fault:
    """The fault of a policy that is part of line `line` of a file."""
    return replace(fault, place=replace(fault.place, line=line))
