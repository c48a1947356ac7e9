"""The rows of the list of queues: what a line says, and which lines change when a reading comes in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.watching.history import BUCKETS
from tui.format.sparkline import Trend
from tui.format.values import TROUBLE, UNKNOWN, cell
from tui.screens.list_reading import ListRows
from widgets.line import Part, Yield
from widgets.table.columns import Column, natural

if TYPE_CHECKING:
    from connectors.sqs.models import Queue
    from connectors.sqs.source import QueueWatch
    from connectors.sqs.state import QueueState


GROWING_MINUTES, GROWING_BY, GROWING_SHARE = 10, 10, 0.1
"""A queue is growing where these minutes, at its change per minute, add more messages than that, and more than that
share of those that are visible."""


@dataclass(frozen=True, slots=True, eq=False)
class QueueRow:
    """One queue, its dead-letter queue beside it. `dead_letter` is None where there is none or it is not listed.

    Rows that show the same are equal: a new reading with the old counts repaints nothing. The trend is no part of that:
    it moves on for all rows at once.
    """

    state: "QueueState"
    dead_letter: "QueueState | None" = None
    stale: bool = False
    trend: Trend | None = None

    @property
    def key(self) -> str:
        return self.state.queue.url

    @property
    def name(self) -> str:
        return self.state.queue.name

    @property
    def in_trouble(self) -> bool:
        """Whether there are dead letters of this queue."""
        return self.dead_letter is not None and bool(self.dead_letter.visible)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, QueueRow) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self.key)

    def _said(self) -> tuple[object, ...]:
        """Everything that a line of the list, or the line below it, says of this queue."""
        state, dead_letter = self.state, self.dead_letter
        return (
            self.key,
            state.known is None,
            state.visible,
            state.in_flight,
            state.delayed,
            state.dead_letter_arn,
            state.max_receive_count,
            change_text(self),
            None if state.error is None else str(state.error),
            None if dead_letter is None else dead_letter.visible,
            self.stale,
        )


def dead_letter_text(row: QueueRow) -> str:
    """The count of the dead-letter queue, marked when it is not zero; empty where there is none."""
    if row.state.dead_letter_name is None:
        return UNKNOWN if row.state.known is None else ""
    visible = row.dead_letter.visible if row.dead_letter else None
    return f"{TROUBLE} {visible:,}" if visible else cell(visible)


def dead_letter_style(row: QueueRow) -> str:
    return "error" if row.in_trouble else "muted"


def change_text(row: QueueRow) -> str:
    change = row.state.change_per_minute
    if change is None:
        return "" if row.state.known is not None else UNKNOWN
    if abs(change) < 0.05:
        return ""
    return f"{change:+,.1f}" if abs(change) < 100 else f"{change:+,.0f}"


def trend_text(row: QueueRow) -> str:
    return row.trend.text(row.state) if row.trend else ""


def name_text(row: QueueRow) -> str:
    """The name, and for a queue that can't be read the step at which it failed."""
    error = row.state.error
    return f"{row.name}  ({error.step})" if error is not None and row.state.known is None else row.name


def _count_style(row: QueueRow) -> str:
    if row.state.known is None:
        return "error" if row.state.error else "muted"
    return "stale" if row.stale else ""


def _count_column(
    key: str, title: str, value: "Callable[[QueueState], int | None]", *, min_total: int = 0
) -> Column[QueueRow]:
    return Column(
        key,
        title,
        lambda row: cell(value(row.state), stale=row.stale),
        sort=lambda row: value(row.state),
        style=lambda row: _count_style(row) or ("" if value(row.state) else "muted"),
        align="right",
        width=9,
        min_total=min_total,
        descending_first=True,
    )


COLUMNS: tuple[Column[QueueRow], ...] = (
    Column("name", "queue", name_text, sort=lambda row: row.name, width=20, grow=6),
    _count_column("visible", "visible", lambda state: state.visible),
    _count_column("in_flight", "in flight", lambda state: state.in_flight),
    _count_column("delayed", "delayed", lambda state: state.delayed, min_total=96),
    Column(
        "dlq",
        "in DLQ",
        dead_letter_text,
        sort=lambda row: row.dead_letter.visible if row.dead_letter else None,
        style=dead_letter_style,
        align="right",
        width=9,
        descending_first=True,
    ),
    Column(
        "change",
        "±/min",
        change_text,
        sort=lambda row: row.state.change_per_minute,
        align="right",
        width=8,
        descending_first=True,
    ),
    Column(
        "dlq_name",
        "dead-letter queue",
        lambda row: row.state.dead_letter_name or "",
        style=lambda row: "muted",
        width=18,
        grow=3,
        min_total=120,
    ),
    Column("trend", f"last {BUCKETS} min", trend_text, width=BUCKETS, min_total=132, sortable=False),
)


def _by_trouble(row: QueueRow) -> tuple[int, int, int, str]:
    """Dead letters first, then what is growing, then what is visible, then the name."""
    dead = row.dead_letter.visible if row.dead_letter is not None else None
    change = row.state.change_per_minute or 0.0
    visible = row.state.visible or 0
    grows = change * GROWING_MINUTES > max(GROWING_BY, visible * GROWING_SHARE)
    return -(dead or 0), -grows, -visible, natural(row.name)


TROUBLE_FIRST: Column[QueueRow] = Column("own", "trouble first", lambda row: row.name, sort=_by_trouble)
"""The list's own order."""


def detail_parts(row: QueueRow) -> list[Part]:
    """One line on a queue: why it can't be read, or where its messages go."""
    state = row.state
    if state.error is not None:
        return [Part(f" {state.error}", "error", Yield.SHORTEN)]
    if state.dead_letter_name:
        limit = state.max_receive_count
        found = row.dead_letter.visible if row.dead_letter else None
        return [
            Part(f" after {limit if limit is not None else 'an unknown number of'} receives to ", "muted"),
            Part(state.dead_letter_name, "", Yield.SHORTEN),
            Part(_held(state, found), "muted"),
        ]
    return [Part(" no dead-letter queue", "muted")] if state.known is not None else []


def _held(state: "QueueState", found: int | None) -> str:
    """What is known of the dead-letter queue."""
    if state.dead_letters_elsewhere:
        return f" of {state.dead_letters_elsewhere}, not listed"
    return f", which holds {found:,}" if found is not None else ", whose count is unknown"


class QueueRows(ListRows["Queue", "QueueState", QueueRow]):
    """Makes rows of states, and knows which sources show a dead-letter queue's count."""

    watch: "QueueWatch"

    def __init__(self, watch: "QueueWatch") -> None:
        super().__init__(watch, self._row)
        self.trend = Trend(watch.history)
        self._sources: dict[str, set[str]] = {}

    def rows(self, changed: "Iterable[QueueState]") -> list[QueueRow]:
        """The rows to paint anew: those of the changed queues, and of the queues of which they are the DLQ."""
        urls: dict[str, None] = {}
        for state in changed:
            urls[state.queue.url] = None
            if state.dead_letters_here:
                self._sources.setdefault(state.dead_letters_here, set()).add(state.queue.url)
        for url in list(urls):
            urls.update(dict.fromkeys(self._sources.get(self.watch.states[url].queue.name, ())))
        return self.rows_of(urls)

    def _row(self, state: "QueueState") -> QueueRow:
        return QueueRow(state, self.watch.named(state.dead_letters_here), self.watch.is_stale(state), self.trend)
