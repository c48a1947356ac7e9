"""The log of this run: calls, errors, notices, and the audit trail of changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from connectors.errors import ConnectorError
from tui.commands import LOG
from tui.screens.filtered import FilteredScreen, FilterInput
from widgets.dialog import Panel
from widgets.facts import Fact
from widgets.line import Line, Part, Yield
from widgets.table import messages
from widgets.table.model import Column, TableModel
from widgets.table.view import Table


@dataclass(frozen=True, slots=True)
class LogLine:
    """`kind` is call, error, notice, identity or audit; `facts` is what `enter` shows."""

    key: str
    at: datetime
    kind: str
    text: str
    failed: bool
    facts: tuple[tuple[str, str], ...]


def _style(line: LogLine) -> str:
    return "error" if line.failed else ""


COLUMNS: tuple[Column[LogLine], ...] = (
    Column(
        "at", "time", lambda line: line.at.astimezone().strftime("%m-%d %H:%M:%S"), sort=lambda line: line.at, width=14
    ),
    Column("kind", "kind", lambda line: line.kind, style=_style, width=8),
    Column("text", "what", lambda line: line.text, style=_style, width=30, grow=1),
)


class LogScreen(FilteredScreen):
    SCOPE = LOG
    BINDINGS: ClassVar[list[BindingType]] = LOG.bindings()
    DEFAULT_CSS = "LogScreen Table { height: 1fr; }"

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        model = TableModel(COLUMNS, key=lambda line: line.key, filter_text=lambda line: f"{line.kind} {line.text}")
        yield Table(model, empty="Nothing here yet.", id="log")
        yield FilterInput()

    def on_mount(self) -> None:
        super().on_mount()
        self.table.replace(self._lines())
        self.table.sort_by("at", reverse=True)
        self.table.focus()
        audit = self.host.audit.path
        trail = f"and the audit trail in {audit}" if audit else "without an audit trail: there is no place for one"
        self.query_one("#title", Line).show(
            [Part(" Log ", "strong"), Part(f"of this run, {trail}", "muted", Yield.SHORTEN)]
        )

    def _lines(self) -> list[LogLine]:
        host = self.host
        lines = [
            LogLine(
                f"notice {number}",
                notice.at,
                notice.kind,
                notice.text,
                notice.error is not None,
                tuple(notice.error.details()) if notice.error else (("text", notice.text),),
            )
            for number, notice in enumerate(host.notices)
        ]
        for number, call in enumerate(self.context.aws.log if self.context else ()):
            result = _short(call.error) if call.error else f"{call.milliseconds} ms"
            retries = f", {call.retries} retries" if call.retries else ""
            lines.append(
                LogLine(
                    f"call {number}",
                    call.at,
                    "call",
                    f"{call.operation} {call.target}  {result}{retries}",
                    call.error is not None,
                    (
                        ("operation", f"{call.service}:{call.operation}"),
                        ("target", call.target or "–"),
                        ("took", f"{call.milliseconds} ms{retries}"),
                        *(fact for fact in (call.error.details() if call.error else ()) if fact[0] != "operation"),
                    ),
                )
            )
        for number, entry in enumerate(host.audit.tail()):
            result = f": {entry['result']}" if entry.get("result") else ""
            text = f"{entry.get('operation')} {entry.get('target')}  {entry.get('entry')}{result}"
            lines.append(
                LogLine(
                    f"audit {number}",
                    _moment(entry.get("time")),
                    "audit",
                    text,
                    entry.get("result") not in (None, "done"),
                    tuple((str(key), str(value)) for key, value in entry.items() if value is not None),
                )
            )
        return lines

    @on(Table.Opened)
    def _open(self, event: messages.Opened) -> None:
        line = self.table.model.get(event.key)
        if line is not None:
            facts = [Fact("time", line.at.astimezone().isoformat(sep=" ", timespec="seconds"))]
            self.app.push_screen(Panel(line.kind.capitalize(), [*facts, *(Fact(*pair) for pair in line.facts)]))

    def action_copy(self) -> None:
        line = self.table.cursor_record
        if line is not None:
            self.host.copy("\n".join(f"{label}: {value}" for label, value in line.facts), "the log line")


def _short(error: ConnectorError) -> str:
    return f"failed at {error.step}{f' ({error.code})' if error.code else ''}"


def _moment(text: object) -> datetime:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return datetime.fromisoformat("1970-01-01T00:00:00+00:00")
