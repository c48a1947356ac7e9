"""Going from view to view, and the drafts that are lost by it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import App

from connectors.clock import Clock
from tui.app.background import run_in_background
from tui.app.tabs import Tabs
from tui.screens.base import SluiceScreen
from tui.service import Service
from widgets.dialog import Question
from widgets.facts import Fact

if TYPE_CHECKING:
    from connectors.open_context import OpenContext


class Drafts:
    """The messages that are written and not sent, on any screen."""

    def __init__(self, app: App[Any], tabs: Tabs, clock: Clock) -> None:
        self._app = app
        self._tabs = tabs
        self._clock = clock

    def facts(self, tab: str | None = None) -> list[Fact]:
        """A line for each draft of a tab, or of all, for the question that is asked before it is lost."""
        screens = self._tabs.mounted(tab) if tab is not None else self._tabs.mounted()
        queues = [screen.draft_for for screen in screens if screen.draft_for]
        return [Fact("draft", f"a message to {name} is written and not sent; it is lost", "warning") for name in queues]

    async def may_be_lost(self, title: str, yes: str, tab: str | None = None) -> bool:
        """True where there is no draft in the tab, or in any, else the answer to a question. To be awaited in a
        worker."""
        facts = self.facts(tab)
        question = Question(title, facts, yes=yes, sleep=self._clock.sleep)
        return not facts or await self._app.push_screen_wait(question)


def tab_of(view: str, services: Sequence[Service]) -> str:
    """The name of the tab in which `view` opens."""
    kind, _, name = view.partition(":")
    return next((service.tab.name for service in services if name and kind in service.views), kind)


class Views:
    """What the tabs show. A view is the name of a tab, which is its root, or `KIND:NAME`, which stands above it."""

    def __init__(
        self,
        app: App[Any],
        services: Sequence[Service],
        tabs: Tabs,
        drafts: Drafts,
        context: "Callable[[], OpenContext | None]",
    ) -> None:
        self._app = app
        self._services = services
        self._tabs = tabs
        self._drafts = drafts
        self._context = context
        self._kinds = {kind: (service.tab.name, make) for service in services for kind, make in service.views.items()}
        """The tab of each kind of view, and what makes the screen."""

    @property
    def roots(self) -> list[str]:
        return self._tabs.names

    @property
    def written(self) -> list[str]:
        """How the views are written: `queues`, `queue:NAME`."""
        return [*self._tabs.names, *(f"{kind}:NAME" for kind in self._kinds)]

    @property
    def kinds(self) -> list[str]:
        """The kinds of the views with a name: `queue`."""
        return [*self._kinds]

    def openable(self) -> set[str]:
        """The views that the command line completes, those with a name."""
        return {view for screen in self._tabs.screens() for view in screen.openable_views()}

    def knows(self, view: str) -> bool:
        """Whether `view` is written as a view is."""
        kind, _, name = view.partition(":")
        return view in self._tabs.names or bool(name and kind in self._kinds)

    @property
    def current(self) -> str:
        """The view that is open above the root in front, else empty."""
        return next((screen.view for screen in self._tabs.screens(self._tabs.front) if screen.view), "")

    def go(self, view: str) -> None:
        """Goes to `view`, at once where no draft is lost: the next key is for the screen that opens. Another tab is
        found as it was left."""
        tab = self._tab_of(view)
        if view == tab and tab != self._tabs.front:
            self._tabs.go_to(tab)
        elif self._drafts.facts(tab):
            run_in_background(self._app, partial(self._ask_and_go, view), group="go", description="go to a view")
        else:
            self.show(view)

    async def _ask_and_go(self, view: str) -> None:
        if await self._drafts.may_be_lost("Leave the message unsent?", "leave", self._tab_of(view)):
            self.show(view)

    def show(self, view: str) -> None:
        """Goes to the tab of `view`, closes every screen above its root, whatever is lost by it, and opens `view`."""
        self._tabs.go_to(self._tab_of(view))
        self._tabs.close_above_root()
        self.reopen(view)

    def open(self, view: str) -> None:
        """Opens a view with a name on the stack of the tab in front."""
        kind, _, name = view.partition(":")
        if name and kind in self._kinds:
            _, make = self._kinds[kind]
            self._tabs.push(self._tabs.front, make(self._context(), name))

    def reopen(self, view: str, *, must_exist: bool = False) -> None:
        """Opens a view with a name in its tab, in front or not. Where more than the root is open there, somebody opened
        a form meanwhile and may be typing: then it opens nothing."""
        kind, _, name = view.partition(":")
        if name and kind in self._kinds:
            tab, make = self._kinds[kind]
            if self._tabs.at_root(tab):
                screen = make(self._context(), name)
                if isinstance(screen, SluiceScreen):
                    screen.must_exist = must_exist
                self._tabs.push(tab, screen)

    def _tab_of(self, view: str) -> str:
        return tab_of(view, self._services)
