"""Writes a story into an emulator: only queues that do not exist yet, and messages only into those.

Runs in the child process; `connectors.emulator.wire` says how it calls.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from json import dumps
from typing import Any

from botocore.exceptions import ClientError

from connectors.emulator.seeding import SeedCounts, Seeds
from connectors.emulator.wire import ForeignAnswer, client, told_as_emulator_errors
from connectors.sqs.demo import STORY
from connectors.sqs.demo.model import AttributeValue, Message, Queue, Typed

BATCH_ENTRIES = 10
# Below the smallest limit in use for a whole batch, with room for attributes.
BATCH_BYTES = 200_000
HANGING_CONSUMER = 43_200
RECEIVE_ATTEMPTS = 5


def seed(story: Sequence[Queue], url: str, report: Callable[[int, str], None]) -> SeedCounts:
    """Write `story` to the emulator at `url`, calling `report(queues done, name of the last)` after each queue.

    Raises EmulatorError when a queue cannot be created, or none of its messages be sent.
    """
    started = time.monotonic()
    with told_as_emulator_errors("SQS", url):
        counts = _Seeding(url).run(story, report)
    counts["seconds"] = round(time.monotonic() - started, 3)
    return counts


SEEDS = Seeds(len(STORY), partial(seed, STORY))


class _Seeding:
    def __init__(self, url: str) -> None:
        self._sqs = client("sqs", url)
        self._urls: dict[str, str] = {}
        self._place = ""
        """Region and account as an ARN has them, once a queue with senders asked."""
        self._counts = SeedCounts(created=0, existing=0, messages=0, refused=0, seconds=0.0)

    def run(self, story: Sequence[Queue], report: Callable[[int, str], None]) -> SeedCounts:
        for page in self._sqs.get_paginator("list_queues").paginate(PaginationConfig={"PageSize": 1000}):
            self._urls |= {url.rpartition("/")[2]: url for url in page.get("QueueUrls", ())}
        for done, queue in enumerate(story, start=1):
            if queue.name in self._urls:
                self._counts["existing"] += 1
            else:
                self._create(queue)
                self._send(queue)
                self._receive(queue)
            report(done, queue.name)
        return self._counts

    def _create(self, queue: Queue) -> None:
        needed: dict[str, str] = {}
        if queue.fifo:
            needed["FifoQueue"] = "true"
        if queue.dead_letter_queue is not None:
            needed["RedrivePolicy"] = dumps(
                {
                    "deadLetterTargetArn": self._arn(queue.dead_letter_queue),
                    "maxReceiveCount": queue.max_receive_count,
                }
            )
        if queue.senders:
            needed["Policy"] = self._policy(queue)
        try:
            answer = self._sqs.create_queue(
                QueueName=queue.name, Attributes={**needed, **queue.settings}, tags=dict(queue.tags)
            )
        except ClientError as error:
            # An older emulator may know a smaller MaximumMessageSize: better that queue than none.
            if "MaximumMessageSize" not in queue.settings or "Invalid" not in error.response["Error"].get("Code", ""):
                raise
            answer = self._sqs.create_queue(QueueName=queue.name, Attributes=needed, tags=dict(queue.tags))
        if "QueueUrl" not in answer:
            raise ForeignAnswer
        self._urls[queue.name] = answer["QueueUrl"]
        self._counts["created"] += 1

    def _arn(self, name: str) -> str:
        answer = self._sqs.get_queue_attributes(QueueUrl=self._urls[name], AttributeNames=["QueueArn"])
        return str(answer["Attributes"]["QueueArn"])

    def _policy(self, queue: Queue) -> str:
        """The queue policy that SNS needs to deliver there, one statement a topic."""
        if not self._place:
            self._place = self._arn(next(iter(self._urls))).removeprefix("arn:aws:sqs:").rpartition(":")[0]
        statements = [
            {
                "Sid": topic.removesuffix(".fifo"),
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": f"arn:aws:sqs:{self._place}:{queue.name}",
                "Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws:sns:{self._place}:{topic}"}},
            }
            for topic in queue.senders
        ]
        return dumps({"Version": "2012-10-17", "Statement": statements})

    def _send(self, queue: Queue) -> None:
        sent = 0
        refusal: ClientError | None = None
        for batch in _batches(queue.messages):
            try:
                sent += self._send_batch(queue, batch)
            except ClientError as error:
                refusal = error
                # Nothing of a refused batch was taken. One entry may be to blame, so each gets its own try.
                for message in batch if len(batch) > 1 else ():
                    try:
                        sent += self._send_batch(queue, [message])
                    except ClientError as single_refusal:
                        refusal = single_refusal
        if refusal is not None and not sent:
            raise refusal
        self._counts["messages"] += sent
        self._counts["refused"] += len(queue.messages) - sent

    def _send_batch(self, queue: Queue, batch: Sequence[Message]) -> int:
        entries = [{"Id": str(number), **_entry(message)} for number, message in enumerate(batch)]
        answer = self._sqs.send_message_batch(QueueUrl=self._urls[queue.name], Entries=entries)
        return len(answer.get("Successful", ()))

    def _receive(self, queue: Queue) -> None:
        url = self._urls[queue.name]
        for _ in range(queue.earlier_receives):
            self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        missing = queue.in_flight
        for _ in range(RECEIVE_ATTEMPTS):
            if missing <= 0:
                return
            answer = self._sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=min(missing, 10), VisibilityTimeout=HANGING_CONSUMER
            )
            missing -= len(answer.get("Messages", ()))


def _batches(messages: Sequence[Message]) -> Iterator[list[Message]]:
    batch: list[Message] = []
    size = 0
    for message in messages:
        length = len(message.body.encode())
        if batch and (len(batch) == BATCH_ENTRIES or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += length
    if batch:
        yield batch


def _entry(message: Message) -> dict[str, Any]:
    entry: dict[str, Any] = {"MessageBody": message.body}
    if message.attributes:
        entry["MessageAttributes"] = {name: _attribute(value) for name, value in message.attributes.items()}
    if message.group_id is not None:
        entry["MessageGroupId"] = message.group_id
    if message.deduplication_id is not None:
        entry["MessageDeduplicationId"] = message.deduplication_id
    return entry


def _attribute(value: AttributeValue) -> dict[str, str | bytes]:
    if isinstance(value, Typed):
        return {"DataType": value.data_type, "StringValue": value.value}
    if isinstance(value, bytes):
        return {"DataType": "Binary", "BinaryValue": value}
    if isinstance(value, int):
        return {"DataType": "Number", "StringValue": str(value)}
    return {"DataType": "String", "StringValue": value}
