"""The queues of one open context as a source to watch."""

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TypeAlias

from connectors.aws.session import AwsSession
from connectors.sqs.models import Queue
from connectors.sqs.queues import Queues
from connectors.sqs.state import QueueState, read_state
from connectors.watching.history import History
from connectors.watching.schedule import REFRESH_SECONDS
from connectors.watching.source import Page
from connectors.watching.watch import Watch, WatchUpdate

QueueWatch: TypeAlias = Watch[Queue, QueueState]
QueueUpdate: TypeAlias = WatchUpdate[QueueState]


@dataclass(frozen=True, slots=True)
class SourcesListed:
    """The queues of a list whose dead letters go to one queue, by name: what a watch knows where the service doesn't
    tell. Of the queues that are listed `unread` were not read; `complete` says whether all names are known."""

    names: tuple[str, ...]
    unread: int
    complete: bool


def sources_listed(watch: QueueWatch, dead_letter_arn: str) -> SourcesListed:
    """The sources of the queue with this ARN, as far as `watch` has read them."""
    states = [*watch.states.values()]
    found = (
        state.queue.name
        for state in states
        if state.known and state.known.redrive and state.known.redrive.dead_letter_arn == dead_letter_arn
    )
    return SourcesListed(tuple(sorted(found)), sum(state.known is None for state in states), watch.complete)


class QueueSource:
    """Lists queues (ListQueues) and reads the attributes of one (GetQueueAttributes); the key of a queue is its URL."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def key(self, queue: Queue) -> str:
        return queue.url

    def name(self, queue: Queue) -> str:
        return queue.name

    def unread(self, queue: Queue) -> QueueState:
        return QueueState(queue)

    def neighbours(self, state: QueueState) -> tuple[str, ...]:
        """The dead-letter queue: its count is shown beside that of the queue."""
        return (state.dead_letters_here,) if state.dead_letters_here else ()

    async def pages(self) -> AsyncGenerator[Page[Queue, QueueState], None]:
        async with contextlib.aclosing(Queues(self._session).pages()) as pages:
            async for page in pages:
                yield Page(page.queues, page.complete)

    async def read(self, state: QueueState) -> QueueState:
        return await read_state(self._session, state)


def watch_queues(
    session: AwsSession,
    *,
    refresh_seconds: float = REFRESH_SECONDS,
    history: History | None = None,
    rows_on_screen: int = 0,
) -> QueueWatch:
    """The watch over all queues of `session`; see `Watch`."""
    return Watch(
        QueueSource(session),
        session.clock,
        session.pace,
        refresh_seconds=refresh_seconds,
        history=history,
        rows_on_screen=rows_on_screen,
    )
