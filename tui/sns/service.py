"""What SNS declares to the application. Its screens and commands are imported when they are first needed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from connectors.sns.service import SERVICE as CALLED
from tui.service import Service, Tab
from tui.sns.cli import explain, get_subscriptions, get_topics, publish

if TYPE_CHECKING:
    from textual.screen import Screen

    from connectors.open_context import OpenContext
    from tui.commands import Scope
    from tui.screens.host import Lead
    from widgets.facts import Fact


def _topics(context: "OpenContext | None") -> "Screen[None]":
    from tui.sns.topics import TopicsScreen

    return TopicsScreen(context)


def _topic(context: "OpenContext | None", name: str) -> "Screen[None]":
    from tui.sns.topic import TopicScreen

    return TopicScreen(context, name)


def _feeding_facts(context: "OpenContext", queue: str) -> "Sequence[Fact]":
    from tui.sns.feeding import feeding_facts

    return feeding_facts(context, queue)


def _feeding_leads(context: "OpenContext", queue: str) -> "Sequence[Lead]":
    from tui.sns.feeding import feeding_leads

    return feeding_leads(context, queue)


def _scopes() -> "Sequence[Scope]":
    from tui.sns.commands import SCOPES

    return SCOPES


SERVICE = Service(
    called=CALLED,
    tab=Tab("topics", "2", "Topics", "Go to the list of topics.", _topics),
    scopes=_scopes,
    views={"topic": _topic},
    facts_for={"queue": _feeding_facts},
    sources_for={"queue": _feeding_leads},
    verbs={"": (explain, publish), "get": (get_topics, get_subscriptions)},
)
