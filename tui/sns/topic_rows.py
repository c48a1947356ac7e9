"""The rows of the list of topics: what a line says, and the words below it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.format.values import TROUBLE, UNKNOWN, cell
from widgets.facts import Fact
from widgets.line import Part, Yield
from widgets.table.columns import Column, natural

if TYPE_CHECKING:
    from connectors.sns.models import Subscription, SubscriptionTally
    from connectors.sns.source import TopicState


_MOST_NAMED = 5
_MOST_LISTED = 40


@dataclass(frozen=True, slots=True, eq=False)
class TopicRow:
    """One topic with the tally of its subscriptions. Rows that show the same are equal."""

    state: "TopicState"
    stale: bool = False
    queues_gone: tuple[str, ...] = ()
    """Queues that subscriptions name and the list of queues, read whole, doesn't have."""

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
    def subscriptions(self) -> "tuple[Subscription, ...]":
        """Those of this account, as listed."""
        return self.state.known.subscriptions if self.state.known is not None else ()

    @property
    def is_gone(self) -> bool:
        """Whether only subscriptions are left of the topic."""
        return self.state.known is not None and self.state.known.topic_is_gone

    @property
    def in_trouble(self) -> bool:
        """Whether subscriptions of the topic receive nothing: nobody confirmed them, or topic or queue is gone."""
        return bool(self.pending or self.queues_gone or self.is_gone)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TopicRow) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self.key)

    def _said(self) -> tuple[object, ...]:
        error = self.state.error
        return self.key, self.state.known, None if error is None else str(error), self.stale, self.queues_gone


def pending_text(row: TopicRow) -> str:
    """The subscriptions that nobody confirmed, marked where there are any: they receive nothing."""
    return f"{TROUBLE} {row.pending:,}" if row.pending else cell(row.pending, stale=row.stale)


def name_text(row: TopicRow) -> str:
    return f"{TROUBLE} {row.name} (gone)" if row.is_gone else row.name


def protocols_text(row: TopicRow) -> str:
    """The protocols; before them how many queues are gone."""
    if row.state.known is None:
        return UNKNOWN
    gone = len(row.queues_gone)
    trouble = [f"{TROUBLE} {gone:,} queue{'' if gone == 1 else 's'} gone"] if gone else []
    return " ".join([*trouble, *row.state.known.protocols])


def _count_style(row: TopicRow, value: int | None) -> str:
    return _style(row) or ("" if value else "muted")


def _style(row: TopicRow) -> str:
    if row.state.known is None:
        return "error" if row.state.error else "muted"
    return "stale" if row.stale else ""


COLUMNS: tuple[Column[TopicRow], ...] = (
    Column(
        "name",
        "topic",
        name_text,
        sort=lambda row: row.name,
        style=lambda row: "error" if row.is_gone else "",
        width=20,
        grow=4,
    ),
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
    Column(
        "protocols",
        "protocols",
        protocols_text,
        style=lambda row: "error" if row.queues_gone else _style(row),
        width=14,
        grow=2,
    ),
    Column("type", "type", lambda row: row.state.topic.type, style=lambda row: "muted", width=8, min_total=96),
)


TROUBLE_FIRST: Column[TopicRow] = Column(
    "own",
    "trouble first",
    lambda row: row.name,
    sort=lambda row: (row.is_gone, -((row.pending or 0) + len(row.queues_gone)), natural(row.name)),
)
"""The list's own order: topics with subscriptions that get nothing first, then by name; last what is left of topics
that are gone."""


def detail_parts(row: TopicRow) -> list[Part]:
    """One line on a topic: why its subscriptions are unknown, or its ARN."""
    if row.state.error is not None:
        return [Part(f" {row.state.error}", "error", Yield.SHORTEN)]
    if row.is_gone:
        left = ", ".join(subscription.short_endpoint for subscription in row.subscriptions[:_MOST_NAMED])
        return [Part(f" the topic is gone; still subscribed to it: {left}", "error", Yield.SHORTEN)]
    if row.queues_gone:
        names = ", ".join(row.queues_gone[:_MOST_NAMED])
        return [Part(f" not among the queues listed: {names}", "error", Yield.SHORTEN)]
    return [Part(f" {row.key}", "muted", Yield.SHORTEN)]


def topic_facts(row: TopicRow) -> list[Fact]:
    """What the lists say of a topic and of each of its subscriptions. ListSubscriptions has those of this account only;
    the screen of the topic has all."""
    facts = [Fact("ARN", row.key), Fact("type", row.state.topic.type)]
    if row.state.error is not None:
        return [*facts, Fact("subscriptions", str(row.state.error), "error")]
    if row.total is None:
        return facts
    facts.append(Fact("subscriptions", f"{row.total:,} of this account, as listed" if row.total else "none listed"))
    for subscription in row.subscriptions[:_MOST_LISTED]:
        trouble = ""
        if subscription.is_pending:
            trouble = f" {TROUBLE} pending"
        elif subscription.queue_arn and subscription.queue_name in row.queues_gone:
            trouble = f" {TROUBLE} not among the queues listed"
        style = "warning" if trouble else ""
        facts.append(Fact(subscription.protocol or UNKNOWN, f"{subscription.short_endpoint}{trouble}", style))
    if len(row.subscriptions) > _MOST_LISTED:
        facts.append(Fact("", f"and {len(row.subscriptions) - _MOST_LISTED:,} more"))
    return facts


def queues_gone(tally: "SubscriptionTally | None", listed: Collection[str] | None, here: tuple[str, str]) -> list[str]:
    """The names of queues in `tally` that are of the region and account `here` and not among `listed`, the names of
    all queues there; none while these are unknown."""
    if tally is None or listed is None:
        return []
    from connectors.sqs.models import arn_parts

    found = []
    for subscription in tally.subscriptions:
        region, account, name = arn_parts(subscription.queue_arn)
        if name and (region, account) == here and name not in listed:
            found.append(name)
    return found
