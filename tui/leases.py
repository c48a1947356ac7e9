"""The leases that this run holds: every message that was looked at and not given back yet."""

import asyncio
from collections.abc import Iterable

from connectors.clock import Clock
from connectors.session import AwsSession
from connectors.sqs.messages import Messages
from connectors.sqs.models import EntryOutcome, Message, Queue

GIVE_BACK_BUDGET = 2.0
"""Seconds for giving back what is held, on leaving a screen, on quit, on SIGHUP and on SIGTERM."""


class Leases:
    """The leases held through one session."""

    def __init__(self, session: AwsSession) -> None:
        self.messages = Messages(session)
        self._clock: Clock = session.clock
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

    async def give_back(self, queue: Queue | None = None) -> list[EntryOutcome]:
        """Gives back what is held, of `queue` or of all, within `GIVE_BACK_BUDGET`; what was not confirmed by then
        returns by itself when its lease ends. One outcome a message."""
        messages = self.open(queue)
        if queue is None:
            self._held.clear()
        else:
            self.forget([message for message in self._held.values() if message.queue == queue])
        if not messages:
            return []
        try:
            async with asyncio.timeout(GIVE_BACK_BUDGET):
                return await self.messages.give_back(messages)
        except TimeoutError:
            return [EntryOutcome(message.message_id, False, "no answer in time") for message in messages]

    def returns_in(self, messages: Iterable[Message]) -> float:
        """Seconds until the last of these leases ends by itself."""
        return max((message.lease_ends - self._clock.monotonic() for message in messages), default=0.0)
