"""May a topic send to a queue? What the queue's policy says of it, by IAM's rules of evaluation.

SNS delivers as the service sns.amazonaws.com, which is a principal of no account: only a policy of the queue can let it
in. What these rules leave open, or what is not judged here, is "can't tell", with the reason.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

NO_POLICY = "the queue has no policy: only its own account's principals may send"
_SERVICE = "sns.amazonaws.com"
_ACTION = "sqs:sendmessage"
_MOST_VALUES = 3
"""Values of one element that a reason names."""


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "can't tell"


@dataclass(frozen=True, slots=True)
class MaySend:
    """`reason` is in the words of the policy; empty for a yes."""

    answer: Answer
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """What one element of a statement says of the request. `values` are what it names in place of what the request
    has; `note` follows them."""

    answer: Answer
    element: str = ""
    values: tuple[str, ...] = ()
    note: str = ""

    @property
    def is_condition(self) -> bool:
        return ":" in self.element


_YES = _Part(Answer.YES)


def lets_send(policy_text: str, topic_arn: str, queue_arn: str) -> MaySend:
    """Whether the policy of the queue `queue_arn` lets the topic `topic_arn` send to it. An explicit Deny wins."""
    if not policy_text.strip():
        return MaySend(Answer.NO, NO_POLICY)
    try:
        policy = json.loads(policy_text)
    except (ValueError, RecursionError):
        return MaySend(Answer.UNKNOWN, "queue policy: it is no JSON")
    statements = policy.get("Statement") if isinstance(policy, dict) else None
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list):
        return MaySend(Answer.UNKNOWN, "queue policy: it has no statements")
    return _Request(topic_arn, queue_arn).verdict(statements)


class _Request:
    """A delivery from a topic to a queue, as a policy looks at it. SNS calls SQS over TLS, so a Deny of what is not
    `aws:SecureTransport`, which many queues have, is not for it."""

    def __init__(self, topic_arn: str, queue_arn: str) -> None:
        self._topic_arn = topic_arn
        self._queue_arn = queue_arn
        parts = topic_arn.split(":")
        self._region, account = (parts[3], parts[4]) if len(parts) > 5 else ("", "")
        self._context = {"aws:sourcearn": topic_arn, "aws:sourceaccount": account, "aws:securetransport": "true"}

    def verdict(self, statements: list[Any]) -> MaySend:
        refusing: list[list[_Part]] = []
        is_allowed = False
        open_denies: list[_Part] = []
        open_allows: list[_Part] = []
        for statement in statements:
            effect = statement.get("Effect") if isinstance(statement, dict) else None
            if effect not in ("Allow", "Deny"):
                unreadable = _Part(Answer.UNKNOWN, "a statement can't be read")
                open_denies.append(unreadable)
                open_allows.append(unreadable)
                continue
            parts = [*self._parts(statement)]
            against = [part for part in parts if part.answer is Answer.NO]
            unknown = [part for part in parts if part.answer is Answer.UNKNOWN]
            if effect == "Deny" and not against:
                if not unknown:
                    return MaySend(Answer.NO, f"queue policy: {_denied(statement)}")
                open_denies += unknown
            elif effect == "Allow" and against:
                refusing.append(against)
            elif effect == "Allow":
                is_allowed = is_allowed or not unknown
                open_allows += unknown
        if not is_allowed and not open_allows:
            return MaySend(Answer.NO, f"queue policy: {self._closest(refusing)}")
        if open_denies or not is_allowed:
            return MaySend(Answer.UNKNOWN, f"queue policy: {_text((open_denies or open_allows)[0])}")
        return MaySend(Answer.YES)

    def _closest(self, refusing: list[list[_Part]]) -> str:
        """What keeps the topic out of the statement that comes closest; several that differ in one value are told
        together."""
        if not refusing:
            return "it allows nothing"
        _, part = min(
            ((len(against), against[-1]) for against in refusing),
            key=lambda found: (found[0], not found[1].is_condition),
        )
        alike = [
            value
            for against in refusing
            if (against[-1].element, against[-1].note) == (part.element, part.note)
            for value in against[-1].values
        ]
        return _text(_Part(part.answer, part.element, tuple(map(self._short, dict.fromkeys(alike))), part.note))

    def _short(self, value: str) -> str:
        """An ARN beside that of the topic or queue by its name alone: `…:orders`."""
        for arn in (self._topic_arn, self._queue_arn):
            beside, _, name = arn.rpartition(":")
            if name and value.startswith(f"{beside}:"):
                return f"…{value[len(beside) :]}"
        return value

    def _parts(self, statement: dict[str, Any]) -> Iterator[_Part]:
        """What each element says; those of no matter are left out."""
        for element in ("Principal", "Action", "Resource"):
            if f"Not{element}" in statement:
                yield _Part(Answer.UNKNOWN, f"Not{element} is not judged here")
            elif element not in statement:
                yield _Part(Answer.UNKNOWN, f"a statement has no {element}")
            elif element == "Principal":
                yield self._principal(statement[element])
            else:
                values = _strings(statement[element])
                yield self._action(values) if element == "Action" else self._resource(values)
        conditions = statement.get("Condition", {})
        if not isinstance(conditions, dict):
            yield _Part(Answer.UNKNOWN, "a Condition can't be read")
            return
        for operator, keys in conditions.items():
            if not isinstance(keys, dict):
                yield _Part(Answer.UNKNOWN, f"{operator} can't be read")
                continue
            for key, value in keys.items():
                yield self._condition(operator, key, _strings(value))

    def _principal(self, principal: Any) -> _Part:
        if principal == "*":
            return _YES
        if not isinstance(principal, dict):
            return _Part(Answer.UNKNOWN, "a Principal can't be read")
        named: list[str] = []
        regional = f"sns.{self._region}.amazonaws.com"
        for kind, value in principal.items():
            values = _strings(value)
            if values is None or kind not in ("AWS", "Service", "Federated", "CanonicalUser"):
                return _Part(Answer.UNKNOWN, "a Principal can't be read")
            if (kind == "AWS" and "*" in values) or (kind == "Service" and _SERVICE in values):
                return _YES
            if kind == "Service" and (regional in values or any("*" in each for each in values)):
                return _Part(Answer.UNKNOWN, f"Principal is {_listed(values)}, not {_SERVICE}")
            named += values
        return _Part(Answer.NO, "Principal", tuple(named), f", not {_SERVICE}")

    def _action(self, values: list[str] | None) -> _Part:
        if values is None:
            return _Part(Answer.UNKNOWN, "an Action can't be read")
        if any(glob(value.lower(), _ACTION) for value in values):
            return _YES
        return _Part(Answer.NO, "Action", tuple(values), ", not sqs:SendMessage")

    def _resource(self, values: list[str] | None) -> _Part:
        if values is None or any("${" in value for value in values):
            return _Part(Answer.UNKNOWN, "a Resource can't be read")
        if any(glob(value, self._queue_arn) for value in values):
            return _YES
        return _Part(Answer.NO, "Resource", tuple(values))

    def _condition(self, operator: str, key: str, values: list[str] | None) -> _Part:
        actual = self._context.get(key.lower())
        plain = operator.lower().removesuffix("ifexists")
        compare = _OPERATORS.get(plain.replace("not", "", 1))
        is_readable = values is not None and not any("${" in value for value in values)
        if not actual or compare is None or values is None or not is_readable:
            return _Part(Answer.UNKNOWN, f"{operator} on {key} is not judged here")
        answers = [compare(value, actual) for value in values]
        found = _best(answers)
        if found is Answer.UNKNOWN:
            return _Part(Answer.UNKNOWN, f"{key} is {_listed(values)}")
        if (found is Answer.YES) is not ("not" in plain):
            return _YES
        if "not" in plain:
            return _Part(Answer.NO, key, tuple(values), " (which is excepted)")
        is_literal = "like" not in plain and not plain.startswith("arn")
        as_pattern = is_literal and any(glob(value, actual) for value in values)
        return _Part(Answer.NO, key, tuple(values), f" ({operator} takes * as it is)" if as_pattern else "")


def _best(answers: Iterable[Answer]) -> Answer:
    found = {*answers}
    return Answer.YES if Answer.YES in found else Answer.UNKNOWN if Answer.UNKNOWN in found else Answer.NO


def _answer(holds: bool) -> Answer:
    return Answer.YES if holds else Answer.NO


def _arn_like(pattern: str, arn: str) -> Answer:
    """The parts of an ARN are compared one by one, which a pattern with as many colons does. What IAM makes of one with
    fewer is not written."""
    matches = glob(pattern, arn)
    return Answer.UNKNOWN if matches and pattern.count(":") != arn.count(":") else _answer(matches)


_OPERATORS: dict[str, Callable[[str, str], Answer]] = {
    "arnequals": _arn_like,
    "arnlike": _arn_like,
    "stringequals": lambda value, actual: _answer(value == actual),
    "stringequalsignorecase": lambda value, actual: _answer(value.lower() == actual.lower()),
    "stringlike": lambda value, actual: _answer(glob(value, actual)),
    "bool": lambda value, actual: _answer(value.lower() == actual.lower()),
    "null": lambda value, actual: _answer(value.lower() == "false"),
}
"""By name, in lower case: whether a value of the policy takes what the request has. Each has a reverse, `…Not…`."""


def _strings(value: Any) -> list[str] | None:
    """A value of a policy, which may be one or a list, as texts; None where it has what is no text, number or bool."""
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str | bool | int) for each in values):
        return None
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in values]


def _denied(statement: dict[str, Any]) -> str:
    sid = statement.get("Sid")
    return f"the Deny {sid} covers this topic" if isinstance(sid, str) and sid else "a Deny covers this topic"


def _text(part: _Part) -> str:
    return f"{part.element} is {_listed(part.values)}{part.note}" if part.values or part.note else part.element


def _listed(values: Iterable[str]) -> str:
    shown = [*values]
    more = len(shown) - _MOST_VALUES
    text = " or ".join(shown[:_MOST_VALUES]) or "empty"
    return f"{text} or {more:,} more" if more > 0 else text


def glob(pattern: str, text: str) -> bool:
    """Whether `pattern`, in which `*` is any text and `?` any character, is the whole of `text`. In time that grows
    with the product of both lengths, whatever somebody writes."""
    at, star, resume, position = 0, -1, 0, 0
    while position < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, resume = at, position
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[position]):
            at, position = at + 1, position + 1
        elif star >= 0:
            resume += 1
            at, position = star + 1, resume
        else:
            return False
    return pattern[at:].strip("*") == ""
