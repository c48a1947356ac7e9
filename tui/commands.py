"""One declaration per command: key binding, hint, palette entry, command line and help all come from here."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding

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


EVERYWHERE = (
    Command("app.help", "question_mark", "Help", "Every key of this screen.", "app.help", hint=True),
    Command("app.queues", "1", "Queues", "Go to the list of queues.", "app.go('queues')"),
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

_BACK = Command("screen.back", "escape,q", "Back", "Close this screen.", "back", hint=True)
_COPY = Command("screen.copy", "y", "Copy", "Copy the value under the cursor to the terminal's clipboard.", "copy")
_COPY_COMMAND = Command(
    "screen.copy_command", "Y", "Copy CLI", "Copy the equivalent command of the AWS CLI.", "copy_command"
)
_REFRESH = Command("screen.refresh", "r", "Refresh", "Read everything on this screen now.", "refresh_now", hint=True)
_FREEZE = Command("screen.freeze", "f", "Freeze", "Stop and start the reading of counts.", "freeze")
_PEEK = Command(
    "queue.peek",
    "p",
    "Peek",
    "Receive up to 10 messages under a lease of 30 s. Adds 1 to the receive count of each. Again, or :peek 200: more.",
    "peek",
    Kind.LOOK,
    hint=True,
    number=True,
)
_SEND = Command("queue.send", "s", "Send", "Write a message and send it.", "send", Kind.CHANGE, hint=True)
_PURGE = Command("queue.purge", "P", "Purge", "Delete all messages of the queue.", "purge", Kind.CHANGE, hint=True)
_VISIBILITY = Command(
    "queue.visibility",
    "v",
    "Visibility",
    "Set how long the marked messages, or the one under the cursor, stay hidden; 0 gives them back.",
    "visibility",
    Kind.CHANGE,
)
_RECEIVES = Command(
    "message.receives", "i", "Receives", "The receives of the message that sluice caused in this run.", "receives"
)
_DELETE = Command(
    "queue.delete",
    "d",
    "Delete",
    "Delete the marked messages, or the one under the cursor.",
    "delete",
    Kind.CHANGE,
    hint=True,
)

SCOPES: dict[str, tuple[Command, ...]] = {
    "queues": (
        Command(
            "queues.filter",
            "slash",
            "Filter",
            "Show only names with a text, re:PATTERN, !NOT, prefix:P.",
            "filter",
            hint=True,
        ),
        _PEEK,
        _SEND,
        _PURGE,
        _REFRESH,
        _FREEZE,
        _COPY,
        _COPY_COMMAND,
        Command("queues.show_all", "escape", "Show all", "Take the filter away.", "show_all"),
        Command("queues.quit", "q", "Quit", "Quit sluice.", "app.quit", hint=True),
    ),
    "queue": (
        _BACK,
        _PEEK,
        _SEND,
        _DELETE,
        _VISIBILITY,
        _PURGE,
        _RECEIVES,
        Command("queue.filter", "slash", "Filter", "Show only messages with a text in body or id.", "filter"),
        _REFRESH,
        _COPY,
        _COPY_COMMAND,
    ),
    "message": (
        _BACK,
        Command("viewer.search", "slash", "Search", "Search in the body: text, or re:PATTERN.", "", hint=True),
        Command("viewer.pretty", "v", "Raw/pretty", "Show the body as it is, or JSON with line breaks.", "", hint=True),
        Command(
            "message.attributes",
            "a",
            "Attributes",
            "Attributes and system attributes, or the body.",
            "attributes",
            hint=True,
        ),
        _DELETE,
        _RECEIVES,
        _COPY,
        _COPY_COMMAND,
        Command("message.write", "W", "Write", "Write the body, byte for byte, to a new file.", "write", hint=True),
    ),
    "send": (
        Command(
            "send.submit",
            "ctrl+s,f10",
            "Send",
            "Send the message, after a question.",
            "submit",
            Kind.CHANGE,
            hint=True,
            priority=True,
        ),
        Command("send.edit", "ctrl+o", "Editor", "Open the body in $VISUAL or $EDITOR.", "edit_body", hint=True),
        Command("send.add", "ctrl+n", "Add attribute", "Add a row for one more attribute.", "add_attribute", hint=True),
        Command("send.back", "escape", "Back", "Leave; asks when something was written.", "back", hint=True),
    ),
    "contexts": (
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
        _BACK,
    ),
    "log": (
        Command("log.filter", "slash", "Filter", "Show only lines with a text.", "filter", hint=True),
        _COPY,
        _BACK,
    ),
}
"""The commands of each screen, the most wanted first: hints are shown in this order."""
TYPING = frozenset({"send"})
"""Screens where an editor has the focus all the time, so that a letter is text and no command."""


def bindings(scope: str) -> list[Binding]:
    return [command.binding() for command in SCOPES[scope]]


def commands_of(scope: str) -> tuple[Command, ...]:
    """What can be done on a screen: its own commands, then those that work everywhere."""
    return (*SCOPES.get(scope, ()), *EVERYWHERE)


def find(scope: str, word: str) -> Command | None:
    """The command that `word` names on the command line of a screen."""
    named = (command for command in commands_of(scope) if command.action and word in (command.word, command.id))
    return next(named, None)


def words(scope: str) -> Iterable[str]:
    return (command.word for command in commands_of(scope) if command.action)
