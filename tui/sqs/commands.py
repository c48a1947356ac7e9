"""The commands of the screens of SQS."""

from dataclasses import replace

from tui.commands import (
    ADD_ATTRIBUTE,
    BACK,
    COPY,
    COPY_COMMAND,
    EDIT_BODY,
    FREEZE,
    INSPECTOR,
    MARK,
    NEXT_ROW,
    PREVIOUS_ROW,
    REFRESH,
    VIEW,
    Command,
    Group,
    Kind,
    Scope,
)

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
    group=Group.LIST,
)
_SOURCES = Command(
    "queue.sources",
    "less_than_sign",
    "Sources",
    "Open where its messages come from: a topic, or a queue whose dead letters come here.",
    "sources",
    group=Group.LIST,
)
_SEND = Command("queue.send", "s", "Send", "Write a message and send it.", "send", Kind.CHANGE, hint=True)
_PURGE = Command("queue.purge", "P", "Purge", "Delete all messages of the queue.", "purge", Kind.CHANGE, hint=True)
_HIDE = Command(
    "queue.hide",
    "h",
    "Hide",
    "Hide the marked messages, or the one under the cursor, for a time: their visibility timeout. 0 gives them back.",
    "hide",
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
            'Show only names with a text, !NOT, prefix:P, re:PATTERN, or counts: dlq>0 visible>100. Several are "and".',
            "filter",
            hint=True,
            group=Group.LIST,
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
        Command("queues.show_all", "escape", "Show all", "Take the filter away.", "show_all", group=Group.LIST),
        Command("queues.quit", "q", "Quit", "Quit sluice.", "app.quit", hint=True, group=Group.EVERYWHERE),
    ),
    thing="queue",
)
QUEUE = Scope(
    "queue",
    (
        BACK,
        _PEEK,
        _SEND,
        _DELETE,
        _HIDE,
        _PURGE,
        _DEAD_LETTERS,
        _SOURCES,
        _RECEIVES,
        Command(
            "queue.filter",
            "slash",
            "Filter",
            "Show only messages with a text in body or id.",
            "filter",
            group=Group.LIST,
        ),
        VIEW,
        NEXT_ROW,
        PREVIOUS_ROW,
        MARK,
        INSPECTOR,
        REFRESH,
        COPY,
        COPY_COMMAND,
    ),
    thing="queue",
    widgets=("list", "facts", "body"),
)
MESSAGE = Scope(
    "message",
    (
        BACK,
        Command(
            "viewer.search",
            "slash",
            "Search",
            "Search in the body: text, or re:PATTERN.",
            "",
            hint=True,
            group=Group.TEXT,
        ),
        replace(VIEW, hint=True),
        replace(NEXT_ROW, hint=True),
        PREVIOUS_ROW,
        MARK,
        Command(
            "message.attributes",
            "a",
            "Attributes",
            "Attributes and system attributes, or the body.",
            "attributes",
            hint=True,
            group=Group.TEXT,
        ),
        _DELETE,
        _HIDE,
        _RECEIVES,
        COPY,
        COPY_COMMAND,
        Command(
            "message.write",
            "W",
            "Write",
            "Write the body, byte for byte, to a new file.",
            "write",
            hint=True,
            group=Group.TEXT,
        ),
    ),
    thing="message",
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
    thing="form",
    widgets=(),
)
SCOPES = (QUEUES, QUEUE, MESSAGE, SEND)
