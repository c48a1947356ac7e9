"""Time, injected: ages, leases, tests and pictures depend on one clock that can be held still."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The wall-clock time, aware, in UTC: for what is shown and written down."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump, a suspended machine's included: for leases, ages and rates."""
        ...

    async def sleep(self, seconds: float) -> None: ...


# time.monotonic() stands still while a laptop sleeps, and a lease does not. Linux has a clock that goes on; elsewhere
# CLOCK_MONOTONIC is the one that does.
_CLOCK_ID: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic() if _CLOCK_ID is None else time.clock_gettime(_CLOCK_ID)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
