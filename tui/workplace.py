"""One open context as the application holds it: its session, leases and history, and how all are let go."""

import asyncio

from connectors.session import AwsSession
from connectors.sqs.history import VisibleHistory
from tui.leases import Leases

CLOSE_BUDGET = 1.2
"""Seconds for giving back leases and seeing changes through; closing the clients takes up to half a second more."""

_TURNS = 8
"""Of the event loop, until whoever looked holds what a look brought just before the end. What comes later goes back by
itself, as nobody is there to claim it."""
_NAMED = 20
"""Messages that could not be given back and are named one by one."""


class Workplace:
    def __init__(self, session: AwsSession) -> None:
        self.session = session
        self.leases = Leases(session)
        self.history = VisibleHistory(session.clock)
        self._closing: asyncio.Task[list[str]] | None = None

    async def close(self) -> list[str]:
        """Gives leases back, sees through what was sent and closes the clients. Returns a line for each thing that
        was left undone. Called again it waits for the same end; a cancelled caller does not stop it."""
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
        lost = [
            f"not given back, visible again in {part.returns_in:.0f} s: {outcome.message_id} ({outcome.reason})"
            for part in returned
            for outcome in part.lost
        ]
        if len(lost) > _NAMED:
            lost = [*lost[:_NAMED], f"not given back: {len(lost) - _NAMED:,} more"]
        return [*lost, *undone, *self.session.left_undone]
