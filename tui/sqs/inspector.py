"""The message under the cursor, beside the list of messages: who it is, its attributes, and its body."""

from typing import NamedTuple, Protocol

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import DescendantBlur, DescendantFocus
from textual.timer import Timer
from textual.worker import Worker

from connectors.sqs.models import Message
from tui.sqs.message_rows import MessageRow
from widgets.line import Line, Part, Yield
from widgets.viewer.pane import ViewerPane
from widgets.viewer.view import Viewer

_MOST_ATTRIBUTES = 6


class Place(NamedTuple):
    """A message in its list: it is number `at` (from 1) of `of`."""

    row: MessageRow
    at: int
    of: int
    is_marked: bool = False

    @property
    def text(self) -> str:
        return f"{self.at:,} of {self.of:,}"


class MessageList(Protocol):
    """The list that a message came from, which goes on behind the message."""

    @property
    def place(self) -> Place | None:
        """The message under its cursor. None where it shows none."""

    def action_next_row(self, by: int) -> None:
        """Moves its cursor by one row, down or up."""

    def action_mark(self) -> None:
        """Marks the message under its cursor, or takes the mark away, and goes on to the next."""

    def delete(self, chosen: list[Message]) -> Worker[bool]:
        """Asks, deletes, and takes the deleted out of the list. The worker's result is true if all were deleted."""

    def hide(self, chosen: list[Message]) -> None:
        """Asks for a time, and hides `chosen` for so long."""


def head_parts(place: Place) -> list[Part]:
    """The line above the body: the beginning of the id, the place in the list, and the attributes that are text."""
    message = place.row.message
    parts = [Part(f" {message.message_id[:8]}", "strong"), Part(f"  {place.text}", "muted")]
    parts += [Part("  marked", "warning")] if place.is_marked else []
    for attribute in message.attributes[:_MOST_ATTRIBUTES]:
        if attribute.binary is None:
            parts.append(Part(f"  {attribute.name} ", "muted", Yield.DROP))
            parts.append(Part(attribute.text or "", "", Yield.DROP, with_previous=True))
    return parts


class MessageInspector(Vertical):
    """Follows the cursor at most every `rest` seconds: a key that is held down paints the list, not each body."""

    DEFAULT_CSS = """
    MessageInspector {
        #inspector-head { background: $panel; }
        ViewerPane > #viewer-status { display: none; }
        &.-entered #viewer-status { display: block; }
    }
    """

    def __init__(self, rest: float) -> None:
        super().__init__(id="inspector")
        self._rest = rest
        self._shown: MessageRow | None = None
        self._next: Place | None = None
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Line(id="inspector-head")
        yield ViewerPane()

    @on(DescendantFocus)
    @on(DescendantBlur)
    def _show_focus(self) -> None:
        """Says where one is in the body while the keys go there."""
        self.set_class(self.has_focus_within, "-entered")
        if self._timer is not None and self.has_focus_within:
            self._timer.stop()  # a search is for the message that the list says, not for the one before
            self._paint_next()

    @property
    def viewer(self) -> Viewer:
        return self.query_one(ViewerPane).viewer

    def show(self, place: Place) -> None:
        self._next = place
        if self._timer is None:
            self._paint_next()

    def _paint_next(self) -> None:
        self._timer = None
        if self._next is None:
            return
        place, self._next = self._next, None
        row = place.row
        self.query_one(Line).show(head_parts(place))
        if self._shown is None or self._shown.message is not row.message:
            self.query_one(ViewerPane).set_document(row.message.body)
        self._shown = row
        self._timer = self.set_timer(self._rest, self._paint_next)
