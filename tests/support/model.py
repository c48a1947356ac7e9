"""A small SQS and STS in memory: what the stub answers where no test said otherwise.

It does what the client can notice: pages, receive counts, leases, handles that grow old, batches, a purge a minute.
"""

import base64
import hashlib
import itertools
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.wire import Reply, Request, ServiceError, no_such_queue

ACCOUNT = "123456789012"
REGION = "us-east-1"
ROLE_KEY, ROLE_TOKEN = "roleSecretThatStsGives0123456789abcdefGH", "FwoGZXIvYXdzERoleTokenThatStsGives9876543210"
"""The secrets that STS gives for a role: long, so that also a part of one is found where it does not belong."""


@dataclass
class StubMessage:
    """A message in the stub. `handle` is the latest receipt handle; older ones delete nothing and say they did."""

    message_id: str
    body: str
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    system: dict[str, str] = field(default_factory=dict)
    receive_count: int = 0
    handle: str = ""
    hidden_until: float = 0.0
    received_at: float = 0.0

    @property
    def in_flight(self) -> bool:
        return self.hidden_until > time.monotonic()


@dataclass
class StubQueue:
    """A queue in the stub. A count that is set stands in place of the messages'."""

    name: str
    url: str
    attributes: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    messages: list[StubMessage] = field(default_factory=list)
    visible: int | None = None
    in_flight: int | None = None
    delayed: int | None = None
    purged_at: float = -1e9
    deduplication: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.name}"

    def shown_attributes(self) -> dict[str, str]:
        hidden = sum(message.in_flight for message in self.messages)
        visible = len(self.messages) - hidden
        return {
            "QueueArn": self.arn,
            "ApproximateNumberOfMessages": str(visible if self.visible is None else self.visible),
            "ApproximateNumberOfMessagesNotVisible": str(hidden if self.in_flight is None else self.in_flight),
            "ApproximateNumberOfMessagesDelayed": str(self.delayed or 0),
            "CreatedTimestamp": "1767225600",
            "LastModifiedTimestamp": "1767312000",
            "VisibilityTimeout": "30",
            "MaximumMessageSize": "1048576",
            "MessageRetentionPeriod": "345600",
            "DelaySeconds": "0",
            "ReceiveMessageWaitTimeSeconds": "0",
            "SqsManagedSseEnabled": "true",
            **self.attributes,
        }


class SqsModel:
    """Queues by name, in the order in which they were made."""

    def __init__(self) -> None:
        self.base_url = ""
        self.queues: dict[str, StubQueue] = {}
        self.account = ACCOUNT
        self._numbers = itertools.count(1)

    # -- what a test sets up --------------------------------------------------------------------------------------

    def queue(
        self,
        name: str,
        *,
        messages: Sequence[str] = (),
        visible: int | None = None,
        in_flight: int | None = None,
        delayed: int | None = None,
        dead_letter: str = "",
        max_receive_count: int | str = 3,
        attributes: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> StubQueue:
        """Makes a queue, or makes it anew. `dead_letter` names its dead-letter queue, which need not exist."""
        made = StubQueue(name, f"{self.base_url}/{ACCOUNT}/{name}", dict(attributes or {}), dict(tags or {}))
        made.visible, made.in_flight, made.delayed = visible, in_flight, delayed
        if name.endswith(".fifo"):
            made.attributes.setdefault("FifoQueue", "true")
        if dead_letter:
            target = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{dead_letter}"
            made.attributes["RedrivePolicy"] = json.dumps(
                {"deadLetterTargetArn": target, "maxReceiveCount": max_receive_count}
            )
        for body in messages:
            self.put(made, body)
        self.queues[name] = made
        return made

    def many(self, count: int, prefix: str = "queue-") -> list[StubQueue]:
        return [self.queue(f"{prefix}{number:05}", visible=number) for number in range(count)]

    def put(self, queue: StubQueue, body: str, **system: str) -> StubMessage:
        number = next(self._numbers)
        system.setdefault("SentTimestamp", "1767225600000")
        system.setdefault("SenderId", "AIDAEXAMPLE")
        message = StubMessage(f"{number:08x}-0000-4000-8000-000000000000", body, system=system)
        queue.messages.append(message)
        return message

    # -- what it answers ------------------------------------------------------------------------------------------

    def reply(self, request: Request) -> Reply:
        handler = getattr(self, f"_{request.operation}", None)
        if handler is None:
            return Reply(error=ServiceError("UnknownOperationException", "", 400))
        if request.queue and request.queue not in self.queues:
            return no_such_queue()
        if not request.queue and request.operation not in ("ListQueues", "GetCallerIdentity", "AssumeRole"):
            return Reply(error=ServiceError("MissingParameter", "The request must contain the parameter QueueUrl."))
        outcome = handler(request.params)
        return outcome if isinstance(outcome, Reply) else Reply(answer=outcome)

    def _named(self, params: Mapping[str, Any]) -> StubQueue:
        return self.queues[str(params["QueueUrl"]).rsplit("/", 1)[-1]]

    def _page(self, key: str, urls: list[str], params: Mapping[str, Any]) -> dict[str, Any]:
        """As SQS does it: without MaxResults the list ends at 1,000 and no token says that there is more."""
        size = int(params.get("MaxResults", 0))
        start = int(base64.b64decode(params["NextToken"])) if params.get("NextToken") else 0
        page: dict[str, Any] = {key: urls[start : start + (size or 1000)]}
        if size and start + size < len(urls):
            page["NextToken"] = base64.b64encode(str(start + size).encode()).decode()
        return page

    def _ListQueues(self, params: Mapping[str, Any]) -> dict[str, Any]:
        prefix = str(params.get("QueueNamePrefix", ""))
        return self._page(
            "QueueUrls", [queue.url for queue in self.queues.values() if queue.name.startswith(prefix)], params
        )

    def _ListDeadLetterSourceQueues(self, params: Mapping[str, Any]) -> dict[str, Any]:
        arn = self._named(params).arn
        sources = [
            queue.url
            for queue in self.queues.values()
            if json.loads(queue.attributes.get("RedrivePolicy", "{}")).get("deadLetterTargetArn") == arn
        ]
        return self._page("queueUrls", sources, params)

    def _GetQueueUrl(self, params: Mapping[str, Any]) -> dict[str, Any]:
        return {"QueueUrl": self.queues[params["QueueName"]].url}

    def _GetQueueAttributes(self, params: Mapping[str, Any]) -> dict[str, Any]:
        return {"Attributes": self._named(params).shown_attributes()}

    def _ListQueueTags(self, params: Mapping[str, Any]) -> dict[str, Any]:
        tags = self._named(params).tags
        return {"Tags": tags} if tags else {}

    def _ReceiveMessage(self, params: Mapping[str, Any]) -> dict[str, Any]:
        queue = self._named(params)
        found: list[dict[str, Any]] = []
        lease = int(params.get("VisibilityTimeout", 30))
        for message in [*queue.messages]:
            if message.in_flight or len(found) == int(params.get("MaxNumberOfMessages", 1)):
                continue
            if self._dead_lettered(queue, message):
                continue
            message.receive_count += 1
            message.handle = f"handle-{message.message_id}-{message.receive_count}"
            message.received_at = time.monotonic()
            message.hidden_until = message.received_at + lease
            entry: dict[str, Any] = {
                "MessageId": message.message_id,
                "ReceiptHandle": message.handle,
                "Body": message.body,
                "MD5OfBody": _md5(message.body),
            }
            if "All" in params.get("MessageSystemAttributeNames", ()):
                entry["Attributes"] = {**message.system, "ApproximateReceiveCount": str(message.receive_count)}
            if "All" in params.get("MessageAttributeNames", ()) and message.attributes:
                entry["MessageAttributes"] = message.attributes
            found.append(entry)
        return {"Messages": found} if found else {}

    def _dead_lettered(self, queue: StubQueue, message: StubMessage) -> bool:
        """Moves a message that was received maxReceiveCount times at the next receive, which does not bring it."""
        try:
            policy = json.loads(queue.attributes.get("RedrivePolicy", "{}"))
        except (ValueError, RecursionError):  # a test's, that no service would take
            return False
        target = self.queues.get(str(policy.get("deadLetterTargetArn", "")).rsplit(":", 1)[-1])
        if target is None or message.receive_count < int(policy.get("maxReceiveCount", 0)):
            return False
        queue.messages.remove(message)
        target.messages.append(message)
        return True

    def _ChangeMessageVisibilityBatch(self, params: Mapping[str, Any]) -> dict[str, Any]:
        queue = self._named(params)
        by_handle = {message.handle: message for message in queue.messages}
        succeeded, failed = [], []
        for entry in params["Entries"]:
            message = by_handle.get(entry["ReceiptHandle"])
            if message is None:
                failed.append(_failure(entry, "InvalidParameterValue", _no_such_handle(entry["ReceiptHandle"])))
            elif not message.in_flight:
                failed.append(_failure(entry, "MessageNotInflight", "The specified message isn't in flight."))
            elif time.monotonic() + int(entry["VisibilityTimeout"]) - message.received_at > 43_200:
                failed.append(_failure(entry, "InvalidParameterValue", _beyond_limit(entry["VisibilityTimeout"])))
            else:
                message.hidden_until = time.monotonic() + int(entry["VisibilityTimeout"])
                succeeded.append({"Id": entry["Id"]})
        return {"Successful": succeeded, "Failed": failed}

    def _DeleteMessageBatch(self, params: Mapping[str, Any]) -> dict[str, Any]:
        queue = self._named(params)
        handles = {entry["ReceiptHandle"] for entry in params["Entries"]}
        queue.messages = [message for message in queue.messages if message.handle not in handles]
        return {"Successful": [{"Id": entry["Id"]} for entry in params["Entries"]], "Failed": []}

    def _SendMessage(self, params: Mapping[str, Any]) -> dict[str, Any]:
        queue = self._named(params)
        first = self._first_of(queue, params)
        if first is not None:
            return first
        system = {"MessageGroupId": params["MessageGroupId"]} if "MessageGroupId" in params else {}
        message = self.put(queue, params["MessageBody"], **system)
        message.attributes = dict(params.get("MessageAttributes", {}))
        sent = {"MessageId": message.message_id, "MD5OfMessageBody": _md5(message.body)}
        if queue.name.endswith(".fifo"):
            sent["SequenceNumber"] = f"{18870000000000000000 + next(self._numbers)}"
            queue.deduplication[_deduplication_key(queue, params)] = (time.monotonic(), sent)
        return sent

    def _first_of(self, queue: StubQueue, params: Mapping[str, Any]) -> dict[str, Any] | None:
        """As AWS does it: what is taken for a duplicate gets the answer of the first message, and nothing is added."""
        at, sent = queue.deduplication.get(_deduplication_key(queue, params), (-1e9, None))
        return sent if queue.name.endswith(".fifo") and time.monotonic() - at < 300 else None

    def _PurgeQueue(self, params: Mapping[str, Any]) -> Reply:
        queue, now = self._named(params), time.monotonic()
        if now - queue.purged_at < 60:
            return Reply(
                error=ServiceError(
                    "PurgeQueueInProgress",
                    f"Only one PurgeQueue operation on {queue.name} is allowed every 60 seconds.",
                    403,
                    "AWS.SimpleQueueService.PurgeQueueInProgress",
                )
            )
        queue.purged_at = now
        queue.messages.clear()
        return Reply()

    def _GetCallerIdentity(self, params: Mapping[str, Any]) -> dict[str, Any]:
        return {"Arn": f"arn:aws:iam::{self.account}:user/reader", "UserId": "AIDAEXAMPLE", "Account": self.account}

    def _AssumeRole(self, params: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "Credentials": {
                "AccessKeyId": "ASIAROLEROLEROLEROLE",
                "SecretAccessKey": ROLE_KEY,
                "SessionToken": ROLE_TOKEN,
                "Expiration": "2099-01-01T00:00:00Z",
            },
            "AssumedRoleUser": {"AssumedRoleId": "AROAEXAMPLE:me", "Arn": str(params.get("RoleArn", ""))},
        }


def _no_such_handle(receipt_handle: str) -> str:
    """What AWS says of a message that was deleted, or received again under another handle."""
    return (
        f"Value {receipt_handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not "
        "available for visibility timeout change."
    )


def _deduplication_key(queue: StubQueue, params: Mapping[str, Any]) -> str:
    by_group = queue.attributes.get("DeduplicationScope") == "messageGroup"
    own = params.get("MessageDeduplicationId") or hashlib.sha256(str(params["MessageBody"]).encode()).hexdigest()
    return f"{params.get('MessageGroupId')} {own}" if by_group else str(own)


def _beyond_limit(seconds: int) -> str:
    return (
        f"Value {seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message "
        "is beyond the limit [43200 seconds]."
    )


def _failure(entry: Mapping[str, Any], code: str, message: str) -> dict[str, Any]:
    return {"Id": entry["Id"], "SenderFault": True, "Code": code, "Message": message}


def _md5(body: str) -> str:
    return hashlib.md5(body.encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()
