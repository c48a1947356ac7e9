"""How many calls may be in flight at once, and their results as they come.

More are in flight on a slow link, fewer where answers come at once or the event loop is late.

A call costs about 1.2 ms of processor on the event loop. Where answers come at once, twenty in flight only queue up
behind one another and a key press waits behind them all; four give the same throughput. Where an answer takes 40 ms,
twenty are needed. The time a call takes says which: `Pace.limit` follows its moving average, one call for each 2 ms.

On a slow or busy processor a call takes long because the loop is late, and more of them make it later still. So the
lag of the loop has the last word, and for the moment that a key press needs to be painted few calls are started.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from typing import Any, TypeVar

from connectors.clock import Clock

FEWEST = 4
MOST = 20
WHILE_GIVING_WAY = 2
GIVE_WAY_SECONDS = 0.03
"""What a key press needs until it is painted, with some calls under way."""
_SECONDS_PER_CALL = 0.002
_TOO_LATE = 0.003
_WEIGHT = 0.1
_STEP = 0.5
_RECOVERY = 0.25
"""Calls a second that a call which was not throttled brings back."""

_T = TypeVar("_T")


class LoopLag:
    """How late the event loop is, and how many calls in flight it can take.

    One for all readings of a session, which can wait. Leases can't: what extends them or gives them back asks nobody.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._average = 0.0
        self._most = float(MOST)
        self._busy_until = 0.0

    def observe(self, seconds: float) -> None:
        """Takes in how long something that was ready to run has waited for its turn."""
        self._average += (seconds - self._average) * _WEIGHT
        step = -_STEP if self._average > _TOO_LATE else _STEP
        self._most = max(FEWEST, min(MOST, self._most + step))

    def give_way(self) -> None:
        """A key press or the first counts are to be painted first: for a moment, few calls are started."""
        self._busy_until = self._clock() + GIVE_WAY_SECONDS

    @property
    def gives_way_for(self) -> float:
        """Seconds until calls are started as usual again; 0 or less where they are."""
        return self._busy_until - self._clock()

    @property
    def most(self) -> int:
        """Calls in flight that the loop can take now."""
        return WHILE_GIVING_WAY if self.gives_way_for > 0 else round(self._most)


class Pace:
    """How many calls of one kind may be in flight."""

    def __init__(self, lag: LoopLag | None = None) -> None:
        self.lag = lag or LoopLag()
        self._average = FEWEST * _SECONDS_PER_CALL

    def observe(self, seconds: float) -> None:
        """Takes in how long one call took, waiting included."""
        self._average += (seconds - self._average) * _WEIGHT

    @property
    def limit(self) -> int:
        return min(self.lag.most, max(FEWEST, min(MOST, round(self._average / _SECONDS_PER_CALL))))


class Rate:
    """At most so many calls of one operation in any second: what a service throttles by the second.

    A throttle halves the rate; each call that was none of it brings some of that back.
    """

    def __init__(self, clock: Clock, per_second: int) -> None:
        self._clock = clock
        self._most = float(per_second)
        self._now = self._most
        self._turns: deque[float] = deque(maxlen=per_second)
        self._lock = asyncio.Lock()

    @property
    def per_second(self) -> int:
        """Calls in a second as of now."""
        return max(1, int(self._now))

    async def turn(self) -> None:
        """Waits until one more call may be made. Who came first goes first."""
        async with self._lock:
            while len(self._turns) >= self.per_second:
                wait = self._turns[-self.per_second] + 1 - self._clock.monotonic()
                if wait <= 0:
                    break
                await self._clock.sleep(wait)
            self._turns.append(self._clock.monotonic())

    def throttled(self) -> None:
        self._now = max(1.0, self._now / 2)

    def went_well(self) -> None:
        self._now = min(self._most, self._now + _RECOVERY)


async def as_they_end(calls: Iterable[Coroutine[Any, Any, _T]], at_once: Callable[[], int]) -> AsyncGenerator[_T, None]:
    """Runs `calls`, as many at once as `at_once()` says each time, and gives each result when it is there.

    `calls` is asked for the next one only when there is room for it. Where a call raises, or the caller stops, those
    that still run are cancelled.
    """
    remaining = iter(calls)
    running: set[asyncio.Task[_T]] = set()
    try:
        while True:
            while len(running) < at_once() and (call := next(remaining, None)) is not None:
                running.add(asyncio.create_task(call))
            if not running:
                return
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()
    finally:
        for task in running:
            task.cancel()
