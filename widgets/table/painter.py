"""Draws one line of a table as a strip: the header, a row, or a line of text, exactly as wide as asked, in cells.

What a record says is remote text: it goes through `printable()`, and into segments, which know no markup.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Generic

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from widgets.table.columns import GAP, MARK_WIDTH, Column, Placed, R
from widgets.text import printable

StyleOf = Callable[[str], Style]
"""The style that a symbolic name stands for."""

CHARACTERS_PER_CELL = 8
"""Characters of a text that are looked at, for each cell it gets. A cell holds one and at most four marks on it."""

VARIATION_SELECTOR = "\ufe0f"
"""Asks for the wide picture of a narrow character. Terminals disagree about the width, so columns do without it."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters of the table's own, one cell each."""

    mark: str = "●"
    ascending: str = "▲"
    descending: str = "▼"
    cut: str = "…"


UNICODE = Glyphs()
ASCII = Glyphs("*", "^", "v", "~")
"""For terminals and fonts that have nothing else."""


def fit(text: str, width: int, cut: str = "…", align: str = "left") -> str:
    """`text` made printable and exactly `width` cells wide: padded with spaces, or cut and ended with `cut`.

    A wide character that stands across the edge is left out whole.
    """
    if width <= 0:
        return ""
    limit = width * CHARACTERS_PER_CELL
    was_cut = len(text) > limit
    text = printable(text[:limit]).replace(VARIATION_SELECTOR, "")
    cells = cell_len(text)
    if cells > width or was_cut:
        text = set_cell_size(text, min(cells, width - 1)) + cut
        cells = cell_len(text)
    padding = " " * (width - cells)
    return padding + text if align == "right" else text + padding


class Painter(Generic[R]):
    """Draws lines of `width` cells with the columns in `placed`."""

    def __init__(self, placed: list[Placed[R]], width: int, glyphs: Glyphs, style_of: StyleOf) -> None:
        self.placed = placed
        self.width = width
        self.glyphs = glyphs
        self._style_of = style_of

    def header(self, sort_column: str | None, reverse: bool) -> Strip:
        """The titles, with an arrow at the column that the rows are sorted by."""
        arrow = self.glyphs.descending if reverse else self.glyphs.ascending
        style = self._style_of("header")
        titles = [self._title(placed, arrow if placed.column.key == sort_column else "") for placed in self.placed]
        return self._line("", style, [(title, style) for title in titles], style)

    def row(self, record: R, marked: bool, bar: str) -> Strip:
        """A record. `bar` names the one style of the whole line, where it has one; else each cell has its own."""
        plain = self._style_of(bar)
        cells: list[tuple[str, Style]] = []
        for placed in self.placed:
            column = placed.column
            text = fit(column.text(record), placed.width, self.glyphs.cut, column.align)
            cells.append((text, plain if bar else self._style_of(column.style(record))))
        mark_style = self._style_of("mark") if marked and not bar else plain
        return self._line(self.glyphs.mark if marked else "", mark_style, cells, plain)

    def text(self, text: str, style: str) -> Strip:
        """A line of text that belongs to no row."""
        painted = self._style_of(style)
        room = max(self.width - MARK_WIDTH, 0)
        return self._line("", painted, [(fit(text, room, self.glyphs.cut), painted)], painted)

    def column_at(self, x: int) -> Column[R] | None:
        """The column at a cell of the line; the gap after a column belongs to it."""
        return next((placed.column for placed in reversed(self.placed) if placed.x <= x), None)

    def _title(self, placed: Placed[R], arrow: str) -> str:
        title, align, cut = placed.column.title, placed.column.align, self.glyphs.cut
        if arrow:
            title = fit(title, min(cell_len(title), placed.width - 1), cut) + arrow
        return fit(title, placed.width, cut, align)

    def _line(self, mark: str, mark_style: Style, cells: list[tuple[str, Style]], plain: Style) -> Strip:
        """Puts the cells in their places. Neighbours of one style become one segment, which saves bytes on the wire."""
        pieces = [(fit(mark, min(MARK_WIDTH, self.width)), mark_style)]
        for at, cell in enumerate(cells):
            if at:
                pieces.append((" " * GAP, plain))
            pieces.append(cell)
        rest = self.width - sum(cell_len(text) for text, _ in pieces)
        pieces.append((" " * rest, plain))
        segments: list[Segment] = []
        for style, run in groupby(pieces, key=itemgetter(1)):
            if text := "".join(text for text, _ in run):
                segments.append(Segment(text, style))
        return Strip(segments, self.width)
