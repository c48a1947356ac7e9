"""A screen with one table and a filter line below it."""

from typing import Any, ClassVar

from textual import on
from textual.events import DescendantBlur, DescendantFocus
from textual.widgets import Input

from tui.screens.base import SluiceScreen
from widgets.line import Line, Part
from widgets.table.view import Table


class FilterInput(Input):
    DEFAULT_CSS = """
    FilterInput {
        height: 1; border: none; padding: 0 1;
        &:focus { border: none; }
    }
    """
    HELP: ClassVar[str] = "text   !NOT   prefix:P   re:PATTERN"

    def __init__(self, numbers: str = "") -> None:
        """`numbers` is an example of a comparison, where the rows have numbers."""
        super().__init__(placeholder=f"{self.HELP}   {numbers}".rstrip(), id="filter")
        self.display = False


class FilteredScreen(SluiceScreen):
    """Subclasses yield a `FilterInput` in their body and name their table."""

    @property
    def table(self) -> Table[Any]:
        return self.query_one(Table)

    @property
    def filter_input(self) -> FilterInput:
        return self.query_one(FilterInput)

    def action_filter(self) -> None:
        self.filter_input.display = True
        self.set_focus(self.filter_input)  # at once: `focus()` would leave the next keys to the table

    @on(Input.Changed, "#filter")
    def _filter(self, event: Input.Changed) -> None:
        self.table.set_filter(event.value)
        self.filter_changed()

    @on(DescendantFocus)
    @on(DescendantBlur)
    def _other_keys(self) -> None:
        self.show_hints()

    def show_hints(self) -> None:
        """While a filter is typed the keys of the screen are letters of it."""
        if self.host.word is None and self.filter_input.has_focus:
            keys = [Part(" enter ", "key"), Part("Keep the filter "), Part(" esc ", "key"), Part("Take it away")]
            self.query_one("#hints", Line).show(keys, self.hint_status())
        else:
            super().show_hints()

    def filter_changed(self) -> None:
        """Called when the filter shows other rows."""

    @on(Input.Submitted, "#filter")
    def _keep_filter(self) -> None:
        self.filter_input.display = bool(self.filter_input.value)
        self.table.focus()

    def close_filter(self) -> bool:
        """Takes the filter away; False where there was none."""
        if not self.filter_input.display:
            return False
        self.filter_input.value = ""
        self.filter_input.display = False
        self.table.focus()
        return True

    def action_back(self) -> None:
        if not self.close_filter():
            self.dismiss()
