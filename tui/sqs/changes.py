"""Send, delete and purge from a screen. Each asks first, then acts and tells the result.

`context` is the screen's own: a change goes there even if the context is switched before the answer.
"""

from collections.abc import Sequence

from connectors.errors import Refused
from connectors.open_context import OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.leases import Leases
from connectors.sqs.models import Draft, Duplicate, EntryOutcome, Message, Queue, QueueAttributes, Sent
from connectors.sqs.service import PURGE_COOLDOWN
from tui.confirm import ask
from tui.format.values import count, size
from tui.screens.host import Host
from tui.sqs.batch_outcomes import outcome_facts
from tui.sqs.sent_words import duplicate_warning
from widgets.facts import Fact
from widgets.line import shorten
from widgets.text import printable

FINAL = "This can't be undone."
_NAMED = 3
"""Messages that a question names."""
_CELLS = 60
"""What a line on a message has: it stands in one line of a question."""


async def send(
    host: Host, context: OpenContext, queue: Queue, draft: Draft, attributes: QueueAttributes | None
) -> Sent | None:
    """Asks, then sends `draft`. None where the answer was no; `OutcomeUnknown` where no usable answer came."""
    by_group = attributes is not None and attributes.deduplicates_by_group
    connector = context.connector(SqsConnector).messages
    change = connector.sending(queue)
    number = len(draft.attributes)
    number_of_attributes = f"{number or 'no'} attribute{'' if number == 1 else 's'}"
    facts = [Fact("message", f"{size(draft.size)}, {number_of_attributes}")]
    if earlier := connector.sent_before(queue, draft, by_group=by_group):
        facts.append(Fact("duplicate", duplicate_warning(earlier, context.clock.monotonic()), "warning"))
    permit = await ask(host, context.guard, change, title="Send this message?", yes="send", facts=facts)
    if permit is None:
        return None
    host.tell("sending…")
    sent = await connector.send(change, permit, queue, draft, by_group=by_group)
    is_duplicate = sent.duplicate is Duplicate.YES
    what = f"taken for a duplicate of {sent.message_id}: nothing was added" if is_duplicate else sent.message_id
    host.tell(what if is_duplicate else f"sent: {what}", severe=is_duplicate)
    return sent


async def delete(
    host: Host, context: OpenContext, queue: Queue, messages: list[Message], *, hidden: int = 0
) -> list[EntryOutcome] | None:
    """Asks, then deletes `messages`; tells what was confirmed, message by message where one was not. `hidden` of them
    are not seen for a filter."""
    sqs = context.connector(SqsConnector)
    connector, leases = sqs.messages, sqs.leases
    facts = lease_facts(host, leases, messages, "DeleteMessageBatch", hidden)
    change = connector.deleting(queue, messages)
    permit = await ask(host, context.guard, change, title="Delete messages?", yes="delete", facts=facts, warning=FINAL)
    if permit is None:
        return None
    host.tell("deleting…")
    held = [leases.current(message) for message in messages]
    with leases.changing(held):
        outcomes = await connector.delete(change, permit, queue, held)
    leases.forget(message for message, outcome in zip(held, outcomes, strict=True) if outcome.confirmed)
    leases.forget_gone(held, outcomes)
    failed = [outcome for outcome in outcomes if not outcome.confirmed]
    host.tell(f"{len(outcomes) - len(failed):,} of {len(outcomes):,} deletes confirmed by SQS", severe=bool(failed))
    if failed:
        host.show_panel("Not all were deleted", outcome_facts(outcomes, "deleted"), is_error=True)
    return outcomes


def what_facts(messages: Sequence[Message]) -> list[Fact]:
    """Which messages these are: one by its whole id, of several how many, and the first by the beginning of their ids;
    each with its group, if it has one, and the beginning of its body."""
    if len(messages) == 1:
        return [Fact("message", messages[0].message_id), Fact("", shorten(_what(messages[0]), _CELLS))]
    facts = [Fact("messages", f"{len(messages):,}")]
    named = (f"{message.message_id[:8]}  {_what(message)}" for message in messages[:_NAMED])
    facts += [Fact("", shorten(text, _CELLS)) for text in named]
    more = len(messages) - _NAMED
    return [*facts, Fact("", f"and {more:,} more")] if more > 0 else facts


def _what(message: Message) -> str:
    body = " ".join(message.body[: 4 * _CELLS].split())
    return printable(f"{message.group_id[:20]}  {body}" if message.group_id else body)


def lease_facts(host: Host, leases: Leases, messages: Sequence[Message], operation: str, hidden: int) -> list[Fact]:
    """What to say of `messages` before a change by receipt handle; raises `Refused` where no lease of them runs."""
    now = host.clock.monotonic()
    ends = [leases.current(message).lease_ends for message in messages]
    running = [end for end in ends if end > now]
    if not running:
        raise Refused(
            "the lease of what you chose has ended, so its receipt handles may do nothing",
            f"peek again ({host.key('queue.peek')}), then try again",
            operation=operation,
        )
    facts = [*what_facts(messages), Fact("lease", _lease(leases, messages[0].queue, min(running) - now))]
    if hidden:
        facts.append(Fact("not in sight", f"{hidden} of them, hidden by the filter", "warning"))
    if over := len(messages) - len(running):
        facts.append(Fact("left out", f"{over} whose lease has ended", "warning"))
    return facts


def _lease(leases: Leases, queue: Queue, seconds: float) -> str:
    why = leases.not_extended.get(queue)
    return (
        f"ends in {seconds:.0f} s; answer before that"
        if why
        else f"ends in {seconds:.0f} s, extended while you are here"
    )


async def purge(host: Host, context: OpenContext, queue: Queue, attributes: QueueAttributes | None) -> bool:
    """Asks for the queue's name, then starts a purge, which takes the messages held along. False where the answer was
    no."""
    connector = context.connector(SqsConnector).messages
    wait = connector.purge_cooldown(queue)
    if wait > 0:
        raise Refused(
            f"{queue.name} was purged less than {PURGE_COOLDOWN:.0f} s ago",
            f"again in {wait:.0f} s",
            operation="PurgeQueue",
            retry_after=wait,
        )
    change = connector.purging(queue)
    counts = attributes.counts if attributes else None
    facts = [
        Fact(
            "messages",
            f"all: about {count(counts.visible)} visible, {count(counts.in_flight)} in flight, "
            f"{count(counts.delayed)} delayed"
            if counts
            else "all: an unknown number",
            "error",
        ),
        Fact("also", "those that arrive while the purge runs, up to 60 s", "warning"),
    ]
    permit = await ask(
        host,
        context.guard,
        change,
        title="Purge this queue?",
        yes="purge",
        facts=facts,
        warning=FINAL,
        must_type=queue.name,
    )
    if permit is None:
        return False
    host.tell("starting the purge…")
    await connector.purge(change, permit, queue)
    host.tell(f"purge started: it takes up to {PURGE_COOLDOWN:.0f} s, and SQS does not say when it is done")
    leases = context.connector(SqsConnector).leases
    leases.forget([*leases.maybe_hidden(queue), *leases.kept(queue)])
    return True
