"""The commands that work on every screen: those of the application, and one for each tab."""

from tui import commands
from tui.commands import Command, Scope
from tui.services import SERVICES

_HELP, *_REST = commands.EVERYWHERE
EVERYWHERE = (_HELP, *(service.tab.command for service in SERVICES), *_REST)


def commands_of(scope: Scope) -> tuple[Command, ...]:
    """All that can be done on a screen: its own commands, then those that work everywhere."""
    return (*scope.own, *EVERYWHERE)


def words_of(scope: Scope) -> list[str]:
    """What the command line takes there."""
    return [command.word for command in commands_of(scope) if command.action]


def find(scope: Scope, word: str) -> Command | None:
    """The command that `word`, or a whole id, names on the command line."""
    named = (command for command in commands_of(scope) if command.action and word in (command.word, command.id))
    return next(named, None)
