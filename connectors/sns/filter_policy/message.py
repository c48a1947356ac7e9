"""A message as the filter policies of SNS look at it: its attributes, and its body where that is a JSON object.

One `FilterMessage` is judged by many policies, so what they look at is read once.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from connectors.sns.filter_policy.located_json import JsonFault, number, plain, read
from connectors.sns.filter_policy.matching import Match

_ABSENT = object()
_DOTTED_NAME = re.compile(r"""\.(?:[^".\\]++|\\.)*+"\s*:|\\u002[eE]""", re.DOTALL)
"""Found in each body with a dot in a name, and in some others."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A message attribute. `type` is its DataType (`String`, `String.Array`, `Number`, `Binary`), `value` the text that
    StringValue has; that of a Binary attribute is not looked at."""

    type: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The value of an attribute that no rule can be compared with: what it does to a rule, its text, and why."""

    match: Match
    value: str
    why: str


class FilterMessage:
    """A message to be judged. `structure_json` says that it is published with MessageStructure=json: each protocol is
    then sent a text of its own, and AWS does not say which of them a policy on the body looks at."""

    def __init__(
        self, body: str = "", attributes: Mapping[str, Attribute] | None = None, *, structure_json: bool = False
    ) -> None:
        self.body = body
        self.attributes = attributes or {}
        self.structure_json = structure_json

    @cached_property
    def compared(self) -> dict[str, Any]:
        """The attributes that a policy looks at, by name, as values of JSON. Binary ones are ignored, says AWS."""
        return {name: _compared(attribute) for name, attribute in self.attributes.items() if attribute.type != "Binary"}

    @cached_property
    def _read_body(self) -> tuple[dict[str, Any] | None, str]:
        try:
            value = json.loads(self.body, parse_constant=_refuse)
        except (ValueError, RecursionError):
            # the reader of this house takes any depth and any length of a number
            try:
                value = plain(read(self.body))
            except JsonFault:
                return None, "the body is no JSON (a policy on the body then never matches)"
        if not isinstance(value, dict):
            return None, "the body is JSON, but no object (a policy on the body then never matches)"
        if _DOTTED_NAME.search(self.body):
            value = without_dots(value)
        return value, ""

    @property
    def content(self) -> dict[str, Any] | None:
        """The JSON object that the body is, each dotted name spread over objects; None where the body is none."""
        return self._read_body[0]

    @property
    def fault(self) -> str:
        """Why the body is no JSON object; empty where it is one."""
        return self._read_body[1]


def escaped(text: str) -> str:
    """A text of an attribute as SNS compares it: `"` and `\\` stand escaped in it, so a policy escapes them twice."""
    return text.replace("\\", "\\\\").replace('"', '\\"') if '"' in text or "\\" in text else text


def unescaped(text: str) -> str:
    """The text of which `escaped` makes this one."""
    return text.replace('\\"', '"').replace("\\\\", "\\") if "\\" in text else text


def _compared(attribute: Attribute) -> Any:
    if attribute.type == "String":
        return escaped(attribute.value)
    if attribute.type == "Number":
        value = number(attribute.value.strip())
        return Unreadable(Match.NO, attribute.value, "is of type Number and no number") if value is None else value
    if attribute.type in ("String.Array", "Number.Array"):
        try:
            elements = plain(read(attribute.value))
        except JsonFault:
            elements = None
        if not isinstance(elements, list):
            return Unreadable(Match.NO, attribute.value, f"is of type {attribute.type} and no JSON array")
        if any(isinstance(element, list | dict) for element in elements):
            why = "is an array with arrays or objects in it, of which AWS says that results are unexpected"
            return Unreadable(Match.UNKNOWN, attribute.value, why)
        return [escaped(element) if isinstance(element, str) else element for element in elements]
    return Unreadable(Match.UNKNOWN, attribute.value, f"is of type {attribute.type}, which AWS does not list")


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def without_dots(content: dict[str, Any]) -> dict[str, Any]:
    """`content` with each dotted name spread over objects: SNS takes `{"a.b": 1}` and `{"a": {"b": 1}}` for the same.
    What two of its parts give to one name is an array of both: a rule looks at either."""
    root: dict[str, Any] = {}
    waiting: list[tuple[Any, Any]] = [(content, root)]
    while waiting:
        source, target = waiting.pop()
        for key, value in source.items() if isinstance(source, dict) else [("", element) for element in source]:
            made: Any = {} if isinstance(value, dict) else [] if isinstance(value, list) else value
            if isinstance(target, list):
                target.append(made)
            else:
                made = _put(target, key.split("."), made)
            if isinstance(value, dict | list):
                waiting.append((value, made))
    return root


def _put(target: dict[str, Any], path: list[str], value: Any) -> Any:
    """Puts `value` at `path`. Returns what its content is to be filled into: `value`, or the object that is there."""
    *holders, last = path
    for name in holders:
        inner = target.get(name, _ABSENT)
        if not isinstance(inner, dict):
            made: dict[str, Any] = {}
            target[name] = made if inner is _ABSENT else [inner, made]
            inner = made
        target = inner
    there = target.get(last, _ABSENT)
    if isinstance(there, dict) and isinstance(value, dict):
        return there
    target[last] = value if there is _ABSENT else [there, value]
    return value
