"""What every full screen has: the bar that says where it works, the hints, and its own commands."""

from collections.abc import Collection
from typing import TYPE_CHECKING, ClassVar, NamedTuple, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.worker import Worker

from connectors.errors import ConnectorError, Refused
from tui.commands import EVERYWHERE, Command, Scope
from tui.screens.host import Host
from tui.screens.top_line import place_parts, tab_parts, unopened_parts
from widgets.keys import live_keys
from widgets.line import Line, Part, Yield

if TYPE_CHECKING:
    from connectors.aws.session import AwsSession
    from connectors.open_context import OpenContext
    from connectors.sqs.models import Queue


class Arrangement(NamedTuple):
    """How a list is filtered and sorted. `column` is the key of the column, None where the list is not sorted."""

    filter: str
    column: str | None
    reverse: bool


class SluiceScreen(Screen[None]):
    """`SCOPE` has the commands of the screen; `compose_body` yields what stands between the two lines.

    `context` is the context that the screen works in. It never changes: a switch closes the screen. A screen that is
    made while no context is open gets the one that opens next (`give_context`).
    """

    SCOPE: ClassVar[Scope]
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Next field", False, id="screen.next", tooltip="Go to the next field"),
        Binding(
            "shift+tab",
            "app.focus_previous",
            "Previous field",
            False,
            id="screen.previous",
            tooltip="Go to the previous field",
        ),
    ]

    def __init__(self, context: "OpenContext | None") -> None:
        super().__init__()
        self.context = context
        self.must_exist = False
        """Whether the screen was opened again after a switch of context, and closes where the context lacks what it
        shows."""
        self.arrangement: Arrangement | None = None
        """How a list begins, where it is not sorted as usual and without a filter: as the one before it was left."""
        self._has_parts = False

    @property
    def host(self) -> Host:
        """The application, as far as a screen may know it."""
        return cast(Host, self.app)

    @property
    def opened(self) -> "OpenContext":
        """`context`; raises `Refused` while it is None."""
        if self.context is None:
            raise Refused("not connected yet", f"wait, or choose a context ({self.host.key('app.contexts')})")
        return self.context

    @property
    def session(self) -> "AwsSession":
        """The session of `opened`."""
        return self.opened.aws

    @property
    def is_away(self) -> bool:
        """Whether another tab is in front, or the screen was closed: it reads nothing then."""
        return self not in self.app.screen_stack

    def give_context(self, context: "OpenContext") -> None:
        """Called when a context was opened. A screen that has one keeps it."""
        if self.context is None:
            self.context = context
            if self._has_parts:
                self.context_changed()

    # -- what the application asks of a screen; the defaults are those of a screen that has nothing to say ---------

    @property
    def view(self) -> str:
        """The view that this screen shows, for `Host.go`: a switch of context opens it again. Empty where there is
        none."""
        return ""

    @property
    def draft_for(self) -> str:
        """The name of the queue for which a message is written and not sent, else empty."""
        return ""

    @property
    def trouble(self) -> int:
        """How many of the resources that the screen lists need a hand, as last read: the tab says so."""
        return 0

    def arranged(self) -> Arrangement | None:
        """How the list of this screen is filtered and sorted now. None where there is no list."""
        return None

    def openable_views(self) -> Collection[str]:
        """The views that the command line completes."""
        return ()

    def context_changed(self, *, seeded: bool = False) -> None:
        """Called when the screen was given its context, or when none could be opened. `seeded` says that the context is
        the same and the demo's emulator holds more."""

    def leases_changed(self, queues: "Collection[Queue]") -> None:
        """Called when leases on messages of `queues` were given back."""

    def stop_looking(self) -> None:
        """Called when another tab comes to the front, and before everything held is given back: the screen receives
        nothing more."""

    # -- what it is made of -----------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield Line(id="bar")
        yield from self.compose_body()
        yield Line(id="hints")

    def compose_body(self) -> ComposeResult:
        raise NotImplementedError

    def on_mount(self) -> None:
        self._has_parts = True
        self.show_bar()
        self.show_hints()

    def on_screen_resume(self) -> None:
        self.host.forget_closed_screens()
        self.show_bar()
        self.show_hints()

    def show_bar(self) -> None:
        """The tabs, and where sluice works: always in sight."""
        host = self.host
        read_only = host.request.read_only
        if self.context is None:
            place = unopened_parts(host.request.label(), opening=host.opening, read_only=read_only)
        else:
            place = place_parts(self.context.aws, host.service, read_only=read_only)
        tabs = tab_parts(host.tab_labels)
        keep = sum(part.cells for part in tabs if part.when_narrow is Yield.NEVER)
        self.query_one("#bar", Line).show(tabs, [*place, Part(" ")], keep=keep)

    def show_hints(self) -> None:
        """The commands worth knowing here that can be done now, under the keys they have now.

        For some seconds the word on what just happened stands in their place.
        """
        word = self.host.word
        if word is not None:
            self.query_one("#hints", Line).show([word])
            return
        parts: list[Part] = []
        keys = live_keys(self)
        for command in (*self.SCOPE.own, *EVERYWHERE):
            is_typed = self.SCOPE.is_typed and command in EVERYWHERE
            is_here = command.word == self.SCOPE.name
            if command.hint and not (is_typed or is_here) and command.id in keys and not command.why_not(self):
                when_narrow = Yield.NEVER if command.id == "app.help" else Yield.DROP  # the way to all others
                parts.append(Part(f" {keys[command.id][0]} ", "key", when_narrow))
                parts.append(Part(self.hint_title(command) + " ", "", when_narrow, with_previous=True))
        self.query_one("#hints", Line).show(parts, self.hint_status())

    def hint_title(self, command: Command) -> str:
        """What a command does now, in a word."""
        return command.title

    def hint_status(self) -> list[Part]:
        """What stands at the right of the hints."""
        return []

    # -- commands ---------------------------------------------------------------------------------------------------

    @property
    def is_read_only(self) -> bool:
        return self.host.request.read_only

    @property
    def allows_looks(self) -> bool:
        return not self.host.request.no_look

    def reason_against(self, command: Command) -> str:
        """Why this screen can't do `command` now, in a few words; empty where it can."""
        if command.id == "app.identity" and self.context is None:
            return "not connected yet"
        return ""

    async def do(self, command: Command, number: int | None = None) -> None:
        """Runs a command of this screen or of the application, with the number that was typed for it. Says why not
        where it can't be done now."""
        reason = command.why_not(self)
        if reason:
            self.host.tell(reason, severe=True)
        else:
            await self.run_action(command.action if number is None else f"{command.action}({number})")

    async def action_do(self, name: str) -> None:
        """Does the command of this screen that has the id `name`."""
        await self.do(next(command for command in self.SCOPE.own if command.id == name))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        self.host.on_worker_state_changed(event)

    def show_error(self, error: ConnectorError) -> None:
        self.host.show_error(error)

    def close(self) -> None:
        """Closes this screen, also while another tab is in front: `dismiss` closes what is in front."""
        self.host.close_screen(self)

    def action_back(self) -> None:
        self.dismiss()
