"""The commands of the screens of SQS."""

from tui.commands import ADD_ATTRIBUTE, BACK, COPY, COPY_COMMAND, EDIT_BODY, FREEZE, REFRESH, Command, Kind, Scope

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
_DEAD_LETTERS = Command(
    "queue.dead_letters",
    "greater_than_sign",
    "Dead letters",
    "Open the dead-letter queue of this queue.",
    "dead_letters",
    hint=True,
)
_SOURCES = Command(
    "queue.sources",
    "less_than_sign",
    "Sources",
    "Open where its messages come from: a topic, or a queue whose dead letters come here.",
    "sources",
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

QUEUES = Scope(
    "queues",
    (
        Command(
            "queues.filter",
            "slash",
            "Filter",
            "Show only names with a text, re:PATTERN, !NOT, prefix:P.",
            "filter",
            hint=True,
        ),
        _DEAD_LETTERS,
        _SOURCES,
        _PEEK,
        _SEND,
        _PURGE,
        REFRESH,
        FREEZE,
        COPY,
        COPY_COMMAND,
        Command("queues.show_all", "escape", "Show all", "Take the filter away.", "show_all"),
        Command("queues.quit", "q", "Quit", "Quit sluice.", "app.quit", hint=True),
    ),
)
QUEUE = Scope(
    "queue",
    (
        BACK,
        _PEEK,
        _SEND,
        _DELETE,
        _VISIBILITY,
        _PURGE,
        _DEAD_LETTERS,
        _SOURCES,
        _RECEIVES,
        Command("queue.filter", "slash", "Filter", "Show only messages with a text in body or id.", "filter"),
        Command(
            "queue.inspector",
            "z",
            "Settings",
            "Show the settings of the queue in place of the message under the cursor, and back.",
            "inspector",
        ),
        REFRESH,
        COPY,
        COPY_COMMAND,
    ),
)
MESSAGE = Scope(
    "message",
    (
        BACK,
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
        COPY,
        COPY_COMMAND,
        Command("message.write", "W", "Write", "Write the body, byte for byte, to a new file.", "write", hint=True),
    ),
    widgets=("body", "facts"),
)
SEND = Scope(
    "send",
    (
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
        EDIT_BODY,
        ADD_ATTRIBUTE,
        Command("send.back", "escape", "Back", "Leave; asks when something was written.", "back", hint=True),
    ),
    is_typed=True,
    widgets=(),
)
SCOPES = (QUEUES, QUEUE, MESSAGE, SEND)
