"""The command line: a view to go to, or a command of the screen below, with completion."""

import difflib
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input

from tui.app.everywhere import find, words_of
from tui.app.views import Views
from tui.screens.base import SluiceScreen
from widgets.keys import live_keys
from widgets.text import printable

THEME = "theme "
"""What stands before a theme's name."""


class CommandLine(ModalScreen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close", id="command_line.close", show=False, tooltip="Close the command line"),
        Binding("tab", "complete", "Complete", id="command_line.complete", show=False, tooltip="Take the completion"),
    ]
    DEFAULT_CSS = """
    CommandLine {
        align: left bottom; background: transparent;
        & > Input { dock: bottom; height: 1; border: none; padding: 0 1; background: $panel; &:focus { border: none; } }
    }
    """

    AUTO_FOCUS = ""

    def __init__(self, below: SluiceScreen, views: Views) -> None:
        super().__init__()
        self._below = below
        self._views = views

    def compose(self) -> ComposeResult:
        views = [*self._views.roots, *self._openable_views()]
        themes = [f"{THEME}{name}" for name in sorted(self.app.available_themes)]
        options = [*views, *words_of(self._below.SCOPE), *themes]
        keys = live_keys(self)
        complete, leave = keys.get("command_line.complete", ["→"])[0], keys["command_line.close"][0]
        yield Input(
            placeholder=f"{'   '.join(self._views.written)}   or a command; {complete} completes, {leave} leaves",
            suggester=SuggestFromList(options, case_sensitive=True),
        )

    def on_mount(self) -> None:
        self.call_later(self.set_focus, self.query_one(Input))  # after the keys that are already in the queue

    async def on_key(self, event: Key) -> None:
        """Types a key into the field that came before the field had the focus."""
        field = self.query_one(Input)
        if self.focused is None and event.is_printable and event.character:
            field.insert_text_at_cursor(event.character)
        elif self.focused is None and event.key == "enter":
            await field.action_submit()
        else:
            return
        event.stop()

    async def action_complete(self) -> None:
        """Takes the completion, even if it is not painted yet. The focus stays in the field."""
        field = self.query_one(Input)
        completed = await field.suggester.get_suggestion(field.value) if field.suggester and field.value else None
        if completed is not None:
            field.value = completed
        field.action_end()

    def _openable_views(self) -> list[str]:
        """The views of all screens, sorted. Names with control characters are left out: a completion is painted raw."""
        return sorted(view for view in self._views.openable() if view == printable(view))

    @on(Input.Submitted)
    def _run(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        self.dismiss()
        if not text:
            return
        if self._views.knows(text):
            self.app.call_later(self._below.host.go, text)
            return
        if text.startswith(THEME):
            self.app.call_later(self._below.host.pick_theme, text.removeprefix(THEME).strip())
            return
        scope = self._below.SCOPE
        word, _, number = text.partition(" ")
        command = find(scope, word)
        if command is not None and not number:
            self.app.call_later(self._below.do, command)
            return
        if command is not None and command.number and number.isascii() and number.isdecimal():
            self.app.call_later(self._below.do, command, int(number[:9]))
            return
        nearest = difflib.get_close_matches(text, [*words_of(scope), *self._views.roots], n=1, cutoff=0.5)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        self.app.notify(f"there is no command {text[:60]!r}{hint}", severity="warning", markup=False)
