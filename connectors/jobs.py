"""Many calls, some of them at once, with each result as it comes."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from typing import Any, TypeVar

_T = TypeVar("_T")


async def as_they_end(calls: Iterable[Coroutine[Any, Any, _T]], at_once: Callable[[], int]) -> AsyncGenerator[_T, None]:
    """Runs `calls`, as many at once as `at_once()` says each time, and gives each result when it is there.

    `calls` is asked for the next one only when there is room for it. Where a call raises, or the caller stops, those
    that still run are cancelled.
    """
    remaining = iter(calls)
    running: set[asyncio.Task[_T]] = set()
    try:
        while True:
            while len(running) < at_once() and (call := next(remaining, None)) is not None:
                running.add(asyncio.create_task(call))
            if not running:
                return
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()
    finally:
        for task in running:
            task.cancel()
