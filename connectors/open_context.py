"""One open context: its guard, its session of AWS, one connector for each service, and how all of it is closed."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from connectors.audit import AuditLog
from connectors.aws import sign_in
from connectors.aws.context import ContextRequest
from connectors.aws.session import AwsSession, Timeouts, load
from connectors.clock import Clock, SystemClock
from connectors.errors import Refused
from connectors.guard import Guard
from connectors.service import Service
from connectors.shield import Shield

CLOSE_BUDGET = 1.2
"""Seconds for giving back what is held and for calls under way; closing the session takes `Timeouts.close` more."""

_TURNS = 8
"""Of the event loop, until the connector holds what an answer brought just before the end. What a later answer brings
goes back by itself, as nobody is there to claim it."""

T = TypeVar("T")


class Connector(Protocol):
    """What an open context asks of the connector of a service."""

    @property
    def held(self) -> int:
        """How many things it holds that closing gives back."""

    async def close(self, budget: float) -> object:
        """Gives back what it holds, within `budget` seconds. Returns what was left, as data of the service."""


C = TypeVar("C", bound=Connector)


class RunMemory:
    """What connectors remember for the whole run, in whatever context: one value of each type."""

    def __init__(self) -> None:
        self._values: dict[Callable[[], Any], Any] = {}

    def of(self, kind: Callable[[], T]) -> T:
        """The value of type `kind`, made by the first call."""
        if kind not in self._values:
            self._values[kind] = kind()
        value: T = self._values[kind]
        return value


@dataclass(frozen=True, slots=True)
class Left:
    """What was left when a context was closed. `of_connectors` is what the `close` of each connector returned; `undone`
    has a line for each call whose outcome is unknown and each thing that nobody was told yet."""

    of_connectors: Sequence[object] = ()
    undone: Sequence[str] = ()

    def of(self, kind: type[T]) -> list[T]:
        """What connectors returned that is of type `kind`."""
        return [left for left in self.of_connectors if isinstance(left, kind)]


class OpenContext:
    """Open one with `await OpenContext.open(request, ...)`, and close it with `close()`."""

    def __init__(
        self, guard: Guard, clock: Clock, *, aws: AwsSession | None = None, memory: RunMemory | None = None
    ) -> None:
        """`aws` is None where no AWS account stands behind the context, as for a cache that is reached by its URL."""
        self.guard = guard
        self.clock = clock
        self.memory = memory or RunMemory()
        self.shield = Shield()
        self.on_undone: Callable[[str], object] | None = None
        """Told of what could not be finished, at once; while it is None such lines wait for `close`."""
        self._undone: list[str] = []
        self._aws = aws
        self._connectors: dict[Callable[[OpenContext], Any], Any] = {}
        self._closing: asyncio.Task[Left] | None = None

    @classmethod
    async def open(
        cls,
        request: ContextRequest,
        *,
        services: Sequence[Service],
        audit: AuditLog,
        clock: Clock | None = None,
        allow_plain_http: bool = False,
        timeouts: Timeouts | None = None,
        memory: RunMemory | None = None,
    ) -> "OpenContext":
        """Resolves `request` and loads the service models, in a thread. Raises `ConnectorError`; calls no service.

        `services` are those that may be called, beside those of signing in. `memory` is that of the run.
        """
        clock = clock or SystemClock()
        context, botocore_session = await asyncio.to_thread(load, request, [service.name for service in services])
        guard = Guard(
            (*services, *sign_in.SERVICES),
            context_id=context.id,
            read_only=context.read_only,
            no_look=context.no_look,
            audit=audit,
            clock=clock,
        )
        session = await AwsSession.start(
            context,
            botocore_session,
            guard=guard,
            clock=clock,
            timeouts=timeouts or Timeouts(),
            allow_plain_http=allow_plain_http,
        )
        return cls(guard, clock, aws=session, memory=memory)

    @property
    def aws(self) -> AwsSession:
        """The session of AWS. Raises `Refused` in a context without one."""
        if self._aws is None:
            raise Refused("this context has no AWS session", "choose a profile")
        return self._aws

    def connector(self, kind: Callable[["OpenContext"], C]) -> C:
        """The connector of type `kind` for this context, made by the first call."""
        if kind not in self._connectors:
            self._connectors[kind] = kind(self)
        connector: C = self._connectors[kind]
        return connector

    @property
    def held(self) -> int:
        """How many things its connectors hold that closing gives back."""
        return sum(connector.held for connector in self._connectors.values())

    @property
    def is_closing(self) -> bool:
        """Whether `close` was called, which gives back everything that is held."""
        return self._closing is not None

    def say_undone(self, line: str) -> None:
        """Says what could not be finished, for work that goes on when nobody waits for it any more."""
        if self.on_undone is not None:
            self.on_undone(line)
        else:
            self._undone.append(line)

    async def close(self) -> Left:
        """Gives back what is held, waits for calls under way, and closes the session. Returns what was left.

        A second call waits for the same end, and the cancel of a caller does not stop it.
        """
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(), name="close a context")
        return await asyncio.shield(self._closing)

    async def _close(self) -> Left:
        self.on_undone = None
        finishing = asyncio.create_task(self.shield.finish(CLOSE_BUDGET), name="see through what was sent")
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        left = await asyncio.gather(*(connector.close(CLOSE_BUDGET) for connector in self._connectors.values()))
        undone = await finishing
        if self._aws is not None:
            await self._aws.aclose()
        return Left(left, [*undone, *self._undone])
