"""The command palette: the commands of the screen below with their keys, and the resources that are known by name."""

from collections.abc import Callable, Iterator
from functools import partial

from textual import on
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.widgets import Input
from textual.worker import Worker

from tui.app.everywhere import EVERYWHERE, commands_of
from tui.app.places import found_places
from tui.app.views import Views
from tui.commands import Command
from tui.screens.base import SluiceScreen
from widgets.keys import live_keys
from widgets.text import printable

_BEGINS, _PLACE = 3.0, 2.0
"""Scores: of a command whose name begins with what was typed, and of the resource that fits best. All other commands
score less than `_PLACE`."""


class Palette(CommandPalette):
    """Enter waits for the search that is under way: it is for what was typed, not for what stood there before."""

    def __init__(self, views: Views) -> None:
        super().__init__(id="--command-palette")
        self.views = views
        self._enter_waits = False

    @on(Input.Submitted)
    def _wait_for_search(self, event: Input.Submitted) -> None:
        if any(not worker.is_finished for worker in self.workers if worker.node is self):
            event.stop()
            event.prevent_default()
            self._enter_waits = True

    @on(Worker.StateChanged)
    async def _submit_when_found(self, event: Worker.StateChanged) -> None:
        if self._enter_waits and event.worker.is_finished and not event.worker.is_cancelled:
            self._enter_waits = False
            await self.query_one(Input).action_submit()


class CommandProvider(Provider):
    """What the palette offers on the screen below."""

    async def discover(self) -> Hits:
        for command in self._commands():
            yield DiscoveryHit(self._shown(Content(command.title), command), self._run(command), help=command.help)

    async def search(self, query: str) -> Hits:
        matcher, typed = self.matcher(query), query.casefold()
        for command in self._commands():
            score = matcher.match(f"{command.title} {command.word}")
            if score > 0:
                begins = command.title.casefold().startswith(typed) or command.word.startswith(typed)
                shown = self._shown(matcher.highlight(command.title), command)
                yield Hit(_BEGINS if begins else score / (1 + score), shown, self._run(command), help=command.help)
        palette = self.app.screen
        if isinstance(palette, Palette):
            for number, place in enumerate(found_places(palette.views.openable(), query)):
                kind, _, name = place.partition(":")
                shown = Content.assemble(Content(printable(name)), (f"  {kind}", "dim"))
                yield Hit(_PLACE - number / 100, shown, partial(palette.views.go, place))

    def _commands(self) -> Iterator[Command]:
        commands = commands_of(self.screen.SCOPE) if isinstance(self.screen, SluiceScreen) else EVERYWHERE
        return (command for command in commands if command.action)

    def _shown(self, title: Content, command: Command) -> Content:
        """The title with the keys beside it, or with the reason against it. A reason may hold a name, so it is no
        markup."""
        screen = self.screen
        reason = command.why_not(screen) if isinstance(screen, SluiceScreen) else ""
        said = f"not now: {printable(reason)}" if reason else " ".join(live_keys(screen).get(command.id, ()))
        return Content.assemble(title, (f"  {said}", "dim")) if said else title

    def _run(self, command: Command) -> Callable[[], None]:
        screen = self.screen

        def run() -> None:
            if isinstance(screen, SluiceScreen):
                self.app.call_later(screen.do, command)
            else:
                self.app.call_later(screen.run_action, command.action)

        return run
