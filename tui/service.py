"""What a service declares to the application. Each does so in its `service.py`, which imports no screen and no Textual:
the command line reads it, too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from connectors.service import Service as CalledService

if TYPE_CHECKING:
    import click
    import msgspec
    from textual.screen import Screen

    from connectors.clock import Clock
    from connectors.open_context import Left, OpenContext
    from tui.commands import Command, Scope
    from tui.screens.host import Host, Lead
    from widgets.facts import Fact


@dataclass(frozen=True, slots=True)
class Tab:
    """A mode of the application, with a stack of screens of its own.

    `name` is that of the mode, and the view of its root; `key` leads there. `root` imports the screen at the bottom of
    the stack and makes it, for a context or, while none is open, for the one that opens next.
    """

    name: str
    key: str
    title: str
    help: str
    root: "Callable[[OpenContext | None], Screen[None]]"

    @property
    def command(self) -> "Command":
        """The command that leads to the tab, and in the tab to its root."""
        from tui.commands import Command

        return Command(f"app.{self.name}", self.key, self.title, self.help, f"app.go('{self.name}')")


class Holding(Protocol):
    """What a service holds in an open context until it is given back, such as leases on messages."""

    async def release(self, host: "Host", context: "OpenContext") -> bool:
        """Gives everything back, and says so; False, and nothing said, where there is nothing."""

    def parting_facts(self, context: "OpenContext", release_key: str) -> "list[Fact]":
        """What closing `context` does to it, for the question before quitting."""

    def left_lines(self, left: "Left", clock: "Clock") -> list[str]:
        """A line for each thing that was not given back when a context was closed."""


def _no_scopes() -> "Sequence[Scope]":
    return ()


class NothingHeld:
    """What gives back for a service that holds nothing."""

    async def release(self, host: "Host", context: "OpenContext") -> bool:
        return False

    def parting_facts(self, context: "OpenContext", release_key: str) -> "list[Fact]":
        return []

    def left_lines(self, left: "Left", clock: "Clock") -> list[str]:
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    called: CalledService
    """What the guard must know."""
    tab: Tab
    scopes: "Callable[[], Sequence[Scope]]" = _no_scopes
    """The commands of its screens: bindings, hints, help, palette and the words of the command line come from them."""
    views: "Mapping[str, Callable[[OpenContext | None, str], Screen[None]]]" = field(default_factory=dict)
    """By kind what imports and makes the screen of a view `KIND:NAME`, for a context and the name."""
    verbs: "Mapping[str, tuple[click.Command, ...]]" = field(default_factory=dict)
    """Commands by the group that they belong to, `{"get": (get_queues,)}` for `sluice get queues`; those of the group
    "" stand at the top: `sluice explain`."""
    facts_for: "Mapping[str, Callable[[OpenContext, str], Sequence[Fact]]]" = field(default_factory=dict)
    """By kind what this service knows of a resource of another's, by the resource's ARN, or its name as long as that is
    all that is known. It is asked at each paint, so it answers from what was read."""
    sources_for: "Mapping[str, Callable[[OpenContext, str], Sequence[Lead]]]" = field(default_factory=dict)
    """By kind where what is in a resource of another's comes from; as `facts_for`."""
    section: "Callable[[], type[msgspec.Struct]] | None" = None
    """Imports what may stand in the configuration's table of the tab's name; None where it has none."""
    holding: Callable[[], Holding] = NothingHeld
    """Imports and makes what gives back."""
