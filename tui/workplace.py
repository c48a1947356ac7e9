"""One open context as the application holds it: its session, leases and history, and how all are let go."""

import asyncio
from datetime import timedelta

from connectors.session import AwsSession
from connectors.sqs.history import VisibleHistory
from connectors.sqs.models import Queue
from tui.format.values import short_time
from tui.leases import EXTENDED_TO, Leases
from tui.sqs.batch_outcomes import lost_lines
from widgets.facts import Fact

CLOSE_BUDGET = 1.2
"""Seconds for giving back leases and seeing changes through; closing the clients takes up to half a second more."""

_TURNS = 8
"""Of the event loop, until whoever looked holds what a look brought just before the end. What comes later goes back by
itself, as nobody is there to claim it."""
_SURE_OF = 1_000
"""Messages that go back within the budget on a line that is not slow: a hundred calls, some of them at once."""


class Workplace:
    def __init__(self, session: AwsSession) -> None:
        self.session = session
        self.leases = Leases(session)
        self.history = VisibleHistory(session.clock)
        self._closing: asyncio.Task[list[str]] | None = None

    def parting_facts(self, release: str) -> list[Fact]:
        """What closing it means for the leases, to be said before; `release` is the key that gives everything back."""
        facts: list[Fact] = []
        held, kept = self.leases.open(), self.leases.kept()
        if 0 < len(held) <= _SURE_OF:
            facts.append(Fact("leases", f"{len(held):,} held; quitting gives them back"))
        elif held:
            longest = max(message.lease_ends for message in held) - self.session.clock.monotonic()
            seconds = max(longest, EXTENDED_TO)  # they may be extended while the question stands
            too_many = f"{len(held):,} held; quitting takes a second, too short for so many"
            facts.append(Fact("leases", too_many, "warning"))
            facts.append(Fact("", f"the rest is visible again within {seconds:.0f} s; {release} gives all back"))
        if kept:
            facts.append(Fact("hidden by hand", f"{len(kept):,} stay hidden for the time that was set"))
        return facts

    async def close(self) -> list[str]:
        """Gives leases back, sees through what was sent and closes the clients. Returns a line for each thing that
        was left undone, and for each queue with messages that stay hidden as somebody set it. Called again it waits
        for the same end; a cancelled caller does not stop it."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(), name="close a context")
        return await asyncio.shield(self._closing)

    async def _close(self) -> list[str]:
        self.session.on_undone = None
        finishing = asyncio.create_task(self.session.running_on.finish(CLOSE_BUDGET), name="see through what was sent")
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        returned = await self.leases.give_back_everything(CLOSE_BUDGET)
        undone = await finishing
        await self.session.aclose()
        return [*lost_lines(returned), *self._kept_lines(), *undone, *self.session.left_undone]

    def _kept_lines(self) -> list[str]:
        clock = self.session.clock
        now, monotonic = clock.now(), clock.monotonic()
        ends: dict[Queue, list[float]] = {}
        for message in self.leases.kept():
            ends.setdefault(message.queue, []).append(message.lease_ends)
        lines: list[str] = []
        for queue, moments in ends.items():
            until = short_time(now + timedelta(seconds=max(moments) - monotonic), now)
            latest = " at the latest" if min(moments) < max(moments) else ""
            verb = "stays" if len(moments) == 1 else "stay"
            lines.append(f"{len(moments):,} of {queue.name} {verb} hidden until {until}{latest}, as set by hand")
        return lines
