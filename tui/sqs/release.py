"""Giving leases back: those of a queue, of some messages, or all that are held."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from connectors.clock import Clock
from connectors.open_context import Left, OpenContext
from connectors.sqs.connector import LeftLeases, SqsConnector
from connectors.sqs.leases import EXTENDED_TO, Leases
from connectors.sqs.models import Message, Queue
from connectors.sqs.returned import Returned
from connectors.sqs.wire import GONE
from tui.format.values import short_time
from tui.screens.host import Host
from tui.sqs.batch_outcomes import MOST_FACTS, given_back_word, lost_lines, most_frequent_reason
from tui.sqs.lease_words import lease_end
from widgets.facts import Fact

_SURE_OF = 1_000
"""Messages that can be given back in the budget of closing, unless the line is slow: it takes a hundred calls."""


def give_back(host: Host, context: OpenContext, queue: Queue) -> None:
    """Gives back the leases on messages of `queue` and tells the result. Goes on when the screen is closed. A context
    that is being closed gives everything back by itself."""
    if not context.is_closing:
        host.run_change(partial(_give_back, host, _leases(context), queue), "give leases back")


def give_back_these(host: Host, context: OpenContext, messages: Sequence[Message]) -> None:
    """As `give_back`, for `messages`."""
    if not context.is_closing:
        host.run_change(partial(_give_back_these, host, _leases(context), messages), "give leases back")


def _leases(context: OpenContext) -> Leases:
    return context.connector(SqsConnector).leases


async def _give_back(host: Host, leases: Leases, queue: Queue) -> None:
    report_given_back(host, await leases.give_back(queue))


async def _give_back_these(host: Host, leases: Leases, messages: Sequence[Message]) -> None:
    report_given_back(host, await leases.return_these(messages))


def report_given_back(host: Host, returned: Returned, place: str = "") -> None:
    """Says how many messages were given back, logs each that was not, and tells every screen. `place` says from where,
    if not from the queue on screen."""
    for line in lost_lines([returned]):
        host.note("lease", line)
    total = len(returned.outcomes)
    if returned.lost:
        gone = f"; {returned.gone:,} {GONE}" if returned.gone else ""
        host.tell(
            f"{len(returned.lost):,} of {total:,} not given back (see {host.key('app.log')}); "
            f"visible again in {returned.returns_in:.0f} s{gone}",
            severe=True,
        )
    elif total:
        host.tell(given_back_word(returned, place))
    host.leases_changed(returned.queues)


class HeldLeases:
    """What SQS holds: the leases on messages. For `Service.holding`."""

    async def release(self, host: Host, context: OpenContext) -> bool:
        """Gives back every lease of `context`, and names what could not be given back and when it returns by itself.
        False where there is none."""
        leases = _leases(context)
        host.stop_looking()  # a walk would receive again what is given back
        held = [*leases.maybe_hidden(), *leases.kept()]
        if not held:
            return False
        queues = len({message.queue for message in held})
        host.tell(f"giving back {_messages(len(held))} of {_queues(queues)}…")
        returned = await leases.return_these(held)
        report_given_back(host, returned, _queues(queues))
        if returned.lost:
            host.show_panel("Not all were released", _lost_facts(context, held, returned), is_error=True)
        return True

    def parting_facts(self, context: OpenContext, release_key: str) -> list[Fact]:
        """What closing `context` does to its leases. `release_key` is the label of the key that gives all of them
        back."""
        leases = _leases(context)
        facts: list[Fact] = []
        held, kept = leases.open(), leases.kept()
        if 0 < len(held) <= _SURE_OF:
            facts.append(Fact("leases", f"{len(held):,} held; quitting gives them back"))
        elif held:
            longest = max(message.lease_ends for message in held) - context.clock.monotonic()
            seconds = max(longest, EXTENDED_TO)  # they may be extended while the question is open
            too_many = f"{len(held):,} held; quitting takes a second, too short for so many"
            facts.append(Fact("leases", too_many, "warning"))
            facts.append(Fact("", f"the rest is visible again within {seconds:.0f} s; {release_key} gives all back"))
        if kept:
            facts.append(Fact("hidden by hand", f"{len(kept):,} stay hidden for the time that was set"))
        return facts

    def left_lines(self, left: Left, clock: Clock) -> list[str]:
        return left_lines(left, clock)


def _lost_facts(context: OpenContext, held: list[Message], returned: Returned) -> list[Fact]:
    total, gone = len(returned.outcomes), returned.gone
    facts = [Fact("released", f"{total - len(returned.lost) - gone:,} of {total:,}")]
    if gone:
        facts.append(Fact("gone", f"{gone:,} {GONE}"))
    by_id = {message.message_id: message for message in held}
    is_many = len(returned.lost) > MOST_FACTS
    for queue, lost in returned.lost_by_queue().items():
        if is_many:
            last = short_time(
                max(lease_end(context, by_id[outcome.message_id]) for outcome in lost), context.clock.now()
            )
            text = f"{len(lost):,} not, the last returns by itself at {last}: {most_frequent_reason(lost)}"
            facts.append(Fact(queue.name, text, "error"))
            continue
        for outcome in lost:
            returns = short_time(lease_end(context, by_id[outcome.message_id]), context.clock.now())
            text = f"{queue.name}: {outcome.reason}; returns by itself at {returns}"
            facts.append(Fact(outcome.message_id, text, "error"))
    return facts


def _messages(count: int) -> str:
    return f"{count:,} message{'' if count == 1 else 's'}"


def _queues(count: int) -> str:
    return f"{count:,} queue{'' if count == 1 else 's'}"


def left_lines(left: Left, clock: Clock) -> list[str]:
    """A line for each lease that was not given back when a context was closed, and for each queue with messages that
    stay hidden as somebody set it."""
    lines = [line for leases in left.of(LeftLeases) for line in lost_lines(leases.returned)]
    return lines + [line for leases in left.of(LeftLeases) for line in _kept_lines(leases.kept, clock)]


def _kept_lines(kept: Sequence[Message], clock: Clock) -> list[str]:
    now, monotonic = clock.now(), clock.monotonic()
    ends: dict[Queue, list[float]] = {}
    for message in kept:
        ends.setdefault(message.queue, []).append(message.lease_ends)
    lines: list[str] = []
    for queue, moments in ends.items():
        until = short_time(now + timedelta(seconds=max(moments) - monotonic), now)
        latest = " at the latest" if min(moments) < max(moments) else ""
        verb = "stays" if len(moments) == 1 else "stay"
        lines.append(f"{len(moments):,} of {queue.name} {verb} hidden until {until}{latest}, as set by hand")
    return lines
