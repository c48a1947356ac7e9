"""The receives that this run of sluice caused, as text: those of a message, and those of a queue."""

from datetime import datetime

from connectors.open_context import OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.models import Message, Queue
from connectors.sqs.receive_log import LeaseEnd, MessageReceives, QueueReceives, Receive
from tui.format.sparkline import trend_text
from tui.format.values import short_time
from widgets.dialog import Panel
from widgets.facts import Fact


def lease_text(receive: Receive, now: datetime) -> str:
    """What became of the lease, as far as it is known."""
    if receive.end.is_over:
        return receive.end
    running = receive.lease_ends_at > now
    moment = short_time(receive.lease_ends_at, now)
    if receive.end is LeaseEnd.NONE:
        return f"held until {moment}" if running else f"lease ended {moment}"
    return f"{receive.end}; lease {'ends' if running else 'ended'} {moment}"


def _receive_text(receive: Receive, now: datetime) -> str:
    count = "no count" if receive.count is None else f"count {receive.count}"
    return f"{count}, {lease_text(receive, now)}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def message_receives_text(entry: MessageReceives | None, now: datetime) -> str:
    """`2 times in this run: 03:00:12 (count 3, given back), 03:02:40 (count 4, ...); 2 by others or before`."""
    if entry is None:
        return "not known to the ledger of this run"
    shown = ", ".join(f"{short_time(receive.at, now)} ({_receive_text(receive, now)})" for receive in entry.latest[-3:])
    latest = "latest " if entry.times > len(entry.latest[-3:]) else ""
    others = "" if entry.others is None else f"; {entry.others} by others or before"
    return f"{_times(entry.times)} in this run: {latest}{shown}{others}"


def queue_receives_text(totals: QueueReceives) -> str:
    if not totals.receives:
        return "none by sluice in this run"
    messages = f"{'' if totals.exact else 'at most '}{totals.messages:,} message{'' if totals.messages == 1 else 's'}"
    return f"{totals.receives:,} by sluice in this run, of {messages}"


def own_facts(workplace: OpenContext | None, queue: Queue | None) -> list[Fact]:
    """What this run knows of a queue by itself."""
    if workplace is None or queue is None:
        return []
    sqs = workplace.connector(SqsConnector)
    return [
        Fact("trend", trend_text(sqs.history.counts(queue.url, sqs.history.bucket()))),
        Fact("receives", queue_receives_text(sqs.receives_from(queue))),
    ]


def receives_panel(workplace: OpenContext, message: Message) -> Panel:
    """Every receive of `message` that this run caused, and what is left of its receive count."""
    sqs, now = workplace.connector(SqsConnector), workplace.clock.now()
    entry = sqs.receives_of(message)
    facts = [Fact("message id", message.message_id), Fact("queue", message.queue.name)]
    if entry is None:
        facts.append(Fact("by sluice", message_receives_text(None, now), "warning"))
        return Panel("Receives of this message", facts)
    facts.append(Fact("by sluice", f"{_times(entry.times)} in this run"))
    if entry.times > len(entry.latest):
        facts.append(Fact("", f"the latest {len(entry.latest)} are listed"))
    facts += [Fact(short_time(receive.at, now), _receive_text(receive, now)) for receive in entry.latest]
    if entry.others is None:
        facts.append(Fact("others", "unknown: the counts that came do not add up"))
    else:
        facts.append(Fact("others", f"{_times(entry.others)}: by other consumers, or before this run"))
    totals = sqs.receives_from(message.queue)
    facts.append(Fact("the queue", f"receives: {queue_receives_text(totals)}"))
    return Panel("Receives of this message", facts)
