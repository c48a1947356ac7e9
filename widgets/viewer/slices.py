"""Runs long work of a widget on its event loop, in slices between which keys are answered.

Not in a thread: what takes long here is Python itself, which would hold up the keys from any thread.
"""

import asyncio
from collections.abc import Callable

from textual.widget import Widget
from textual.worker import Worker

from widgets.viewer.steps import Steps, advance

SLICE_SECONDS = 0.004
_TURNS_BETWEEN = 8  # of the event loop: about what a key takes on its way from the terminal to the screen

Progressed = Callable[[bool], None]
"""Called after each slice, with whether the work is done."""


class Slices:
    """The long work of one widget. Of each group only the latest goes on; what an older one had to say is dropped."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._tokens: dict[str, object] = {}

    def start(self, group: str, steps: Steps[None], progressed: Progressed, at_once: float = SLICE_SECONDS) -> None:
        """Works for `at_once` seconds now, and on in a worker of this group if there is more to do."""
        self._tokens[group] = token = object()
        done = advance(steps, at_once)
        progressed(done)
        if not done and self._tokens.get(group) is token:

            async def work() -> None:
                # made when the worker begins: one that is overtaken before that would leave a coroutine behind
                await self._go_on(group, token, steps, progressed)

            _: Worker[None] = self._widget.run_worker(
                work, group=group, description=group, exclusive=True, exit_on_error=False
            )

    def drop(self) -> None:
        """Ends all work; nothing of it is heard any more."""
        self._tokens.clear()

    async def _go_on(self, group: str, token: object, steps: Steps[None], progressed: Progressed) -> None:
        done = False
        while not done:
            for _ in range(_TURNS_BETWEEN):
                await asyncio.sleep(0)
            if self._tokens.get(group) is not token:
                return
            done = advance(steps, SLICE_SECONDS)
            progressed(done)
