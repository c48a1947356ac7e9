"""The receive log: every receive that this run caused, by message and by queue, and what became of its lease.

Pure: moments are given. It outlives a context, and holds no body and no receipt handle.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from connectors.sqs.models import Message, Queue

MOST_MESSAGES = 10_000
"""Messages that are remembered; beyond that the one received longest ago is forgotten. That is about 6 MB."""
MOST_RECEIVES = 20
"""Receives of one message that are remembered one by one, the latest; all of them are counted."""


class LeaseEnd(StrEnum):
    """What is known of the end of a lease, apart from its moment."""

    NONE = ""
    GIVEN_BACK = "given back"
    NOT_GIVEN_BACK = "not given back"
    GIVING_BACK = "giving back had no answer"
    DELETED = "deleted"
    GONE = "gone or received by others"
    MOVED = "moved to the dead-letter queue"

    @property
    def is_over(self) -> bool:
        """Whether the lease is over before its time."""
        return self in (LeaseEnd.GIVEN_BACK, LeaseEnd.DELETED, LeaseEnd.GONE, LeaseEnd.MOVED)

    MAYBE_DELETED = "maybe deleted"


@dataclass(slots=True)
class Receive:
    """One receive of one message. `count` is the receive count that came with it; `lease_ends` is on the clock's
    monotonic scale, `lease_ends_at` the same moment on the wall."""

    at: datetime
    count: int | None
    lease_ends: float
    lease_ends_at: datetime
    handle: int
    end: LeaseEnd = LeaseEnd.NONE


@dataclass(slots=True)
class MessageReceives:
    """The receives of one message. `times` counts them all, `latest` holds up to `MOST_RECEIVES`, the newest last."""

    times: int = 0
    latest: list[Receive] = field(default_factory=list)

    @property
    def count(self) -> int:
        """The receive count, as far as it is known: the latest one that came; where none came the receives of this
        run."""
        return next((receive.count for receive in reversed(self.latest) if receive.count is not None), self.times)

    @property
    def others(self) -> int | None:
        """Receives that are not of this run: somebody else's, or of an earlier time. None where the counts that came
        do not add up, as after a move to another queue, or are missing."""
        counts = [receive.count for receive in self.latest]
        known = [count for count in counts if count is not None]
        if len(known) < len(counts) or any(later <= earlier for earlier, later in pairwise(known)):
            return None
        return known[-1] - self.times if known and known[-1] >= self.times else None


@dataclass(slots=True)
class QueueReceives:
    """All receives from one queue. `messages` is an upper bound where `exact` is False: what was forgotten and came
    again is counted twice."""

    receives: int = 0
    messages: int = 0
    exact: bool = True


_Place = tuple[str, str]


class ReceiveLog:
    """Kept by endpoint and queue URL: two emulators may name their queues alike."""

    def __init__(self, *, most_messages: int = MOST_MESSAGES) -> None:
        self._most = most_messages
        self._messages: OrderedDict[tuple[_Place, str], MessageReceives] = OrderedDict()
        self._queues: dict[_Place, QueueReceives] = {}
        self._places: dict[_Place, _Place] = {}
        self._created: dict[_Place, str] = {}

    def received(self, endpoint: str, messages: Sequence[Message], at: datetime, ends_at: datetime) -> None:
        """One ReceiveMessage brought `messages`, all of one queue, under leases that end at `ends_at` on the wall."""
        for message in messages:
            place = self._place(endpoint, message.queue)
            queue = self._queues.setdefault(place, QueueReceives())
            entry = self._messages.get((place, message.message_id))
            if entry is None:
                entry = self._messages[place, message.message_id] = MessageReceives()
                queue.messages += 1
            self._messages.move_to_end((place, message.message_id))
            queue.receives += 1
            entry.times += 1
            entry.latest = [
                *entry.latest[1 - MOST_RECEIVES :],
                Receive(at, message.receive_count, message.lease_ends, ends_at, hash(message.receipt_handle)),
            ]
        while len(self._messages) > self._most:
            (place, _), _ = self._messages.popitem(last=False)
            self._queues[place].exact = False

    def ended(self, endpoint: str, messages: Iterable[Message], end: LeaseEnd) -> None:
        """What became known of the leases on `messages`."""
        for message in messages:
            receive = self._receive(endpoint, message)
            if receive is not None:
                receive.end = end

    def extended(self, endpoint: str, messages: Iterable[Message], ends_at: datetime) -> None:
        """The leases on `messages` end at another moment than before: at their `lease_ends`, `ends_at` on the wall."""
        for message in messages:
            receive = self._receive(endpoint, message)
            if receive is not None:
                receive.lease_ends, receive.lease_ends_at = message.lease_ends, ends_at

    def ended_by_id(self, endpoint: str, queue: Queue, message_ids: Iterable[str], end: LeaseEnd) -> None:
        """What became known of messages of `queue` that did not come again."""
        for message_id in message_ids:
            entry = self._messages.get(((endpoint, queue.url), message_id))
            if entry is not None:
                entry.latest[-1].end = end

    def made(self, endpoint: str, queue: Queue, created: str) -> None:
        """`queue` says that it was created then. Where it said something else before, it was deleted and made anew, and
        what was received from the old one is forgotten."""
        place = self._place(endpoint, queue)
        if created and self._created.setdefault(place, created) != created:
            self._created[place] = created
            self._queues.pop(place, None)
            for key in [key for key in self._messages if key[0] == place]:
                del self._messages[key]

    def at_limit(self, endpoint: str, queue: Queue, limit: int) -> list[str]:
        """The ids of the messages of `queue` that were received `limit` times or more: one more receive moves them."""
        place = (endpoint, queue.url)
        return [
            message_id
            for (at, message_id), entry in self._messages.items()
            if at == place and entry.count >= limit and entry.latest[-1].end not in (LeaseEnd.DELETED, LeaseEnd.MOVED)
        ]

    def leased_after(self, endpoint: str, queue: Queue, message_ids: Iterable[str], moment: float) -> int:
        """How many of these messages had a lease of this run that ended after `moment` (monotonic seconds)."""
        entries = (self._messages.get(((endpoint, queue.url), message_id)) for message_id in message_ids)
        return sum(entry is not None and entry.latest[-1].lease_ends > moment for entry in entries)

    def of_message(self, endpoint: str, message: Message) -> MessageReceives | None:
        """None where it was not received in this run, or was forgotten."""
        return self._messages.get(((endpoint, message.queue.url), message.message_id))

    def of_queue(self, endpoint: str, queue: Queue) -> QueueReceives:
        return self._queues.get((endpoint, queue.url), QueueReceives())

    def is_over(self, endpoint: str, message: Message) -> bool:
        """Whether the lease under which `message` came is known to be over before its time: given back, deleted,
        gone, or replaced by a later receive. Its receipt handle is then worth nothing."""
        entry = self.of_message(endpoint, message)
        if entry is None:
            return False
        latest = entry.latest[-1]
        if latest.handle != hash(message.receipt_handle):
            return any(receive.handle == hash(message.receipt_handle) for receive in entry.latest)
        return latest.end.is_over

    def is_gone(self, endpoint: str, message: Message) -> bool:
        """Whether the service did not know `message` any more when its lease was to be changed."""
        receive = self._receive(endpoint, message)
        return receive is not None and receive.end is LeaseEnd.GONE

    def _receive(self, endpoint: str, message: Message) -> Receive | None:
        entry = self.of_message(endpoint, message)
        handle = hash(message.receipt_handle)
        latest = reversed(entry.latest) if entry else ()
        return next((receive for receive in latest if receive.handle == handle), None)

    def _place(self, endpoint: str, queue: Queue) -> _Place:
        """One object for each queue, which the keys of its messages share."""
        place = (endpoint, queue.url)
        return self._places.setdefault(place, place)
