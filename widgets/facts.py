"""Facts: labelled values, one below the other, that scroll where there are many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.console import RenderableType
from rich.table import Table as Grid
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from widgets.text import printable

LONGEST_VALUE = 4096
WIDEST_LABEL = 36
"""Cells; a longer label, which may be remote text, goes on in the next line."""
TWO_COLUMNS = 120
"""Columns of a terminal that has room for two columns of facts."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value. `style` is "", "warning", "error" or "success"; an empty label makes a paragraph."""

    label: str
    value: str
    style: str = ""


class Facts(VerticalScroll, inherit_bindings=False):
    """Shows facts; takes the focus so that the keyboard can scroll it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll_down", "Down", id="facts.down", show=False, tooltip="Scroll down"),
        Binding("k,up", "scroll_up", "Up", id="facts.up", show=False, tooltip="Scroll up"),
        Binding("pagedown", "page_down", "Page down", id="facts.page_down", show=False, tooltip="Scroll down a screen"),
        Binding("pageup", "page_up", "Page up", id="facts.page_up", show=False, tooltip="Scroll up a screen"),
        Binding("home", "scroll_home", "Top", id="facts.top", show=False, tooltip="Go to the first line"),
        Binding("end", "scroll_end", "Bottom", id="facts.bottom", show=False, tooltip="Go to the last line"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "facts--label",
        "facts--warning",
        "facts--error",
        "facts--success",
    }
    DEFAULT_CSS = """
    Facts {
        height: auto;
        scrollbar-size-vertical: 1;
        &:focus { background-tint: $foreground 4%; }
        .facts--label { text-style: dim; }
        .facts--warning { color: $text-warning; text-style: bold; }
        .facts--error { color: $text-error; text-style: bold; }
        .facts--success { color: $text-success; }
        & > Static { width: 1fr; height: auto; }
    }
    """

    def __init__(
        self,
        facts: Sequence[Fact] = (),
        *,
        second_column: int = 0,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Where `second_column` is given and the terminal has `TWO_COLUMNS`, the facts from that index on stand beside
        the others."""
        super().__init__(id=id, classes=classes)
        self._facts = tuple(facts)
        self._second_column = second_column
        self._are_beside = False

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def on_mount(self) -> None:
        self._are_beside = self._has_two_columns
        self.query_one(Static).update(self._content())

    @property
    def _has_two_columns(self) -> bool:
        return bool(self._second_column) and self.app.size.width >= TWO_COLUMNS

    def on_resize(self) -> None:
        if self._are_beside != self._has_two_columns:
            self._are_beside = self._has_two_columns
            self.query_one(Static).update(self._content())

    def show(self, facts: Sequence[Fact]) -> None:
        """The facts from now on; nothing is repainted when they are the same."""
        if tuple(facts) != self._facts:
            self._facts = tuple(facts)
            if self.is_mounted:
                self.query_one(Static).update(self._content())

    @property
    def text(self) -> str:
        """All of it as plain lines, for the clipboard."""
        return "\n".join(f"{fact.label}: {fact.value}" if fact.label else fact.value for fact in self._facts)

    def _content(self) -> RenderableType:
        if not self._are_beside:
            return self._grid(self._facts)
        columns = Grid.grid(padding=(0, 2, 0, 0), expand=True)
        columns.add_column(ratio=1)
        columns.add_column(ratio=1)
        columns.add_row(self._grid(self._facts[: self._second_column]), self._grid(self._facts[self._second_column :]))
        return columns

    def _grid(self, facts: Sequence[Fact]) -> RenderableType:
        grid = Grid.grid(padding=(0, 2, 0, 0))
        labels = max((len(fact.label) for fact in facts), default=0)
        grid.add_column(width=min(labels, WIDEST_LABEL), overflow="fold")
        grid.add_column(ratio=1, overflow="fold")
        for fact in facts:
            style = self.get_component_rich_style(f"facts--{fact.style}", partial=True) if fact.style else ""
            value = Text(printable(fact.value, limit=LONGEST_VALUE, multiline=True), style)
            label = Text(printable(fact.label), self.get_component_rich_style("facts--label", partial=True))
            grid.add_row(label, value)
        return grid if labels else Text("\n").join(Text(printable(fact.value, multiline=True)) for fact in facts)
