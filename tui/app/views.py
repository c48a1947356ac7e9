"""Going from view to view, and the drafts that are lost by it."""

from functools import partial
from typing import Any

from textual.app import App

from connectors.clock import Clock
from tui.app.background import run_in_background
from tui.screens.base import mounted_screens_of, screens_of
from widgets.dialog import Question
from widgets.facts import Fact


class Drafts:
    """The messages that are written and not sent, on any screen."""

    def __init__(self, app: App[Any], clock: Clock) -> None:
        self._app = app
        self._clock = clock

    def facts(self) -> list[Fact]:
        """A line for each draft, for the question that is asked before it is lost."""
        queues = [screen.draft_for for screen in mounted_screens_of(self._app) if screen.draft_for]
        return [Fact("draft", f"a message to {name} is written and not sent; it is lost", "warning") for name in queues]

    async def may_be_lost(self, title: str, yes: str) -> bool:
        """True where there is no draft, else the answer to a question. To be awaited in a worker."""
        facts = self.facts()
        question = Question(title, facts, yes=yes, sleep=self._clock.sleep)
        return not facts or await self._app.push_screen_wait(question)


class Views:
    """The screens above the root. A view is `queues`, which is the root, or `queue:NAME`."""

    def __init__(self, app: App[Any], drafts: Drafts) -> None:
        self._app = app
        self._drafts = drafts

    @property
    def at_root(self) -> bool:
        """Whether no screen is open but the root."""
        return len(self._app.screen_stack) == 1

    @property
    def current(self) -> str:
        """The view that is open above the root, else empty."""
        return next((screen.view for screen in screens_of(self._app) if screen.view), "")

    def go(self, view: str) -> None:
        """Opens `view` as `show` does, at once where no draft is lost: the next key is for the screen that opens."""
        if self._drafts.facts():
            run_in_background(self._app, partial(self._ask_and_go, view), group="go", description="go to a view")
        else:
            self.show(view)

    async def _ask_and_go(self, view: str) -> None:
        if await self._drafts.may_be_lost("Leave the message unsent?", "leave"):
            self.show(view)

    def show(self, view: str) -> None:
        """Closes every screen above the root, whatever is lost by it, and opens `view`."""
        while not self.at_root:
            screen = self._app.screen
            if isinstance(screen, Question):
                screen.dismiss(False)
            else:
                self._app.pop_screen()
        if name := view.removeprefix("queue:") if view.startswith("queue:") else "":
            from tui.sqs.queue import QueueScreen

            self._app.push_screen(QueueScreen(name))
