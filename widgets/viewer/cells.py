"""How many terminal cells the characters of a printable text take.

Two measures share one interface. Where every character is one cell (ASCII without tabs) it is plain arithmetic.
Everything else is measured once into a running total of cells; after that, any slice is a subtraction, and how far a
width reaches is one binary search.
"""

from array import array
from bisect import bisect_right
from itertools import accumulate, islice, repeat
from operator import floordiv, sub
from typing import Protocol

from rich.cells import cell_len

TAB = 8
"""Tab stops, in cells from the start of the line."""
CHARACTERS_PER_CELL = 8
"""A reach ends after this many characters per cell even if they take no room: a million marks are not one row."""

_WIDENER = "\N{VARIATION SELECTOR-16}"  # asks for the emoji form, which makes some characters two cells wide


class Cells(Protocol):
    """The cells that the characters of one text take. Offsets are those of the text; newlines take none."""

    def between(self, start: int, end: int) -> int:
        """The cells from `start` to `end` (excluded), both in one line."""

    def reach(self, start: int, end: int, width: int) -> int:
        """The furthest offset up to `end` so that what lies between takes at most `width` cells."""

    def of_lines(self, starts: "array[int]", last_is_open: bool) -> "array[int]":
        """The cells of each line: `starts` are their offsets and the text's length; an open line has no newline.

        A line counts as at least one cell to CHARACTERS_PER_CELL characters.
        """


class OneEach:
    """Every character takes one cell: printable ASCII without tabs."""

    def between(self, start: int, end: int) -> int:
        return end - start

    def reach(self, start: int, end: int, width: int) -> int:
        return min(end, start + width)

    def of_lines(self, starts: "array[int]", last_is_open: bool) -> "array[int]":
        cells = array("i", map(sub, map(sub, islice(starts, 1, None), starts), repeat(1)))
        cells[-1] += last_is_open
        return cells


class Measured:
    """Wide and zero-width characters, and tabs.

    The text is fed in order; no piece may start with a character that changes the width of the one before it.
    """

    def __init__(self) -> None:
        self._upto = array("I", [0])  # cells before each offset
        self._line_origin = 0
        self._widths = _Widths({"\n": 0, "\t": 0})

    def feed(self, piece: str) -> None:
        cells = list(map(self._widths.__getitem__, piece))
        if _WIDENER in piece:
            _widen(piece, cells)
        if "\t" in piece:
            _stretch_tabs(piece, cells, self._upto[-1] - self._line_origin)
        before = len(self._upto)
        self._upto.extend(islice(accumulate(cells, initial=self._upto[-1]), 1, None))
        if (newline := piece.rfind("\n")) >= 0:
            self._line_origin = self._upto[before + newline]

    def between(self, start: int, end: int) -> int:
        return self._upto[end] - self._upto[start]

    def reach(self, start: int, end: int, width: int) -> int:
        furthest = min(end, start + width * CHARACTERS_PER_CELL)
        return bisect_right(self._upto, self._upto[start] + width, start, furthest + 1) - 1

    def of_lines(self, starts: "array[int]", last_is_open: bool) -> "array[int]":
        upto = array("I", map(self._upto.__getitem__, starts))
        cells = array("I", map(sub, islice(upto, 1, None), upto))
        if self._widths.any_without_width:
            lengths = map(sub, islice(starts, 1, None), starts)
            cells = array("I", map(max, cells, map(floordiv, lengths, repeat(CHARACTERS_PER_CELL))))
        return cells


class _Widths(dict[str, int]):
    any_without_width = False

    def __missing__(self, character: str) -> int:
        width = self[character] = cell_len(character)
        self.any_without_width |= not width
        return width


def _widen(piece: str, cells: list[int]) -> None:
    """Counts a widener's extra cell at the character in front of it, so that a row never ends between the two."""
    place = piece.find(_WIDENER)
    while place >= 0:
        base = place - 1
        while base >= 0 and not cells[base] and piece[base] not in ("\t", "\n", _WIDENER):
            base -= 1
        if base >= 0 and cells[base]:
            cells[base] = cell_len(piece[base] + _WIDENER)
        place = piece.find(_WIDENER, place + 1)


def _stretch_tabs(piece: str, cells: list[int], column: int) -> None:
    for place, character in enumerate(piece):
        if character == "\t":
            cells[place] = TAB - column % TAB
        column = 0 if character == "\n" else column + cells[place]
