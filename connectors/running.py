"""Work that a cancel must not stop half-way: a change that was sent, a look whose messages must go back."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


class RunningOn:
    """The work of one session that goes on with nobody waiting for it."""

    def __init__(self) -> None:
        self._unfinished: dict[asyncio.Future[Any], str] = {}

    async def see_through(self, work: Coroutine[Any, Any, _T], unfinished: str) -> _T:
        """Awaits `work`. Where the caller is cancelled it runs on, as with `start`."""
        task = asyncio.ensure_future(work)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            self.start(task, unfinished)
            raise

    def start(self, work: Awaitable[Any], unfinished: str) -> None:
        """Lets `work` run to its end. `unfinished` is the line to say where `finish` has no time for that.

        Its failure stands in the log of calls and in the audit log, and is not raised.
        """
        task = asyncio.ensure_future(work)
        self._unfinished[task] = unfinished
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Future[Any]) -> None:
        self._unfinished.pop(task, None)
        if not task.cancelled():
            task.exception()

    async def finish(self, seconds: float) -> list[str]:
        """Waits up to `seconds`, then stops what still runs. Returns the lines of what was stopped."""
        if not self._unfinished:
            return []
        _, pending = await asyncio.wait([*self._unfinished], timeout=seconds)
        left = [self._unfinished[task] for task in pending]
        for task in pending:
            task.cancel()
        return left
