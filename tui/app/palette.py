"""The commands of a screen in Textual's command palette."""

from collections.abc import Callable

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui.app.everywhere import EVERYWHERE, commands_of
from tui.commands import Command
from tui.screens.base import SluiceScreen


class CommandProvider(Provider):
    """The commands of the screen below, in the palette."""

    async def discover(self) -> Hits:
        for command in self._commands():
            yield DiscoveryHit(command.title, self._run(command), help=command.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in self._commands():
            score = matcher.match(f"{command.title} {command.word}")
            if score > 0:
                yield Hit(score, matcher.highlight(command.title), self._run(command), help=command.help)

    def _commands(self) -> tuple[Command, ...]:
        commands = commands_of(self.screen.SCOPE) if isinstance(self.screen, SluiceScreen) else EVERYWHERE
        return tuple(command for command in commands if command.action)

    def _run(self, command: Command) -> Callable[[], None]:
        screen = self.screen

        def run() -> None:
            if isinstance(screen, SluiceScreen):
                self.app.call_later(screen.do, command)
            else:
                self.app.call_later(screen.run_action, command.action)

        return run
