"""The command line: a view or a resource to go to, or a command of the screen below, with its candidates in sight."""

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Key
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input, Static

from tui.app.typed import Typed
from widgets.keys import live_keys
from widgets.text import printable

SHOWN = 8
"""Candidates in sight."""


class _FirstCandidate(Suggester):
    """What stands dimmed behind the cursor: the first candidate that goes on from what was typed."""

    def __init__(self, candidates: Callable[[str], list[str]]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._candidates = candidates

    async def get_suggestion(self, value: str) -> str | None:
        return next((candidate for candidate in self._candidates(value) if candidate.startswith(value)), None)


class CommandLine(ModalScreen[None]):
    """`history` has what was typed in this run, the latest last; it is added to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close", id="command_line.close", show=False, tooltip="Close the command line"),
        Binding(
            "tab", "complete", "Complete", id="command_line.complete", show=False, tooltip="Take the next candidate"
        ),
        Binding("up", "recall(-1)", "Older", id="command_line.older", show=False, tooltip="What was typed before"),
        Binding("down", "recall(1)", "Newer", id="command_line.newer", show=False, tooltip="What was typed after that"),
    ]
    DEFAULT_CSS = """
    CommandLine {
        align: left bottom; background: transparent;
        & > Vertical { height: auto; background: $panel; }
        #candidates { height: auto; padding: 0 1; }
        Input { height: 1; border: none; padding: 0 1; background: $panel; &:focus { border: none; } }
    }
    """

    AUTO_FOCUS = ""

    def __init__(self, typed: Typed, history: list[str]) -> None:
        super().__init__()
        self._typed = typed
        self._history = history
        self._recalled = len(history)
        self._base = ""
        """What a person typed: `tab` goes through its candidates."""
        self._taken = -1
        """The candidate that stands in the field; -1 for what was typed."""

    def compose(self) -> ComposeResult:
        keys = live_keys(self)
        complete, leave = keys.get("command_line.complete", ["→"])[0], keys["command_line.close"][0]
        with Vertical():
            yield Static(id="candidates", markup=False)
            yield Input(
                placeholder=f"{complete} completes, {leave} leaves:  {'  '.join(self._typed.written)}  a command",
                suggester=_FirstCandidate(self._typed.candidates),
            )

    def on_mount(self) -> None:
        self._show_candidates()
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

    @on(Input.Changed)
    def _note_typed(self, event: Input.Changed) -> None:
        if self._taken < 0 or event.value != self._candidates()[self._taken]:
            self._base, self._taken = event.value, -1
        self._show_candidates()

    def _candidates(self) -> list[str]:
        return self._typed.candidates(self._base)

    def _show_candidates(self) -> None:
        lines = Text(no_wrap=True, overflow="ellipsis")
        candidates = self._candidates() if self._base else []
        first = max(0, self._taken - SHOWN + 1)
        for at, candidate in enumerate(candidates[first : first + SHOWN], first):
            lines.append(
                f"{'' if at == first else chr(10)}{printable(candidate)}", "reverse" if at == self._taken else ""
            )
        more = len(candidates) - first - SHOWN
        if more > 0:
            lines.append(f"\n… {more:,} more", "dim")
        self.query_one("#candidates", Static).update(lines)
        self.query_one("#candidates", Static).display = bool(candidates)

    def action_complete(self) -> None:
        """Takes the next candidate. The focus stays in the field."""
        field = self.query_one(Input)
        if self._taken < 0:
            self._base = field.value  # a key of the moment before may not have been told yet
        candidates = self._candidates()
        if candidates:
            self._taken = (self._taken + 1) % len(candidates)
            field.value = candidates[self._taken]
        field.action_end()

    def action_recall(self, by: int) -> None:
        """Puts what was typed before, or after that, into the field."""
        at = self._recalled + by
        if 0 <= at <= len(self._history):
            self._recalled = at
            self.query_one(Input).value = self._history[at] if at < len(self._history) else ""
            self.query_one(Input).action_end()

    @on(Input.Submitted)
    def _run(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        self.dismiss()
        if text:
            if self._history[-1:] != [text]:
                self._history.append(text)
            self.app.call_later(self._typed.run, text)
