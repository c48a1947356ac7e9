"""Lines and rows: how the logical lines of a printable text become rows of a given width in cells."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from widgets.viewer.cells import TAB, Cells, OneEach

MIN_WIDTH = TAB
"""The narrowest wrap, in cells: the widest character, a tab, must have room."""


class Lines:
    """The logical lines of a printable text. They end at newlines; there is at least one."""

    def __init__(self, text: str) -> None:
        # Of all that splitlines() splits at, printable() leaves only the newline; and this runs in C.
        lengths: Iterable[int] = map(len, text.splitlines(keepends=True))
        self.starts = array("I", accumulate(lengths, initial=0))
        if len(self.starts) == 1:
            self.starts.append(0)
        self.last_is_open = not text.endswith("\n")

    def __len__(self) -> int:
        return len(self.starts) - 1

    def end(self, line: int) -> int:
        """The offset where `line` ends, its newline excluded."""
        following = self.starts[line + 1]
        return following if self.last_is_open and line == len(self) - 1 else following - 1

    def at(self, offset: int) -> int:
        """The line that holds the character at `offset`, its newline included."""
        return min(bisect_right(self.starts, offset), len(self)) - 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row on the screen: a slice of the text within one line, its newline excluded."""

    line: int
    start: int
    end: int
    continues: bool
    """Whether it goes on with a line that began on a row above."""


class Layout:
    """The rows of a text at one width, or, with `width` None, one row to a line.

    Only lines too long for the width are held; every other line is a row. A width below `MIN_WIDTH` counts as that.
    """

    def __init__(self, lines: Lines, cells: Cells, line_cells: Sequence[int], longest: int, width: int | None) -> None:
        self._lines = lines
        self._long_lines = array("I")
        self._first_rows = array("I")  # of each long line
        self._row_starts: list[Sequence[int]] = []  # of each long line: where its rows start
        extra = 0
        if width is not None and longest > (width := max(width, MIN_WIDTH)):
            for line, taken in enumerate(line_cells):
                if taken > width:
                    starts = _row_starts(cells, lines.starts[line], lines.end(line), width)
                    self._long_lines.append(line)
                    self._first_rows.append(line + extra)
                    self._row_starts.append(starts)
                    extra += len(starts) - 1
        self.rows = len(lines) + extra

    def row(self, number: int) -> Row:
        """The row with this number, the first being 0. Raises IndexError where there is none."""
        if not 0 <= number < self.rows:
            raise IndexError(f"row {number} of {self.rows}")
        nearest = bisect_right(self._first_rows, number) - 1
        if nearest < 0:
            return self._whole(number)
        line, starts = self._long_lines[nearest], self._row_starts[nearest]
        within = number - self._first_rows[nearest]
        if within >= len(starts):
            return self._whole(line + 1 + within - len(starts))
        end = starts[within + 1] if within + 1 < len(starts) else self._lines.end(line)
        return Row(line, starts[within], end, within > 0)

    def row_at(self, offset: int) -> int:
        """The number of the row that shows the character at `offset`; a newline is on the last row of its line."""
        line = self._lines.at(offset)
        nearest = bisect_right(self._long_lines, line) - 1
        if nearest < 0:
            return line
        first_row, starts = self._first_rows[nearest], self._row_starts[nearest]
        if self._long_lines[nearest] == line:
            return first_row + bisect_right(starts, offset) - 1
        return first_row + len(starts) - 1 + line - self._long_lines[nearest]

    def _whole(self, line: int) -> Row:
        return Row(line, self._lines.starts[line], self._lines.end(line), False)


def _row_starts(cells: Cells, start: int, end: int, width: int) -> Sequence[int]:
    if isinstance(cells, OneEach):
        return range(start, end, width)
    starts = array("I")
    while start < end:
        starts.append(start)
        start = cells.reach(start, end, width)
    return starts
