"""The commands of the screens of SNS."""

from dataclasses import replace

from tui.commands import (
    ADD_ATTRIBUTE,
    BACK,
    COPY,
    COPY_COMMAND,
    EDIT_BODY,
    FREEZE,
    INSPECTOR,
    REFRESH,
    Command,
    Group,
    Kind,
    Scope,
)

_PUBLISH = Command(
    "topic.publish", "p", "Publish", "Write a message and publish it.", "publish", Kind.CHANGE, hint=True
)
_EXPLAIN = Command(
    "topic.explain",
    "e",
    "Explain",
    "Write a test message and see who would receive it, and why not. Nothing is published.",
    "explain",
    hint=True,
)
_FOLLOW = Command(
    "topic.follow",
    "greater_than_sign",
    "Queue",
    "Open the queue that the subscription leads to.",
    "follow",
    hint=True,
    group=Group.LIST,
)

TOPICS = Scope(
    "topics",
    (
        Command(
            "topics.filter",
            "slash",
            "Filter",
            "Show only names with a text, re:PATTERN, !NOT, prefix:P.",
            "filter",
            hint=True,
            group=Group.LIST,
        ),
        _PUBLISH,
        _EXPLAIN,
        INSPECTOR,
        REFRESH,
        FREEZE,
        COPY,
        COPY_COMMAND,
        Command("topics.show_all", "escape", "Show all", "Take the filter away.", "show_all", group=Group.LIST),
        Command("topics.quit", "q", "Quit", "Quit sluice.", "app.quit", hint=True, group=Group.EVERYWHERE),
    ),
    thing="topic",
)
TOPIC = Scope(
    "topic",
    (
        BACK,
        _PUBLISH,
        _EXPLAIN,
        _FOLLOW,
        Command(
            "topic.filter",
            "slash",
            "Filter",
            "Show only subscriptions with a text in their endpoint.",
            "filter",
            group=Group.LIST,
        ),
        REFRESH,
        FREEZE,
        COPY,
        COPY_COMMAND,
    ),
    thing="topic",
)
SUBSCRIPTION = Scope(
    "subscription",
    (
        BACK,
        _FOLLOW,
        _PUBLISH,
        _EXPLAIN,
        replace(EDIT_BODY, hint=False),
        replace(ADD_ATTRIBUTE, hint=False),
        REFRESH,
        COPY,
        COPY_COMMAND,
    ),
    thing="subscription",
)
PUBLISH = Scope(
    "publish",
    (
        Command(
            "publish.submit",
            "ctrl+s,f10",
            "Publish",
            "Publish the message, after a question.",
            "submit",
            Kind.CHANGE,
            hint=True,
            priority=True,
        ),
        EDIT_BODY,
        ADD_ATTRIBUTE,
        Command("publish.back", "escape", "Back", "Leave; what was written is kept for the topic.", "back", hint=True),
    ),
    is_typed=True,
    thing="form",
    widgets=("facts",),
)
EXPLAIN = Scope(
    "explain",
    (
        EDIT_BODY,
        ADD_ATTRIBUTE,
        Command("explain.back", "escape", "Back", "Leave; what was written is kept for the topic.", "back", hint=True),
    ),
    is_typed=True,
    thing="form",
    widgets=("facts",),
)
SCOPES = (TOPICS, TOPIC, SUBSCRIPTION, PUBLISH, EXPLAIN)
