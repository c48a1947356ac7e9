"""One declaration per command: its key binding, hint, palette entry, word on the command line and help come from it.

Here stand the commands that work everywhere, those that screens of several services share, and those of the screens of
no service. Each service declares its own in a `commands.py`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from textual.binding import Binding, BindingType

from widgets.keys import NO_KEY


class Kind(StrEnum):
    """The class of a command's operation: a look has an effect on receive counts, a change asks first."""

    READ = "read"
    LOOK = "look"
    CHANGE = "change"


class Situation(Protocol):
    """A screen, as far as it decides what can be done there now."""

    @property
    def is_read_only(self) -> bool: ...

    @property
    def allows_looks(self) -> bool: ...

    def reason_against(self, command: "Command") -> str:
        """Why the screen can't do `command` now, in a few words; empty where it can."""


READ_ONLY = "this context is read-only: nothing is changed"
NO_LOOKS = "peeking is switched off by --no-look"


class Group(StrEnum):
    """Under what heading help lists a command."""

    THIS = "this"
    LIST = "in the list"
    TEXT = "in the text"
    EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class Command:
    """`keys` as Textual writes them, comma-separated, empty where it has none of its own; `hint` puts it into the line
    at the bottom of the screen."""

    id: str
    keys: str
    title: str
    help: str
    action: str
    kind: Kind = Kind.READ
    hint: bool = False
    priority: bool = False
    number: bool = False
    """Whether a number may follow it on the command line: `:peek 200`."""
    group: Group = Group.THIS

    @property
    def word(self) -> str:
        """The name on the command line: the last part of the id."""
        return self.id.rsplit(".", 1)[-1]

    def why_not(self, screen: Situation) -> str:
        """Why it can't be done on `screen` now, in a few words; empty where it can. Hints, palette, help and its key
        all go by this."""
        if self.kind is Kind.CHANGE and screen.is_read_only:
            return READ_ONLY
        if self.kind is Kind.LOOK and self.id != "app.release" and not screen.allows_looks:
            return NO_LOOKS
        return screen.reason_against(self)

    def binding(self, action: str | None = None) -> Binding:
        """`action` is what its key does, where that is not the command's own action."""
        return Binding(
            self.keys or NO_KEY,
            self.action if action is None else action,
            self.title,
            id=self.id,
            tooltip=self.help,
            show=False,
            priority=self.priority,
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """The commands of one screen by the screen's name, the most wanted first: hints are shown in this order."""

    name: str
    own: tuple[Command, ...] = ()
    is_typed: bool = False
    """Whether a text field always has the focus, so that a letter is text and no command."""
    thing: str = "screen"
    """What the commands without a group of their own are done with, in a word."""
    widgets: tuple[str, ...] = ("list", "facts")
    """The widgets of the screen that have keys of their own: `list`, `facts`, `body`."""

    def bindings(self) -> list[BindingType]:
        """Each key leads to `SluiceScreen.action_do`, which asks first whether the command can be done."""
        return [command.binding(f"do('{command.id}')" if command.action else "") for command in self.own]


EVERYWHERE = (
    Command("app.help", "question_mark", "Help", "Every key of this screen.", "app.help", hint=True),
    Command("app.contexts", "c", "Contexts", "Switch profile, region or endpoint.", "app.contexts", hint=True),
    Command("app.identity", "I", "Who am I", "Identity, account and expiry of the credentials.", "app.identity"),
    Command(
        "app.release",
        "H",
        "Give all back",
        "Give back everything that sluice holds, of all tabs.",
        "app.release",
        Kind.LOOK,
    ),
    Command("app.log", "L", "Log", "Calls, errors and the audit trail.", "app.log_screen"),
    Command("app.command", "colon", "Command", "Type a view or a command, with completion.", "app.command_line"),
    Command("app.palette", "ctrl+p", "Palette", "Search the commands of this screen.", "app.command_palette"),
    Command("app.theme", "", "Theme", "Choose a theme; it is remembered.", "app.theme"),
    Command("app.quit", "ctrl+q", "Quit", "Quit; asks when a draft or a lease is open.", "app.quit", priority=True),
    Command(
        "app.interrupt",
        "ctrl+c",
        "Quit at once",
        "Twice within two seconds always quits.",
        "app.interrupt",
        priority=True,
    ),
)
"""The commands of the application; those that lead to a tab are made from the tab (`tui/app/everywhere.py`)."""

BACK = Command("screen.back", "escape,q", "Back", "Close this screen.", "back", hint=True, group=Group.EVERYWHERE)
COPY = Command(
    "screen.copy",
    "y",
    "Copy",
    "Copy the value under the cursor, or the marked ones, to the terminal's clipboard.",
    "copy",
    group=Group.EVERYWHERE,
)
COPY_COMMAND = Command(
    "screen.copy_command",
    "Y",
    "Copy CLI",
    "Copy the equivalent command of the AWS CLI.",
    "copy_command",
    group=Group.EVERYWHERE,
)
REFRESH = Command(
    "screen.refresh", "r", "Refresh", "Read everything on this screen now.", "refresh_now", hint=True, group=Group.LIST
)
MARK = Command("table.mark", "space", "Mark", "Mark or unmark it in the list, and go on.", "mark", group=Group.LIST)
"""Where the list is out of sight or has not the focus. It has the id of the list's own key, so both move together."""
NEXT_ROW = Command(
    "screen.next_row", "J", "Next", "Go to the next of the list that one came from.", "next_row(1)", group=Group.TEXT
)
PREVIOUS_ROW = Command(
    "screen.previous_row",
    "K",
    "Previous",
    "Go to the previous of the list that one came from.",
    "next_row(-1)",
    group=Group.TEXT,
)
INSPECTOR = Command(
    "screen.inspector",
    "z",
    "Inspector",
    "Show what is under the cursor beside the list, on the whole screen, or not at all.",
    "inspector",
    group=Group.EVERYWHERE,
)
VIEW = Command(
    "viewer.pretty",
    "v",
    "Next view",
    "Show JSON with line breaks, or the body as it came.",
    "next_view",
    group=Group.TEXT,
)
FREEZE = Command("screen.freeze", "f", "Freeze", "Stop and start the reading of counts.", "freeze", group=Group.LIST)

EDIT_BODY = Command("send.edit", "ctrl+o", "Editor", "Open the body in $VISUAL or $EDITOR.", "edit_body", hint=True)
ADD_ATTRIBUTE = Command(
    "send.add", "ctrl+n", "Add attribute", "Add a row for one more attribute.", "add_attribute", hint=True
)

CONTEXTS = Scope(
    "contexts",
    (
        Command(
            "contexts.use",
            "ctrl+s,f10",
            "Use the form",
            "Switch to profile, region and endpoint of the form.",
            "submit",
            hint=True,
            priority=True,
        ),
        Command("contexts.demo", "D", "Demo", "Start the embedded emulator with its demo data.", "demo", hint=True),
        BACK,
    ),
    thing="form",
    widgets=("list",),
)
LOG = Scope(
    "log",
    (
        Command("log.filter", "slash", "Filter", "Show only lines with a text.", "filter", hint=True, group=Group.LIST),
        COPY,
        BACK,
    ),
    widgets=("list",),
)
SCOPES = (CONTEXTS, LOG)
"""The scopes of the screens that belong to no service."""
