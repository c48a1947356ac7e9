"""A proxy that breaks things, between sluice and an emulator, on loopback and in the loop of the test.

    async with FaultyProxy(emulator_url, seed=7, rate=0.3) as proxy:
        ...                        # sluice talks to proxy.url
        proxy.heal()

What happens to a request follows from the seed, its operation, its queue and how many of these came before it; not from
the time at which it comes. The proxy keeps what arrived, what it let through, and what the emulator truly answered.
"""

import asyncio
import contextlib
import json
import random
import socket
import struct
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


class Fault(StrEnum):
    NONE = "none"
    CLOSED_BEFORE = "closed before the emulator saw it"
    CLOSED_AFTER = "closed after the emulator acted"
    RESET_BEFORE = "reset before the emulator saw it"
    RESET_AFTER = "reset after the emulator acted"
    DELAY = "delayed"
    THROTTLE = "throttled"
    SERVER_ERROR = "HTTP 500"
    PAGE = "a web page with HTTP 200"
    ERROR_PAGE = "a web page with HTTP 500"
    TRUNCATED = "cut in the middle of the answer"


NEVER_FORWARDED = {
    Fault.CLOSED_BEFORE,
    Fault.RESET_BEFORE,
    Fault.THROTTLE,
    Fault.SERVER_ERROR,
    Fault.PAGE,
    Fault.ERROR_PAGE,
}
_FAULTS = [fault for fault in Fault if fault is not Fault.NONE]
_LONGEST_DELAY = 0.15
_PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in to the network</h1></body></html>"
_JSON = "application/x-amz-json-1.0"


@dataclass(frozen=True)
class Passage:
    """One request and what became of it. `answer` is what the emulator said, None where it was never asked."""

    operation: str
    queue: str
    params: dict[str, Any]
    fault: Fault
    status: int = 0
    answer: dict[str, Any] | None = None

    @property
    def acted(self) -> bool:
        """Whether the emulator did what was asked."""
        return self.answer is not None and self.status < 300

    @property
    def arrived_back(self) -> bool:
        return self.fault in (Fault.NONE, Fault.DELAY)


@dataclass(frozen=True)
class Counts:
    visible: int
    in_flight: int
    delayed: int


class FaultyProxy:
    def __init__(self, emulator_url: str, *, seed: int, rate: float) -> None:
        address = urlsplit(emulator_url)
        self._host, self._port = address.hostname, address.port
        self._seed = seed
        self.rate = rate
        """The part of the requests that something happens to."""
        self.url = ""
        self.passages: list[Passage] = []
        self.truth: defaultdict[str, list[Counts]] = defaultdict(list)
        """Every reading of each queue that the emulator gave, whether it arrived or not."""
        self.waiting = 0
        """Requests that `holding` keeps from being answered."""
        self._arrived: Counter[tuple[str, str]] = Counter()
        self._open = asyncio.Event()
        self._open.set()
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=128)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in [*self._serving]:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def heal(self) -> None:
        self.rate = 0.0

    @asynccontextmanager
    async def holding(self) -> AsyncIterator[None]:
        """Meanwhile no request is answered; each waits until the end of this."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()

    def of(self, operation: str) -> list[Passage]:
        return [passage for passage in self.passages if passage.operation == operation]

    def acted(self, operation: str) -> int:
        """How often the emulator carried `operation` out."""
        return sum(passage.acted for passage in self.of(operation))

    # -- the wire -------------------------------------------------------------------------------------------------

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                while await self._one(reader, writer):
                    pass
        finally:
            self._serving.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Passes one request on, or does not. False where the connection ends with it."""
        head, body = await _read_message(reader)
        operation, queue, params = _what_is_asked(head, body)
        fault, chance = self._draw(operation, queue)
        if not self._open.is_set():
            self.waiting += 1
            try:
                await self._open.wait()
            finally:
                self.waiting -= 1
        if fault in NEVER_FORWARDED:
            self.passages.append(Passage(operation, queue, params, fault))
            return await self._instead(fault, writer)
        status, said = await self._ask_emulator(head, body)
        answer = _parsed(said)
        self.passages.append(Passage(operation, queue, params, fault, status, answer))
        if operation == "GetQueueAttributes" and status == 200:
            self._remember(queue, answer)
        if fault is Fault.DELAY:
            await asyncio.sleep(chance.uniform(0.02, _LONGEST_DELAY))
        if fault in (Fault.CLOSED_AFTER, Fault.RESET_AFTER):
            return _hang_up(writer, reset=fault is Fault.RESET_AFTER)
        await _write(writer, status, said, cut=fault is Fault.TRUNCATED, content_type=_JSON if answer else "text/xml")
        return fault is not Fault.TRUNCATED

    def _draw(self, operation: str, queue: str) -> tuple[Fault, random.Random]:
        number = self._arrived[operation, queue]
        self._arrived[operation, queue] += 1
        chance = random.Random(f"{self._seed} {operation} {queue} {number}")
        return (chance.choice(_FAULTS) if chance.random() < self.rate else Fault.NONE), chance

    async def _instead(self, fault: Fault, writer: asyncio.StreamWriter) -> bool:
        if fault in (Fault.CLOSED_BEFORE, Fault.RESET_BEFORE):
            return _hang_up(writer, reset=fault is Fault.RESET_BEFORE)
        if fault is Fault.THROTTLE:
            said = {"__type": "com.amazonaws.sqs#RequestThrottled", "message": "Request is throttled."}
            await _write(writer, 400, json.dumps(said).encode())
        elif fault is Fault.SERVER_ERROR:
            said = {"__type": "com.amazonaws.sqs#InternalError", "message": "We encountered an internal error."}
            await _write(writer, 500, json.dumps(said).encode())
        else:
            await _write(writer, 500 if fault is Fault.ERROR_PAGE else 200, _PAGE, content_type="text/html")
        return True

    async def _ask_emulator(self, head: bytes, body: bytes) -> tuple[int, bytes]:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(head + body)
            await writer.drain()
            answer_head, said = await _read_message(reader)
            return int(answer_head.split(None, 2)[1]), said
        finally:
            writer.close()

    def _remember(self, queue: str, answer: dict[str, Any] | None) -> None:
        attributes = (answer or {}).get("Attributes", {})
        if "ApproximateNumberOfMessages" in attributes:
            suffixes = ("", "NotVisible", "Delayed")
            self.truth[queue].append(
                Counts(*(int(attributes[f"ApproximateNumberOfMessages{suffix}"]) for suffix in suffixes))
            )


async def _read_message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Head, its empty line included, and body of one HTTP message that says its length."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    return head, await reader.readexactly(length)


def _what_is_asked(head: bytes, body: bytes) -> tuple[str, str, dict[str, Any]]:
    """Operation, queue and parameters, of the JSON protocol (SQS) or the older one of forms (STS)."""
    for line in head.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "x-amz-target":
            params = json.loads(body or b"{}")
            return value.rsplit(".", 1)[-1], str(params.get("QueueUrl", "")).rsplit("/", 1)[-1], params
    params = dict(parse_qsl(body.decode()))
    return params.pop("Action", ""), "", params


def _parsed(said: bytes) -> dict[str, Any] | None:
    """A JSON answer; empty for one without members, None for another protocol's."""
    try:
        answer = json.loads(said or b"{}")
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


async def _write(
    writer: asyncio.StreamWriter, status: int, body: bytes, *, cut: bool = False, content_type: str = _JSON
) -> None:
    head = f"HTTP/1.1 {status} Proxy\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + (body[: len(body) // 2] if cut else body))
    await writer.drain()


def _hang_up(writer: asyncio.StreamWriter, *, reset: bool) -> bool:
    if reset:
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    return False
