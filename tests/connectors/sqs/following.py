"""A watch that is followed in the background, as a screen follows it."""

import asyncio
from typing import Self

from connectors.aws.session import AwsSession
from connectors.sqs.source import QueueUpdate, watch_queues
from connectors.sqs.state import QueueState
from tests.support.clock import ManualClock, turns
from tests.support.stub import SqsStub
from tests.support.waiting import until


class Following:
    """Use as `async with Following(session, stub) as following`; leaving stops the watch."""

    def __init__(self, session: AwsSession, stub: SqsStub, *, rows_on_screen: int = 0) -> None:
        self.session = session
        self.stub = stub
        self.watch = watch_queues(session, rows_on_screen=rows_on_screen)
        self.updates: list[QueueUpdate] = []
        self.task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def start(self) -> None:
        self.task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        assert self.task is not None
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def _follow(self) -> None:
        async for update in self.watch.run():
            self.updates.append(update)

    def state(self, name: str) -> QueueState:
        return self.watch.states[self.watch.keys_by_name[name]]

    def reads(self, name: str | None = None) -> int:
        """Readings of one queue, or of all, that arrived at the stub."""
        return len(self.stub.sent("GetQueueAttributes", name))

    async def loaded(self) -> None:
        """Every name is known and every queue was read, well or not."""
        await until(
            lambda: (
                self.watch.complete and all(state.attributes or state.error for state in self.watch.states.values())
            ),
            seconds=20,
        )

    async def idle(self) -> None:
        """Every call that went out has come back, and none follows from it. For tests in which nothing is retried.

        A call is counted when it is sent, some turns of the event loop after it was begun: where several answers come
        in one turn, the calls that they make room for are not counted yet.
        """
        calls = None
        while calls != self.session.meter.total:
            calls = self.session.meter.total
            await until(lambda: self.session.meter.total == sum(1 for _ in self.session.log), what="calls under way")
            await turns()

    async def advance(self, seconds: float, *, waiting: bool = True) -> None:
        """Moves the manual clock; calls over the socket come back before time goes on, unless they are held."""
        clock = self.session.clock
        assert isinstance(clock, ManualClock)
        await clock.advance(seconds, between=self.idle if waiting else None)
