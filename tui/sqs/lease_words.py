"""What a screen says of a lease."""

from datetime import datetime, timedelta

from connectors.sqs.connector import SqsConnector
from connectors.sqs.ledger import LeaseEnd
from connectors.sqs.models import Message
from tui.format.values import local_time, short_time
from tui.screens.host import Host
from tui.sqs.message_rows import ENDED, GIVEN_BACK, HELD
from widgets.line import Part


def lease_in_words(host: Host, message: Message) -> str:
    """The word of a row for the lease of `message`: held, kept until a moment, given back, or ended."""
    if host.workplace is None:
        return ENDED
    sqs = host.workplace.connector(SqsConnector)
    leases = sqs.leases
    if leases.is_open(message):
        return HELD
    if leases.is_kept(message):
        return _minute(lease_end(host, message))
    if sqs.is_over(message):
        return GIVEN_BACK
    entry = sqs.receives_of(message)
    latest = entry.latest[-1] if entry else None
    if latest is None or latest.lease_ends <= host.clock.monotonic() or latest.end is LeaseEnd.NONE:
        return ENDED
    return _minute(latest.lease_ends_at)  # it could not be given back, and runs on


def _minute(moment: datetime) -> str:
    return local_time(moment)[11:16]


def kept_parts(kept: int, until: datetime, now: datetime, release_key: str) -> list[Part]:
    """A line for `kept` messages that stay hidden as somebody set it, the last of them `until` then."""
    return [
        Part(f" {kept:,} kept hidden", "warning"),
        Part(f" until {short_time(until, now)}, also when you leave; {release_key} releases.", "muted"),
    ]


def lease_end(host: Host, message: Message) -> datetime:
    """When the lease of `message` ends, by the clock on the wall (UTC)."""
    entry = host.workplace.connector(SqsConnector).receives_of(message) if host.workplace else None
    if entry is not None:
        return entry.latest[-1].lease_ends_at
    left = timedelta(seconds=max(0.0, message.lease_ends - host.clock.monotonic()))
    return host.clock.now() + left
