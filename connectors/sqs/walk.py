"""A walk: one look after the other, several at once, until as many messages were seen as somebody wanted to see.

Each message seen stays under its lease, so that the next look brings another one.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from connectors.clock import Clock
from connectors.concurrency import Pace
from connectors.errors import ConnectorError, Step
from connectors.sqs.leases import Leases
from connectors.sqs.models import Look, Message, Queue
from connectors.sqs.receiving import LEASE_SECONDS, Messages
from connectors.sqs.wire import BATCH

WALK_LEASE_SECONDS = 120
MOST_MESSAGES = 10_000
"""All of it has to be given back, ten in a call; and SQS has a limit of its own for messages in flight, 20,000 at the
lowest."""
MOST_BYTES = 64 * 1024 * 1024
"""Of bodies and attributes."""
MOST_AT_ONCE = 10
"""Half of a client's connections: the other half is for extending leases and giving them back."""
_AT_FIRST = 2
_EMPTY_IN_A_ROW = 3
"""After so many empty answers to long polls there is most likely nothing more to see; one alone proves nothing."""
_LEASE_MARGIN = 5.0
"""Seconds before the first lease ends, in which no more is received: what came then would end with it."""
_PAUSES = (1.0, 2.0, 4.0)
"""Seconds, after the first, second and third throttled look in a row; the fourth ends the walk."""


def walk_under(
    leases: Leases, queue: Queue, most: int, clock: Clock, can_give_back: bool | None, *, held_bytes: int = 0
) -> "Walk":
    """A walk whose messages `leases` holds, extends and gives back. Where giving back is denied its leases are short:
    they hide messages until they end. `held_bytes` are those of messages that are held already."""
    return Walk(
        leases.messages,
        queue,
        most,
        clock=clock,
        hold=leases.hold,
        lease_ends=leases.lease_ends,
        lease_seconds=LEASE_SECONDS if can_give_back is False else WALK_LEASE_SECONDS,
        most_bytes=MOST_BYTES - held_bytes,
    )


class Ending(StrEnum):
    """Why a walk ended."""

    COUNT = "as many as wanted"
    EMPTY = "nothing more came"
    BYTES = "enough bytes are held"
    LEASES = "the leases are about to end"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    FAILED = "a look failed"


@dataclass(frozen=True, slots=True)
class Progress:
    """`messages` came since the last one; one that was seen before and came again has its new receipt handle. `seen`
    counts each message once. The last progress has an `ending`; `error` is the failure that ended it."""

    messages: tuple[Message, ...]
    seen: int
    ending: Ending | None = None
    error: ConnectorError | None = None


class Walk:
    """Up to `most` messages of `queue`, to be run once.

    `hold` gets the messages of each look in the moment in which they are there: whoever holds them extends their leases
    and gives them back, whatever becomes of the walk. `lease_ends` says when the lease of one of them ends by now, None
    where it is held no more: a walk whose leases are extended goes on, and one whose leases are not ends before them.
    """

    def __init__(
        self,
        connector: Messages,
        queue: Queue,
        most: int,
        *,
        clock: Clock,
        hold: Callable[[Sequence[Message]], object],
        lease_ends: Callable[[Message], float | None] = lambda message: message.lease_ends,
        lease_seconds: int = WALK_LEASE_SECONDS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.queue = queue
        self.most = most
        self.received = 0
        """Messages that looks brought, the same one twice included: each adds one to a receive count."""
        self._connector = connector
        self._clock = clock
        self._hold = hold
        self._lease_ends = lease_ends
        self._lease_seconds = lease_seconds
        self._most_bytes = most_bytes
        self._bytes = self._largest_look = 0
        self._ids: set[str] = set()
        self._oldest: deque[Message] = deque()
        """One of each look, the oldest lease first."""
        self._looks: dict[asyncio.Task[Look], int] = {}
        """Those under way, with how many messages each may bring."""
        self._pause: asyncio.Task[None] | None = None
        self._pace = Pace()
        self._at_once = _AT_FIRST
        self._empty = self._throttled = 0
        self._ending: Ending | None = None
        self._error: ConnectorError | None = None

    @property
    def seen(self) -> int:
        return len(self._ids)

    def stop(self, ending: Ending = Ending.STOPPED) -> None:
        """Ends it at once. What the looks under way still bring is given back and not seen."""
        self._ending = self._ending or ending
        for task in (*self._looks, *([self._pause] if self._pause else [])):
            task.cancel()

    async def run(self) -> AsyncGenerator[Progress, None]:
        """Yields what comes, as it comes. A failing look ends the walk with what was seen; nothing is raised for it."""
        try:
            while True:
                self._start_looks()
                under_way: set[asyncio.Task[Look] | asyncio.Task[None]] = {*self._looks}
                if self._pause is not None:
                    under_way.add(self._pause)
                if not under_way:
                    break
                done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                if self._pause in done:
                    self._pause = None
                came = [message for task in [*self._looks] if task in done for message in self._take(task)]
                if came:
                    yield Progress(tuple(came), self.seen)
            yield Progress((), self.seen, self._ending, self._error)
        finally:
            self.stop()

    def _start_looks(self) -> None:
        while (most := self._may_ask_for()) > 0:
            self._looks[asyncio.create_task(self._look(most), name="look")] = most

    def _first_end(self) -> float:
        while self._oldest:
            ends = self._lease_ends(self._oldest[0])
            if ends is not None:
                return ends
            self._oldest.popleft()
        return math.inf

    def _may_ask_for(self) -> int:
        """How many messages one more look may bring now; 0 where it has to wait, or the walk has come to its end."""
        under_way = len(self._looks)
        missing = self.most - self.seen
        if self._ending is None:
            if missing <= 0:
                self._ending = Ending.COUNT
            elif self._empty >= _EMPTY_IN_A_ROW:
                self._ending = Ending.EMPTY
            elif self._bytes >= self._most_bytes:
                self._ending = Ending.BYTES
            elif self._clock.monotonic() >= self._first_end() - _LEASE_MARGIN:
                self._ending = Ending.LEASES
        if self._ending is not None or self._pause is not None or under_way >= self._at_once:
            return 0
        if self._empty and self._empty + under_way >= _EMPTY_IN_A_ROW:
            return 0  # those under way may prove it
        if under_way and self._bytes + self._largest_look * (under_way + 1) > self._most_bytes:
            return 0
        return min(BATCH, missing - sum(self._looks.values()))

    async def _look(self, most: int) -> Look:
        started = time.perf_counter()
        look = await self._connector.look(self.queue, most=most, lease_seconds=self._lease_seconds)
        self._hold(look.messages)
        if look.messages:  # an empty one waited for messages, which says nothing about the link
            self._pace.observe(time.perf_counter() - started)
        return look

    def _take(self, task: asyncio.Task[Look]) -> tuple[Message, ...]:
        """Takes in a look that ended; what it brought."""
        del self._looks[task]
        if task.cancelled():
            return ()
        error = task.exception()
        if error is not None:
            self._take_failure(error)
            return ()
        messages = task.result().messages
        self._throttled = 0
        if not messages:
            self._empty += 1
            self._at_once = max(_AT_FIRST, self._at_once // 2)
            return ()
        self._empty = 0
        self._at_once = min(self._at_once + 1, MOST_AT_ONCE, self._pace.limit)
        self.received += len(messages)
        self._oldest.append(messages[0])
        self._ids.update(message.message_id for message in messages)
        size = sum(message.held_bytes for message in messages)
        self._bytes += size
        self._largest_look = max(self._largest_look, size)
        return messages

    def _take_failure(self, error: BaseException) -> None:
        if not isinstance(error, ConnectorError):
            raise error
        if error.step is Step.THROTTLE and self._throttled < len(_PAUSES):
            if self._pause is None and self._ending is None:
                self._pause = asyncio.create_task(self._clock.sleep(_PAUSES[self._throttled]), name="pause")
                self._throttled += 1
            self._at_once = 1
        elif self._ending is None:
            self._ending, self._error = Ending.FAILED, error
