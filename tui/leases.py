"""The leases that this run holds: every message that was looked at and not given back yet.

A lease that somebody set by hand is kept: leaving gives back what a look took, and does not undo what was agreed to.
"""

import asyncio
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from connectors.clock import Clock
from connectors.errors import Step
from connectors.session import AwsSession
from connectors.sqs.messages import Messages
from connectors.sqs.models import EntryOutcome, Extension, Message, Queue

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
class Returned:
    """What giving back came to: one outcome a message, the seconds until the last lease ends by itself, and the queues
    concerned."""

    outcomes: Sequence[EntryOutcome] = ()
    returns_in: float = 0.0
    queues: Collection[Queue] = ()

    @property
    def lost(self) -> list[EntryOutcome]:
        """What could not be given back."""
        return [outcome for outcome in self.outcomes if not outcome.confirmed]


class Leases:
    """The leases held through one session."""

    def __init__(self, session: AwsSession) -> None:
        self.messages = Messages(session)
        self._clock: Clock = session.clock
        self.cost_accepted: set[Queue] = set()
        """The queues for which somebody has agreed to what a look costs."""
        self.not_extended: dict[Queue, str] = {}
        """Why the leases of a queue could not be extended, where the last try failed."""
        self._held: dict[tuple[str, str], Message] = {}
        self._kept: dict[tuple[str, str], Message] = {}
        self._due: dict[tuple[str, str], float] = {}
        """When each lease held is to be extended."""
        self._returning: set[str] = set()
        """The receipt handles of what is being given back."""
        self._can_give_back: dict[Queue, bool] = {}
        self._under_way: set[asyncio.Task[Returned]] = set()
        self._extending: set[asyncio.Task[Extension]] = set()

    def hold(self, messages: Iterable[Message]) -> None:
        """A message received again replaces the one held: only the latest receipt handle works."""
        now = self._clock.monotonic()
        for message in messages:
            key = _key(message)
            self._kept.pop(key, None)
            self._held[key] = message
            self._due[key] = now + (message.lease_ends - now) * _DUE_AFTER

    def keep(self, messages: Iterable[Message]) -> None:
        """From now on these leases run to their end, also when sluice ends, unless somebody releases them."""
        for message in messages:
            self._held.pop(_key(message), None)
            self._due.pop(_key(message), None)
            self._kept[_key(message)] = message

    def forget(self, messages: Iterable[Message]) -> None:
        """For what was deleted, or given back."""
        for message in messages:
            self._held.pop(_key(message), None)
            self._kept.pop(_key(message), None)
            self._due.pop(_key(message), None)

    def open(self, queue: Queue | None = None) -> list[Message]:
        """The messages held whose lease still runs, of `queue` or of all; not those that are being given back."""
        return self._running(self._held, queue)

    def kept(self, queue: Queue | None = None) -> list[Message]:
        """As `open`, those that are kept."""
        return self._running(self._kept, queue)

    def _running(self, leases: Mapping[tuple[str, str], Message], queue: Queue | None) -> list[Message]:
        now = self._clock.monotonic()
        return [
            message
            for message in leases.values()
            if message.lease_ends > now
            and message.receipt_handle not in self._returning
            and (queue is None or message.queue == queue)
        ]

    def current(self, message: Message) -> Message:
        """`message` with its latest receipt handle and the end of its lease as it is by now: over, where it is held no
        more."""
        held = self._held.get(_key(message)) or self._kept.get(_key(message))
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
        return [message for message in self.open(queue) if self._due[_key(message)] <= now]

    async def extend(self, queue: Queue, due: Sequence[Message]) -> None:
        """Extends the leases on `due`, all of `queue`. What can't be extended ends as before, and `not_extended` says
        why."""
        now = self._clock.monotonic()
        self._due.update((_key(message), now + _TRY_AGAIN) for message in due)
        task = asyncio.create_task(self.messages.extend(due, EXTENDED_TO), name="extend leases")
        self._extending.add(task)
        task.add_done_callback(self._extending.discard)
        extension = await asyncio.shield(task)
        for message in extension.renewed:
            held = self._held.get(_key(message))
            if held is not None and held.receipt_handle == message.receipt_handle:
                self.hold([message])
        self.not_extended.pop(queue, None)
        if extension.failed:
            self._note_failure(queue, due, extension)

    async def no_extension_is_under_way(self) -> None:
        """Waits for those that are: one that came later would undo what is done to the lease next."""
        if self._extending:
            await asyncio.wait(self._extending)

    def _note_failure(self, queue: Queue, due: Sequence[Message], extension: Extension) -> None:
        error = extension.error
        self.not_extended[queue] = str(error.step) if error else extension.failed[0].reason
        if error is None or error.step not in _MAY_PASS:
            failed = {outcome.message_id for outcome in extension.failed}
            self._due.update((_key(message), math.inf) for message in due if message.message_id in failed)

    # -- giving back --------------------------------------------------------------------------------------------

    async def give_back(self, queue: Queue | None = None) -> Returned:
        """Gives back what is held, of `queue` or of all; what was not confirmed within `GIVE_BACK_BUDGET` returns by
        itself when its lease ends. Goes on where the caller is cancelled."""
        return await self.return_these(self.open(queue))

    async def return_these(self, messages: Sequence[Message]) -> Returned:
        """`give_back` of those `messages` that are held or kept."""
        wanted = {_key(message) for message in messages}
        held = [message for message in (*self.open(), *self.kept()) if _key(message) in wanted]
        budget = GIVE_BACK_BUDGET + _BUDGET_PER_MESSAGE * len(held)
        return await asyncio.shield(self._begin_to_give_back(held, budget))

    async def give_back_everything(self, budget: float) -> list[Returned]:
        """For the way out: gives back all that is held and waits for what is being given back already, `budget`
        seconds in all."""
        self._begin_to_give_back(self.open(), budget)
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
            self._let_go([by_id[outcome.message_id] for outcome in outcomes if outcome.confirmed])

        self._returning.update(message.receipt_handle for message in messages)
        try:
            async with asyncio.timeout(budget):
                await self.no_extension_is_under_way()
                await self.messages.give_back(messages, tell=tell)
        except TimeoutError:
            pass
        finally:
            self._let_go(messages)
        return self._returned(messages, told)

    def _let_go(self, messages: Sequence[Message]) -> None:
        """What was received again meanwhile is held on."""
        for message in messages:
            self._returning.discard(message.receipt_handle)
            held = self._held.get(_key(message)) or self._kept.get(_key(message))
            if held is not None and held.receipt_handle == message.receipt_handle:
                self.forget([message])

    def _returned(self, messages: Sequence[Message], told: dict[str, EntryOutcome]) -> Returned:
        """What was told of each message; no answer came for the others."""
        outcomes = [
            told.get(message.message_id) or EntryOutcome(message.message_id, False, "no answer in time")
            for message in messages
        ]
        now = self._clock.monotonic()
        returns_in = max((message.lease_ends - now for message in messages), default=0.0)
        return Returned(outcomes, returns_in, {message.queue for message in messages})


def _key(message: Message) -> tuple[str, str]:
    return message.queue.url, message.message_id
