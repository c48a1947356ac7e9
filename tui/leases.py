"""The leases that this run holds: every message that was looked at and not given back yet."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connectors.clock import Clock
from connectors.session import AwsSession
from connectors.sqs.messages import Messages
from connectors.sqs.models import EntryOutcome, Message, Queue

GIVE_BACK_BUDGET = 2.0
"""Seconds for giving back what is held on leaving a screen."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What giving back came to: one outcome a message, and the seconds until the last lease ends by itself."""

    outcomes: Sequence[EntryOutcome] = ()
    returns_in: float = 0.0

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
        self._held: dict[tuple[str, str], Message] = {}
        self._returning: set[tuple[str, str]] = set()
        self._under_way: set[asyncio.Task[Returned]] = set()

    def hold(self, messages: Iterable[Message]) -> None:
        """A message received again replaces the one held: only the latest receipt handle works."""
        for message in messages:
            self._held[_key(message)] = message

    def forget(self, messages: Iterable[Message]) -> None:
        """For what was deleted, or given back."""
        for message in messages:
            self._held.pop(_key(message), None)

    def open(self, queue: Queue | None = None) -> list[Message]:
        """The messages held whose lease still runs, of `queue` or of all; not those that are being given back."""
        now = self._clock.monotonic()
        return [
            message
            for key, message in self._held.items()
            if message.lease_ends > now and key not in self._returning and (queue is None or message.queue == queue)
        ]

    async def give_back(self, queue: Queue | None = None) -> Returned:
        """Gives back what is held, of `queue` or of all; what was not confirmed within `GIVE_BACK_BUDGET` returns by
        itself when its lease ends. Goes on where the caller is cancelled."""
        task = asyncio.create_task(self._give_back(self.open(queue), GIVE_BACK_BUDGET), name="give leases back")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def give_back_everything(self, budget: float) -> list[Returned]:
        """For the way out: gives back all that is held and waits for what is being given back already, `budget`
        seconds in all."""
        tasks = {*self._under_way, asyncio.create_task(self._give_back(self.open(), budget), name="give leases back")}
        settled, late = await asyncio.wait(tasks, timeout=budget)
        unanswered = [message for key, message in self._held.items() if key in self._returning]
        for task in late:
            task.cancel()
        return [*(task.result() for task in settled), self._no_answer(unanswered)]

    async def _give_back(self, messages: Sequence[Message], budget: float) -> Returned:
        if not messages:
            return Returned()
        keys = {_key(message) for message in messages}
        self._returning |= keys
        try:
            async with asyncio.timeout(budget):
                outcomes = await self.messages.give_back(messages)
        except TimeoutError:
            return self._no_answer(messages)
        finally:
            self._returning -= keys
            self.forget(messages)
        return Returned(outcomes, self._returns_in(messages))

    def _no_answer(self, messages: Sequence[Message]) -> Returned:
        unanswered = [EntryOutcome(message.message_id, False, "no answer in time") for message in messages]
        return Returned(unanswered, self._returns_in(messages))

    def _returns_in(self, messages: Sequence[Message]) -> float:
        return max((message.lease_ends - self._clock.monotonic() for message in messages), default=0.0)


def _key(message: Message) -> tuple[str, str]:
    return message.queue.url, message.message_id
