"""Cases of filter policies: lines of JSON, each a policy, a message, and what is expected of the two.

    {"policy": {"type": ["order"]}, "attributes": {"type": {"Type": "String", "Value": "order"}}, "expected": "deliver"}
    {"scope": "MessageBody", "policy": {"price": [12, 13]}, "body": {"price": 11}, "expected": "filtered"}

`policy` and `body` are JSON, or a string that has the text. Without a `scope` the policy looks at attributes, as it
does on AWS. An attribute is written as Publish takes it (`DataType`, `StringValue`) or as a message has it (`Type`,
`Value`). `name` is for people; `message_structure` may be `json`, as in Publish.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from connectors.sns.filter_policy.check import CheckedPolicy, Fault, check_node, check_policy, on_line
from connectors.sns.filter_policy.located_json import JsonFault, Member, Members, Node, Place, place, read
from connectors.sns.filter_policy.message import Attribute, FilterMessage
from connectors.sns.filter_policy.policy import Scope

_KEYS = ("name", "scope", "policy", "attributes", "body", "message_structure", "expected")
_TYPE_KEYS = ("Type", "DataType")
_VALUE_KEYS = ("Value", "StringValue", "BinaryValue")


class Outcome(StrEnum):
    """What becomes of a policy and a message: a policy with a fault is refused before any message comes."""

    DELIVER = "deliver"
    FILTERED = "filtered"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


class CaseFault(Exception):
    """A line that is no case. Its text has no line number, `fault` has."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Case:
    """One line. The faults of its policy have their place in the file; where `policy_is_text`, in that text."""

    line: int
    name: str
    checked: CheckedPolicy
    message: FilterMessage
    expected: Outcome
    policy_is_text: bool = False

    def outcome(self) -> tuple[Outcome, tuple[str, ...]]:
        """What is to be expected by AWS's rules, and why."""
        if self.checked.policy is None:
            return Outcome.REJECTED, tuple(map(self._fault_text, self.checked.faults))
        judgement = self.checked.policy.judge(self.message)
        return Outcome(judgement.verdict.value), tuple(str(reason) for reason in judgement.reasons)

    def _fault_text(self, fault: Fault) -> str:
        return f"in the policy's text, {fault}" if self.policy_is_text else f"column {fault.place.column}: {fault.text}"


def read_cases(lines: Iterable[bytes]) -> Iterator[Case]:
    """The cases of a file, by its lines; blank ones are passed over. Raises `CaseFault` at the first that is none."""
    for number, line in enumerate(lines, 1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            place_of_byte = Place(number, error.start + 1)
            raise CaseFault(Fault(place_of_byte, "the line is no UTF-8; the column counts bytes")) from error
        if text.strip():
            yield _Line(text, number).case()


class _Line:
    def __init__(self, text: str, number: int) -> None:
        self._text = text
        self._number = number

    def _fault(self, at: int, text: str) -> CaseFault:
        return CaseFault(on_line(Fault(place(self._text, at), text), self._number))

    def case(self) -> Case:
        try:
            node = read(self._text)
        except JsonFault as fault:
            raise self._fault(fault.at, f"no JSON: {fault.text}") from fault
        members = self._members(node, "a case", _KEYS)
        for key in ("policy", "expected"):
            if key not in members:
                raise self._fault(node.at, f"{key} is missing")
        if "attributes" not in members and "body" not in members:
            raise self._fault(node.at, "there is neither a body nor attributes")
        expected = Outcome(self._choice(members["expected"], [outcome.value for outcome in Outcome]))
        scope = Scope(self._choice(members.get("scope"), [scope.value for scope in Scope]) or Scope.ATTRIBUTES)
        structure = self._choice(members.get("message_structure"), ["json"])
        name = self._string(members["name"], "name") if "name" in members else ""
        message = FilterMessage(
            self._body(members.get("body")), self._attributes(members.get("attributes")), structure_json=bool(structure)
        )
        policy = members["policy"]
        is_text = isinstance(policy.value, str)
        return Case(self._number, name, self._policy(policy, scope), message, expected, is_text)

    def _members(self, node: Node, what: str, keys: Iterable[str] | None) -> dict[str, Node]:
        """The values of an object by their names. Without `keys` any name is taken."""
        if not isinstance(node.value, Members):
            raise self._fault(node.at, f"{what} is an object")
        found: dict[str, Node] = {}
        for member in node.value:
            if member.name in found:
                raise self._fault(member.at, f"{_key(member)} stands twice")
            if keys is not None and member.name not in keys:
                raise self._fault(member.at, f"{what} has no {_key(member)}; there are {', '.join(keys)}")
            found[member.name] = member.node
        return found

    def _string(self, node: Node, what: str) -> str:
        if not isinstance(node.value, str):
            raise self._fault(node.at, f"{what} is a string")
        return node.value

    def _choice(self, node: Node | None, choices: list[str]) -> str:
        """The string that the node is; empty without one."""
        if node is None:
            return ""
        if not isinstance(node.value, str) or node.value not in choices:
            raise self._fault(node.at, f"one of {', '.join(choices)} is wanted")
        return node.value

    def _body(self, node: Node | None) -> str:
        if node is None:
            return ""
        return node.value if isinstance(node.value, str) else self._text[node.at : node.end]

    def _attributes(self, node: Node | None) -> dict[str, Attribute]:
        if node is None:
            return {}
        members = self._members(node, "attributes", None)
        return {name: self._attribute(value) for name, value in members.items()}

    def _attribute(self, node: Node) -> Attribute:
        members = self._members(node, "an attribute", (*_TYPE_KEYS, *_VALUE_KEYS))
        types = [self._string(members[key], key) for key in _TYPE_KEYS if key in members]
        values = [self._string(members[key], key) for key in _VALUE_KEYS if key in members]
        if len(types) != 1 or len(values) != 1:
            raise self._fault(node.at, "an attribute has a Type and a Value, or a DataType and a StringValue")
        return Attribute(types[0], values[0])

    def _policy(self, node: Node, scope: Scope) -> CheckedPolicy:
        if isinstance(node.value, str):
            return check_policy(node.value, scope)
        checked = check_node(node, self._text, scope)
        return CheckedPolicy(
            checked.policy,
            tuple(on_line(fault, self._number) for fault in checked.faults),
            tuple(on_line(fault, self._number) for fault in checked.warnings),
        )


def _key(member: Member) -> str:
    return f'"{member.name[:60]}"'
