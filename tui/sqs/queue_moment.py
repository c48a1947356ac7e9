"""What the screen of one queue says: `QueueMoment` is all that it is made of, as one value."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from tui.screens.resource import Painted
from tui.sqs.lease_words import kept_parts
from tui.sqs.queue_facts import QueueKnowledge, queue_facts
from tui.sqs.receive_cost import cost_parts, held_parts, walk_parts
from widgets.facts import Fact
from widgets.line import Part, Yield


class Walking(NamedTuple):
    """How far a walk is. `visible_before` is the visible count when it began, None where it was unknown."""

    seen: int
    most: int
    visible_before: int | None


class Held(NamedTuple):
    """Leases that are open, the seconds until the first of them ends, and why they are not extended."""

    leases: int
    seconds: float
    why_not_extended: str


class Kept(NamedTuple):
    """Messages that somebody hid for a time, and when the last of them comes back (UTC)."""

    messages: int
    until: datetime


@dataclass(frozen=True, slots=True)
class QueueMoment:
    """One queue at a moment: what was read of it, and what this run does there and holds.

    `own` is what this run knows of the queue by itself, `purge_wait` the seconds until SQS takes another purge, and
    `has_rows` says whether messages are listed that a look brought.
    """

    knowledge: QueueKnowledge
    now: datetime
    own: tuple[Fact, ...] = ()
    purge_wait: float = 0.0
    walking: Walking | None = None
    held: Held | None = None
    kept: Kept | None = None
    has_rows: bool = False
    no_look: bool = False

    @property
    def is_passing(self) -> bool:
        """Whether something of it runs down, so that it has to be shown again soon."""
        return bool(self.walking or self.held or self.kept or self.purge_wait)


def painted(moment: QueueMoment, key: Callable[[str], str]) -> Painted:
    """`key` gives the label of the key of a command, by the command's id."""
    return Painted(title_parts(moment), queue_facts(moment.knowledge, moment.now, moment.own), foot_parts(moment, key))


def title_parts(moment: QueueMoment) -> list[Part]:
    """The queue's name and counts, the wait for another purge, and what is wrong with the reading."""
    attributes, error = moment.knowledge.attributes, moment.knowledge.error
    parts = [Part(" Queue ", "strong"), Part(moment.knowledge.name, "strong", Yield.SHORTEN)]
    if attributes is not None:
        counts = attributes.counts
        for value, label in (
            (counts.visible, "visible"),
            (counts.in_flight, "in flight"),
            (counts.delayed, "delayed"),
        ):
            parts.append(Part(f"  {'–' if value is None else format(value, ',')}", "strong", Yield.DROP))
            parts.append(Part(f" {label}", "muted", Yield.DROP, with_previous=True))
    if moment.purge_wait > 0:
        parts.append(Part(f"  purge started, again in {moment.purge_wait:.0f} s", "warning"))
    if error is not None:
        parts.append(Part(f"  {'last reading' if attributes else 'reading'} failed: {error.step}", "error"))
    elif attributes is None:
        parts.append(Part("  reading…", "muted"))
    return parts


def foot_parts(moment: QueueMoment, key: Callable[[str], str]) -> list[Part]:
    """What a look costs, how far a walk is, or how long the leases still run."""
    peek = key("queue.peek")
    if moment.walking is not None:
        return walk_parts(*moment.walking, peek, key("screen.back"))
    if moment.held is not None:
        leases, seconds, why_not_extended = moment.held
        fifo = moment.knowledge.name.endswith(".fifo")
        return held_parts(leases, seconds, fifo=fifo, why_not_extended=why_not_extended)
    if moment.kept is not None:
        return kept_parts(*moment.kept, moment.now, key("app.release"))
    if moment.has_rows:
        return [Part(f" No lease is held any more: look again ({peek}) before you delete.", "warning")]
    if moment.no_look:
        return [Part(" Looking is switched off in this context.", "muted")]
    return cost_parts(moment.knowledge, peek)
