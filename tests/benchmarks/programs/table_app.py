"""A table that gets its rows when `a` is pressed, and a filter line on `/`. Garbage is collected as sluice does it.

python -m tests.benchmarks.programs.table_app ROWS
"""

import sys
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from connectors.clock import SystemClock
from tui.app import garbage_collection
from tui.app.presence import Presence
from widgets.line import Line, Part
from widgets.table.columns import Column
from widgets.table.model import TableModel
from widgets.table.view import Table

_WORDS = ("orders", "payments", "emails", "thumbnails", "analytics", "shipping", "legacy")


@dataclass(frozen=True, slots=True)
class Record:
    url: str
    name: str
    visible: int


def record(number: int) -> Record:
    name = f"{_WORDS[number % len(_WORDS)]}-{number:06}"
    return Record(f"https://sqs.us-east-1.amazonaws.com/123456789012/{name}", name, number)


COLUMNS: tuple[Column[Record], ...] = (
    Column("name", "queue", lambda row: row.name, width=20, grow=6),
    Column("visible", "visible", lambda row: f"{row.visible:,}", sort=lambda row: row.visible, align="right", width=9),
    Column("url", "url", lambda row: row.url, width=20, grow=3),
)


class TableApp(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [("a", "add", "Add"), ("slash", "filter", "Filter")]

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._clock = SystemClock()
        self._presence = Presence(self._clock)
        self._records = [record(number) for number in range(rows)]
        self._table = Table(TableModel(COLUMNS, key=lambda row: row.url, filter_text=lambda row: row.name))
        self._line = Line()

    def compose(self) -> ComposeResult:
        yield self._table
        yield Input(compact=True)
        yield self._line

    def on_mount(self) -> None:
        self._line.show([Part("ready")])
        self._table.focus()
        garbage_collection.collect_when_quiet(self, self._clock, self._presence)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent | events.Paste):
            self._presence.note_key()
        await super().on_event(event)

    def action_add(self) -> None:
        self._table.upsert(self._records)

    def action_filter(self) -> None:
        self.query_one(Input).focus()
        self._line.show([Part("filtering")])

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        self._table.set_filter(event.value)
        self._line.show([Part(f"<{event.value}> {self._table.model.shown:,} shown")])


if __name__ == "__main__":
    garbage_collection.disable_until_quiet()
    TableApp(int(sys.argv[1])).run()
