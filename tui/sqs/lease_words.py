"""The state and the end of a lease, as text."""

from datetime import datetime, timedelta

from connectors.open_context import OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.leases import Leases
from connectors.sqs.models import Message, Queue
from connectors.sqs.receive_log import LeaseEnd
from tui.format.values import local_time, short_time
from tui.screens.host import AWAY_AFTER
from tui.sqs.message_rows import ENDED, GIVEN_BACK, GONE, HELD
from widgets.line import Part


def lease_in_words(context: OpenContext | None, message: Message) -> str:
    """The lease of `message` for its row: `HELD`, the local time until which it is hidden, `GIVEN_BACK`, `GONE` or
    `ENDED`."""
    if context is None:
        return ENDED
    sqs = context.connector(SqsConnector)
    leases = sqs.leases
    if leases.is_open(message):
        return HELD
    if leases.is_kept(message):
        return _minute(lease_end(context, message))
    if sqs.is_over(message):
        return GONE if sqs.is_gone(message) else GIVEN_BACK
    entry = sqs.receives_of(message)
    latest = entry.latest[-1] if entry else None
    if latest is None or latest.lease_ends <= context.clock.monotonic() or latest.end is LeaseEnd.NONE:
        return ENDED
    return _minute(latest.lease_ends_at)  # giving it back failed, so it runs to its end


def _minute(moment: datetime) -> str:
    return local_time(moment)[11:16]


def kept_parts(kept: int, until: datetime, now: datetime, release_key: str) -> list[Part]:
    """A line on `kept` messages with a visibility timeout that a person set; the last one ends at `until` (UTC)."""
    return [
        Part(f" {kept:,} kept hidden", "warning"),
        Part(f" until {short_time(until, now)}, also when you leave; {release_key} gives back.", "muted"),
    ]


def why_not_extended(leases: Leases, queue: Queue, somebody_is_here: bool) -> str:
    """Why the leases on messages of `queue` are not extended; empty where they are."""
    if queue in leases.not_extended:
        return f"not extended ({leases.not_extended[queue]})"
    return "" if somebody_is_here else f"not extended: no key for {AWAY_AFTER / 60:.0f} min"


def lease_end(context: OpenContext, message: Message) -> datetime:
    """The moment at which the lease of `message` ends (UTC)."""
    entry = context.connector(SqsConnector).receives_of(message)
    if entry is not None:
        return entry.latest[-1].lease_ends_at
    left = timedelta(seconds=max(0.0, message.lease_ends - context.clock.monotonic()))
    return context.clock.now() + left
