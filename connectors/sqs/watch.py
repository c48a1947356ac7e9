"""Keeping an eye on all queues at a bounded cost.

The queues that somebody looks at are read every few seconds; all others once, and from then on at a trickle. Freezing
stops everything. `QueueWatch` holds the last known state of every queue and yields what changed, in batches.
"""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass, replace

from connectors.aws.session import AwsSession
from connectors.concurrency import FEWEST, MOST
from connectors.errors import ConnectorError
from connectors.sqs.history import VisibleHistory
from connectors.sqs.models import Queue, QueuePage
from connectors.sqs.queues import Queues
from connectors.sqs.reading_order import REFRESH_SECONDS, TRICKLE_AGE, ReadingOrder
from connectors.sqs.state import ON_THE_WAY, PASSING, QueueState, read_state

RELIST_SECONDS = 60.0
BATCH_SECONDS = 0.1
"""Changes are collected for this long, so that a burst of answers is one repaint."""
FIRST_BATCH_SECONDS = 0.02
"""The same while names come in or something on screen was never read: somebody waits for it."""
FIRST_COUNTS_SECONDS = 0.3
"""For so long, at most, nothing else is begun while a queue on screen was never read."""
STALE_SECONDS = 2 * TRICKLE_AGE
_LONGEST_BACKOFF = 30.0
_RELIST_AFTER_FAILURE = 5.0
_LONGEST_SLEEP = 5.0
"""A suspended machine's timers stand still, and the moments that are waited for do not."""
_SHORTEST_SLEEP = 0.001
"""What is rounded off a moment must not keep the loop turning."""


@dataclass(frozen=True, slots=True)
class WatchUpdate:
    """What changed since the last one. `listing` says whether names are still being loaded; `complete` whether every
    name was loaded once; `listings` how many loads have ended; `listing_error` why the last listing stopped early."""

    changed: tuple[QueueState, ...]
    removed: tuple[str, ...]
    listing: bool
    listings: int
    complete: bool
    listing_error: ConnectorError | None


class QueueWatch:
    """Use as `async for update in watch.run()`; leaving the loop ends the work, and it may be run again later."""

    def __init__(
        self,
        session: AwsSession,
        *,
        refresh_seconds: float = REFRESH_SECONDS,
        history: VisibleHistory | None = None,
        rows_on_screen: int = 0,
    ) -> None:
        """`rows_on_screen`: so many of the first names are read at once, before `show` says which they are."""
        self._session = session
        self._clock = session.clock
        self.history = history or VisibleHistory(session.clock)
        self._rows_on_screen = rows_on_screen
        self.states: dict[str, QueueState] = {}
        self.urls_by_name: dict[str, str] = {}
        self.complete = False
        self.listing = False
        self.listing_error: ConnectorError | None = None
        self.running = False
        self._shown: tuple[str, ...] = ()
        self._demanded: tuple[str, ...] | None = ()  # what `_demand` found, None where that may be another by now
        self._order = ReadingOrder(self._demand, refresh_seconds)
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

    def show(self, urls: Sequence[str]) -> None:
        """The queues on screen now; their dead-letter queues are read along with them."""
        self._shown, self._demanded = tuple(urls), None
        self._first_counts.clear()
        self._order.others_wait_until = self._clock.monotonic() + FIRST_COUNTS_SECONDS
        self._look_for_first_counts()
        self._go_on()

    def refresh(self) -> None:
        """Lists again and reads every queue anew, those on screen first. Works while frozen, too."""
        self._quiet_until = 0.0
        self._listing_asked = True
        self._order.want_all(self.states)
        self._go_on()

    def forget_start(self) -> None:
        """Counts the change per minute from the next reading on."""
        for url, state in self.states.items():
            self.states[url] = replace(state, first_visible=None, first_read_at=None)

    def read_soon(self, queue: Queue) -> None:
        """Reads one queue at the next chance: after something was done to it."""
        if queue.url in self.states:
            self._order.want(queue.url)
            self._go_on()

    @property
    def frozen(self) -> bool:
        return self._order.frozen

    def freeze(self, frozen: bool) -> None:
        """While frozen nothing is read unless `refresh` or `read_soon` asks; what they began before stops, too."""
        self._order.frozen = frozen
        self._order.sweeping = self._listing_asked = False
        self._go_on()

    def age(self) -> float | None:
        """Seconds since the oldest reading among the queues on screen; None while none was read."""
        moments = [
            state.read_at for url in self._shown if (state := self.states.get(url)) and state.read_at is not None
        ]
        return self._clock.monotonic() - min(moments) if moments else None

    def is_stale(self, state: QueueState) -> bool:
        """Whether a reading is so old, or its renewal failed, that it is shown with a mark."""
        if state.known is None or state.read_at is None:
            return False
        return state.error is not None or self._clock.monotonic() - state.read_at > STALE_SECONDS

    def dead_letter_state(self, state: QueueState) -> QueueState | None:
        url = self.urls_by_name.get(state.dead_letter_name or "")
        return self.states.get(url) if url else None

    # -- the work -----------------------------------------------------------------------------------------------

    async def run(self) -> AsyncIterator[WatchUpdate]:
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
            self._order.interrupt()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._wakes_at, self._waker = math.inf, None
            self.listing = False

    def _take_news(self) -> WatchUpdate:
        self._news.clear()
        changed = tuple(self.states[url] for url in self._dirty if url in self.states)
        removed = tuple(self._removed)
        self._dirty, self._removed = {}, []
        return WatchUpdate(changed, removed, self.listing, self._listings, self.complete, self.listing_error)

    def _look_for_first_counts(self) -> None:
        """Sees whether the first reading of a queue on screen, or of its dead-letter queue, is still to come."""
        if not self._first_counts.is_set() and not any(
            state.read_at is None and state.error is None for url in self._demand() if (state := self.states.get(url))
        ):
            self._first_counts.set()
            self._order.others_wait_until = -math.inf
            self._session.lag.give_way()  # they are to be painted before anything else is begun

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
        if now < self._quiet_until:
            return self._quiet_until
        # the pace is for the long run; one screenful may go out at once, before anything is known of the link
        limit, gives_way_for = self._session.pace.limit, self._session.lag.gives_way_for
        if gives_way_for <= 0 and now < self._order.others_wait_until:
            limit = MOST
        while len(self._order.under_way) < limit:
            url = self._order.next(now)
            if url is None:
                return self._order.next_at(now)
            self._order.begin(url, now)
            self._start(self._read(url))
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
        """The queues on screen and, behind them, their dead-letter queues."""
        if self._demanded is None:
            shown = [state for url in self._shown if (state := self.states.get(url))]
            dead_letter = [found for state in shown if (found := self.dead_letter_state(state))]
            self._demanded = tuple(dict.fromkeys(state.queue.url for state in (*shown, *dead_letter)))
        return self._demanded

    async def _read(self, url: str) -> None:
        try:
            known = self.states.get(url)  # none where a listing that ended meanwhile no longer names it
            state = await read_state(self._session, known) if known else None
        finally:
            self._order.end(url)
        if state is not None and url in self.states:
            self._take(url, state)
        self._go_on()

    def _take(self, url: str, state: QueueState) -> None:
        before = self.states[url]
        self.history.take(before, state)
        self.states[url] = state
        if state.dead_letter_name != before.dead_letter_name:
            self._demanded = None
        self._dirty[url] = None
        self._news.set()
        self._look_for_first_counts()
        usable = True
        if state.error is None or state.error.step not in PASSING:
            self._failed_in_a_row = 0
            if self._clock.monotonic() >= self._quiet_until:
                self._backoff = 0.0
        else:
            self._failed_in_a_row += 1
            # an answer that is none may come for one queue only; many of them in a row do not
            if state.error.step in ON_THE_WAY or self._failed_in_a_row > FEWEST:
                self._back_off(state.error)
                usable = self.frozen
        self._order.was_read(url, usable=usable)

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
            async with contextlib.aclosing(Queues(self._session).pages()) as pages:
                async for page in pages:
                    self._take_page(page, seen)
                    if not page.complete:
                        await self._let_first_counts_pass()
                    if self.frozen and not self._order.sweeping and not page.complete:
                        return
        except ConnectorError as error:
            self.listing_error = error
            self._next_listing = self._clock.monotonic() + self._relist_after
            self._relist_after = min(RELIST_SECONDS, 2 * self._relist_after)
        else:
            self.complete, self.listing_error = True, None
            self._next_listing = self._clock.monotonic() + RELIST_SECONDS
            self._relist_after = _RELIST_AFTER_FAILURE
            for url in [url for url in self.states if url not in seen]:
                self._drop(url)
        finally:
            self.listing = False
            self._listings += 1
            self._news.set()
        self._go_on()

    async def _let_first_counts_pass(self) -> None:
        """The next page of names takes the processor for as long as a screenful of counts does."""
        left = self._order.others_wait_until - self._clock.monotonic()
        ends = [asyncio.create_task(end) for end in (self._first_counts.wait(), self._clock.sleep(left))]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()

    def _take_page(self, page: QueuePage, seen: set[str]) -> None:
        for queue in page.queues:
            seen.add(queue.url)
            if queue.url not in self.states:
                self._add(queue)
        if self._rows_on_screen:
            self.show([queue.url for queue in page.queues[: self._rows_on_screen]])
            self._rows_on_screen = 0
        self._news.set()
        self._go_on()

    def _add(self, queue: Queue) -> None:
        self.states[queue.url] = QueueState(queue)
        self.urls_by_name[queue.name] = queue.url
        self._order.add(queue.url)
        self._dirty[queue.url] = None
        self._demanded = None
        if queue.url in self._removed:
            self._removed.remove(queue.url)

    def _drop(self, url: str) -> None:
        self._demanded = None
        state = self.states.pop(url)
        self.urls_by_name.pop(state.queue.name, None)
        self.history.forget(url)
        self._order.drop(url)
        self._dirty.pop(url, None)
        self._removed.append(url)
        self._look_for_first_counts()
