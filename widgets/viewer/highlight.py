"""Where the keys, strings, numbers, literals and punctuation of a JSON text are, for just the part that is painted.

A text is coloured block by block, and what a block needs to know of all before it is one bit: whether it begins within
a string. That bit is the parity of the quotes so far, counted when first asked for (about 10 ms for 1 MiB). So a place
in the middle of a single huge line is coloured as truly as its beginning.

Approximated: a key that is longer than a block of 4 KiB, or more than 64 characters in front of its colon, may be
coloured as a string, and a number longer than a block as several things.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from operator import attrgetter
from typing import Literal, NamedTuple, cast

Kind = Literal["key", "string", "number", "literal", "punctuation"]

_BLOCK = 4096
_BLOCKS_KEPT = 64
_COLON_WITHIN = 64
_QUOTE_OR_ESCAPE = re.compile(r'"|\\.', re.DOTALL)
_IN_STRING = r'(?:[^"\\]++|\\.)*+'
_REST_OF_STRING = re.compile(_IN_STRING + '"?', re.DOTALL)
_TOKEN = re.compile(
    rf'(?P<string>"{_IN_STRING}"?)|(?P<number>-?[0-9][0-9.eE+-]*)|(?P<literal>[a-z]+)|(?P<punctuation>[{{}}\[\],:]+)',
    re.DOTALL,
)
_WORD = re.compile(r"[\w.+-]+", re.ASCII)
_COLON = re.compile(r"[ \t\n\r]*:")


class Span(NamedTuple):
    """A stretch of the text, `end` excluded, and what it is."""

    start: int
    end: int
    kind: Kind


class JsonSpans:
    """The spans of one text that is known to be JSON. For any other text they are harmless but mean nothing."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._block_starts = array("I", [0])
        self._in_string = [False]  # whether each block begins within a string
        self._spans: dict[int, list[Span]] = {}

    def between(self, start: int, end: int) -> list[Span]:
        """The spans that touch the characters from `start` to `end` (excluded), in order; they may reach beyond."""
        while self._block_starts[-1] < end and self._block_starts[-1] < len(self._text):
            self._open_next_block()
        first = bisect_right(self._block_starts, start) - 1
        spans: list[Span] = []
        while first < len(self._block_starts) - 1 and self._block_starts[first] < end:
            spans += _touching(self._block(first), start, end)
            first += 1
        return spans

    def _open_next_block(self) -> None:
        text, start, in_string = self._text, self._block_starts[-1], self._in_string[-1]
        end = min(start + _BLOCK, len(text))
        backslashes = end - start - len(text[start:end].rstrip("\\"))
        if backslashes % 2 and end < len(text):
            end += 1  # an escape belongs to one block
        if rest_of_word := _WORD.match(text, end, end + _BLOCK):
            end = rest_of_word.end()  # and so does a number or a literal
        if text.find("\\", start, end) < 0:
            quotes = text.count('"', start, end)
        else:
            quotes = _QUOTE_OR_ESCAPE.findall(text, start, end).count('"')
        self._block_starts.append(end)
        self._in_string.append(in_string ^ (quotes % 2 == 1))

    def _block(self, number: int) -> list[Span]:
        if (spans := self._spans.get(number)) is None:
            if len(self._spans) >= _BLOCKS_KEPT:
                self._spans.clear()
            spans = self._spans[number] = self._read_block(number)
        return spans

    def _read_block(self, number: int) -> list[Span]:
        text, start, end = self._text, self._block_starts[number], self._block_starts[number + 1]
        spans: list[Span] = []
        if self._in_string[number] and (rest := _REST_OF_STRING.match(text, start, end)):
            spans.append(Span(start, rest.end(), self._string_kind(number, rest.end())))
            start = rest.end()
        for token in _TOKEN.finditer(text, start, end):
            kind = cast(Kind, token.lastgroup)
            if kind == "string":
                kind = self._string_kind(number, token.end())
            spans.append(Span(token.start(), token.end(), kind))
        return spans

    def _string_kind(self, number: int, end: int) -> Kind:
        """A string is a key where a colon follows. One that its block cuts is followed into the next block."""
        if self._in_string[number + 1] and end == self._block_starts[number + 1]:
            rest = _REST_OF_STRING.match(self._text, end, end + _BLOCK)
            end = rest.end() if rest else end
        return "key" if _COLON.match(self._text, end, end + _COLON_WITHIN) else "string"


def _touching(spans: list[Span], start: int, end: int) -> list[Span]:
    first = bisect_right(spans, start, key=attrgetter("end"))
    return spans[first : bisect_left(spans, end, first, key=attrgetter("start"))]
