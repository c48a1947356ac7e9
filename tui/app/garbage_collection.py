"""When Python's garbage collector runs: in moments without a key.

A collection of all objects stops the program: 40 ms with 10,000 queues, 80 ms with 100,000 rows. Objects made during
the start are frozen, so no collection visits them; young objects are collected seldom, and all objects only when no key
came for a while.
"""

import gc
from functools import partial
from typing import Any

from textual.app import App

from connectors.clock import Clock
from tui.app.background import run_in_background
from tui.app.presence import Presence

_FIRST_AFTER = 2.0
"""Seconds after the application was mounted; by then a first context is open and its counts are on screen."""
_LOOK_EVERY = 5.0
"""Seconds between two checks whether a collection is due."""
_QUIET = 3.0
"""Seconds without a key after which a collection disturbs nobody."""
_THRESHOLDS = (5_000, 10, 50)
"""For `gc.set_threshold`: new objects for one collection of generation 0, of these for one of generation 1, and of
these for one of generation 2, which does not wait for a quiet moment."""


def disable_until_quiet() -> None:
    """Switches the collector off; `collect_when_quiet` switches it on again. To be called before the start."""
    gc.disable()


def collect_when_quiet(app: App[Any], clock: Clock, presence: Presence) -> None:
    """Switches the collector on after the start of `app` and collects when no key comes. To be called when `app` is
    mounted. Does nothing unless `disable_until_quiet` was called before."""
    if not gc.isenabled():
        run_in_background(app, partial(_collect, clock, presence), group="garbage", description="collect garbage")


async def _collect(clock: Clock, presence: Presence) -> None:
    await clock.sleep(_FIRST_AFTER)
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    gc.enable()
    while True:
        await clock.sleep(_LOOK_EVERY)
        is_due = gc.get_count()[2] > 0  # many young objects have grown old since the last one
        if is_due and presence.seconds_without_key > _QUIET:
            gc.collect()
