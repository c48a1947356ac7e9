"""Keeping an eye on all resources of a source at a bounded cost.

Those that somebody looks at are read every few seconds; all others once, and from then on at a trickle. Freezing stops
everything. `Watch` holds the last reading of every resource and yields what changed, in batches. Where the listing
brings the readings, listing anew is all that there is to do.
"""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Generic

from connectors.clock import Clock
from connectors.concurrency import FEWEST, MOST, Pace
from connectors.errors import ConnectorError
from connectors.watching.history import History
from connectors.watching.reading import ON_THE_WAY, PASSING, ReadingT, ResourceT
from connectors.watching.schedule import REFRESH_SECONDS, TRICKLE_AGE, Schedule
from connectors.watching.source import Page, Source

RELIST_SECONDS = 60.0
BATCH_SECONDS = 0.1
"""Changes are collected for this long, so that a burst of answers is one repaint."""
FIRST_BATCH_SECONDS = 0.02
"""The same while names come in or something on screen was never read: somebody waits for it."""
FIRST_COUNTS_SECONDS = 0.3
"""For so long, at most, nothing else is begun while something on screen was never read."""
STALE_SECONDS = 2 * TRICKLE_AGE
STALE_LISTING_SECONDS = 2 * RELIST_SECONDS
MISSED_READINGS = 3
"""The same where the listing brings the readings."""
_LONGEST_BACKOFF = 30.0
_RELIST_AFTER_FAILURE = 5.0
_LONGEST_SLEEP = 5.0
"""A suspended machine's timers stand still, and the moments that are waited for do not."""
_SHORTEST_SLEEP = 0.001
"""What is rounded off a moment must not keep the loop turning."""


@dataclass(frozen=True, slots=True)
class WatchUpdate(Generic[ReadingT]):
    """What changed since the last one; `removed` are keys. `listing` says whether names are still being loaded;
    `complete` whether every name was loaded once; `listings` how many loads have ended; `listing_error` why the last
    listing stopped early."""

    changed: tuple[ReadingT, ...]
    removed: tuple[str, ...]
    listing: bool
    listings: int
    complete: bool
    listing_error: ConnectorError | None


class Watch(Generic[ResourceT, ReadingT]):
    """Use as `async for update in watch.run()`; leaving the loop ends the work, and it may be run again later."""

    def __init__(
        self,
        source: Source[ResourceT, ReadingT],
        clock: Clock,
        pace: Pace,
        *,
        refresh_seconds: float = REFRESH_SECONDS,
        history: History | None = None,
        rows_on_screen: int = 0,
    ) -> None:
        """`pace` says how many readings may be under way. `rows_on_screen`: so many of the first resources are read at
        once, before `show` says which they are."""
        self._source = source
        self._clock = clock
        self._pace = pace
        self.history = history or History(clock)
        self._refresh_seconds = refresh_seconds
        self._rows_on_screen = rows_on_screen
        self.states: dict[str, ReadingT] = {}
        self.keys_by_name: dict[str, str] = {}
        self.complete = False
        self.listing = False
        self.listing_error: ConnectorError | None = None
        self.listed_at: float | None = None
        """When the last listing ended that was whole, on the clock's monotonic scale."""
        self.running = False
        self._shown: tuple[str, ...] = ()
        self._demanded: tuple[str, ...] | None = ()  # what `_demand` found, None where that may be another by now
        self._schedule = Schedule(self._demand, refresh_seconds)
        self._first_counts = asyncio.Event()  # set unless something on screen may never have been read
        self._first_counts.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._dirty: dict[str, None] = {}
        self._removed: list[str] = []
        self._news = asyncio.Event()
        self._next_listing = 0.0
        self._relist_after = _RELIST_AFTER_FAILURE
        self._listing_asked = False
        self._failed_in_a_row = 0
        self._defect: BaseException | None = None
        self._listings = 0
        self._backoff = 0.0
        self._quiet_until = 0.0
        self._wakes_at = math.inf  # when `_go_on` is called in any case
        self._waker: asyncio.Task[None] | None = None

    # -- what the screen says -----------------------------------------------------------------------------------

    def show(self, keys: Sequence[str]) -> None:
        """What is on screen now; its neighbours are read along with it."""
        self._shown, self._demanded = tuple(keys), None
        self._first_counts.clear()
        self._schedule.others_wait_until = self._clock.monotonic() + FIRST_COUNTS_SECONDS
        self._look_for_first_counts()
        self._go_on()

    def refresh(self) -> None:
        """Lists again and reads everything anew, what is on screen first. Works while frozen, too."""
        self._quiet_until = 0.0
        self._listing_asked = True
        self._schedule.want_all(self.states)
        self._go_on()

    def forget_start(self) -> None:
        """Counts the change per minute from the next reading on."""
        for key, state in self.states.items():
            self.states[key] = replace(state, first_number=None, first_read_at=None)

    def read_soon(self, resource: ResourceT) -> None:
        """Reads one resource at the next chance: after something was done to it."""
        key = self._source.key(resource)
        if key in self.states:
            self._schedule.want(key)
            self._listing_asked = self._listing_asked or self._source.read is None
            self._go_on()

    @property
    def frozen(self) -> bool:
        return self._schedule.frozen

    def freeze(self, frozen: bool) -> None:
        """While frozen nothing is read unless `refresh` or `read_soon` asks; what they began before stops, too."""
        self._schedule.frozen = frozen
        self._schedule.sweeping = self._listing_asked = False
        self._go_on()

    def age(self) -> float | None:
        """Seconds since the oldest reading on screen; None while none was read."""
        moments = [
            state.read_at for key in self._shown if (state := self.states.get(key)) and state.read_at is not None
        ]
        return self._clock.monotonic() - min(moments) if moments else None

    @property
    def old_from(self) -> float:
        """The age in seconds from which on what is on screen counts as old: several readings did not come."""
        return MISSED_READINGS * self._refresh_seconds if self._source.read is not None else STALE_LISTING_SECONDS

    def is_stale(self, state: ReadingT) -> bool:
        """Whether a reading is so old, or its renewal failed, that it is shown with a mark."""
        if state.known is None or state.read_at is None:
            return False
        limit = STALE_SECONDS if self._source.read is not None else STALE_LISTING_SECONDS
        return state.error is not None or self._clock.monotonic() - state.read_at > limit

    def named(self, name: str | None) -> ReadingT | None:
        """The reading of the resource with this name, None where the listing named none."""
        return self.states.get(self.keys_by_name.get(name or "", ""))

    # -- the work -----------------------------------------------------------------------------------------------

    async def run(self) -> AsyncIterator[WatchUpdate[ReadingT]]:
        if self.running:
            raise RuntimeError("this watch is running already")
        self.running = True
        try:
            self._go_on()
            while True:
                await self._news.wait()
                if self._defect is not None:
                    raise self._defect
                yield self._take_news()
                is_settled = self.complete and self._first_counts.is_set()
                await self._clock.sleep(BATCH_SECONDS if is_settled else FIRST_BATCH_SECONDS)
        finally:
            self.running = False
            tasks = [*self._tasks]
            self._schedule.interrupt()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._wakes_at, self._waker = math.inf, None
            self.listing = False

    def _take_news(self) -> WatchUpdate[ReadingT]:
        self._news.clear()
        changed = tuple(self.states[key] for key in self._dirty if key in self.states)
        removed = tuple(self._removed)
        self._dirty, self._removed = {}, []
        return WatchUpdate(changed, removed, self.listing, self._listings, self.complete, self.listing_error)

    def _look_for_first_counts(self) -> None:
        """Sees whether the first reading of something on screen, or of a neighbour, is still to come."""
        if not self._first_counts.is_set() and not any(
            state.read_at is None and state.error is None for key in self._demand() if (state := self.states.get(key))
        ):
            self._first_counts.set()
            self._schedule.others_wait_until = -math.inf
            self._pace.lag.give_way()  # they are to be painted before anything else is begun

    def _go_on(self) -> None:
        """Lists and reads what is due, and is called again when more will be; to be called whenever that changed."""
        if not self.running:
            return
        now = self._clock.monotonic()
        if self._listing_asked or (not self.frozen and now >= self._next_listing):
            self._start_listing()
        next_listing = math.inf if self.frozen or self.listing else self._next_listing
        self._wake_at(min(next_listing, self._fill(now)))

    def _fill(self, now: float) -> float:
        """Starts readings while there is room and something is due; the moment at which to look again."""
        read = self._source.read
        if read is None:
            return math.inf
        if now < self._quiet_until:
            return self._quiet_until
        # the pace is for the long run; one screenful may go out at once, before anything is known of the link
        limit, gives_way_for = self._pace.limit, self._pace.lag.gives_way_for
        if gives_way_for <= 0 and now < self._schedule.others_wait_until:
            limit = MOST
        while len(self._schedule.under_way) < limit:
            key = self._schedule.next(now)
            if key is None:
                return self._schedule.next_at(now)
            self._schedule.begin(key, now)
            self._start(self._read(key, read))
        return now + gives_way_for if gives_way_for > 0 else math.inf  # the end of a reading makes room

    def _wake_at(self, moment: float) -> None:
        if moment < self._wakes_at:
            self._wakes_at = moment
            if self._waker is not None:
                self._waker.cancel()
            self._waker = self._start(self._wake())

    async def _wake(self) -> None:
        seconds = self._wakes_at - self._clock.monotonic()
        await self._clock.sleep(max(_SHORTEST_SLEEP, min(_LONGEST_SLEEP, seconds)))
        self._wakes_at, self._waker = math.inf, None
        self._go_on()

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (defect := task.exception()) is not None:
            self._defect = defect  # no failure of a service, those are part of the states: `run` raises it
            self._news.set()

    def _demand(self) -> tuple[str, ...]:
        """What is on screen and, behind it, the neighbours."""
        if self._demanded is None:
            shown = [(key, state) for key in self._shown if (state := self.states.get(key))]
            names = [name for _, state in shown for name in self._source.neighbours(state)]
            neighbours = [key for name in names if (key := self.keys_by_name.get(name))]
            self._demanded = tuple(dict.fromkeys((*(key for key, _ in shown), *neighbours)))
        return self._demanded

    async def _read(self, key: str, read: Callable[[ReadingT], Awaitable[ReadingT]]) -> None:
        try:
            before = self.states.get(key)  # none where a listing that ended meanwhile no longer names it
            state = await read(before) if before else None
        finally:
            self._schedule.end(key)
        if state is not None and key in self.states:
            self._take(key, state)
        self._go_on()

    def _take(self, key: str, state: ReadingT) -> None:
        """Takes in what a call for one resource brought."""
        self._keep(key, state)
        usable = True
        if state.error is None or state.error.step not in PASSING:
            self._failed_in_a_row = 0
            if self._clock.monotonic() >= self._quiet_until:
                self._backoff = 0.0
        else:
            self._failed_in_a_row += 1
            # an answer that is none may come for one resource only; many of them in a row do not
            if state.error.step in ON_THE_WAY or self._failed_in_a_row > FEWEST:
                self._back_off(state.error)
                usable = self.frozen
        self._schedule.was_read(key, usable=usable)

    def _keep(self, key: str, state: ReadingT) -> None:
        before = self.states[key]
        self.history.take(key, before, state)
        self.states[key] = state
        if self._source.neighbours(state) != self._source.neighbours(before):
            self._demanded = None
        self._dirty[key] = None
        self._news.set()
        self._look_for_first_counts()

    def _back_off(self, error: ConnectorError) -> None:
        """The way to the service fails: wait, longer each time, in place of a storm of failing calls."""
        now = self._clock.monotonic()
        if now < self._quiet_until:
            return
        self._backoff = min(_LONGEST_BACKOFF, max(1.0, 2 * self._backoff))
        self._quiet_until = now + (error.retry_after or self._backoff)

    def _start_listing(self) -> None:
        if not self.listing:
            self._listing_asked = False
            self.listing = True
            self._start(self._list())

    async def _list(self) -> None:
        seen: set[str] = set()
        self._next_listing = 0.0  # holds where this one is stopped before its end
        try:
            async with contextlib.aclosing(self._source.pages()) as pages:
                async for page in pages:
                    self._take_page(page, seen)
                    if not page.complete and self._source.read is not None:
                        await self._let_first_counts_pass()
                    if self.frozen and not self._schedule.sweeping and not page.complete:
                        return
        except ConnectorError as error:
            self.listing_error = error
            self._next_listing = self._clock.monotonic() + self._relist_after
            self._relist_after = min(RELIST_SECONDS, 2 * self._relist_after)
        else:
            self.complete, self.listing_error = True, None
            self.listed_at = self._clock.monotonic()
            self._next_listing = self._clock.monotonic() + RELIST_SECONDS
            self._relist_after = _RELIST_AFTER_FAILURE
            for key in [key for key in self.states if key not in seen]:
                self._drop(key)
        finally:
            self.listing = False
            self._listings += 1
            self._news.set()
        self._go_on()

    async def _let_first_counts_pass(self) -> None:
        """The next page of names takes the processor for as long as a screenful of counts does."""
        left = self._schedule.others_wait_until - self._clock.monotonic()
        ends = [asyncio.create_task(end) for end in (self._first_counts.wait(), self._clock.sleep(left))]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()

    def _take_page(self, page: Page[ResourceT, ReadingT], seen: set[str]) -> None:
        keys = [self._source.key(resource) for resource in page.resources]
        for key, resource in zip(keys, page.resources, strict=True):
            seen.add(key)
            if key not in self.states:
                self._add(key, resource)
        if self._rows_on_screen:
            self.show(keys[: self._rows_on_screen])
            self._rows_on_screen = 0
        for reading in page.readings:
            key = self._source.key(reading.resource)
            self._keep(key, self.states[key].followed_by(reading))
        self._news.set()
        self._go_on()

    def _add(self, key: str, resource: ResourceT) -> None:
        self.states[key] = self._source.unread(resource)
        self.keys_by_name[self._source.name(resource)] = key
        self._schedule.add(key)
        self._dirty[key] = None
        self._demanded = None
        if key in self._removed:
            self._removed.remove(key)

    def _drop(self, key: str) -> None:
        self._demanded = None
        state = self.states.pop(key)
        self.keys_by_name.pop(self._source.name(state.resource), None)
        self.history.forget(key)
        self._schedule.drop(key)
        self._dirty.pop(key, None)
        self._removed.append(key)
        self._look_for_first_counts()
