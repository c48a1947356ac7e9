"""What looks do to messages that are at their maxReceiveCount: which are known before a look, how many it moved.

SQS never tells that a receive moved a message to the dead-letter queue: it does not bring the message, and the counts
of both queues, approximate for about a minute, change.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from connectors.aws.session import AwsSession
from connectors.errors import ConnectorError
from connectors.sqs.models import Queue, QueueAttributes, RedrivePolicy
from connectors.sqs.queues import Queues
from connectors.sqs.receive_log import LeaseEnd, ReceiveLog

COUNTS_SETTLE = 60.0
"""Seconds in which the counts of a queue may be behind (GetQueueAttributes)."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How many messages a queue and its dead-letter queue have: visible, in flight and delayed together. None where
    that is unknown."""

    source: int | None = None
    dead_letter: int | None = None


@dataclass(frozen=True, slots=True)
class BeforeLook:
    """What is known right before a look. `attributes` are fresh, None where they could not be read; `at_limit` are the
    ids of the messages that one more receive moves, `at_limit_count` how many of them can be there still."""

    queue: Queue
    attributes: QueueAttributes | None
    error: ConnectorError | None = None
    at_limit: Collection[str] = ()
    at_limit_count: int = 0
    totals: Totals = field(default_factory=Totals)

    @property
    def has_limit(self) -> bool:
        """Whether a look can move messages to a dead-letter queue."""
        return self.attributes is not None and self.attributes.redrive is not None


@dataclass(frozen=True, slots=True)
class Moved:
    """What a look moved to the queue `name`: `about` so many by the counts, and `maybe` so many that were at their
    limit and did not come while the counts say nothing: others may hold them."""

    name: str
    about: int = 0
    maybe: int = 0

    def __bool__(self) -> bool:
        return bool(self.about or self.maybe)


class DeadLetters:
    def __init__(self, session: AwsSession, receive_log: ReceiveLog, place: str) -> None:
        self._session = session
        self._queues = Queues(session)
        self._receive_log = receive_log
        self._place = place
        self._found: dict[str, Queue] = {}
        """Dead-letter queues by ARN."""

    async def before_look(self, queue: Queue, known: QueueAttributes | None) -> BeforeLook:
        """Reads the queue and its dead-letter queue anew. `known` are its attributes as they were read last; nothing is
        read where they have no redrive policy, or are unknown. Raises nothing: a failure is part of what it returns."""
        if known is None or known.redrive is None:
            return BeforeLook(queue, known)
        try:
            attributes = await self._queues.attributes(queue)
        except ConnectorError as error:
            at_limit = self._at_limit(queue, known.redrive.max_receive_count)
            return BeforeLook(queue, None, error, at_limit, len(at_limit))
        self._receive_log.made(self._place, queue, attributes.raw.get("CreatedTimestamp", ""))
        if attributes.redrive is None:
            return BeforeLook(queue, attributes)
        total = attributes.counts.total
        at_limit = self._at_limit(queue, attributes.redrive.max_receive_count)
        dead_letter = await self._total_of_dead_letters(attributes, attributes.redrive)
        count = self._still_there(queue, at_limit, total)
        return BeforeLook(queue, attributes, None, at_limit, count, Totals(total, dead_letter))

    async def after_look(
        self, before: BeforeLook, came: Collection[str], *, held: Collection[str], full: bool
    ) -> Moved:
        """What the look moved that brought `came`. `held` are the ids of messages under a lease of this run, which no
        receive brings. `full` says that it brought as many as were asked for: what did not come says nothing then."""
        redrive = before.attributes.redrive if before.attributes else None
        if before.attributes is None or redrive is None:
            return Moved("")
        missing: set[str] = set() if full else {*before.at_limit} - {*came} - {*held}
        try:
            source = (await self._queues.attributes(before.queue)).counts.total
        except ConnectorError:
            source = None
        after = Totals(source, await self._total_of_dead_letters(before.attributes, redrive))
        by_counts = _moved_by_counts(before.totals, after)
        if by_counts and len(missing) <= by_counts:
            self._receive_log.ended_by_id(self._place, before.queue, missing, LeaseEnd.MOVED)
        if by_counts:
            return Moved(redrive.dead_letter_name, about=max(by_counts, len(missing)))
        return Moved(redrive.dead_letter_name, maybe=min(len(missing), before.at_limit_count))

    def _at_limit(self, queue: Queue, limit: int | None) -> Collection[str]:
        return self._receive_log.at_limit(self._place, queue, limit) if limit is not None else ()

    def _still_there(self, queue: Queue, at_limit: Collection[str], total: int | None) -> int:
        """How many of `at_limit` can be in the queue still: not more than it has, once its counts have settled."""
        if total is None:
            return len(at_limit)
        settled = self._session.clock.monotonic() - COUNTS_SETTLE
        fresh = self._receive_log.leased_after(self._place, queue, at_limit, settled)
        return fresh + min(len(at_limit) - fresh, max(0, total - fresh))

    async def _total_of_dead_letters(self, source: QueueAttributes, redrive: RedrivePolicy) -> int | None:
        arn = redrive.dead_letter_arn
        try:
            queue = self._found.get(arn) or await self._queues.find_by_arn(arn, beside=source.arn)
            if queue is None:
                return None
            attributes = await self._queues.attributes(queue)
            if attributes.arn not in ("", arn):  # an endpoint that takes no account answers with another queue
                return None
            self._found[arn] = queue
            return attributes.counts.total
        except ConnectorError:
            return None


def _moved_by_counts(before: Totals, after: Totals) -> int:
    """By how much the dead-letter queue grew, and not more than the source shrank. Consumers take messages out of the
    source too, so its count alone says nothing."""
    if before.dead_letter is None or after.dead_letter is None:
        return 0
    grown = max(0, after.dead_letter - before.dead_letter)
    if before.source is None or after.source is None:
        return grown
    return min(grown, max(0, before.source - after.source))
