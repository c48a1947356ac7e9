"""What a service declares to the application: today its tab and the views in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connectors.service import Service as CalledService
from tui.commands import Command

if TYPE_CHECKING:
    from textual.screen import Screen

    from connectors.open_context import OpenContext


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
    def command(self) -> Command:
        """The command that leads to the tab, and in the tab to its root."""
        return Command(f"app.{self.name}", self.key, self.title, self.help, f"app.go('{self.name}')")


@dataclass(frozen=True, slots=True)
class Service:
    """`called` is what the guard must know. `views` has by kind what imports and makes the screen of a view
    `KIND:NAME`, for a context and the name."""

    called: CalledService
    tab: Tab
    views: "Mapping[str, Callable[[OpenContext | None, str], Screen[None]]]" = field(default_factory=dict)
