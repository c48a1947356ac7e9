"""What SQS declares to the application. Its screens are imported when they are first opened."""

from typing import TYPE_CHECKING

from connectors.sqs.service import SERVICE as CALLED
from tui.service import Service, Tab

if TYPE_CHECKING:
    from textual.screen import Screen

    from connectors.open_context import OpenContext


def _queues(context: "OpenContext | None") -> "Screen[None]":
    from tui.sqs.queues import QueuesScreen

    return QueuesScreen(context)


def _queue(context: "OpenContext | None", name: str) -> "Screen[None]":
    from tui.sqs.queue import QueueScreen

    return QueueScreen(context, name)


SERVICE = Service(
    called=CALLED,
    tab=Tab("queues", "1", "Queues", "Go to the list of queues.", _queues),
    views={"queue": _queue},
)
