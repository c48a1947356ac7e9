"""Strips: the rows of a viewer as Textual paints them."""

from collections.abc import Callable, Iterable

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

from widgets.viewer.body import Form
from widgets.viewer.runs import PLAIN, Mark, Run, row_runs
from widgets.viewer.wrap import Row

GUTTER = 1
"""Cells in front of each wrapped row; they show which rows go on with the line above."""
CONTINUED = "┊"

_KEPT = 512


class StripPainter:
    """Paints rows and keeps the strips until they are forgotten.

    `style` gives the style of a kind of run (see `runs`) or of "gutter"; `marks` the marks on a row.
    """

    def __init__(self, style: Callable[[str], Style], marks: Callable[[Row, int], Iterable[Mark]]) -> None:
        self._make_style = style
        self._marks = marks
        self._styles: dict[str, Style] = {}
        self._strips: LRUCache[tuple[int, int], Strip] = LRUCache(_KEPT)

    def forget(self, first: int | None = None, last: int = 0) -> None:
        """Drops all strips, or those of the rows from `first` to `last`."""
        if first is None:
            self._strips.clear()
            return
        for key in list(self._strips.keys()):
            if first <= key[0] <= last:
                self._strips.discard(key)

    def restyle(self) -> None:
        """Asks for all styles anew: the theme or the style sheet has changed."""
        self._styles.clear()
        self._strips.clear()

    def blank(self, width: int) -> Strip:
        return Strip.blank(width, self._style(PLAIN))

    def row(self, form: Form, row: Row, number: int, window: tuple[int, int], *, wraps: bool) -> Strip:
        """The strip of a row: with a gutter in front if it wraps, else what is seen of it through the window.

        `window` is the first cell seen and the width.
        """
        if (strip := self._strips.get((number, window[0]))) is None:
            strip = self._strips[(number, window[0])] = self._paint(form, row, number, window, wraps, with_places=False)
        return strip

    def with_places(self, form: Form, row: Row, number: int, window: tuple[int, int], *, wraps: bool) -> Strip:
        """The same, with the place of each run in its style, by which a mouse selection finds its way to the text.

        Such styles are all different and slow to paint, so they are made only when the mouse asks.
        """
        return self._paint(form, row, number, window, wraps, with_places=True)

    def _paint(
        self, form: Form, row: Row, number: int, window: tuple[int, int], wraps: bool, *, with_places: bool
    ) -> Strip:
        left, width = window
        start, end, hidden = (row.start, row.end, 0) if wraps else form.document.visible(row, left, width)
        colours = form.spans.between(start, end) if form.spans else ()
        runs = row_runs(form.document, start, end, colours, self._marks(row, number))
        if wraps:
            runs.insert(0, Run(start, CONTINUED if row.continues else " ", "gutter"))
        segments = [Segment(run.text, self._style(run.kind)) for run in runs]
        if with_places:
            places = [Style.from_meta({"offset": (run.start - row.start, number)}) for run in runs]
            segments = [
                Segment(segment.text, segment.style + place if segment.style else place)
                for segment, place in zip(segments, places, strict=True)
            ]
        return Strip(segments).crop(hidden, hidden + width).adjust_cell_length(width, self._style(PLAIN))

    def _style(self, kind: str) -> Style:
        if (style := self._styles.get(kind)) is None:
            style = self._styles[kind] = self._make_style(kind)
        return style
