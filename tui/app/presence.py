"""Whether somebody is at the keyboard: leases are extended for a person, not for a screen that was left standing."""

import math

from connectors.clock import Clock
from tui.screens.host import AWAY_AFTER


class Presence:
    """The moment of the latest key, by `clock`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_key_at = -math.inf

    @property
    def seconds_without_key(self) -> float:
        """Infinite before the first key."""
        return self._clock.monotonic() - self._last_key_at

    @property
    def somebody_is_here(self) -> bool:
        return self.seconds_without_key < AWAY_AFTER

    def note_key(self) -> None:
        self._last_key_at = self._clock.monotonic()
