"""The way out: what would be lost is asked about, leases go back, and whatever is open is closed."""

import asyncio
import contextlib
import math
import signal
from collections.abc import Callable
from typing import Any

from textual import work
from textual.css.query import NoMatches

from tui.appearance import AppearanceApp
from tui.editor import Editor
from widgets.dialog import Question
from widgets.facts import Fact

INTERRUPT_SECONDS = 2.0


class LeavingApp(AppearanceApp):
    """Every way out ends in `_leave`, whoever asks for it: a person, a signal or a window that was closed."""

    editor: Editor

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.left_undone: list[str] = []
        """What could not be finished on the way out; the command line prints it when the screen is gone."""
        self._interrupted_at = -math.inf
        self._leaving = False
        self.on_leave: Callable[[], None] | None = None
        """Called when the way out begins."""

    @property
    def has_draft(self) -> bool:
        """Whether a message is written and not sent on any screen."""
        return bool(self._drafts)

    @property
    def _drafts(self) -> list[Fact]:
        """What is told of each of them before it is lost."""
        queues = [name for screen in self.screen_stack if (name := getattr(screen, "draft_for", ""))]
        return [Fact("draft", f"a message to {name} is written and not sent; it is lost", "warning") for name in queues]

    async def may_lose_drafts(self, title: str, yes: str) -> bool:
        """Asks where one is written; to be awaited in a worker."""
        if not self.has_draft:
            return True
        return await self.push_screen_wait(Question(title, self._drafts, yes=yes, sleep=self.clock.sleep))

    def watch_signals(self) -> None:
        """From now on a signal that ends a program takes the way out, too. To be called in the event loop."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(signal.SIGTERM, self._leave)
            loop.add_signal_handler(signal.SIGHUP, self.hang_up)

    async def action_quit(self) -> None:
        self._ask_to_quit()

    @work(exclusive=True, group="quit", exit_on_error=False, description="quit")
    async def _ask_to_quit(self) -> None:
        held = self.workplace is not None and self.workplace.leases.open()
        if isinstance(self.screen, Question):
            return
        if held or self.has_draft:
            facts = self.workplace.parting_facts(self.key("app.release")) if self.workplace else []
            facts += self._drafts
            if not await self.push_screen_wait(Question("Quit?", facts, yes="quit", sleep=self.clock.sleep)):
                return
        self._leave()

    def action_interrupt(self) -> None:
        now = self.clock.monotonic()
        if now - self._interrupted_at < INTERRUPT_SECONDS:
            self._leave()
        else:
            self._interrupted_at = now
            self.tell(f"press {self.key('app.interrupt')} once more to quit at once")

    def hang_up(self) -> None:
        """The terminal is gone. That is told twice, by SIGHUP and by the driver: the second time hurries nothing."""
        if not self._leaving:
            self._leave()

    def _leave(self) -> None:
        """Gives leases back, closes what is open and exits, all within a budget; a second call exits at once."""
        if self._leaving:
            self.exit()
            return
        self._leaving = True
        if self.on_leave is not None:
            self.on_leave()
        self.run_worker(self._close_everything(), group="leave", exit_on_error=False)

    async def _close_everything(self) -> None:
        try:
            left_undone, _ = await asyncio.gather(self.close_workplaces(), self.editor.stop())
            self.left_undone += left_undone
            if self.emulator is not None:
                await self.emulator.aclose()
        finally:
            self.exit()

    async def on_unmount(self) -> None:
        """Whatever ended the screen, no client stays open."""
        await self.close_workplaces()

    def _handle_exception(self, error: Exception) -> None:
        """A screen that is being made while the way out is taken has no parts, which is nobody's concern any more."""
        if self.return_code is None or not isinstance(error, NoMatches):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Textual prints a traceback with the values of all locals, which hold tokens and bodies: print it without."""
        from rich.segment import Segments
        from rich.traceback import Traceback

        self.bell()
        traceback = Traceback(show_locals=False, width=None)
        self._exit_renderables.append(Segments(self.console.render(traceback, self.console.options)))
        self._close_messages_no_wait()
