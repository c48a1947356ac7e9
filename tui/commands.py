"""One declaration per command: its key binding, hint, palette entry, word on the command line and help come from it.

Here stand the commands that work everywhere, those that screens of several services share, and those of the screens of
no service. Each service declares its own in a `commands.py`.
"""

from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding, BindingType

from widgets.keys import NO_KEY


class Kind(StrEnum):
    """The class of a command's operation: a look has an effect on receive counts, a change asks first."""

    READ = "read"
    LOOK = "look"
    CHANGE = "change"


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

    @property
    def word(self) -> str:
        """The name on the command line: the last part of the id."""
        return self.id.rsplit(".", 1)[-1]

    def binding(self) -> Binding:
        return Binding(
            self.keys or NO_KEY,
            self.action,
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
    widgets: tuple[str, ...] = ("list", "facts")
    """The widgets of the screen that have keys of their own: `list`, `facts`, `body`."""

    def bindings(self) -> list[BindingType]:
        return [command.binding() for command in self.own]


EVERYWHERE = (
    Command("app.help", "question_mark", "Help", "Every key of this screen.", "app.help", hint=True),
    Command("app.contexts", "c", "Contexts", "Switch profile, region or endpoint.", "app.contexts", hint=True),
    Command("app.identity", "i", "Who am I", "Identity, account and expiry of the credentials.", "app.identity"),
    Command(
        "app.release",
        "V",
        "Release all",
        "Give back every message that sluice holds, of all queues.",
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

BACK = Command("screen.back", "escape,q", "Back", "Close this screen.", "back", hint=True)
COPY = Command("screen.copy", "y", "Copy", "Copy the value under the cursor to the terminal's clipboard.", "copy")
COPY_COMMAND = Command(
    "screen.copy_command", "Y", "Copy CLI", "Copy the equivalent command of the AWS CLI.", "copy_command"
)
REFRESH = Command("screen.refresh", "r", "Refresh", "Read everything on this screen now.", "refresh_now", hint=True)
FREEZE = Command("screen.freeze", "f", "Freeze", "Stop and start the reading of counts.", "freeze")

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
    widgets=("list",),
)
LOG = Scope(
    "log",
    (
        Command("log.filter", "slash", "Filter", "Show only lines with a text.", "filter", hint=True),
        COPY,
        BACK,
    ),
    widgets=("list",),
)
SCOPES = (CONTEXTS, LOG)
"""The scopes of the screens that belong to no service."""
