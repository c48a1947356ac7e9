"""The tabs: each is a mode of Textual, with a stack of screens of its own."""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.screen import Screen

from tui.screens.base import Arrangement, SluiceScreen
from tui.screens.top_line import TabLabel
from tui.service import Service, Tab
from widgets.dialog import Question

if TYPE_CHECKING:
    from connectors.open_context import OpenContext


class Tabs:
    """The stacks of all tabs. `App.screen_stack` is only the one in front.

    `context` returns the context that is open; the root of a tab is made for it when the tab is first visited.
    Textual can't replace the screen at the bottom of the mode in front, so a switch of context gives each tab a new
    mode and removes the old one.
    """

    def __init__(self, app: App[Any], services: Sequence[Service], context: "Callable[[], OpenContext | None]") -> None:
        self._app = app
        self._context = context
        self._tabs = {service.tab.name: service.tab for service in services}
        self._called = {service.tab.name: service.called.name for service in services}
        self._modes: dict[str, str] = {}
        """The name of the mode of each tab, by the name of the tab."""
        self._switches = 0
        self._arrangements: dict[str, Arrangement | None] = {}
        """How the list at the root of each tab was left at the last switch, by the name of the tab."""
        self._waiting: dict[str, dict[Hashable, Callable[[SluiceScreen], object]]] = {}
        """What screens are told when their tab comes back to the front, by the name of the tab."""
        for tab in self._tabs.values():
            self._add_mode(tab)

    def _add_mode(self, tab: Tab) -> None:
        mode = self._modes[tab.name] = f"{tab.name} {self._switches}" if self._switches else tab.name
        self._app.add_mode(mode, partial(self._root, tab))

    def _root(self, tab: Tab) -> Screen[None]:
        root = tab.root(self._context())
        if isinstance(root, SluiceScreen):
            root.arrangement = self._arrangements.get(tab.name)
        return root

    # -- what is open -----------------------------------------------------------------------------------------------

    @property
    def names(self) -> list[str]:
        return [*self._tabs]

    @property
    def front(self) -> str:
        """The name of the tab in front."""
        return next(name for name, mode in self._modes.items() if mode == self._app.current_mode)

    def labels(self, key_of: Callable[[str], str]) -> list[TabLabel]:
        """The tabs for the top line, under the keys that `key_of` returns for the ids of their commands. A tab that
        was not visited has no trouble, for nothing was read."""
        front = self.front
        return [
            TabLabel(
                key_of(f"app.{name}"),
                tab.title,
                name == front,
                next((root.trouble for root in self.screens(name)), 0),
            )
            for name, tab in self._tabs.items()
        ]

    @property
    def service(self) -> str:
        """The service of the tab in front, as botocore names it."""
        return self._called[self.front]

    def stack(self, name: str) -> list[Screen[Any]]:
        """The screens of a tab, the root first. Empty where the tab was not visited since the context was opened."""
        try:
            return self._app.get_screen_stack(self._modes[name])
        except KeyError:
            return []

    def screens(self, *names: str) -> list[SluiceScreen]:
        """The screens that are no dialogs, of the tabs `names` or of all, the one in front last. One that is still
        being made is among them; it has no parts yet."""
        ordered = sorted(names or self._tabs, key=lambda name: name == self.front)
        return [screen for name in ordered for screen in self.stack(name) if isinstance(screen, SluiceScreen)]

    def mounted(self, *names: str) -> list[SluiceScreen]:
        """As `screens`, without those that are still being made: these ask by themselves when they are mounted."""
        return [screen for screen in self.screens(*names) if screen.is_mounted]

    def at_root(self, name: str) -> bool:
        """Whether a tab shows its root and nothing above it."""
        return len(self.stack(name)) == 1

    def tell_in_sight(self, news: Hashable, tell: Callable[[SluiceScreen], object]) -> None:
        """Calls `tell` with each screen of the tab in front, and with those of another tab when it comes to the front:
        what they are told makes them read. Equal `news` are told once."""
        for name in self._tabs:
            if name != self.front and self.stack(name):
                self._waiting.setdefault(name, {})[news] = tell
        for screen in self.mounted(self.front):
            tell(screen)

    # -- going and closing ------------------------------------------------------------------------------------------

    def go_to(self, name: str) -> None:
        """Brings a tab to the front as it was left. The one that is left stays as it is and holds what it holds; a walk
        stops."""
        if name == self.front:
            return
        for screen in self.mounted(self.front):
            screen.stop_looking()
        self._app.switch_mode(self._modes[name])
        for tell in self._waiting.pop(name, {}).values():
            for screen in self.mounted(name):
                tell(screen)

    def push(self, name: str, screen: Screen[Any]) -> None:
        """Opens `screen` on the stack of a tab, in front or not."""
        self._app.push_screen(screen, mode=self._modes[name])

    def close_above_root(self) -> None:
        """Closes every screen of the tab in front but its root, whatever is lost by it."""
        while not self.at_root(self.front):
            screen = self._app.screen
            if isinstance(screen, Question):
                screen.dismiss(False)
            else:
                self._app.pop_screen()

    def start_over(self) -> None:
        """Closes every screen of every tab, whatever is lost by it. The root in front is made anew at once, the others
        at their next visit. A root in front that never had a context stays: it gets the next one."""
        self.close_above_root()
        front, root = self.front, self._app.screen
        self._waiting.clear()
        self._switches += 1
        waits = isinstance(root, SluiceScreen) and root.context is None
        closed = [name for name in self._tabs if self.stack(name) and not (waits and name == front)]
        left = [self._modes[name] for name in closed]
        for name in closed:
            self._arrangements[name] = next((screen.arranged() for screen in self.mounted(name)), None)
        for name in closed:  # from here until the switch no tab is in front
            self._add_mode(self._tabs[name])
        self._app.switch_mode(self._modes[front])
        for mode in left:
            self._app.remove_mode(mode)
