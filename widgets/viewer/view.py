"""Viewer: the Line-API painter of a message body. It paints the rows on screen and nothing else."""

from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from widgets.viewer.body import Body, Form
from widgets.viewer.finder import Finder
from widgets.viewer.keys import VIEWER_KEYS
from widgets.viewer.runs import CURRENT_MATCH, MATCH, PLAIN, SELECTION, Mark
from widgets.viewer.slices import Slices
from widgets.viewer.state import ViewerState
from widgets.viewer.strips import GUTTER, StripPainter
from widgets.viewer.wrap import Layout, Row

_AT_ONCE_SECONDS = 0.025
"""How long a new body may hold up its own first paint; what is not ready then follows in slices."""
_COLUMNS_PER_STEP = 8


class Viewer(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows one text, of any size and content, and searches it.

    Keys never wait: what takes longer than a few milliseconds is done in slices between them, and is dropped when
    another body or query comes.
    """

    ALLOW_SELECT = True
    BINDINGS: ClassVar[list[BindingType]] = [*VIEWER_KEYS]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "viewer--key",
        "viewer--string",
        "viewer--number",
        "viewer--literal",
        "viewer--punctuation",
        "viewer--control",
        "viewer--match",
        "viewer--current-match",
        "viewer--gutter",
    }
    DEFAULT_CSS = """
    Viewer {
        height: 1fr;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        & > .viewer--key { color: $text-primary; }
        & > .viewer--string { color: $text-success; }
        & > .viewer--number { color: $text-warning; }
        & > .viewer--literal { color: $text-accent; text-style: italic; }
        & > .viewer--control { color: $text-error; text-style: bold; }
        & > .viewer--match { text-style: bold underline; }
        & > .viewer--current-match { text-style: bold reverse; }
        & > .viewer--gutter { color: $text-muted; }
        &:ansi {
            & > .viewer--key { color: ansi_cyan; }
            & > .viewer--string { color: ansi_green; }
            & > .viewer--number { color: ansi_yellow; }
            & > .viewer--literal { color: ansi_magenta; }
            & > .viewer--control { color: ansi_red; }
            & > .viewer--gutter { color: ansi_default; text-style: dim; }
        }
    }
    """

    pretty: reactive[bool] = reactive(True, init=False)
    """Whether JSON is shown re-indented. Any other text is always shown as it came."""
    wrap: reactive[bool] = reactive(True, init=False)
    """Whether long lines go on in the next row, or beyond the right edge."""

    class StateChanged(Message):
        """Something that `Viewer.state` tells has changed."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Viewer.StateChanged)

    class SearchDone(Message):
        """A search is over. `error` says why there was none, or why it did not reach the end of the text."""

        def __init__(self, count: int, error: str | None) -> None:
            super().__init__()
            self.count = count
            self.error = error

    def __init__(
        self, text: str = "", *, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.finder = Finder()
        self._body = Body(text)
        self._form = self._body.raw
        self._top = 0  # the offset that stays at the top when rows change under it
        self._at_bottom = False
        self._placing = False
        self._painting = False
        self._asked_for_pretty = False
        self._to_be_revealed = False
        self._slices = Slices(self)
        self._strips = StripPainter(self._style, self._marks)

    @property
    def original(self) -> str:
        """The text as it was given, untouched: what to copy and to save."""
        return self._body.text

    @property
    def shown_text(self) -> str:
        """The text in the form that is shown, as it came or re-indented, with its own characters, not stand-ins."""
        return self._form.document.text if self._form.is_pretty else self._body.text

    @property
    def state(self) -> ViewerState:
        layout, body = self._layout, self._body
        reached = min(self.scroll_offset.y + self.scrollable_size.height, layout.rows)
        says_why = self.pretty and (self._asked_for_pretty or body.text.lstrip()[:1] in ("{", "[", '"'))
        return ViewerState(
            kind=body.kind,
            line=layout.row(min(self.scroll_offset.y, layout.rows - 1)).line + 1,
            lines=len(self._form.document.lines),
            percent=100 * reached // layout.rows,
            is_pretty=self._form.is_pretty,
            why_not_pretty=body.why_not if says_why else None,
            wraps=self.wrap,
            loading=not body.ready,
            searching=self.finder.searching,
            matches=self.finder.label,
            search_error=self.finder.error or self.finder.matches.stopped,
        )

    # Getting a text ready

    def set_document(self, text: str) -> None:
        """Shows another text from its top and forgets the search."""
        self.finder = Finder()
        self._slices.drop()
        self._body = Body(text)
        self._asked_for_pretty = self._at_bottom = False
        self._top = 0
        self._show(self._body.raw)
        if self.is_running:
            self._prepare()

    def on_mount(self) -> None:
        self._prepare()
        if self.finder.query is not None:
            self._search(self._top)

    def _prepare(self) -> None:
        def progressed(done: bool) -> None:
            form = self._body.form(self.pretty)
            if form is not self._form:
                self._show(form)
            elif done:
                self._repaint()

        self._slices.start("viewer.prepare", self._body.prepare(), progressed, _AT_ONCE_SECONDS)

    def _show(self, form: Form) -> None:
        match = None if self.finder.current is None else self.finder.matches[self.finder.current][0]
        old, self._form = self._form, form
        if self._top:
            self._top = self._body.same_place(self._top, old, form)
        self._place_rows()
        if self.finder.query is not None:
            self._search(self._top if match is None else self._body.same_place(match, old, form))

    # Search

    def search(self, typed: str) -> None:
        """Searches for plain text, or for a pattern after `re:`, from the top row on; for nothing if it is empty.

        SearchDone tells the outcome. The search goes on by itself in the other form of the body, and tells again.
        """
        if not self.finder.ask(typed):
            self._tell(self.SearchDone(0, self.finder.error))
            self._tell(self.StateChanged())
            return
        self._to_be_revealed = True
        self._repaint()
        self._search(self._top)

    def _search(self, origin: int) -> None:
        if not (self.is_running and self._body.raw_is_whole):
            return  # comes again with the whole body
        finder = self.finder

        def progressed(done: bool) -> None:
            found = self._to_be_revealed and finder.current is not None
            if found:
                self._to_be_revealed = False
                self._reveal_match()
            if found or done:
                self._repaint()
            if done:
                self._tell(self.SearchDone(len(finder.matches), finder.matches.stopped))

        self._slices.start("viewer.search", finder.search(self._form.document.text, origin), progressed)

    def next_match(self) -> None:
        self.action_move_match(1)

    def previous_match(self) -> None:
        self.action_move_match(-1)

    def action_move_match(self, by: int) -> None:
        self._refresh_match()
        if self.finder.move(by):
            self._refresh_match()
            self._reveal_match()
            self._tell(self.StateChanged())

    def _refresh_match(self) -> None:
        """Repaints the rows of the current match only."""
        if self.finder.current is None:
            return
        start, end = self.finder.matches[self.finder.current]
        first, last = self._layout.row_at(start), self._layout.row_at(end - 1)
        self._strips.forget(first, last)
        self.refresh_lines(first, last - first + 1)

    def _reveal_match(self) -> None:
        if self.finder.current is None:
            return
        start = self.finder.matches[self.finder.current][0]
        number = self._layout.row_at(start)
        width, height = self.scrollable_size
        left, top = self.scroll_offset
        if not top <= number < top + height:
            top = number - height // 3
        if not self.wrap:
            column = self._form.document.cells.between(self._layout.row(number).start, start)
            if not left <= column < left + width - 1:
                left = column - width // 3
        self._scroll(left, top)

    def _tell(self, message: Message) -> None:
        if self.is_running:
            # As its own: Textual lets a message go no further up than to whoever caused it, the pane or the screen.
            self.post_message(message.set_sender(self))

    # Rows and painting

    @property
    def _layout(self) -> Layout:
        width = self.scrollable_size.width
        return self._form.document.layout(width - GUTTER if self.wrap and width else None)

    def _place_rows(self, left: int | None = None) -> None:
        """Tells Textual how many rows there are, and brings the place that was at the top back there."""
        if not self.is_running:
            return
        layout, document = self._layout, self._form.document
        number = layout.row_at(self._top)
        if left is None and not self.wrap:
            left = document.cells.between(layout.row(number).start, self._top)
        self._placing = True
        self.virtual_size = Size(0 if self.wrap else document.width, layout.rows)
        self._scroll(left or 0, layout.rows if self._at_bottom else number)
        self._placing = False
        self._repaint()

    def _repaint(self) -> None:
        self._strips.forget()
        self.refresh()
        self._tell(self.StateChanged())

    def on_resize(self, event: events.Resize) -> None:
        self._place_rows(self.scroll_offset.x)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.restyle()

    def watch_pretty(self) -> None:
        form = self._body.form(self.pretty)
        if form is not self._form:
            self._show(form)
        self._tell(self.StateChanged())

    def watch_wrap(self) -> None:
        self._place_rows()

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_x(old_value, new_value)
        self._scrolled()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._scrolled()

    def _scrolled(self) -> None:
        if self._placing:
            return
        left, top = self.scroll_offset
        row = self._layout.row(min(top, self._layout.rows - 1))
        start = row.start if self.wrap else self._form.document.visible(row, left, 1)[0]
        self._top = start if start < row.end else row.start
        self._at_bottom = self._at_bottom and top >= self.max_scroll_y
        self._tell(self.StateChanged())

    def render_lines(self, crop: Region) -> list[Strip]:
        self._painting = True
        try:
            return super().render_lines(crop)
        finally:
            self._painting = False

    def render_line(self, y: int) -> Strip:
        # Called from `render_lines` to paint, and by Textual alone to find the place under the mouse.
        left, top = self.scroll_offset
        number, width, layout = top + y, self.scrollable_size.width, self._layout
        if number >= layout.rows:
            return self._strips.blank(width)
        strip = self._strips.row if self._painting else self._strips.with_places
        return strip(self._form, layout.row(number), number, (left, width), wraps=self.wrap)

    def _style(self, kind: str) -> Style:
        if kind == PLAIN:
            return self.rich_style
        if kind == SELECTION:
            return self.rich_style + self.screen.get_component_rich_style("screen--selection")
        return self.get_component_rich_style(f"viewer--{kind}")

    def _marks(self, row: Row, number: int) -> list[Mark]:
        matches, current = self.finder.matches, self.finder.current
        marks: list[Mark] = [
            (*matches[index], CURRENT_MATCH if index == current else MATCH)
            for index in matches.touching(row.start, row.end)
        ]
        if (selection := self.text_selection) and (span := selection.get_span(number)):
            marks.append((row.start + span[0], row.end if span[1] < 0 else row.start + span[1], SELECTION))
        return marks

    def selection_updated(self, selection: Selection | None) -> None:
        self._strips.forget()
        self.refresh()

    def get_selection(self, selection: Selection) -> tuple[str, str]:
        """What is selected, as it is shown: with stand-ins, and without a break where a row only goes on."""

        def place(x: int, y: int) -> int:
            row = self._layout.row(min(y, self._layout.rows - 1))
            return min(row.start + x, row.end)

        shown = self._form.document.shown
        start = 0 if selection.start is None else place(*selection.start)
        end = len(shown) if selection.end is None else place(*selection.end)
        return shown[start:end], "\n"

    # Keys

    def _scroll(self, x: float, y: float) -> None:
        # By force: where the rows have just changed, Textual does not know yet that there is room to scroll.
        self.scroll_to(x, y, animate=False, force=True)

    def action_toggle_pretty(self) -> None:
        self._asked_for_pretty = True
        if self._body.why_not is None:
            self.pretty = not self.pretty
        else:
            self.pretty = True
            self._tell(self.StateChanged())

    def action_toggle_wrap(self) -> None:
        self.wrap = not self.wrap

    def action_rows(self, count: int) -> None:
        self._scroll(self.scroll_offset.x, self.scroll_offset.y + count)

    def action_pages(self, count: int) -> None:
        self.action_rows(count * max(self.scrollable_size.height - 1, 1))

    def action_top(self) -> None:
        self._scroll(0, 0)

    def action_bottom(self) -> None:
        self._at_bottom = True
        self._scroll(self.scroll_offset.x, self._layout.rows)

    def action_columns(self, count: int) -> None:
        if not self.wrap:
            self._scroll(self.scroll_offset.x + count * _COLUMNS_PER_STEP, self.scroll_offset.y)
