"""A watch that runs while a test looks at it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from connectors.watching.watch import Watch

WatchT = TypeVar("WatchT", bound=Watch[Any, Any])


@asynccontextmanager
async def following(watch: WatchT) -> AsyncIterator[WatchT]:
    """Runs `watch` until the end of the block."""

    async def follow() -> None:
        async for _ in watch.run():
            pass

    task = asyncio.create_task(follow())
    try:
        yield watch
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
