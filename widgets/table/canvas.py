"""Keeps a screen in step with a `TableModel`: one header line, one line a row, and no more repainting than needed.

`RowCanvas` remembers what each line of the screen shows. After every change it compares, and asks for a repaint of just
the lines that show something else now: three for three changed rows, two for a moved cursor, however long the list is.
"""

from collections.abc import Callable
from typing import ClassVar, Generic, NamedTuple, Self

from rich.style import Style
from textual import events
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from widgets.table.columns import R, place
from widgets.table.messages import ViewportChanged
from widgets.table.model import TableModel
from widgets.table.painter import Glyphs, Painter

PAINTED_LINES = 512
"""Strips that are kept, so that lines scrolled back to need not be drawn again."""

HEADER_HEIGHT = 1


class RowLine(NamedTuple, Generic[R]):
    """What a line shows of a row. Two that are equal look the same."""

    key: str
    record: R
    cursor: bool
    marked: bool
    past: bool = False


class HeaderLine(NamedTuple):
    """What the header shows beside the titles."""

    sort_column: str | None
    reverse: bool


class RowCanvas(ScrollView, Generic[R], can_focus=True, inherit_bindings=False):
    """Paints the rows of `model`. Whoever changes the model calls `_settle` or `_repaint` afterwards."""

    ALLOW_SELECT = False  # a double click opens a row; it must not select text as well

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--header",
        "table--cursor",
        "table--mark",
        "table--muted",
        "table--warning",
        "table--error",
        "table--success",
        "table--accent",
        "table--stale",
    }

    # The terminal's own 16 colours have none that surely differs from the text's: there the cursor is reversed.
    DEFAULT_CSS = """
    RowCanvas {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        & > .table--header { text-style: bold; }
        & > .table--cursor {
            background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground; text-style: bold;
        }
        &:focus > .table--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
        }
        &:ansi > .table--cursor { background: ansi_default; color: ansi_default; text-style: reverse; }
        &:ansi:focus > .table--cursor { background: ansi_default; color: ansi_default; text-style: bold reverse; }
        & > .table--mark { color: $text-accent; text-style: bold; }
        & > .table--muted { color: $text-muted; text-style: dim; }
        & > .table--warning { color: $text-warning; }
        & > .table--error { color: $text-error; text-style: bold; }
        & > .table--success { color: $text-success; }
        & > .table--accent { color: $text-accent; }
        & > .table--stale { color: $text-muted; text-style: dim italic; }
    }
    """

    def __init__(
        self,
        model: TableModel[R],
        empty: str | Callable[[], str],
        glyphs: Glyphs,
        *,
        name: str | None,
        id: str | None,
        classes: str | None,
        disabled: bool,
    ) -> None:
        self.model = model
        self._empty = empty
        self._glyphs = glyphs
        self._painter: Painter[R] | None = None  # made for one size, and again for the next
        self._painted_size = (0, 0, 0)
        self._styles: dict[str, Style] = {}
        self._strips: LRUCache[tuple[str, bool, bool, bool], tuple[R, Strip]] = LRUCache(PAINTED_LINES)
        # What the screen shows from top to bottom, at the latest after the repaint that was asked for.
        self._lines: list[RowLine[R] | HeaderLine | str] = []
        self._on_screen: dict[int, Strip] = {}  # what Textual was given last, line by line
        self._told_keys: tuple[str, ...] = ()
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)

    def visible_keys(self) -> tuple[str, ...]:
        """Keys of the rows on the screen, from top to bottom."""
        return tuple(self.model.shown_keys(self.scroll_offset.y, self.scroll_offset.y + self.body_height))

    @property
    def body_height(self) -> int:
        """Lines below the header."""
        return max(self.size.height - HEADER_HEIGHT, 0)

    # Painting

    def render_line(self, y: int) -> Strip:
        """The line `y` of the widget, drawn now or before."""
        strip = self._on_screen[y] = self._drawn(y)
        return strip

    def _drawn(self, y: int) -> Strip:
        painter = self._painter_for_size()
        line = self._line(y)
        if isinstance(line, HeaderLine):
            return painter.header(line.sort_column, line.reverse)
        if isinstance(line, str):
            return painter.text(line, "muted" if line else "")
        state = (line.key, line.cursor, line.marked, line.past)
        drawn = self._strips.get(state)
        if drawn is None or drawn[0] is not line.record:
            bar = "cursor" if line.cursor else "muted" if line.past else ""
            drawn = (line.record, painter.row(line.record, line.marked, bar))
            self._strips[state] = drawn
        return drawn[1]

    def _line(self, y: int) -> RowLine[R] | HeaderLine | str:
        """What the line `y` of the widget has to show."""
        model = self.model
        if y < HEADER_HEIGHT:
            return HeaderLine(model.sort_column, model.sort_reverse)
        index = self.scroll_offset.y + y - HEADER_HEIGHT
        if index < model.shown:
            key, record = model.row(index)
            return RowLine(key, record, index == model.cursor, model.is_marked(key), model.is_past(record))
        if model.shown:
            return ""
        text = self._empty if isinstance(self._empty, str) else self._empty()
        return "".join(text.split("\n")[y - HEADER_HEIGHT : y])

    def _painter_for_size(self) -> Painter[R]:
        # Columns end before the scrollbar; lines go on under it, for when there is none.
        size = (self.outer_size.width, self.size.width, self.scrollable_content_region.width)
        if self._painter is None or self._painted_size != size:
            total, width, room = self._painted_size = size
            self._painter = Painter(place(self.model.columns, total, room), width, self._glyphs, self._style_of)
            self._strips.clear()
        return self._painter

    def _style_of(self, name: str) -> Style:
        if name not in self._styles:
            plain = self.rich_style
            self._styles[name] = self.get_component_rich_style(f"table--{name}", default=plain) if name else plain
        return self._styles[name]

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """As Textual's. A repaint of everything also draws anew: it is asked for when theme, focus or styles change."""
        if repaint and not regions:
            self._forget_drawn()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        """Called by Textual when styles changed."""
        super().notify_style_update()
        self._forget_drawn()

    def _forget_drawn(self) -> None:
        self._styles.clear()
        self._strips.clear()

    # Keeping in step

    def _repaint(self) -> None:
        """Asks for a repaint of the lines that show something else than before, and tells which rows are seen."""
        lines = [self._line(y) for y in range(self.size.height)]
        before = self._lines
        stale = [y for y, line in enumerate(lines) if y >= len(before) or before[y] != line]
        self._lines = lines
        self._refresh_lines(stale)
        keys = self.visible_keys()
        if keys != self._told_keys:
            self._told_keys = keys
            self.post_message(ViewportChanged(self, keys))

    def restyle(self) -> None:
        """Draws every line anew, and repaints those that look otherwise now.

        For when texts or styles, or what stands where no row is shown, depend on more than the records: on the time,
        or on what else is known.
        """
        self._forget_drawn()
        self._lines = [self._line(y) for y in range(self.size.height)]
        self._refresh_lines([y for y in range(self.size.height) if self._drawn(y) != self._on_screen.get(y)])

    def _refresh_lines(self, lines: list[int]) -> None:
        if lines:
            width = self.scrollable_content_region.width if self.show_vertical_scrollbar else self.size.width
            self.refresh(*(Region(0, y, width, 1) for y in lines))

    def _fit(self) -> None:
        """Tells Textual how many lines there are to scroll over. A layout is needed only where the scrollbar comes or
        goes; for another length of it nothing else is repainted."""
        size = Size(self.size.width, self.model.shown + HEADER_HEIGHT)
        if size.height == self.virtual_size.height:
            return
        self.set_reactive(Widget.virtual_size, size)
        if not self.container_size:  # not laid out yet
            self.refresh(layout=True, repaint=False)
            return
        needs_scrollbar = size.height > self.container_size.height
        if needs_scrollbar != self.show_vertical_scrollbar:
            # Textual would find out while it lays out, and lay out once more.
            self.show_vertical_scrollbar = self.vertical_scrollbar.display = needs_scrollbar
        if needs_scrollbar:
            self.vertical_scrollbar.window_virtual_size = size.height

    def _follow(self) -> None:
        """After rows moved: scrolls so that the cursor, if it was seen, is on the same line of the screen again.

        Where the cursor was scrolled out of sight, the first row on the screen that is still there stays put instead.
        """
        self._fit()
        rows = [(y, line) for y, line in enumerate(self._lines, -HEADER_HEIGHT) if isinstance(line, RowLine)]
        cursor = self.model.cursor
        if not rows:
            self._reveal_cursor()
            return
        for y, line in rows:
            if line.cursor and cursor is not None:
                self._scroll(cursor - y)
                return
        for y, line in rows:
            if (index := self.model.index(line.key)) is not None:
                self._scroll(index - y)
                return
        self._scroll(self.scroll_offset.y)

    def _reveal_cursor(self) -> None:
        """Scrolls as little as needed to have the cursor on the screen."""
        if (cursor := self.model.cursor) is not None:
            top = self.scroll_offset.y
            self._scroll(min(max(top, cursor - self.body_height + 1), cursor))

    def _scroll(self, top: int) -> None:
        """Has the row at index `top` below the header, as far as the list is long enough."""
        top = max(0, min(top, self.max_scroll_y))
        if self.body_height and top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Called by Textual: moves the scrollbar, and repaints the rows but not the header."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new_value
        if round(old_value) != round(new_value):
            self._repaint()

    def on_resize(self, _: events.Resize) -> None:
        """Keeps the cursor in sight if it was."""
        self._fit()
        if not self._lines or any(isinstance(line, RowLine) and line.cursor for line in self._lines):
            self._reveal_cursor()
        self._repaint()
