"""The leases that this run holds: every message that was looked at and not given back yet.

A lease that somebody set by hand is kept: leaving gives back what a look took, and does not undo what was agreed to.
"""

import asyncio
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from connectors.clock import Clock
from connectors.errors import Step
from connectors.sqs.agreement import Agreements
from connectors.sqs.models import EntryOutcome, Message, Queue
from connectors.sqs.receiving import Messages
from connectors.sqs.returned import Returned, is_lost

GIVE_BACK_BUDGET = 2.0
"""Seconds for giving back what is held on leaving a screen, and for each message a little more."""
_BUDGET_PER_MESSAGE = 0.01
EXTENDED_TO = 120
"""Seconds from the moment in which a lease is extended."""
_DUE_AFTER = 2 / 3
"""The part of a lease after which it is extended."""
_TRY_AGAIN = 5.0
"""Seconds until extending is tried again after a failure that may pass."""
_MAY_PASS = {Step.DNS, Step.TCP, Step.TLS, Step.THROTTLE, Step.TIMEOUT, Step.ANSWER, Step.SERVICE}


@dataclass(frozen=True, slots=True)
class Tally:
    """The leases on messages of one queue in numbers: how many are open, when the first of them ends and when the first
    is to be extended; how many are kept, and the one of these that ends last. Moments are on the monotonic scale."""

    open: int
    first_end: float
    next_due: float
    kept: int
    last_kept: Message | None
    holds_until: float
    """When the next lease ends by itself: until then the numbers hold, unless a lease changes."""


class Leases:
    """The leases held through one session.

    There may be 10,000, and a screen asks every second how they stand: what it asks for is answered from `tally`, which
    goes through them only after something changed. Whatever changes a lease calls `_changed`.
    """

    def __init__(self, messages: Messages, clock: Clock) -> None:
        self.messages = messages
        self._clock = clock
        self.agreements = Agreements()
        self.not_extended: dict[Queue, str] = {}
        """Why the leases of a queue could not be extended, where the last try failed."""
        self._held: dict[tuple[str, str], Message] = {}
        self._kept: dict[tuple[str, str], Message] = {}
        self._due: dict[tuple[str, str], float] = {}
        """When each lease held is to be extended."""
        self._may_run: dict[tuple[str, str], float] = {}
        """Until when a lease held may run where it may have been set, and no answer says so."""
        self._returning: set[str] = set()
        """The receipt handles of what is being given back."""
        self._changing: set[str] = set()
        """The receipt handles of what is being deleted or hidden: nobody gives that back or extends it meanwhile."""
        self._tallies: dict[Queue, Tally] = {}
        self._can_give_back: dict[Queue, bool] = {}
        self._under_way: set[asyncio.Task[Returned]] = set()
        self._extending: set[asyncio.Task[None]] = set()

    def _changed(self) -> None:
        self._tallies.clear()

    def hold(self, messages: Iterable[Message]) -> None:
        """A message received again replaces the one held: only the latest receipt handle works."""
        now = self._clock.monotonic()
        for message in messages:
            key = _key(message)
            self._drop(key)
            self._held[key] = message
            self._due[key] = now + (message.lease_ends - now) * _DUE_AFTER
        self._changed()

    def keep(self, messages: Iterable[Message]) -> None:
        """From now on these leases run to their end, also when sluice ends, unless somebody releases them."""
        for message in messages:
            self._drop(_key(message))
            self._kept[_key(message)] = message
        self._changed()

    def forget(self, messages: Iterable[Message]) -> None:
        """For what was deleted, or given back."""
        for message in messages:
            self._drop(_key(message))
        self._changed()

    def forget_gone(self, messages: Sequence[Message], outcomes: Iterable[EntryOutcome]) -> None:
        """Lets go of those of `messages` that are gone by these `outcomes`; what was received again meanwhile is held
        on."""
        gone = {outcome.message_id for outcome in outcomes if outcome.gone}
        self._let_go(message for message in messages if message.message_id in gone)

    def _drop(self, key: tuple[str, str]) -> None:
        for known in (self._held, self._kept, self._due, self._may_run):
            known.pop(key, None)

    def forget_ended(self) -> None:
        """Lets go of the messages whose lease has ended by itself: their bodies take memory."""
        now = self._clock.monotonic()
        self.forget(
            [message for message in (*self._held.values(), *self._kept.values()) if self._latest_end(message) <= now]
        )

    @contextmanager
    def changing(self, messages: Iterable[Message]) -> Iterator[None]:
        """While a change of `messages` is under way: it must not be undone by giving them back or extending them."""
        handles = {message.receipt_handle for message in messages} - self._changing
        self._changing |= handles
        self._changed()
        try:
            yield
        finally:
            self._changing -= handles
            self._changed()

    def may_run_for(self, messages: Iterable[Message], seconds: float) -> None:
        """The leases on `messages`, if they are still held, may have been set to end in `seconds`: no answer says so.
        What is certain is their `lease_ends`."""
        end = self._clock.monotonic() + seconds
        for message in messages:
            latest = self._latest(message)
            if latest is not None and latest.receipt_handle == message.receipt_handle:
                (self._held if _key(message) in self._held else self._kept)[_key(message)] = message
                self._may_run[_key(message)] = end
        self._changed()

    def open(self, queue: Queue | None = None) -> list[Message]:
        """The messages held whose lease still runs, of `queue` or of all; not those that are being given back or
        changed."""
        return self._running(self._held, queue)

    def maybe_hidden(self, queue: Queue | None = None) -> list[Message]:
        """As `open`, with those whose lease may run still: what has to be given back."""
        now, busy = self._clock.monotonic(), self._returning | self._changing
        return [
            message
            for (url, _), message in self._held.items()
            if (queue is None or url == queue.url)
            and (message.lease_ends > now or self._latest_end(message) > now)
            and message.receipt_handle not in busy
        ]

    def hidden_ids(self, queue: Queue) -> set[str]:
        """The ids of the messages of `queue` that a lease of this run hides, or may hide."""
        return {message.message_id for message in (*self.maybe_hidden(queue), *self.kept(queue))}

    def _latest_end(self, message: Message) -> float:
        return max(message.lease_ends, self._may_run.get(_key(message), -math.inf))

    def kept(self, queue: Queue | None = None) -> list[Message]:
        """As `open`, those that are kept."""
        return self._running(self._kept, queue)

    def _running(self, leases: Mapping[tuple[str, str], Message], queue: Queue | None) -> list[Message]:
        now, busy = self._clock.monotonic(), self._returning | self._changing
        return [
            message
            for (url, _), message in leases.items()
            if message.lease_ends > now and (queue is None or url == queue.url) and message.receipt_handle not in busy
        ]

    def tally(self, queue: Queue) -> Tally:
        """How `open` and `kept` of `queue` stand."""
        tally = self._tallies.get(queue)
        if tally is None or tally.holds_until <= self._clock.monotonic():
            tally = self._tallies[queue] = self._count(queue)
        return tally

    def _count(self, queue: Queue) -> Tally:
        """In one pass: it is made in each second in which something changed."""
        now, busy = self._clock.monotonic(), self._returning | self._changing
        count, first_end, next_due = 0, math.inf, math.inf
        for key, message in self._held.items():
            ends = message.lease_ends
            if ends <= now or key[0] != queue.url or (busy and message.receipt_handle in busy):
                continue
            count += 1
            if ends < first_end:
                first_end = ends
            if (due := self._due[key]) < next_due:
                next_due = due
        kept = self.kept(queue)
        return Tally(
            open=count,
            first_end=first_end,
            next_due=next_due,
            kept=len(kept),
            last_kept=max(kept, key=lambda message: message.lease_ends, default=None),
            holds_until=min(first_end, *(message.lease_ends for message in kept)) if kept else first_end,
        )

    def is_open(self, message: Message) -> bool:
        """Whether it is among those that `open` gives."""
        return self._runs(self._held.get(_key(message)))

    def is_kept(self, message: Message) -> bool:
        """Whether it is among those that `kept` gives."""
        return self._runs(self._kept.get(_key(message)))

    def _runs(self, lease: Message | None) -> bool:
        if lease is None or lease.lease_ends <= self._clock.monotonic():
            return False
        return lease.receipt_handle not in self._returning and lease.receipt_handle not in self._changing

    def current(self, message: Message) -> Message:
        """`message` with its latest receipt handle and the end of its lease as it is by now: over, where it is held no
        more."""
        held = self._latest(message)
        if held is None or held.receipt_handle in self._returning:
            return replace(message, lease_ends=-math.inf)
        return held

    def lease_ends(self, message: Message) -> float | None:
        """When the lease of `message` ends by now; None where it is held no more."""
        held = self._held.get(_key(message))
        return held.lease_ends if held else None

    # -- keeping them alive -------------------------------------------------------------------------------------

    async def can_give_back(self, queue: Queue) -> bool | None:
        """Whether giving back is allowed there, asked once; None where that stays unknown."""
        known = self._can_give_back.get(queue)
        if known is None:
            known = await self.messages.can_give_back(queue)
            if known is not None:
                self._can_give_back[queue] = known
        return known

    def due(self, queue: Queue) -> list[Message]:
        """The messages held of `queue` whose lease has less than a third left."""
        now = self._clock.monotonic()
        if self.tally(queue).next_due > now:
            return []
        return [message for message in self.open(queue) if self._due[_key(message)] <= now]

    async def extend(self, queue: Queue, due: Sequence[Message]) -> None:
        """Extends the leases on those of `due`, all of `queue`, that are open still. What can't be extended ends as
        before, and `not_extended` says why. Goes on where the caller is cancelled."""
        still = {message.receipt_handle for message in self.open(queue)}
        due = [message for message in due if message.receipt_handle in still]
        if not due:
            return
        now = self._clock.monotonic()
        self._due.update((_key(message), now + _TRY_AGAIN) for message in due)
        self._changed()
        self.may_run_for(due, EXTENDED_TO)
        task = asyncio.create_task(self._extend(queue, due), name="extend leases")
        self._extending.add(task)
        task.add_done_callback(self._extending.discard)
        await asyncio.shield(task)

    async def _extend(self, queue: Queue, due: Sequence[Message]) -> None:
        extension = await self.messages.extend(due, EXTENDED_TO)
        self.hold(message for message in extension.renewed if self._is_held(message))
        by_id = {message.message_id: message for message in due if self._is_held(message)}
        self.forget_gone(due, extension.failed)
        failed = [outcome for outcome in extension.failed if outcome.message_id in by_id and not outcome.gone]
        for outcome in failed:
            message = by_id[outcome.message_id]
            if outcome.unknown:
                self.may_run_for([message], EXTENDED_TO)
            else:
                self._may_run.pop(_key(message), None)
        self.not_extended.pop(queue, None)
        if failed:
            error = extension.error
            self.not_extended[queue] = str(error.step) if error else failed[0].reason
            if error is None or error.step not in _MAY_PASS:
                self._due.update((_key(by_id[outcome.message_id]), math.inf) for outcome in failed)
                self._changed()

    def _is_held(self, message: Message) -> bool:
        held = self._held.get(_key(message))
        return held is not None and held.receipt_handle == message.receipt_handle

    async def no_extension_is_under_way(self) -> None:
        """Waits for those that are: one that came later would undo what is done to the lease next."""
        if self._extending:
            await asyncio.wait(self._extending)

    # -- giving back --------------------------------------------------------------------------------------------

    async def give_back(self, queue: Queue | None = None) -> Returned:
        """Gives back what is held, of `queue` or of all; what was not confirmed within `GIVE_BACK_BUDGET` returns by
        itself when its lease ends. Goes on where the caller is cancelled."""
        return await self.return_these(self.maybe_hidden(queue))

    async def return_these(self, messages: Sequence[Message]) -> Returned:
        """`give_back` of those `messages` that are held or kept."""
        wanted = {_key(message) for message in messages}
        held = [message for message in (*self.maybe_hidden(), *self.kept()) if _key(message) in wanted]
        budget = GIVE_BACK_BUDGET + _BUDGET_PER_MESSAGE * len(held)
        return await asyncio.shield(self._begin_to_give_back(held, budget))

    async def give_back_everything(self, budget: float) -> list[Returned]:
        """For the way out: gives back all that is held and waits for what is being given back already, `budget`
        seconds in all."""
        self._begin_to_give_back(self.maybe_hidden(), budget)
        tasks = {*self._under_way}
        settled, late = await asyncio.wait(tasks, timeout=budget)
        unanswered = [
            message
            for message in (*self._held.values(), *self._kept.values())
            if message.receipt_handle in self._returning
        ]
        for task in late:
            task.cancel()
        return [*(task.result() for task in settled), self._returned(unanswered, {})]

    def _begin_to_give_back(self, messages: Sequence[Message], budget: float) -> asyncio.Task[Returned]:
        self._returning.update(message.receipt_handle for message in messages)
        self._changed()
        task = asyncio.create_task(self._give_back(messages, budget), name="give leases back")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _give_back(self, messages: Sequence[Message], budget: float) -> Returned:
        if not messages:
            return Returned()
        by_id = {message.message_id: message for message in messages}
        told: dict[str, EntryOutcome] = {}

        def tell(outcomes: Sequence[EntryOutcome]) -> None:
            told.update((outcome.message_id, outcome) for outcome in outcomes)
            self._let_go([by_id[outcome.message_id] for outcome in outcomes if not is_lost(outcome)])

        try:
            async with asyncio.timeout(budget):
                await self.no_extension_is_under_way()
                await self.messages.give_back(messages, tell=tell)
        except TimeoutError:
            pass
        finally:
            returned = self._returned(messages, told)
            self._returning.difference_update(message.receipt_handle for message in messages)
            self._changed()
            # what was kept may be hidden for hours yet: it stays, to be released by another try
            self._let_go(message for message in messages if _key(message) not in self._kept)
        return returned

    def _let_go(self, messages: Iterable[Message]) -> None:
        """What was received again meanwhile is held on."""
        for message in messages:
            latest = self._latest(message)
            if latest is not None and latest.receipt_handle == message.receipt_handle:
                self.forget([message])

    def _latest(self, message: Message) -> Message | None:
        return self._held.get(_key(message)) or self._kept.get(_key(message))

    def _returned(self, messages: Sequence[Message], told: dict[str, EntryOutcome]) -> Returned:
        """What was told of each message; no answer came for the others."""
        outcomes = [
            told.get(message.message_id) or EntryOutcome(message.message_id, False, "no answer in time")
            for message in messages
        ]
        now = self._clock.monotonic()
        ends = (
            self._latest_end(self._latest(message) or message)  # it may have been extended meanwhile
            for message, outcome in zip(messages, outcomes, strict=True)
            if is_lost(outcome)
        )
        returns_in = max((end - now for end in ends), default=0.0)
        return Returned(messages, outcomes, returns_in)


def _key(message: Message) -> tuple[str, str]:
    return message.queue.url, message.message_id
