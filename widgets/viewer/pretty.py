"""Re-indents JSON by moving only the white space between its tokens.

Nothing is parsed into values, so what a round trip through them would lose stays as it is: `1.0`, `1e400`, long
integers, duplicate keys, the order of keys, and every escape in a string. The grammar is RFC 8259's, strictly: `NaN`,
comments, trailing commas and control characters in strings are "not JSON".
"""

import re
from dataclasses import dataclass

from widgets.text import printable
from widgets.viewer.steps import Steps, finish

INDENT = "  "
MAX_LEVELS = 20
"""Deeper levels are indented no further: on 80 columns they would have no room left."""
MAX_INDENTATION = 4 * 1024 * 1024
"""Characters of indentation in one result; what follows starts at the left edge, so 1 MiB cannot become twenty."""

_TOKENS_PER_STEP = 2048
_CHUNK = 4096
_SPACE = " \t\n\r"
_IN_STRING = r'(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+'
_TOKEN = re.compile(
    r"[ \t\n\r]*+(?:"
    rf'(?P<string>"{_IN_STRING}")'
    r"|(?P<comma>,)|(?P<colon>:)"
    r"|(?P<scalar>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+(?![\w.+-])|(?:true|false|null)(?!\w))"
    r"|(?P<object>\{)|(?P<object_end>\})|(?P<array>\[)|(?P<array_end>\])|(?P<other>.))",
    re.DOTALL,
)
_OPEN_STRING = re.compile(f'"{_IN_STRING}')
_WORD = re.compile(r"[\w.+-]{1,20}|.", re.DOTALL)
_BREAKS = tuple("\n" + INDENT * level for level in range(MAX_LEVELS + 1))

# The states of the grammar are named by what they expect, in the words of the reason shown when it does not come.
_VALUE, _ELEMENT, _FIRST_ELEMENT = "a value", "another value", "a value or ]"
_KEY, _FIRST_KEY, _COLON = "another key", "a key in double quotes or }", "':' after the key"
_NEXT_ELEMENT, _NEXT_MEMBER, _END = "',' or ]", "',' or }", "nothing more"
_DONE = ""  # the value is complete: go on with what its container expects next

_Rules = dict[str, tuple[bool, str]]


def _value(starts_line: bool) -> _Rules:
    return {
        "string": (starts_line, _DONE),
        "scalar": (starts_line, _DONE),
        "object": (starts_line, _FIRST_KEY),
        "array": (starts_line, _FIRST_ELEMENT),
    }


# For each state the tokens that may come: whether the token starts a line, and the state after it.
_GRAMMAR: dict[str, _Rules] = {
    _VALUE: _value(False),
    _FIRST_ELEMENT: _value(True) | {"array_end": (False, _DONE)},
    _ELEMENT: _value(True),
    _NEXT_ELEMENT: {"comma": (False, _ELEMENT), "array_end": (True, _DONE)},
    _FIRST_KEY: {"string": (True, _COLON), "object_end": (False, _DONE)},
    _KEY: {"string": (True, _COLON)},
    _COLON: {"colon": (False, _VALUE)},
    _NEXT_MEMBER: {"comma": (False, _KEY), "object_end": (True, _DONE)},
    _END: {},
}


@dataclass(frozen=True, slots=True)
class NotJson:
    """Why a text is not JSON: one printable line that names the position, and the offset in characters."""

    reason: str
    offset: int


def pretty(text: str) -> str | NotJson:
    """`text` re-indented, one member or element to a line, or the reason why it is not JSON.

    The result has the tokens of `text`, unchanged and in order. Depth and size are not limited; no recursion.
    """
    return finish(pretty_steps(text))


def pretty_steps(text: str) -> Steps[str | NotJson]:
    """`pretty` in steps of a millisecond or two, for a caller that has keys to answer; returns the outcome."""
    end = len(text.rstrip(_SPACE))
    state = _VALUE
    containers = [_END]  # for each open container, and for the whole text, what it expects after a value
    parts: list[str] = []
    indentation = 0
    for seen, match in enumerate(_TOKEN.finditer(text, 0, end), 1):
        if not seen % _TOKENS_PER_STEP:
            yield
        group = match.lastgroup or "other"
        rule = _GRAMMAR[state].get(group)
        if rule is None:
            return _not_json(text, match.start(group), state)
        starts_line, state = rule
        if group in ("object_end", "array_end"):
            containers.pop()
        if starts_line:
            line_break = _BREAKS[min(len(containers) - 1, MAX_LEVELS)] if indentation < MAX_INDENTATION else "\n"
            indentation += len(line_break)
            parts.append(line_break)
        parts.append(": " if group == "colon" else match[group])
        if state == _FIRST_KEY:
            containers.append(_NEXT_MEMBER)
        elif state == _FIRST_ELEMENT:
            containers.append(_NEXT_ELEMENT)
        elif state == _DONE:
            state = containers[-1]
    return "".join(parts) if state == _END else _not_json(text, end, state)


def _not_json(text: str, offset: int, state: str) -> NotJson:
    fault, offset = _fault(text, offset, state)
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    return NotJson(f"not JSON: line {line:,}, column {column:,}: {fault}", offset)


def _fault(text: str, offset: int, state: str) -> tuple[str, int]:
    """What is wrong at `offset`, and the offset that shows it best: within a string that breaks, the break."""
    if "string" in _GRAMMAR[state] and (opened := _OPEN_STRING.match(text, offset)):
        stop = opened.end()
        if stop == len(text):
            return "the string that starts here has no end", offset
        if text[stop] == "\\":
            return f"{printable(text[stop : stop + 2])} is not an escape", stop
        return "a control character in a string", stop
    word = _WORD.match(text, offset)
    return f"expected {state}, found {printable(word[0]) if word else 'the end'}", offset


def same_place(source: str, target: str, offset: int) -> int:
    """The offset in `target` of the character at `offset` in `source`, where the two differ only in white space."""
    wanted = _solid(source[:offset])
    start = 0
    while start < len(target):
        in_chunk = _solid(target[start : start + _CHUNK])
        if wanted < in_chunk:
            break
        wanted -= in_chunk
        start += _CHUNK
    for place in range(start, len(target)):
        if not target[place].isspace():
            if not wanted:
                return place
            wanted -= 1
    return len(target)


def _solid(text: str) -> int:
    """How many characters are not white space. White space in strings is left out too: it is the same in both."""
    return sum(map(len, text.split()))
