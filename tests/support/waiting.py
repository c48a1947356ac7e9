"""Waiting on conditions, never for a length of time."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

LONG = 20.0
"""Seconds to wait for what must come, on a machine that is busy with other things."""


async def until(condition: Callable[[], Any], seconds: float = LONG, *, what: str = "") -> Any:
    """Waits until `condition()` is true and returns its value; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain{f' for {what}' if what else ''}")
        await asyncio.sleep(0.002)
    return value


def until_now(condition: Callable[[], Any], seconds: float = LONG, *, what: str = "") -> Any:
    """`until` for tests without an event loop."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain{f' for {what}' if what else ''}")
        time.sleep(0.005)
    return value
