"""A stub of SQS, STS and SNS at the wire: a real HTTP server on loopback, in a thread of its own.

    with SqsStub() as stub:
        stub.queue("orders", messages=["one", "two"], dead_letter="orders-dlq")
        stub.on("GetQueueAttributes", denied("sqs:getqueueattributes"), queue="orders")
        stub.on("SendMessage", reset(), times=1, acting=True)   # it acts, and the answer is lost
        stub.latency = 0.04
        ...
        assert stub.sent("SendMessage") == []

Where no rule is set it answers from `tests.support.model` and `tests.support.topics`. Every request is kept. With
`tls=True` it speaks TLS with a certificate that it signed itself.
"""

import asyncio
import contextlib
import itertools
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from tests.support.model import SqsModel, StubQueue
from tests.support.topics import SnsModel
from tests.support.wire import Answering, Reply, Request, ServiceError

EVERY_OPERATION = "*"


@dataclass
class _Rule:
    operation: str
    answering: Answering | None
    queue: str | None
    times: int | None
    when: Callable[[Request], bool] | None
    acting: bool = False
    gate: asyncio.Event | None = None

    def matches(self, request: Request) -> bool:
        return (
            self.operation in (EVERY_OPERATION, request.operation)
            and self.queue in (None, request.queue)
            and self.times != 0
            and (self.when is None or self.when(request))
        )


class Hold:
    """Requests of one operation that wait until `release`."""

    def __init__(self, stub: "SqsStub", gate: asyncio.Event, rule: _Rule) -> None:
        self._stub, self._gate, self._rule = stub, gate, rule

    def release(self) -> None:
        with contextlib.suppress(ValueError):
            self._stub.rules.remove(self._rule)
        self._stub.loop.call_soon_threadsafe(self._gate.set)


class SqsStub:
    """Rules are tried newest first. Attributes may be changed at any moment."""

    def __init__(self, *, tls: bool = False) -> None:
        self.model = SqsModel()
        self.sns = SnsModel()
        self.requests: list[Request] = []
        self.rules: list[_Rule] = []
        self.latency = 0.0
        """Seconds before each answer."""
        self.in_flight = 0
        self.most_in_flight = 0
        self.connections = 0
        """Connections taken since the start, TLS handshakes that failed not counted."""
        self.on_request: Callable[[Request], None] | None = None
        """Called in the stub's thread for each request, before it is answered."""
        self.loop = asyncio.new_event_loop()
        self.port = 0
        self._tls = tls
        self.certificate = b""
        """What a client has to trust, as PEM, when it speaks TLS."""
        self._numbers = itertools.count(1)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[Any]] = set()
        self._thread = threading.Thread(target=self._run, name="stub", daemon=True)

    # -- life -----------------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def start(self) -> Self:
        self._thread.start()
        self.come_back()
        self.model.base_url = self.url
        return self

    def stop(self) -> None:
        self.go_down()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def go_down(self) -> None:
        """Closes the port and every connection: from now on connections are refused."""
        self._in_thread(self._close())

    def come_back(self) -> None:
        """Listens again, on the same port."""
        self._in_thread(self._listen())

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def _in_thread(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    async def _listen(self) -> None:
        context = None
        if self._tls:
            context, self.certificate = _self_signed()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=context, backlog=256)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in [*self._serving]:
            task.cancel()
        for writer in [*self._open]:
            writer.transport.abort()
        await asyncio.gather(*self._serving, return_exceptions=True)

    # -- what a test sets up --------------------------------------------------------------------------------------

    def queue(self, name: str, **settings: Any) -> StubQueue:
        """As `SqsModel.queue`."""
        return self.model.queue(name, **settings)

    def many(self, count: int, prefix: str = "queue-") -> list[StubQueue]:
        return self.model.many(count, prefix)

    def on(
        self,
        operation: str,
        answering: Answering,
        *,
        queue: str | None = None,
        times: int | None = None,
        when: Callable[[Request], bool] | None = None,
        acting: bool = False,
    ) -> None:
        """From now on `operation` (or `EVERY_OPERATION`) is answered by `answering`: for `queue` only, for `times`
        requests only, `when` that is true of the request. With `acting` the model does first what was asked, and its
        answer is lost."""
        self.rules.insert(0, _Rule(operation, answering, queue, times, when, acting))

    def hold(self, operation: str, *, queue: str | None = None, when: Callable[[Request], bool] | None = None) -> Hold:
        """Requests of `operation` act at once and wait for `Hold.release` before they are answered."""
        gate = asyncio.Event()
        rule = _Rule(operation, None, queue, None, when, gate=gate)
        self.rules.insert(0, rule)
        return Hold(self, gate, rule)

    def heal(self) -> None:
        """Drops every rule."""
        self.rules.clear()

    # -- what a test asks -----------------------------------------------------------------------------------------

    def sent(self, operation: str, queue: str | None = None) -> list[Request]:
        """The requests of `operation` that arrived, in their order."""
        return [
            request for request in [*self.requests] if request.operation == operation and queue in (None, request.queue)
        ]

    @property
    def operations(self) -> list[str]:
        return [request.operation for request in [*self.requests]]

    # -- the server -----------------------------------------------------------------------------------------------

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self._open.add(writer)
        self.connections += 1
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                while await self._one(reader, writer):
                    pass
        finally:
            self._serving.discard(task)
            self._open.discard(writer)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Reads and answers one request. False where the connection is to end."""
        first = await reader.readexactly(1)
        if not first.isalpha():  # no HTTP: somebody tries TLS on a plain port
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return False
        request = await _read_request(reader, first)
        self.requests.append(request)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            if self.on_request is not None:
                self.on_request(request)
            rule = next((rule for rule in self.rules if rule.matches(request)), None)
            if rule is not None and rule.times is not None:
                rule.times -= 1
            if rule is None or rule.answering is None:
                reply = self._model_of(request).reply(request)
            else:
                if rule.acting:
                    self._model_of(request).reply(request)
                reply = rule.answering if isinstance(rule.answering, Reply) else rule.answering(request)
            gate = rule.gate if rule else None
            if not await _pause(reader, self.latency + reply.delay, gate):
                return False
            if reply.ending == "silence":
                await reader.read(1)
                return False
        finally:
            self.in_flight -= 1
        return await self._send(request, reply, writer)

    def _model_of(self, request: Request) -> SqsModel | SnsModel:
        return self.sns if request.operation in SnsModel.OPERATIONS else self.model

    async def _send(self, request: Request, reply: Reply, writer: asyncio.StreamWriter) -> bool:
        if reply.ending in ("reset", "closed"):
            if reply.ending == "reset":
                _reset_on_close(writer)
            writer.transport.abort()
            return False
        body, headers, status = self._render(request, reply)
        head = f"HTTP/1.1 {status} Stub\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        if reply.ending == "truncated":
            body = body[: max(1, len(body) // 2)]
        writer.write(head.encode() + b"\r\n" + body)
        await writer.drain()
        return reply.ending == "whole"

    def _render(self, request: Request, reply: Reply) -> tuple[bytes, dict[str, str], int]:
        request_id = f"req-{next(self._numbers):06}"
        headers = {"x-amzn-RequestId": request_id, **reply.headers}
        body, status, content_type = reply.body, reply.status, reply.content_type
        if reply.error is not None:
            body, status = _error_body(request, reply.error, request_id), reply.error.status
            headers["x-amzn-query-error"] = f"{reply.error.query_code or reply.error.code};Sender"
        elif reply.answer is not None:
            body = _answer_body(request, reply.answer, request_id)
        if request.is_query and not reply.body:
            content_type = "text/xml"
        return body, {"Content-Type": content_type, "Content-Length": str(len(body)), **headers}, status


async def _read_request(reader: asyncio.StreamReader, begun: bytes) -> Request:
    head = (begun + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    target = headers.get("x-amz-target", "")
    if target:
        params = json.loads(body or b"{}")
        operation = target.rsplit(".", 1)[-1]
    else:
        params = dict(parse_qsl(body.decode()))
        operation = params.pop("Action", "")
    return Request(operation, params, headers, first.split()[1], time.monotonic())


async def _pause(reader: asyncio.StreamReader, seconds: float, gate: asyncio.Event | None) -> bool:
    """Waits; False as soon as the client goes away."""
    if gate is None and seconds <= 0:
        return True
    gone = asyncio.ensure_future(reader.read(1))
    wait = asyncio.ensure_future(gate.wait() if gate is not None else asyncio.sleep(seconds))
    try:
        done, _ = await asyncio.wait((gone, wait), return_when=asyncio.FIRST_COMPLETED)
        return wait in done
    finally:
        for task in (gone, wait):
            task.cancel()
        await asyncio.gather(gone, wait, return_exceptions=True)


def _reset_on_close(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _error_body(request: Request, failure: ServiceError, request_id: str) -> bytes:
    if request.is_query:
        return (
            f'<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>'
            f"<Code>{escape(failure.code)}</Code><Message>{escape(failure.message)}</Message></Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>"
        ).encode()
    return json.dumps({"__type": f"com.amazonaws.sqs#{failure.code}", "message": failure.message}).encode()


def _answer_body(request: Request, members: dict[str, Any], request_id: str) -> bytes:
    if not request.is_query:
        return json.dumps(members).encode()
    name = request.operation
    return (
        f'<{name}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{name}Result>{_xml(members)}'
        f"</{name}Result><ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{name}Response>"
    ).encode()


def _xml(value: Any) -> str:
    """The members of a structure by name, those of a list as `<member>`, those of a map as `<entry>`."""
    if isinstance(value, dict) and [*value] == ["entry"]:
        return "".join(f"<entry>{_xml(entry)}</entry>" for entry in value["entry"])
    if isinstance(value, list):
        return "".join(f"<member>{_xml(member)}</member>" for member in value)
    if isinstance(value, dict):
        return "".join(f"<{name}>{_xml(member)}</{name}>" for name, member in value.items())
    return escape(str(value))


def _self_signed() -> tuple[ssl.SSLContext, bytes]:
    """A server context whose certificate nobody trusts who is not given it, and that certificate as PEM."""
    import datetime
    import ipaddress
    import tempfile

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    public = certificate.public_bytes(serialization.Encoding.PEM)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "both.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + public
        )
        context.load_cert_chain(path)
    return context, public


@contextlib.contextmanager
def silent_port() -> Iterator[str]:
    """The URL of a port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def unused_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
