"""The message under the cursor, beside the list of messages: who it is, its attributes, and its body."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.timer import Timer

from tui.sqs.message_rows import MessageRow
from widgets.line import Line, Part, Yield
from widgets.viewer.view import Viewer

_MOST_ATTRIBUTES = 6


def head_parts(row: MessageRow, at: int, of: int) -> list[Part]:
    """The line above the body: the beginning of the id, the place in the list, and the attributes that are text."""
    message = row.message
    parts = [Part(f" {message.message_id[:8]}", "strong"), Part(f"  {at:,} of {of:,}", "muted")]
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
        Viewer { height: 1fr; }
    }
    """

    def __init__(self, rest: float) -> None:
        super().__init__(id="inspector")
        self._rest = rest
        self._shown: MessageRow | None = None
        self._next: tuple[MessageRow, int, int] | None = None
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Line(id="inspector-head")
        viewer = Viewer("")
        viewer.can_focus = False  # the keys stay with the list; `enter` opens the message with all of its own
        yield viewer

    def show(self, row: MessageRow, at: int, of: int) -> None:
        """Shows `row`, which is number `at` (from 1) of `of`."""
        self._next = row, at, of
        if self._timer is None:
            self._paint_next()

    def _paint_next(self) -> None:
        self._timer = None
        if self._next is None:
            return
        row, at, of = self._next
        self._next = None
        self.query_one(Line).show(head_parts(row, at, of))
        if self._shown is None or self._shown.message is not row.message:
            self.query_one(Viewer).set_document(row.message.body)
        self._shown = row
        self._timer = self.set_timer(self._rest, self._paint_next)
