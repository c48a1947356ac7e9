"""JSON with the place of every value in its text, read without recursion: 1,000 levels are read like one.

It takes what RFC 8259 allows and nothing else: no NaN, no comment, no control character in a string.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

_LONGEST_INTEGER = 300
"""Digits. Python refuses to convert more than 4,300; a longer one is read as a float, as all of JSON's readers may."""
_TOKEN = re.compile(
    r"""[ \t\n\r]*+(?:
        ("(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+") (?:[ \t\n\r]*+(:))?
      | ([\[{])
      | ([\]}])
      | (,)
      | (-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)
      | (true|false|null)
    )""",
    re.VERBOSE,
)
_STRING, _COLON, _OPENING, _CLOSING, _COMMA, _NUMERAL, _WORD = range(1, 8)
"""The groups of a token. A colon is part of the string before it: only the name of a member has one."""
_SPACE = re.compile(r"[ \t\n\r]*+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
_WORDS = {"true": True, "false": False, "null": None}

Scalar = str | int | float | bool | None


class Node:
    """One value and where it stands: from `at` up to `end`, in characters from the beginning of the text."""

    __slots__ = ("at", "end", "value")

    def __init__(self, value: "Scalar | Elements | Members", at: int, end: int) -> None:
        self.value = value
        self.at = at
        self.end = end


class Member:
    """A name of an object, where it stands, and its value."""

    __slots__ = ("at", "name", "node")

    def __init__(self, name: str, at: int, node: Node) -> None:
        self.name = name
        self.at = at
        self.node = node


class Elements(list[Node]):
    """The values of an array."""


class Members(list[Member]):
    """The members of an object in their order. A name may occur twice."""


class JsonFault(Exception):
    """The text is no JSON; `at` is the first character that does not fit."""

    def __init__(self, text: str, at: int) -> None:
        super().__init__(text)
        self.text = text
        self.at = at


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a text; both count from 1, the column in characters."""

    line: int
    column: int


def place(text: str, at: int) -> Place:
    return Place(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))


def number(text: str) -> int | float | None:
    """The number that `text` writes as JSON does; None where it writes none."""
    return _number(text) if _NUMBER.fullmatch(text) else None


def _number(text: str) -> int | float:
    return int(text) if len(text) <= _LONGEST_INTEGER and text.lstrip("-").isdecimal() else float(text)


def read(text: str) -> Node:
    """The value that `text` writes. Raises `JsonFault`."""
    open_nodes: list[Node] = []
    names: list[tuple[str, int]] = []  # of the members whose value is being read, one for each open object or fewer
    at, wants = 0, "value"
    match = _TOKEN.match
    while True:
        token = match(text, at)
        kind = token.lastindex if token is not None else None
        if token is None or kind is None:
            found = _SPACE.match(text, at)
            at = found.end() if found is not None else at
            raise JsonFault(_unexpected(text, at, wants), at)
        start = token.start(_STRING if kind == _COLON else kind)
        at = token.end()
        if kind == _COMMA:
            if wants != "comma":
                raise JsonFault(_unexpected(text, start, wants), start)
            wants = "name" if type(open_nodes[-1].value) is Members else "value"
            continue
        if kind == _COLON:
            if wants != "name" and wants != "name or }":
                raise _out_of_place(text, start, wants, token.start(_COLON))
            names.append((_string(token[_STRING]), start))
            wants = "value"
            continue
        if kind == _CLOSING:
            done = _closed(text, start, open_nodes, wants)
            done.end = at
        elif wants != "value" and wants != "value or ]":
            raise (
                _out_of_place(text, start, wants, at)
                if kind == _STRING
                else JsonFault(_unexpected(text, start, wants), start)
            )
        elif kind == _OPENING:
            is_object = text[start] == "{"
            open_nodes.append(Node(Members() if is_object else Elements(), start, at))
            wants = "name or }" if is_object else "value or ]"
            continue
        else:
            word = token[kind]
            value = _string(word) if kind == _STRING else _number(word) if kind == _NUMERAL else _WORDS[word]
            done = Node(value, start, at)
        if not open_nodes:
            rest = _SPACE.match(text, at)
            if rest is not None and rest.end() < len(text):
                raise JsonFault("text follows the end of the JSON", rest.end())
            return done
        holder = open_nodes[-1].value
        if isinstance(holder, Members):
            holder.append(Member(*names.pop(), done))
        elif isinstance(holder, Elements):
            holder.append(done)
        wants = "comma"


def _string(token: str) -> str:
    return str(json.loads(token)) if "\\" in token else token[1:-1]


def _closed(text: str, at: int, open_nodes: list[Node], wants: str) -> Node:
    """The node that the bracket at `at` closes."""
    empty, closes = ("name or }", Members) if text[at] == "}" else ("value or ]", Elements)
    if not open_nodes or wants not in ("comma", empty) or type(open_nodes[-1].value) is not closes:
        raise JsonFault(_unexpected(text, at, wants), at)
    return open_nodes.pop()


def _out_of_place(text: str, at: int, wants: str, end: int) -> JsonFault:
    """The fault of a string at `at` that ends at `end`."""
    space = _SPACE.match(text, end)
    end = space.end() if space is not None else end
    if wants in ("name", "name or }"):
        return JsonFault(_unexpected(text, end, "colon"), end)
    if wants in ("value", "value or ]"):
        return JsonFault(_unexpected(text, end, "comma"), end)
    return JsonFault(f"a string where {_WANTED[wants]} should stand", at)


_WANTED = {
    "comma": "a comma or the end of the list or object",
    "name": "a name in double quotes",
    "name or }": "a name in double quotes, or }",
    "colon": "a colon",
    "value": "a value",
    "value or ]": "a value, or ]",
}


def _unexpected(text: str, at: int, wants: str) -> str:
    if at >= len(text):
        return f"the text ends where {_WANTED[wants]} should stand"
    if text[at] == '"':
        return "a string that does not end, or has a control character or a wrong escape"
    return f"{text[at]!r} where {_WANTED[wants]} should stand"


def plain(node: Node) -> Any:
    """The value as Python's `json` gives it; of a name that occurs twice the last counts."""
    holder: list[Any] = [None]
    waiting: list[tuple[Node, Any, Any]] = [(node, holder, 0)]
    while waiting:
        source, target, key = waiting.pop()
        value = source.value
        if isinstance(value, Members):
            target[key] = made = dict.fromkeys(member.name for member in value)
            waiting += [(member.node, made, member.name) for member in reversed(value)]
        elif isinstance(value, Elements):
            target[key] = elements = [None] * len(value)
            waiting += [(element, elements, index) for index, element in enumerate(value)]
        else:
            target[key] = value
    return holder[0]
