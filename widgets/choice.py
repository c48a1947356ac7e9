"""A dialog in which one of several things is chosen."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from widgets.keys import live_keys
from widgets.line import Line, Part
from widgets.text import printable


class Choice(ModalScreen[str | None]):
    """`choices` are keys with their texts; the result is the key of the one that was chosen, None for none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "cancel", "Close", id="choice.cancel", show=False, tooltip="Choose nothing"),
        Binding("j", "down", "Down", id="choice.down", show=False, tooltip="Go to the next one"),
        Binding("k", "up", "Up", id="choice.up", show=False, tooltip="Go to the one above"),
    ]
    DEFAULT_CSS = """
    Choice {
        align: center middle;
        & > #dialog {
            width: 76; max-width: 100%; height: auto; max-height: 100%;
            padding: 0 1; border: round $primary; background: $surface;
        }
        & OptionList { height: auto; max-height: 12; border: none; padding: 0; &:focus { border: none; } }
        & #dialog-keys { dock: bottom; }
    }
    """

    def __init__(self, title: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title = title
        self._choices = choices

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield OptionList(*(Option(Content(printable(text))) for _, text in self._choices), compact=True)
            yield Line(id="dialog-keys")

    def on_mount(self) -> None:
        self.query_one("#dialog", Vertical).border_title = Content(printable(self._title))
        self.query_one(OptionList).focus()
        cancel = live_keys(self).get("choice.cancel", ["–"])[0]
        self.query_one(Line).show([Part(" enter ", "key"), Part("choose"), Part(f"   {cancel} ", "key"), Part("close")])

    def action_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index][0])

    def action_cancel(self) -> None:
        self.dismiss(None)
