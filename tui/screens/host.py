"""What a screen may ask of the application.

`Host` is a Protocol: screens import it in place of the application, which imports screens. `SluiceScreen.host` is the
way to it.
"""

from collections.abc import Callable, Collection, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from textual.screen import Screen
from textual.worker import Worker

from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.clock import Clock
from connectors.errors import ConnectorError
from widgets.dialog import Question
from widgets.facts import Fact
from widgets.line import Part

if TYPE_CHECKING:
    from connectors.open_context import OpenContext
    from connectors.sqs.models import Queue
    from tui.screens.top_line import TabLabel

R = TypeVar("R")

AWAY_AFTER = 300.0
"""Seconds without a key after which nobody counts as being at the keyboard."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of the log of this run: `kind` is notice, error, identity, lease or audit."""

    at: datetime
    kind: str
    text: str
    error: ConnectorError | None = None


class Lead(NamedTuple):
    """Another resource that one follows to: its view, `topic:ARN`, and what a person calls it, `order-events (SNS)`."""

    view: str
    name: str


class Pace(NamedTuple):
    """Seconds between two readings of what is on screen, between two steps of a countdown, and between two rows that an
    inspector shows while a key is held down."""

    refresh: float = 5.0
    countdown: float = 1.0
    rest: float = 0.1


@dataclass(frozen=True, slots=True)
class Edited:
    """The text that an editor left. `final_line_end` is True where the file ended with a line end that the text did not
    have before, as most editors add one; `text` is without it."""

    text: str
    final_line_end: bool = False


class Telling(Protocol):
    """Words to a person: at the foot of the screen, in a panel, in the log, on the clipboard."""

    @property
    def word(self) -> Part | None:
        """What just happened, in place of the hints; None some seconds later."""

    @property
    def notices(self) -> Iterable[Notice]:
        """The latest lines of the log, oldest first."""

    def key(self, command: str) -> str:
        """The label of the key of a command, by the command's id."""

    def note(self, kind: str, text: str, error: ConnectorError | None = None) -> None:
        """Adds a line to the log."""

    def tell(self, text: str, *, severe: bool = False) -> None:
        """Shows `text` in place of the hints for some seconds, and adds it to the log."""

    def show_panel(self, title: str, facts: Sequence[Fact], *, is_error: bool = False) -> None:
        """Opens a panel of facts; one that is asked for while a question is open opens when it is answered."""

    def show_error(self, error: ConnectorError) -> None:
        """Opens a panel on the failure of what somebody asked for, and adds it to the log."""

    def copy(self, text: str, what: str) -> None:
        """Sends `text` to the terminal's clipboard; `what` names it in the word that says so."""


class Views(Protocol):
    """Going to another view, and what is asked on the way."""

    def go(self, view: str) -> None:
        """Goes to a view, `queues` or `queue:NAME`. A tab that is in front already goes back to its root, and a view
        with a name stands in place of every screen above the root. Drafts that are lost are asked about."""

    def open(self, view: str) -> None:
        """Opens a view with a name on the stack of the tab in front, whatever its own tab: closing it comes back."""

    async def choose(self, title: str, choices: Sequence[tuple[str, str]]) -> str | None:
        """Has a person choose among `choices`, each a key and its text; the result is the key, None where nothing was
        chosen. To be awaited in a worker."""

    def pick_theme(self, name: str) -> None:
        """Puts on the theme `name` and remembers it; says so where there is none of that name."""

    def forget_closed_screens(self) -> None:
        """Frees the memory that Textual keeps for closed screens. Called by the screen that came to the front."""

    async def push_screen_wait(self, screen: Question) -> bool:
        """Asks a question; the result is the answer. To be awaited in a worker."""

    def close_screen(self, screen: Screen[None]) -> None:
        """Closes `screen`, in whichever tab and below whatever it stands."""

    async def may_lose_drafts(self, title: str, yes: str, *, in_this_tab: bool = False) -> bool:
        """True where no draft is written on any screen, or on any of the tab in front, else the answer to a question.
        To be awaited in a worker."""

    async def edit(self, text: str) -> Edited:
        """Lends the terminal to the person's editor. Raises `ConnectorError` where the text stays as it is."""


class Changes(Protocol):
    """Work that goes on when its screen is closed, and news for all screens."""

    def run_change(self, change: Callable[[], Coroutine[Any, Any, R]], description: str) -> Worker[R]:
        """Runs `change` to its end in a worker of the application; a failure is shown."""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Shows the failure of a worker."""

    def stop_looking(self) -> None:
        """Has every screen receive nothing more."""

    def leases_changed(self, queues: "Collection[Queue]") -> None:
        """Tells every screen that leases on messages of `queues` were given back."""


class Timing(Protocol):
    """What a countdown or the next reading goes by."""

    @property
    def clock(self) -> Clock:
        """All time comes from here, so that a test can let it pass."""

    @property
    def pace(self) -> Pace:
        """How often to read and to count down; slower with `--low-bandwidth`."""

    @property
    def somebody_is_here(self) -> bool:
        """Whether a key came in the last `AWAY_AFTER` seconds: only then leases are extended."""


class ContextInUse(Protocol):
    """The context that was asked for, and the way to another one. The one that is open is the screen's own."""

    @property
    def request(self) -> ContextRequest:
        """What was asked for last."""

    @property
    def tab_labels(self) -> "Sequence[TabLabel]":
        """The tabs as the top line has them."""

    @property
    def service(self) -> str:
        """The service of the tab in front, as botocore names it."""

    @property
    def opening(self) -> bool:
        """Whether a context is being opened."""

    @property
    def filling(self) -> bool:
        """Whether this is the demo, and its data is still being written."""

    @property
    def audit(self) -> AuditLog:
        """The audit log of this context; the demo has one of its own."""

    def facts_on(self, context: "OpenContext | None", kind: str, name: str) -> Sequence[Fact]:
        """What the other services know of a resource, from what they have read; `kind` is that of its view, `name` its
        ARN where that is known."""

    def sources_on(self, context: "OpenContext | None", kind: str, name: str) -> Sequence[Lead]:
        """Where what is in a resource comes from, as far as the other services have read it; as `facts_on`."""

    def open_context(self, request: ContextRequest) -> None:
        """Switches to `request`: every screen of every tab is closed, and the view in front is opened anew."""

    def stop_opening(self) -> bool:
        """Gives up the context that is being opened, and says so; False where there is none."""

    def start_demo(self, *, read_only: bool = False, no_look: bool = False) -> None:
        """Switches to the embedded emulator, which is started where none runs."""


class Host(Telling, Timing, Views, Changes, ContextInUse, Protocol):
    """The application as a screen sees it."""
