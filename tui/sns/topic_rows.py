"""The rows of the list of topics: what a line says, and the words below it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.format.values import TROUBLE, UNKNOWN, cell
from widgets.facts import Fact
from widgets.line import Part, Yield
from widgets.table.columns import Column, natural

if TYPE_CHECKING:
    from connectors.sns.source import TopicState


@dataclass(frozen=True, slots=True, eq=False)
class TopicRow:
    """One topic with the tally of its subscriptions. Rows that show the same are equal."""

    state: "TopicState"
    stale: bool = False

    @property
    def key(self) -> str:
        return self.state.topic.arn

    @property
    def name(self) -> str:
        return self.state.topic.name

    @property
    def total(self) -> int | None:
        return self.state.known.total if self.state.known is not None else None

    @property
    def pending(self) -> int | None:
        return self.state.known.pending if self.state.known is not None else None

    @property
    def in_trouble(self) -> bool:
        """Whether subscriptions of the topic receive nothing because nobody confirmed them."""
        return bool(self.pending)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TopicRow) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self.key)

    def _said(self) -> tuple[object, ...]:
        error = self.state.error
        return self.key, self.state.known, None if error is None else str(error), self.stale


def pending_text(row: TopicRow) -> str:
    """The subscriptions that nobody confirmed, marked where there are any: they receive nothing."""
    return f"{TROUBLE} {row.pending:,}" if row.pending else cell(row.pending, stale=row.stale)


def protocols_text(row: TopicRow) -> str:
    return UNKNOWN if row.state.known is None else " ".join(row.state.known.protocols)


def _count_style(row: TopicRow, value: int | None) -> str:
    return _style(row) or ("" if value else "muted")


def _style(row: TopicRow) -> str:
    if row.state.known is None:
        return "error" if row.state.error else "muted"
    return "stale" if row.stale else ""


COLUMNS: tuple[Column[TopicRow], ...] = (
    Column("name", "topic", lambda row: row.name, sort=lambda row: row.name, width=20, grow=4),
    Column(
        "subscriptions",
        "subscriptions",
        lambda row: cell(row.total, stale=row.stale),
        sort=lambda row: row.total,
        style=lambda row: _count_style(row, row.total),
        align="right",
        width=13,
        descending_first=True,
    ),
    Column(
        "pending",
        "pending",
        pending_text,
        sort=lambda row: row.pending,
        style=lambda row: "warning" if row.pending else _count_style(row, 0),
        align="right",
        width=9,
        descending_first=True,
    ),
    Column("protocols", "protocols", protocols_text, style=_style, width=14, grow=2),
    Column("type", "type", lambda row: row.state.topic.type, style=lambda row: "muted", width=8, min_total=96),
)


TROUBLE_FIRST: Column[TopicRow] = Column(
    "own", "trouble first", lambda row: row.name, sort=lambda row: (-(row.pending or 0), natural(row.name))
)
"""The list's own order: what is pending first, then by name."""


def detail_parts(row: TopicRow) -> list[Part]:
    """One line on a topic: why its subscriptions are unknown, or its ARN."""
    if row.state.error is not None:
        return [Part(f" {row.state.error}", "error", Yield.SHORTEN)]
    return [Part(f" {row.key}", "muted", Yield.SHORTEN)]


def topic_facts(row: TopicRow) -> list[Fact]:
    """All that the lists say of a topic, for a panel."""
    facts = [Fact("ARN", row.key), Fact("type", row.state.topic.type)]
    if row.state.error is not None:
        facts.append(Fact("subscriptions", str(row.state.error), "error"))
    if row.state.known is not None:
        facts.append(Fact("subscriptions", f"{row.state.known.total:,}"))
        pending = f"{row.state.known.pending:,}"
        if row.state.known.pending:
            facts.append(Fact("pending", f"{pending}, which receive nothing until they are confirmed", "warning"))
        else:
            facts.append(Fact("pending", pending))
        facts.append(Fact("protocols", ", ".join(row.state.known.protocols) or "none"))
    return facts
