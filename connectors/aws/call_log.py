"""The calls of one session: a record of each for the log, and how many there are in a minute."""

import itertools
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from connectors.clock import Clock
from connectors.errors import ConnectorError


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One finished call for the log."""

    at: datetime
    service: str
    operation: str
    target: str
    milliseconds: int
    retries: int
    error: ConnectorError | None


_AT_ONCE = 1.0
_BETWEEN_BURSTS = 5.0
_QUIET = 10.0


class CallMeter:
    """Requests of the last minute, retries included."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._moments: deque[float] = deque()
        self.total = 0

    def count(self) -> None:
        self.total += 1
        self._moments.append(self._clock.monotonic())

    @property
    def per_minute(self) -> int:
        horizon = self._clock.monotonic() - 60
        while self._moments and self._moments[0] < horizon:
            self._moments.popleft()
        return len(self._moments)

    @property
    def rate(self) -> float:
        """Requests per minute as they go now: steady where they come in bursts of the same size, and right after the
        start, when there is no whole minute yet.

        What came at once with the first request of the last minute is where the counting starts; what came later is
        set against the time from there to the last request, or to now after some seconds without any. What takes less
        than the time from one burst to the next is one.
        """
        total, now = self.per_minute, self._clock.monotonic()
        if not total:
            return 0.0
        first, last = self._moments[0], self._moments[-1]
        later = total - sum(1 for _ in itertools.takewhile(lambda moment: moment - first <= _AT_ONCE, self._moments))
        end = last if now - last < _QUIET else now
        return later * 60 / max(end - first, _BETWEEN_BURSTS) if later else float(total)
