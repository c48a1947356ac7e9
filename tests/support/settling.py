"""Waiting until Textual has worked off what it was given, in place of waiting for an idle processor."""

import asyncio
from typing import Any

from textual._context import active_app
from textual.app import App
from textual.pilot import Pilot

_QUIET_ROUNDS = 2
"""A key that the focused widget does not take goes from queue to queue up to the screen, and each round ends when what
stood in the queues at its beginning is worked off."""
_MOST_ROUNDS = 10
"""For a screen that never rests, as with a spinner."""


async def settle(app: App[Any]) -> None:
    """Waits until every widget of the screen in front has worked off its queue, twice in a row, and is laid out."""
    pilot: Pilot[Any] = Pilot(app)
    quiet = 0
    for _ in range(_MOST_ROUNDS):
        await pilot._wait_for_screen()
        await asyncio.sleep(0)
        quiet = quiet + 1 if _rests(app) else 0
        if quiet == _QUIET_ROUNDS:
            return


def _rests(app: App[Any]) -> bool:
    if not app.screen_stack:
        return True
    screen = app.screen
    if app._resize_timer is not None:
        app._check_resize()  # else at the next frame, as below
        return False
    if screen._layout_required or screen._callbacks:
        screen._on_timer_update()
        return False
    return not any(pump.message_queue_size for pump in (app, *screen.walk_children(with_self=True)))


async def settle_instead_of_idling(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Takes the place of `textual._wait.wait_for_idle`, which waits until the whole process is idle, up to a second: on
    a busy machine for each key, and a stub server in a thread of the test is part of the process."""
    await settle(active_app.get())
