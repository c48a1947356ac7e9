"""What this run sent to FIFO queues, for SQS drops a duplicate without an error.

A FIFO queue takes a message whose deduplication id came within the last 5 minutes for a duplicate: SendMessage succeeds
with the id and the sequence number of the first one, and nothing is added. Some emulators answer with a new id.
Pure: moments are given, on the clock's monotonic scale. It outlives a context, and holds no body.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from connectors.sqs.models import Draft, Duplicate, Earlier, Queue

DEDUPLICATION_SECONDS = 300
MOST_SENT = 10_000


@dataclass(frozen=True, slots=True)
class _Key:
    """What is compared within 5 minutes: the id, and in a queue that deduplicates by group the group."""

    place: str
    url: str
    group: str
    deduplication_id: str


class SentLog:
    """Kept by endpoint and queue URL."""

    def __init__(self) -> None:
        self._by_key: OrderedDict[_Key, Earlier] = OrderedDict()
        self._by_message: OrderedDict[tuple[str, str, str], Earlier] = OrderedDict()

    def earlier(self, place: str, queue: Queue, draft: Draft, *, by_group: bool, now: float) -> Earlier | None:
        """The send of this run, of less than 5 minutes ago, of which SQS takes `draft` for a duplicate."""
        found = self._by_key.get(_key(place, queue, draft, by_group=by_group)) if queue.is_fifo else None
        return found if found is not None and now - found.at < DEDUPLICATION_SECONDS else None

    def duplicate(
        self, place: str, queue: Queue, draft: Draft, answered: Earlier, *, by_group: bool
    ) -> tuple[Duplicate, Earlier | None]:
        """Whether the message with the id that SQS `answered` was added, and the send of this run of which it is a
        duplicate. One of a message that others sent is not known: its answer looks like that of any message."""
        if not queue.is_fifo:
            return Duplicate.NO, None
        first = self._by_message.get((place, queue.url, answered.message_id))
        if first is not None:
            return Duplicate.YES, first
        earlier = self.earlier(place, queue, draft, by_group=by_group, now=answered.at)
        if earlier is None or not earlier.message_id:
            return Duplicate.NO, None
        return Duplicate.MAYBE, earlier

    def sent(self, place: str, queue: Queue, draft: Draft, sent: Earlier) -> None:
        """A send was confirmed, or its outcome is unknown: then `sent` names no message."""
        if not queue.is_fifo:
            return
        # whether the queue deduplicates by group may be known later
        for by_group in (False, True):
            self._by_key[_key(place, queue, draft, by_group=by_group)] = sent
        if sent.message_id:
            self._by_message[place, queue.url, sent.message_id] = sent
        while len(self._by_message) > MOST_SENT:
            self._by_message.popitem(last=False)
        while len(self._by_key) > 2 * MOST_SENT:
            self._by_key.popitem(last=False)


def _key(place: str, queue: Queue, draft: Draft, *, by_group: bool) -> _Key:
    """Where no id is given the queue takes the SHA-256 of the body, without the attributes."""
    body = draft.body.encode(errors="surrogatepass")
    return _Key(
        place,
        queue.url,
        f"group {draft.group_id}" if by_group else "",
        draft.deduplication_id or hashlib.sha256(body).hexdigest(),
    )
