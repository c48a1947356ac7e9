"""Work that a cancel must not stop half-way: a change that was sent, a look whose messages must go back."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from connectors.errors import ConnectorError, OutcomeUnknown, Step

_T = TypeVar("_T")


class Shield:
    """The work of one session that goes on when nobody waits for it any more."""

    def __init__(self) -> None:
        self._unfinished: dict[asyncio.Task[Any], str] = {}
        self._finishing = False

    async def see_through(
        self,
        work: Coroutine[Any, Any, _T],
        unfinished: str,
        *,
        unclaimed: Callable[[_T], Awaitable[object]] | None = None,
    ) -> _T:
        """Awaits `work`. Where the caller is cancelled it runs to its end all the same; `unclaimed` then gets its
        result. `unfinished` is the line to say where `finish` has no time for that.

        With nobody waiting a failure is not raised; it stands in the log of calls and in the audit log.
        """
        if self._finishing:
            work.close()
            raise ConnectorError(Step.GUARD, "this context was closed", "switch to it again")
        is_claimed = True

        async def whole() -> _T:
            result = await work
            if unclaimed is not None and (self._finishing or not is_claimed):
                await unclaimed(result)
            return result

        task = self._track(whole(), unfinished)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            is_claimed = False
            if task.cancelled() and not is_cancelled():
                raise OutcomeUnknown(Step.GUARD, "this context was closed meanwhile", unfinished) from None
            if unclaimed is not None and task.done() and not task.cancelled() and task.exception() is None:
                # it ended in the very turn in which the caller was cancelled
                self._track(_awaited(unclaimed(task.result())), unfinished)
            raise

    def _track(self, work: Coroutine[Any, Any, _T], unfinished: str) -> asyncio.Task[_T]:
        task = asyncio.create_task(work)
        self._unfinished[task] = unfinished
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._unfinished.pop(task, None)
        if not task.cancelled():
            task.exception()  # now it counts as looked at

    async def finish(self, seconds: float) -> list[str]:
        """Takes nothing new, waits up to `seconds`, stops what still runs, and returns the lines of that."""
        self._finishing = True
        if not self._unfinished:
            return []
        _, pending = await asyncio.wait([*self._unfinished], timeout=seconds)
        left = [self._unfinished[task] for task in pending]
        for task in pending:
            task.cancel()
        return left


async def _awaited(work: Awaitable[object]) -> None:
    await work


def is_cancelled() -> bool:
    """Whether the running task itself was asked to stop, and not only something that it waits for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
