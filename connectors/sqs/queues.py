"""Reading queues: list, attributes, tags and the two directions of redrive."""

import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from connectors.aws.cli_command import aws_command
from connectors.aws.session import AwsSession
from connectors.errors import ConnectorError, Step
from connectors.sqs.models import Queue, QueueAttributes, QueueCounts, QueuePage, RedrivePolicy, arn_parts, whole_number
from connectors.sqs.queue_url import is_url, queue_of_url

PAGE = 1000
"""Names a page (ListQueues, ListDeadLetterSourceQueues). Without MaxResults the list silently ends at 1,000."""


class Queues:
    def __init__(self, session: AwsSession) -> None:
        self._session = session

    async def pages(self, prefix: str = "") -> AsyncGenerator[QueuePage, None]:
        """Every queue whose name starts with `prefix`, page by page (ListQueues)."""
        async for page in self._pages("ListQueues", "QueueUrls", {"QueueNamePrefix": prefix} if prefix else {}):
            yield page

    async def sources(self, dead_letter_queue: Queue) -> AsyncGenerator[QueuePage, None]:
        """The queues whose messages end up in `dead_letter_queue` (ListDeadLetterSourceQueues)."""
        async for page in self._pages("ListDeadLetterSourceQueues", "queueUrls", {"QueueUrl": dead_letter_queue.url}):
            yield page

    async def _pages(self, operation: str, key: str, params: dict[str, Any]) -> AsyncGenerator[QueuePage, None]:
        token: str | None = None
        seen: set[str | None] = set()
        while True:
            more: dict[str, Any] = {"NextToken": token} if token else {}
            answer = await self._session.call("sqs", operation, MaxResults=PAGE, **params, **more)
            token = answer.get("NextToken")
            if token in seen:
                raise ConnectorError(
                    Step.ANSWER, "the endpoint sends the same page again and again", operation=operation
                )
            seen.add(token)
            yield QueuePage(tuple(Queue(url) for url in answer.get(key, ())), complete=not token)
            if not token:
                return

    async def find(self, name: str, *, account: str = "") -> Queue:
        """The queue called `name`, of another `account` where one is given (GetQueueUrl), or the one whose URL `name`
        is, without asking. Raises `ConnectorError` at step `not found`, or where this context can't reach that URL."""
        if is_url(name):
            return queue_of_url(name, self._session.context)
        owner: dict[str, Any] = {"QueueOwnerAWSAccountId": account} if account else {}
        answer = await self._session.call("sqs", "GetQueueUrl", QueueName=name, target=name, **owner)
        return Queue(_required(answer, "QueueUrl", "GetQueueUrl"))

    async def find_by_arn(self, arn: str, *, beside: str) -> Queue | None:
        """The queue with this ARN. None where it is not of the region of the queue with the ARN `beside`: this session
        can't reach it, and one of the same name here is another queue. Raises `ConnectorError` as `find` does."""
        region, account, name = arn_parts(arn)
        own_region, own_account, _ = arn_parts(beside)
        if beside and region != own_region:
            return None
        return await self.find(name, account=account if account != own_account else "")

    async def attributes(self, queue: Queue) -> QueueAttributes:
        """Counts and settings (GetQueueAttributes)."""
        answer = await self._session.call(
            "sqs", "GetQueueAttributes", QueueUrl=queue.url, AttributeNames=["All"], target=queue.name
        )
        raw = {str(name): str(value) for name, value in _required(answer, "Attributes", "GetQueueAttributes").items()}
        return QueueAttributes(
            queue=queue,
            arn=raw.get("QueueArn", ""),
            counts=QueueCounts(
                visible=whole_number(raw.get("ApproximateNumberOfMessages")),
                in_flight=whole_number(raw.get("ApproximateNumberOfMessagesNotVisible")),
                delayed=whole_number(raw.get("ApproximateNumberOfMessagesDelayed")),
            ),
            redrive=redrive_policy(raw.get("RedrivePolicy", "")),
            raw=raw,
        )

    async def tags(self, queue: Queue) -> dict[str, str]:
        """ListQueueTags; empty where there are none."""
        answer = await self._session.call("sqs", "ListQueueTags", QueueUrl=queue.url, target=queue.name)
        return {str(name): str(value) for name, value in (answer.get("Tags") or {}).items()}


def queue_command(session: AwsSession, verb: str, queue: Queue, rest: str = "") -> str:
    """The equivalent command of the AWS CLI on `queue`: `queue_command(session, "purge-queue", queue)`."""
    return aws_command(session, "sqs", [*verb.split(), "--queue-url", queue.url], rest)


def redrive_policy(text: str) -> RedrivePolicy | None:
    """The RedrivePolicy attribute; maxReceiveCount arrives as a number or as a string. None where there is none."""
    try:
        policy = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(policy, dict) or not policy.get("deadLetterTargetArn"):
        return None
    return RedrivePolicy(str(policy["deadLetterTargetArn"]), whole_number(policy.get("maxReceiveCount")))


def _required(answer: Mapping[str, Any], key: str, operation: str) -> Any:
    """A part of the answer without which it would be a guess: missing is never taken for empty."""
    value = answer.get(key)
    if not value:
        raise ConnectorError(Step.ANSWER, f"the answer has no {key}", "check the endpoint URL", operation=operation)
    return value
