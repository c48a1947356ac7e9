"""The commands of the screens of SNS."""

from tui.commands import COPY, COPY_COMMAND, FREEZE, REFRESH, Command, Group, Scope

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
        REFRESH,
        FREEZE,
        COPY,
        COPY_COMMAND,
        Command("topics.show_all", "escape", "Show all", "Take the filter away.", "show_all", group=Group.LIST),
        Command("topics.quit", "q", "Quit", "Quit sluice.", "app.quit", hint=True, group=Group.EVERYWHERE),
    ),
    thing="topic",
)
SCOPES = (TOPICS,)
