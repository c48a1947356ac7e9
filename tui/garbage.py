"""Garbage is collected when nobody waits for it.

To look through all objects stops the program: 40 ms with 10,000 queues, 80 ms with 100,000 rows. What the start made is
no garbage and is never looked through; young objects are looked through seldom, and all objects when no key came for a
while.
"""

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.presence import AttendedApp

_FIRST_AFTER = 2.0
"""Seconds after the application was mounted; by then a first context is open and its counts are on screen."""
_LOOK_EVERY = 5.0
_QUIET = 3.0
"""Seconds without a key."""
_THRESHOLDS = (5_000, 10, 50)
"""New objects for one collection of the young, of these for one of the older, and of these for one of all, whether
somebody waits or not."""


def make_none() -> None:
    """To be called before the start; until `collect_when_quiet` acts nothing is collected."""
    gc.disable()


def collect_when_quiet(app: "AttendedApp") -> None:
    """To be called when the application is mounted. Does nothing in a program that did not call `make_none`."""
    if not gc.isenabled():
        app.run_worker(_collect(app), group="garbage", exit_on_error=False, description="collect garbage")


async def _collect(app: "AttendedApp") -> None:
    await app.clock.sleep(_FIRST_AFTER)
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    gc.enable()
    while True:
        await app.clock.sleep(_LOOK_EVERY)
        is_due = gc.get_count()[2] > 0  # many young objects have grown old since the last one
        if is_due and app.seconds_without_key > _QUIET:
            gc.collect()
