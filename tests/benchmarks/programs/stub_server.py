"""SQS and STS at the wire, as fast as Python can: a raw protocol, answers made beforehand, of the size of real ones.

    python -m tests.benchmarks.programs.stub_server --queues 10000 --latency 0.04

prints its URL and serves until its standard input ends. `GET /figures` answers with what it has seen since the last
`POST /reset`; `POST /change` with a JSON list of queue numbers adds 1 to their visible counts.
"""

import argparse
import asyncio
import json
import re
import sys
import time
from typing import Any

PAGE = 1000
ACCOUNT = "123456789012"
FIRST_VISIBLE = 1_000_000
"""The visible count of queue number 0; the next has one more, so that each count on a screen names its queue."""
DEAD_LETTER_EVERY = 25
"""Of so many queues one is a dead-letter queue; the one before it is its source."""

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_TARGET = re.compile(rb"x-amz-target: *AmazonSQS\.(\w+)", re.IGNORECASE)
_NUMBER = re.compile(rb'"QueueUrl": *"[^"]*?/queue-(\d+)')
_TOKEN = re.compile(rb'"NextToken": *"(\d+)"')
_IDENTITY = (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    f"<Arn>arn:aws:iam::{ACCOUNT}:user/bench</Arn><UserId>AIDABENCH</UserId><Account>{ACCOUNT}</Account>"
    "</GetCallerIdentityResult><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata>"
    "</GetCallerIdentityResponse>"
).encode()


def queue_name(number: int) -> str:
    return f"queue-{number:05}"


class Service:
    """The answers, and what was asked."""

    def __init__(self, queues: int, latency: float) -> None:
        self.queues = queues
        self.latency = latency
        self.base = ""
        self._more = [0] * queues
        self._answers: list[bytes | None] = [None] * queues
        self._pages: list[bytes] = []
        self.reset()

    def reset(self) -> None:
        self.answered: set[int] = set()
        self.calls = 0
        self.first_page_at = self.last_page_at = self.all_read_at = 0.0
        self.read_at_last_page = 0

    def prepare(self, base: str) -> None:
        self.base = base
        for start in range(0, max(self.queues, 1), PAGE):
            numbers = range(start, min(start + PAGE, self.queues))
            page: dict[str, Any] = {"QueueUrls": [f"{base}/{ACCOUNT}/{queue_name(number)}" for number in numbers]}
            if start + PAGE < self.queues:
                page["NextToken"] = str(start // PAGE + 1)
            self._pages.append(_response(json.dumps(page).encode()))
        for number in range(self.queues):
            self._answers[number] = self._attributes(number)

    def figures(self) -> bytes:
        return _response(
            json.dumps(
                {
                    "calls": self.calls,
                    "read": len(self.answered),
                    "first_page_at": self.first_page_at,
                    "last_page_at": self.last_page_at,
                    "read_at_last_page": self.read_at_last_page,
                    "all_read_at": self.all_read_at,
                }
            ).encode()
        )

    def change(self, numbers: list[int]) -> None:
        for number in numbers:
            self._more[number] += 1
            self._answers[number] = self._attributes(number)

    def answer(self, head: bytes, body: bytes) -> bytes:
        target = _TARGET.search(head)
        if target is None:
            return _response(_IDENTITY, b"text/xml")
        self.calls += 1
        if target[1] == b"GetQueueAttributes" and (found := _NUMBER.search(body)):
            return self._answers[int(found[1])] or b""
        if target[1] == b"ListQueues":
            token = _TOKEN.search(body)
            return self._pages[int(token[1]) if token else 0]
        return _response(b"{}")

    def sent(self, head: bytes, body: bytes) -> None:
        """Takes down the moment at which an answer goes out."""
        target = _TARGET.search(head)
        now = time.monotonic()
        if target is not None and target[1] == b"ListQueues":
            self.first_page_at = self.first_page_at or now
            if not self.answered or len(self.answered) < self.queues:
                self.last_page_at, self.read_at_last_page = now, len(self.answered)
        elif found := _NUMBER.search(body):
            self.answered.add(int(found[1]))
            if not self.all_read_at and len(self.answered) == self.queues:
                self.all_read_at = now

    def _attributes(self, number: int) -> bytes:
        name = queue_name(number)
        arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "topics",
                    "Effect": "Allow",
                    "Principal": {"Service": "sns.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": arn,
                    "Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:events"}},
                }
            ],
        }
        attributes = {
            "QueueArn": arn,
            "ApproximateNumberOfMessages": str(FIRST_VISIBLE + number + self._more[number]),
            "ApproximateNumberOfMessagesNotVisible": "3",
            "ApproximateNumberOfMessagesDelayed": "0",
            "CreatedTimestamp": "1735689600",
            "LastModifiedTimestamp": "1735689700",
            "VisibilityTimeout": "30",
            "MaximumMessageSize": "1048576",
            "MessageRetentionPeriod": "345600",
            "DelaySeconds": "0",
            "ReceiveMessageWaitTimeSeconds": "20",
            "SqsManagedSseEnabled": "true",
            "Policy": json.dumps(policy),
        }
        if number % DEAD_LETTER_EVERY == DEAD_LETTER_EVERY - 2 and number + 1 < self.queues:
            attributes["RedrivePolicy"] = json.dumps(
                {
                    "deadLetterTargetArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:{queue_name(number + 1)}",
                    "maxReceiveCount": 5,
                }
            )
        return _response(json.dumps({"Attributes": attributes}).encode())


def _response(body: bytes, kind: bytes = b"application/x-amz-json-1.0") -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\nx-amzn-RequestId: 4f1c2a6e-8a35-5b1e-9c0d-7c5d1f0e2b3a\r\n"
        b"Date: Sat, 14 Mar 2026 03:00:00 GMT\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
        % (kind, len(body), body)
    )


class Connection(asyncio.Protocol):
    """One kept-alive connection; requests come one after the other."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            length = _LENGTH.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < whole:
                return
            body, self._buffer = self._buffer[end + 4 : whole], self._buffer[whole:]
            self._serve(head, body)

    def _serve(self, head: bytes, body: bytes) -> None:
        service = self._service
        if head.startswith(b"GET /figures"):
            self._write(service.figures())
        elif head.startswith(b"POST /reset"):
            service.reset()
            self._write(_response(b"{}"))
        elif head.startswith(b"POST /change"):
            service.change(json.loads(body))
            self._write(_response(b"{}"))
        elif service.latency:
            loop = asyncio.get_running_loop()
            loop.call_later(service.latency, self._answer, head, body)
        else:
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        self._write(self._service.answer(head, body))
        self._service.sent(head, body)

    def _write(self, answer: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)


async def _serve(service: Service) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(service), "127.0.0.1", 0, backlog=256)
    base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    service.prepare(base)
    print(base, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--queues", type=int, default=200)
    parser.add_argument("--latency", type=float, default=0.0)
    given = parser.parse_args()
    asyncio.run(_serve(Service(given.queues, given.latency)))
