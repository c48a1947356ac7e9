"""Document: one text, ready to be shown at any width, with the text itself untouched.

`text` is what was given, for copying, saving and searching. `shown` is what may be painted: `printable()` maps one
character to one, so an offset means the same in both. Building one costs a few tens of milliseconds per MiB, which
`document_steps` spreads out; afterwards every question about a row, a place or a width is a search in an index.
"""

import re
from array import array
from collections import OrderedDict
from collections.abc import Iterator
from typing import NamedTuple

from widgets.text import printable
from widgets.viewer.cells import Cells, Measured, OneEach
from widgets.viewer.steps import Steps, finish
from widgets.viewer.wrap import Layout, Lines, Row

_PIECE = 16 * 1024
_LAYOUTS_KEPT = 3
# ASCII, letters, digits, symbols and emoji: a cut in front of one never parts a character from the marks on it.
_SAFE_CUT = re.compile(r"[\x00-\x7f\w\u2190-\u2bff\u3000-\u3020\U0001f000-\U0001faff]")


class _Measured(NamedTuple):
    shown: str
    cells: Cells
    lines: Lines
    line_cells: "array[int]"


class Document:
    """A text as lines and rows.

    Offsets are characters from the start of the text, widths are terminal cells, lines and rows count from 0.
    No text makes it raise.
    """

    def __init__(self, text: str, measured: _Measured | None = None) -> None:
        self.text = text
        self.shown, self.cells, self.lines, self._line_cells = measured or finish(_measure(text))
        self.width = max(self._line_cells)
        """The cells of the longest line."""
        self._layouts: OrderedDict[int | None, Layout] = OrderedDict()

    def layout(self, width: int | None) -> Layout:
        """The rows at `width` cells, or one row to a line with None. The last few are kept."""
        if (layout := self._layouts.get(width)) is None:
            layout = self._layouts[width] = Layout(self.lines, self.cells, self._line_cells, self.width, width)
            if len(self._layouts) > _LAYOUTS_KEPT:
                self._layouts.popitem(last=False)
        self._layouts.move_to_end(width)
        return layout

    def visible(self, row: Row, first_cell: int, width: int) -> tuple[int, int, int]:
        """What of `row` is seen through a window of `width` cells that starts at `first_cell`.

        Returns the offsets of the first character and past the last one, and how many cells of the first one are to
        the left of the window (a wide character or a tab can stand across its edge; so can the last one).
        """
        start = self.cells.reach(row.start, row.end, first_cell) if first_cell else row.start
        hidden = first_cell - self.cells.between(row.start, start)
        return start, min(self.cells.reach(start, row.end, hidden + width) + 1, row.end), hidden


def document_steps(text: str) -> Steps[Document]:
    """Builds a Document in steps of a few milliseconds, for a caller that has keys to answer."""
    return Document(text, (yield from _measure(text)))


def _measure(text: str) -> Steps[_Measured]:
    pieces: list[str] = []
    for piece in _pieces(text):
        pieces.append(printable(piece, multiline=True))
        yield
    shown = "".join(pieces)
    if shown == text:
        shown = text  # and not a second mebibyte
    cells: Cells = OneEach()
    if not shown.isascii() or "\t" in shown:
        cells = measured = Measured()
        for piece in pieces:
            measured.feed(piece)
            yield
    lines = Lines(shown)
    yield
    return _Measured(shown, cells, lines, cells.of_lines(lines.starts, lines.last_is_open))


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        cut = _SAFE_CUT.search(text, start + _PIECE)
        end = cut.start() if cut else len(text)
        yield text[start:end]
        start = end
