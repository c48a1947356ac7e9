"""The way out: what would be lost is asked about, leases are given back, and everything open is closed."""

import asyncio
import contextlib
import math
import signal
from collections.abc import Callable
from typing import Any

from textual.app import App

from connectors.clock import Clock
from tui.app.background import run_in_background
from tui.app.contexts import Contexts
from tui.app.demo import Demo
from tui.app.editor import Editor
from tui.app.keymap import Keys
from tui.app.notices import Notices
from tui.app.views import Drafts
from tui.services import SERVICES
from widgets.dialog import Question
from widgets.facts import Fact

INTERRUPT_SECONDS = 2.0
"""Within which a second interrupt quits at once."""


class Exit:
    """Every way out ends in `leave`: a person's, a signal's, and that of a window that was closed."""

    def __init__(
        self,
        app: App[Any],
        clock: Clock,
        notices: Notices,
        drafts: Drafts,
        contexts: Contexts,
        demo: Demo,
        editor: Editor,
        keys: Keys,
    ) -> None:
        self._app = app
        self._clock = clock
        self._notices = notices
        self._drafts = drafts
        self._contexts = contexts
        self._demo = demo
        self._editor = editor
        self._keys = keys
        self.left_undone: list[str] = []
        """What could not be finished; the command line prints it when the screen is gone."""
        self.on_leave: Callable[[], None] | None = None
        """Called when the way out begins."""
        self._interrupted_at = -math.inf
        self._leaving = False
        self._has_crashed = False

    def watch_signals(self) -> None:
        """Has SIGTERM and SIGHUP take the way out. To be called in the event loop."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(signal.SIGTERM, self.leave)
            loop.add_signal_handler(signal.SIGHUP, self.hang_up)

    def ask_to_quit(self) -> None:
        """Leaves; asks first where a lease or a draft would be lost."""
        run_in_background(self._app, self._ask_to_quit, group="quit", description="quit")

    async def _ask_to_quit(self) -> None:
        if isinstance(self._app.screen, Question):
            return
        workplace, drafts = self._contexts.workplace, self._drafts.facts()
        if drafts or (workplace is not None and workplace.held):
            facts: list[Fact] = []
            if workplace is not None:
                release = self._keys.label("app.release")
                facts = [fact for service in SERVICES for fact in service.holding().parting_facts(workplace, release)]
            question = Question("Quit?", [*facts, *drafts], yes="quit", sleep=self._clock.sleep)
            if not await self._app.push_screen_wait(question):
                return
        self.leave()

    def interrupt(self) -> None:
        """Leaves at once when it is called twice within `INTERRUPT_SECONDS`."""
        now = self._clock.monotonic()
        if now - self._interrupted_at < INTERRUPT_SECONDS:
            self.leave()
        else:
            self._interrupted_at = now
            self._notices.tell(f"press {self._keys.label('app.interrupt')} once more to quit at once")

    def hang_up(self) -> None:
        """Leaves because the terminal is gone. SIGHUP and the driver both say so: the second call does nothing."""
        if not self._leaving:
            self.leave()

    def leave(self) -> None:
        """Gives leases back, closes what is open and exits, all within a budget; a second call exits at once."""
        if self._leaving:
            self._app.exit()
            return
        self._leaving = True
        if self.on_leave is not None:
            self.on_leave()
        run_in_background(self._app, self._close_everything, group="leave", description="leave", exclusive=False)

    def crashed(self) -> None:
        """Notes the drafts that are lost by a crash, while their screens are there."""
        if self._has_crashed:
            return
        self._has_crashed = True
        if self.on_leave is not None:
            self.on_leave()
        with contextlib.suppress(Exception):  # whatever is broken, the way out goes on
            self.left_undone += [fact.value for fact in self._drafts.facts()]

    async def close_after_all(self) -> None:
        """Closes every client, whatever ended the screen; after a crash that is where leases are given back."""
        left_undone = await self._contexts.close_all()
        if not self._leaving:
            self.left_undone += left_undone

    async def _close_everything(self) -> None:
        try:
            left_undone, _ = await asyncio.gather(self._contexts.close_all(), self._editor.stop())
            self.left_undone += left_undone
            if self._demo.emulator is not None:
                await self._demo.emulator.aclose()
        finally:
            self._app.exit()
