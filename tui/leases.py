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

    def hold(self, messages: Iterable[Message]) -> None:
        """A message received again replaces the one held: only the latest receipt handle works."""
        for message in messages:
            self._held[message.queue.url, message.message_id] = message

    def forget(self, messages: Iterable[Message]) -> None:
        """For what was deleted, or given back."""
        for message in messages:
            self._held.pop((message.queue.url, message.message_id), None)

    def open(self, queue: Queue | None = None) -> list[Message]:
        """The messages held whose lease still runs, of `queue` or of all."""
        now = self._clock.monotonic()
        return [
            message
            for message in self._held.values()
            if message.lease_ends > now and (queue is None or message.queue == queue)
        ]

    async def give_back(self, queue: Queue | None = None, *, budget: float = GIVE_BACK_BUDGET) -> Returned:
        """Gives back what is held, of `queue` or of all, within `budget` seconds; what was not confirmed by then
        returns by itself when its lease ends."""
        messages = self.open(queue)
        self.forget([message for message in self._held.values() if queue is None or message.queue == queue])
        if not messages:
            return Returned()
        returns_in = max(message.lease_ends for message in messages) - self._clock.monotonic()
        try:
            async with asyncio.timeout(budget):
                return Returned(await self.messages.give_back(messages), returns_in)
        except TimeoutError:
            unanswered = [EntryOutcome(message.message_id, False, "no answer in time") for message in messages]
            return Returned(unanswered, returns_in)
