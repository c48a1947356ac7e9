"""What SQS declares to the application. Its screens and words are imported when they are first needed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from connectors.sqs.service import SERVICE as CALLED
from tui.service import Holding, Service, Tab
from tui.sqs.cli import get_messages, get_queues

if TYPE_CHECKING:
    from textual.screen import Screen

    from connectors.open_context import OpenContext
    from tui.commands import Scope


def _queues(context: "OpenContext | None") -> "Screen[None]":
    from tui.sqs.queues import QueuesScreen

    return QueuesScreen(context)


def _queue(context: "OpenContext | None", name: str) -> "Screen[None]":
    from tui.sqs.queue import QueueScreen

    return QueueScreen(context, name)


def _scopes() -> "Sequence[Scope]":
    from tui.sqs.commands import SCOPES

    return SCOPES


def _leases() -> Holding:
    from tui.sqs.release import HeldLeases

    return HeldLeases()


SERVICE = Service(
    called=CALLED,
    tab=Tab("queues", "1", "Queues", "Go to the list of queues.", _queues),
    scopes=_scopes,
    views={"queue": _queue},
    verbs={"get": (get_queues, get_messages)},
    holding=_leases,
)
