"""Which resource is read next, and when: those on screen every few seconds, all others once and then at a trickle.

This is bookkeeping: the moment is given, in seconds on a monotonic scale, and nothing here waits or calls.
"""

import math
from collections.abc import Callable, Iterable

REFRESH_SECONDS = 5.0
"""How often what is on screen is read, and up to `_TOGETHER` sooner."""
TRICKLE_PER_SECOND = 5.0
TRICKLE_AGE = 30.0
"""What is not on screen is not read again before this many seconds."""
_TOGETHER = 0.2
"""What is due within so many seconds is read along with what is due: each time that the program wakes costs."""


class Schedule:
    """The most wanted first: what somebody asked for, what is on screen, what was never read, the least recently read.

    `on_screen` gives the keys of what is on screen. A key is known from `add` to `drop`.
    """

    def __init__(self, on_screen: Callable[[], tuple[str, ...]], refresh_seconds: float) -> None:
        self.frozen = False
        """Nothing is due unless somebody asks for it."""
        self.sweeping = False
        """Somebody asked for everything, which goes on while frozen."""
        self.others_wait_until = -math.inf
        """Until then nothing is due but what is on screen or was asked for."""
        self.under_way: set[str] = set()
        self._on_screen = on_screen
        self._refresh_seconds = refresh_seconds
        self._urgent: dict[str, None] = {}
        self._unread: dict[str, None] = {}
        self._rest: dict[str, None] = {}  # least recently read first
        self._asked_at: dict[str, float] = {}
        self._next_trickle = -math.inf

    # -- what is told -------------------------------------------------------------------------------------------

    def add(self, key: str) -> None:
        self._unread[key] = None

    def drop(self, key: str) -> None:
        for held in (self._urgent, self._unread, self._rest, self._asked_at):
            held.pop(key, None)

    def want(self, key: str) -> None:
        """At the next chance; where it is under way, once more: that may have begun before what made it wanted."""
        self._urgent[key] = None

    def want_all(self, keys: Iterable[str]) -> None:
        """All known ones anew."""
        self.sweeping = True
        self._urgent = dict.fromkeys(self._on_screen())
        self._unread = dict.fromkeys(keys)

    def begin(self, key: str, now: float) -> None:
        self.under_way.add(key)
        self._asked_at[key] = now

    def end(self, key: str) -> None:
        self.under_way.discard(key)

    def was_read(self, key: str, *, usable: bool) -> None:
        """A known one; `usable` whether it need not be read again soon."""
        self._unread.pop(key, None)
        self._rest.pop(key, None)
        (self._rest if usable else self._unread)[key] = None

    def interrupt(self) -> None:
        """What is under way comes to no end."""
        known = (key for key in self.under_way if key in self._asked_at)
        self._unread = {**dict.fromkeys(known), **self._unread}
        self.under_way.clear()

    # -- what follows from it -----------------------------------------------------------------------------------

    def next(self, now: float) -> str | None:
        """The next one to read; None where nothing is due."""
        for key in [*self._urgent]:
            if key not in self.under_way:
                del self._urgent[key]
                return key
        if not self.frozen:
            for key in self._on_screen():
                if key not in self.under_way and self._due_on_screen(key) <= now + _TOGETHER:
                    return key
        if now < self.others_wait_until:
            return None
        while self._unread and (self.sweeping or not self.frozen):
            key = next(iter(self._unread))
            del self._unread[key]
            if key not in self.under_way:
                return key
        if self._due_at_a_trickle() <= now:
            self._next_trickle = now + 1 / TRICKLE_PER_SECOND
            return next(iter(self._rest))
        return None

    def next_at(self, now: float) -> float:
        """Where `next` has nothing: the moment at which it has something unless more is told; infinite for never."""
        moments = [self.others_wait_until if now < self.others_wait_until else self._due_at_a_trickle()]
        if not self.frozen:
            moments += [self._due_on_screen(key) for key in self._on_screen() if key not in self.under_way]
        return min(moments)

    def _due_on_screen(self, key: str) -> float:
        return self._asked_at.get(key, -math.inf) + self._refresh_seconds

    def _due_at_a_trickle(self) -> float:
        key = next(iter(self._rest), None)
        if self.frozen or key is None or key in self.under_way:
            return math.inf
        return max(self._next_trickle, self._asked_at.get(key, -math.inf) + TRICKLE_AGE)
