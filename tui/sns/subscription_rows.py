"""The rows of the subscriptions of a topic: what a line says, and the words below it."""

import json
from dataclasses import dataclass
from functools import lru_cache

from connectors.errors import ConnectorError, Step
from connectors.sns.filter_policy import Scope
from connectors.sns.models import QueueReading
from connectors.sns.receivers import Receivers
from connectors.sns.subscriptions import SubscriptionState
from connectors.sqs.policy import Answer, MaySend
from tui.format.values import TROUBLE, UNKNOWN, cell
from tui.sns.topic_words import short
from widgets.line import Part, Yield
from widgets.table.columns import Column, natural

NOT_READ = "…"
"""What stands in a cell until it is read."""
PENDING_WORDS = "pending: nobody confirmed it, so it gets nothing; it goes after three days"


@dataclass(frozen=True, slots=True, eq=False)
class SubscriptionRow:
    """One subscription at a moment; `may_send` is what the policy of its queue says, None where it has none or it was
    not read, `fault` why SNS would not take its filter policy. Rows that show the same are equal."""

    state: SubscriptionState
    may_send: MaySend | None = None
    fault: str = ""
    stale: bool = False

    @property
    def key(self) -> str:
        return self.state.subscription.key

    @property
    def name(self) -> str:
        """What the filter looks at."""
        subscription = self.state.subscription
        return f"{subscription.short_endpoint} {subscription.protocol} {subscription.endpoint}"

    @property
    def is_read(self) -> bool:
        return self.state.known is not None or self.state.error is not None or self.state.read_at is not None

    @property
    def in_trouble(self) -> bool:
        """Whether it gets nothing, whatever is published."""
        return self.trouble != ""

    @property
    def trouble(self) -> str:
        """Why it gets nothing, in two words; empty where it may get something, as far as is known."""
        state = self.state
        if state.is_gone:
            return "gone"
        if state.is_pending:
            return "pending"
        if state.queue is not None and state.queue.is_gone:
            return "queue gone"
        if self.may_send is not None and self.may_send.answer is Answer.NO:
            return "refused"
        return "bad filter" if self.fault else ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SubscriptionRow) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self.key)

    def _said(self) -> tuple[object, ...]:
        state = self.state
        queues = tuple(
            (queue.arn, queue.visible, queue.is_gone, None if queue.error is None else str(queue.error))
            if queue is not None
            else None
            for queue in (state.queue, state.dead_letters)
        )
        error = None if state.error is None else str(state.error)
        raw = None if state.known is None else state.known.raw
        return state.subscription, raw, self.is_read, error, queues, self.may_send, self.fault, self.stale


def row_of(state: SubscriptionState, receivers: Receivers, *, stale: bool = False) -> SubscriptionRow:
    checked = receivers.checked(state)
    fault = str(checked.faults[0]) if checked is not None and checked.policy is None else ""
    return SubscriptionRow(state, receivers.may_send(state), fault, stale)


def state_text(row: SubscriptionRow) -> str:
    """Whether it can get anything, marked where it can't."""
    if row.trouble:
        return f"{TROUBLE} {row.trouble}"
    if row.state.error is not None and row.state.known is None:
        return f"{UNKNOWN} {_why(row.state.error)}"
    if not row.is_read:
        return NOT_READ
    return "can't tell" if row.may_send is not None and row.may_send.answer is Answer.UNKNOWN else "confirmed"


def _why(error: ConnectorError) -> str:
    """Why something was not read, in a word."""
    return "denied" if error.step is Step.PERMISSION else str(error.step)


@lru_cache(maxsize=4096)
def _keys(policy: str) -> int | None:
    """How many keys a filter policy has at its top; None where it is no object of JSON."""
    try:
        value = json.loads(policy)
    except (ValueError, RecursionError):
        return None
    return len(value) if isinstance(value, dict) else None


def filter_text(row: SubscriptionRow) -> str:
    """`2 keys, body`; `none` where every message is taken."""
    details = row.state.details
    if details is None:
        return UNKNOWN if row.is_read else NOT_READ
    if not details.filter_policy:
        return "none"
    keys = _keys(details.filter_policy)
    text = "bad" if row.fault or keys is None else f"{keys:,} key{'' if keys == 1 else 's'}"
    return f"{text}, body" if details.scope is Scope.BODY else text


def visible_text(row: SubscriptionRow) -> str:
    """The messages that are visible in its queue; empty where it has none."""
    return _visible(row, row.state.queue, expected=bool(row.state.subscription.queue_arn))


def _visible(row: SubscriptionRow, queue: QueueReading | None, *, expected: bool) -> str:
    if queue is None:
        return ("" if row.is_read else NOT_READ) if expected else ""
    return cell(queue.visible, stale=row.stale)


def dead_letters_text(row: SubscriptionRow) -> str:
    """The name of the queue of what can't be delivered, and how many lie there."""
    details, queue = row.state.details, row.state.dead_letters
    if details is None:
        return UNKNOWN if row.is_read else NOT_READ
    if not details.dead_letter_arn:
        return "none"
    if queue is None:
        return NOT_READ
    count = f"{TROUBLE} {queue.visible:,}" if queue.visible else cell(queue.visible)
    return f"{count} {queue.name}"


def raw_text(row: SubscriptionRow) -> str:
    details = row.state.details
    if details is None:
        return UNKNOWN if row.is_read else NOT_READ
    return "raw" if details.raw_delivery else "no"


def _style(row: SubscriptionRow) -> str:
    if row.trouble == "pending":
        return "warning"
    if row.in_trouble or (row.state.error is not None and row.state.known is None):
        return "error"
    if not row.is_read:
        return "muted"
    return "stale" if row.stale else ""


def _plain_style(row: SubscriptionRow) -> str:
    return "stale" if row.stale else ("" if row.is_read else "muted")


COLUMNS: tuple[Column[SubscriptionRow], ...] = (
    Column(
        "name",
        "endpoint",
        lambda row: row.state.subscription.short_endpoint,
        sort=lambda row: row.state.subscription.short_endpoint,
        width=16,
        grow=4,
    ),
    Column("protocol", "protocol", lambda row: row.state.subscription.protocol or UNKNOWN, width=8),
    Column("state", "state", state_text, style=_style, width=14),
    Column("filter", "filter", filter_text, style=_plain_style, width=13),
    Column(
        "visible",
        "visible",
        visible_text,
        sort=lambda row: row.state.queue.visible if row.state.queue is not None else None,
        style=_plain_style,
        align="right",
        width=8,
        descending_first=True,
    ),
    Column("raw", "raw", raw_text, style=_plain_style, width=4, min_total=110),
    Column(
        "dead_letters",
        "dead letters",
        dead_letters_text,
        sort=lambda row: row.state.dead_letters.visible if row.state.dead_letters is not None else None,
        style=lambda row: "error" if row.state.dead_letters and row.state.dead_letters.visible else _plain_style(row),
        width=14,
        grow=2,
        min_total=110,
        descending_first=True,
    ),
)

_ORDER = ("queue gone", "refused", "bad filter", "pending", "gone", "")

TROUBLE_FIRST: Column[SubscriptionRow] = Column(
    "own",
    "trouble first",
    lambda row: row.name,
    sort=lambda row: (_ORDER.index(row.trouble), natural(row.state.subscription.short_endpoint)),
)
"""The list's own order: what gets nothing first, then by endpoint."""


def detail_parts(row: SubscriptionRow) -> list[Part]:
    """One line on a subscription: why it gets nothing or could not be read, else its whole endpoint."""
    state = row.state
    if state.is_pending:
        return [Part(f" {PENDING_WORDS}", "warning", Yield.SHORTEN)]
    if row.trouble == "refused" and row.may_send is not None:
        return [Part(f" {row.may_send.reason}", "error", Yield.SHORTEN)]
    if row.fault:
        return [Part(f" filter policy: {row.fault}", "error", Yield.SHORTEN)]
    if state.error is not None:
        return [Part(f" {short(state.error)}", "error", Yield.SHORTEN)]
    if state.queue is not None and state.queue.error is not None:
        return [Part(f" queue: {short(state.queue.error)}", "error", Yield.SHORTEN)]
    if row.may_send is not None and row.may_send.answer is Answer.UNKNOWN:
        return [Part(f" {row.may_send.reason}", "warning", Yield.SHORTEN)]
    return [Part(f" {state.subscription.endpoint}", "muted", Yield.SHORTEN)]
