"""ViewerPane: a viewer with its status line and its search field."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from widgets.viewer.keys import PANE_KEYS
from widgets.viewer.state import status_line
from widgets.viewer.view import Viewer


class ViewerPane(Vertical):
    """A viewer, a field that opens on `/`, and one line that says what is shown.

    After `enter` the field stays in sight with the keys back in the viewer; `esc` puts it away and leaves the matches.
    An empty search takes the matches away.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*PANE_KEYS]
    DEFAULT_CSS = """
    ViewerPane {
        height: 1fr;
        & > #viewer-status { height: 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        &:ansi > #viewer-status { color: ansi_default; }
    }
    """

    def __init__(
        self, text: str = "", *, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.viewer = Viewer(text)
        self._field = Input(placeholder="search: text, or re:PATTERN", compact=True, id="viewer-search")
        self._field.display = False
        self._status = Static(id="viewer-status", markup=False)

    def compose(self) -> ComposeResult:
        yield self.viewer
        yield self._field
        yield self._status

    def set_document(self, text: str) -> None:
        """Shows another text from its top, and puts the search field away, unless somebody types into it."""
        if not self._field.has_focus:
            self.action_close_search()
        self.viewer.set_document(text)

    @on(Viewer.StateChanged)
    def _say_state(self) -> None:
        self._status.update(Content(status_line(self.viewer.state)))

    @on(Input.Submitted, "#viewer-search")
    def _search(self, event: Input.Submitted) -> None:
        event.stop()
        self.viewer.search(event.value)
        if self.viewer.finder.error is None:
            self.viewer.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._field.display if action == "close_search" else True

    def action_open_search(self) -> None:
        self._field.display = True
        self.screen.set_focus(self._field)  # at once: `focus()` would leave the next keys to the viewer

    def action_close_search(self) -> None:
        had_focus = self._field.has_focus
        self._field.display = False
        if had_focus:
            self.viewer.focus()
