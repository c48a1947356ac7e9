"""Clocks that a test moves."""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from connectors.clock import SystemClock

_CYCLES = 12
"""Turns of the event loop that a woken task gets before the clock moves on."""


class ManualClock:
    """Implements `connectors.clock.Clock`. `advance` wakes the sleepers in the order of their moments."""

    def __init__(self, start: datetime = datetime(2026, 3, 14, 3, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return 1000.0 + self._elapsed

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        await self._wake_after(seconds)

    def _wake_after(self, seconds: float) -> asyncio.Future[None]:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, next(self._order), woken))
        return woken

    def jump(self, seconds: float) -> None:
        """Moves on at once and wakes nobody; from any thread, as in the midst of a call. For a moment that must find
        things as they are: while `advance` goes on, a screen's own timers, which run on real time, may act."""
        self._elapsed += seconds

    @property
    def sleepers(self) -> int:
        """How many tasks wait for this clock."""
        return sum(not woken.done() for _, _, woken in self._sleepers)

    async def advance(self, seconds: float, *, between: Callable[[], Awaitable[object]] | None = None) -> None:
        """Moves on by `seconds`, stopping at every moment at which somebody wakes. `between` is awaited at each stop:
        to let calls over a real socket come back before time goes on."""
        end = self._elapsed + seconds
        await self._settle(between)
        while self._sleepers and self._sleepers[0][0] <= end + 1e-9:
            moment, _, woken = heapq.heappop(self._sleepers)
            if woken.done():
                continue
            self._elapsed = max(self._elapsed, moment)
            woken.set_result(None)
            await self._settle(between)
        self._elapsed = end
        await self._settle(between)

    async def _settle(self, between: Callable[[], Awaitable[object]] | None) -> None:
        await turns()
        if between is not None:
            await between()
            await turns()  # for those who sleep again when they have what came


class RunningClock(ManualClock):
    """Real time, which a test can move on: for what is not to wait for the moments in which nothing happens."""

    def __init__(self) -> None:
        self._system = SystemClock()
        self._began = self._system.monotonic()
        super().__init__(self._system.now())

    @property
    def _elapsed(self) -> float:
        return self._system.monotonic() - self._began + self._ahead

    @_elapsed.setter
    def _elapsed(self, seconds: float) -> None:
        self._ahead = seconds - (self._system.monotonic() - self._began)

    async def sleep(self, seconds: float) -> None:
        woken = self._wake_after(seconds)
        alarm = asyncio.get_running_loop().call_later(seconds, _wake, woken)
        try:
            await woken
        finally:
            alarm.cancel()


class HurryingClock(RunningClock):
    """Real time, and whoever sleeps moves it on: the delay before a retry takes none."""

    async def sleep(self, seconds: float) -> None:
        await self.advance(seconds)


def _wake(sleeper: asyncio.Future[None]) -> None:
    if not sleeper.done():
        sleeper.set_result(None)


class LoopClock:
    """Moves the clock of the running event loop on: who waits there with a limit comes to it in no time. Time itself
    goes on as ever, so limits that are not to be met by it are to be of hours."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        loop = asyncio.get_running_loop()
        own = loop.time
        self._ahead = 0.0
        patch.setattr(loop, "time", lambda: own() + self._ahead)

    async def advance(self, seconds: float, *, until: Callable[[], bool] = lambda: False) -> None:
        """In steps, so that who has waited for one thing can begin to wait for the next in its time; no further than
        `until` something is so."""
        for _ in range(100):
            if until():
                return
            self._ahead += seconds / 100
            await turns()


async def turns() -> None:
    """As many turns of the event loop as a woken task gets before a clock moves on."""
    for _ in range(_CYCLES):
        await asyncio.sleep(0)
