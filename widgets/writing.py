"""The fields in which a message is written: its body, and rows for its attributes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Select, TextArea


@dataclass(frozen=True, slots=True)
class TypedAttribute:
    """One row of the attributes; a row without a name and a value is left out."""

    name: str
    data_type: str
    value: str


class BodyField(TextArea):
    """The body. A text area knows one kind of line end only; `exact` has those that an editor wrote."""

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(text, id=id, show_line_numbers=False, tab_behavior="focus", placeholder="the body")
        self._as_loaded = (self.text, text)
        """What the field shows, and the text that was loaded into it."""

    def load_exact(self, text: str) -> None:
        """Shows `text`, which `exact` returns until the field is changed."""
        self.load_text(text)
        self._as_loaded = (self.text, text)

    @property
    def exact(self) -> str:
        """The text exactly as it was loaded, unless the field was changed since."""
        shown, exact = self._as_loaded
        return exact if self.text == shown else self.text


class AttributeRow(Horizontal):
    """Name, type and value of one message attribute."""

    DEFAULT_CSS = """
    AttributeRow {
        height: 1; padding: 0 1;
        & > .name { width: 23; } & > Select { width: 14; } & > .value { width: 1fr; }
    }
    """

    def __init__(self, types: Sequence[str], typed: TypedAttribute | None = None) -> None:
        super().__init__()
        self._types = types
        self._typed = typed or TypedAttribute("", types[0], "")

    def compose(self) -> ComposeResult:
        name, data_type, value = self._typed.name, self._typed.data_type, self._typed.value
        yield Input(name, placeholder="attribute name", classes="name", compact=True)
        yield Select([(name, name) for name in self._types], value=data_type, allow_blank=False, compact=True)
        yield Input(value, placeholder="value (hex for Binary)", classes="value", compact=True)

    @property
    def typed(self) -> TypedAttribute:
        if not self.is_mounted:
            return self._typed
        name, value = self.query(Input)
        return TypedAttribute(name.value.strip(), str(self.query_one(Select).value), value.value)


class AttributeRows(VerticalScroll, can_focus=False):
    """One row for each attribute, of one of `types`; one at least."""

    DEFAULT_CSS: ClassVar[str] = "AttributeRows { height: auto; max-height: 5; }"

    def __init__(self, types: Sequence[str], typed: Sequence[TypedAttribute] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._types = types
        self._typed = typed

    def compose(self) -> ComposeResult:
        for typed in self._typed or (None,):
            yield AttributeRow(self._types, typed)

    @property
    def typed(self) -> list[TypedAttribute]:
        return [row.typed for row in self.query(AttributeRow)]

    async def show(self, typed: Sequence[TypedAttribute]) -> None:
        """These attributes from now on."""
        await self.remove_children()
        await self.mount_all(AttributeRow(self._types, row) for row in typed or (None,))

    async def add(self) -> None:
        """One more row, with the focus on its name."""
        row = AttributeRow(self._types)
        await self.mount(row)
        self.screen.set_focus(row.query(Input).first())  # at once: the next keys are meant for it
        row.scroll_visible()
