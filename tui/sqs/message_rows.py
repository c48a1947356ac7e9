"""The rows of the messages looked at: what a line says about a message, its lease and its receive count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.sqs.models import Message
from tui.format.values import TROUBLE, UNKNOWN, short_age, size
from widgets.table.columns import Column

HELD, ENDED, GIVEN_BACK, GONE = "held", "ended", "back", "gone"
BODY_SHOWN = 400
"""Characters of a body in a line of the list."""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message; `limit` is the queue's maxReceiveCount, None where it has none or it is unknown. `lease` says what
    its receipt handle is still good for: `HELD`, `ENDED`, `GIVEN_BACK`, `GONE`, or the time until which somebody hid
    it."""

    message: Message
    limit: int | None
    lease: str = HELD

    @property
    def key(self) -> str:
        return self.message.message_id

    @property
    def on_last_receive(self) -> bool:
        """Whether one more receive would send it to the dead-letter queue."""
        count = self.message.receive_count
        return self.limit is not None and count is not None and count >= self.limit


def receives(row: MessageRow) -> str:
    """`3 of 5`; `5 of 5 LAST` where the next receive moves it."""
    count = row.message.receive_count
    if count is None:
        return "–"
    if row.limit is None:
        return f"{count}"
    return f"{count} of {row.limit}" + (" LAST" if row.on_last_receive else "")


def seen(row: MessageRow) -> str:
    """As `receives`, for a column: `3/5`, and a mark where the next receive moves it."""
    count = row.message.receive_count
    if count is None or row.limit is None:
        return UNKNOWN if count is None else f"{count}"
    return f"{TROUBLE} {count}/{row.limit}" if row.on_last_receive else f"{count}/{row.limit}"


def _style(row: MessageRow) -> str:
    if row.lease in (ENDED, GIVEN_BACK, GONE):
        return "muted"
    return "error" if row.on_last_receive else ""


def _body(row: MessageRow) -> str:
    return row.message.body[:BODY_SHOWN] or UNKNOWN  # SQS takes no empty body: this one could not be read


def columns(
    *, fifo: bool, lease: Callable[[Message], str], now: Callable[[], datetime]
) -> Sequence[Column[MessageRow]]:
    """`group` only where groups matter. `lease` says how a lease stands now: a row that was out of sight since says how
    it stood then. Where there is little room the body and the receives stay, then the lease, then the group."""
    group: list[Column[MessageRow]] = [
        Column("group", "group", lambda row: row.message.group_id or "", width=14, min_total=2 if fifo else 140)
    ]
    return (
        Column(
            "receives",
            "seen",
            seen,
            sort=lambda row: row.message.receive_count,
            style=_style,
            align="right",
            width=7,
            descending_first=True,
        ),
        Column(
            "lease",
            "lease",
            lambda row: "" if row.lease == HELD else row.lease,
            sort=lambda row: lease(row.message),
            style=_style,
            width=5,
            min_total=1,
        ),
        Column(
            "sent",
            "age",
            lambda row: short_age(row.message.moment("SentTimestamp"), now()),
            sort=lambda row: row.message.moment("SentTimestamp") or datetime.min.replace(tzinfo=UTC),
            style=_style,
            align="right",
            width=4,
            min_total=40,
        ),
        Column(
            "size",
            "size",
            lambda row: size(row.message.size),
            sort=lambda row: row.message.size,
            style=_style,
            align="right",
            width=8,
            min_total=45,
            descending_first=True,
        ),
        *group,
        Column(
            "id", "message id", lambda row: row.message.message_id, style=lambda row: "muted", width=36, min_total=140
        ),
        Column("body", "body", _body, style=_style, width=16, grow=1),
    )
