"""A whole number that is asked for in a dialog: its bounds, its field, and what the number means."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from widgets.text import printable


@dataclass(frozen=True, slots=True)
class NumberField:
    """A number from `least` to `most`, `value` at first. `meaning` says in words what a number would do; it is asked
    anew each second, since it may name a moment."""

    label: str
    value: int
    least: int
    most: int
    meaning: Callable[[int], str] | None = None

    @property
    def bounds(self) -> str:
        return f"{self.least:,} to {self.most:,}"

    def read(self, text: str) -> int | None:
        """The number that was typed, None where it is none or out of bounds."""
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(self.most))):
            return None
        number = int(text)
        return number if self.least <= number <= self.most else None


class NumberInput(Input):
    """Takes digits only, so `y` and `n` are the answers that they are everywhere in a dialog."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "screen.answer(True)", "Yes", id="dialog.yes", show=False, priority=True),
        Binding("n", "screen.answer(False)", "No", id="dialog.no", show=False, priority=True),
    ]
    DEFAULT_CSS = "NumberInput { width: 24; }"

    def __init__(self, field: NumberField) -> None:
        super().__init__(
            str(field.value), id="dialog-number", compact=True, max_length=len(str(field.most)), restrict="[0-9]*"
        )


class NumberAsked(Vertical):
    """The field with its label above and what the number means below."""

    DEFAULT_CSS = """
    NumberAsked { height: auto; margin-top: 1; & > Static { height: auto; } }
    """

    def __init__(self, field: NumberField) -> None:
        super().__init__()
        self._field = field

    def compose(self) -> ComposeResult:
        yield Static(f"{printable(self._field.label)} ({self._field.bounds}):", markup=False)
        yield NumberInput(self._field)
        if self._field.meaning is not None:
            yield Static(id="dialog-meaning", markup=False)

    def on_mount(self) -> None:
        self.show_meaning()
        if self._field.meaning is not None:
            self.set_interval(1, self.show_meaning)

    @property
    def number(self) -> int | None:
        return self._field.read(self.query_one(NumberInput).value)

    def show_meaning(self) -> None:
        if self._field.meaning is not None:
            number = self.number
            text = f"not a number from {self._field.bounds}" if number is None else self._field.meaning(number)
            self.query_one("#dialog-meaning", Static).update(printable(text))
