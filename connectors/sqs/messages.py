"""Messages: looking under a lease, giving back, sending, deleting, purging.

SQS has no peek. A look is a ReceiveMessage: it adds one to each message's receive count and hides the messages from
their consumers until the lease ends or is given back.
"""

import asyncio
import re
import shlex
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from connectors.errors import ConnectorError, OutcomeUnknown, Refused, Step
from connectors.guard import Change, Outcome, Permit
from connectors.session import Answer, AwsSession, Lane
from connectors.sqs.models import (
    Draft,
    EntryOutcome,
    Look,
    Message,
    MessageAttribute,
    Queue,
    Sent,
)

BATCH = 10
"""Entries a batch call may carry, and messages one ReceiveMessage may bring."""
LEASE_SECONDS = 30
PURGE_COOLDOWN = 60.0
_WAIT_SECONDS = 1
"""A long poll, however short, asks every server; a short poll asks a few and may answer "empty" when it isn't."""


_T = TypeVar("_T")


class Messages:
    def __init__(self, session: AwsSession) -> None:
        self._session = session

    # -- looking ------------------------------------------------------------------------------------------------

    async def look(self, queue: Queue, *, most: int = BATCH, lease_seconds: int = LEASE_SECONDS) -> Look:
        """One receive of up to `most` (1..10) messages, everything asked for (ReceiveMessage).

        Cancelling does not abandon the call: what still comes is given back at once, since a receive that nobody
        reads would hide its messages for the whole lease. Closing the session waits for that within its budget.
        """
        self._session.guard.check_look()
        return await self._session.running_on.see_through(
            self._receive(queue, most, lease_seconds),
            f"a look into {queue.name} had no end: what it took is visible again within {lease_seconds} s",
            unclaimed=lambda look: self.give_back(look.messages),
        )

    async def _receive(self, queue: Queue, most: int, lease_seconds: int) -> Look:
        asked_at = self._session.clock.monotonic()
        try:
            answer = await self._session.call(
                "sqs",
                "ReceiveMessage",
                lane=Lane.LOOK,
                target=queue.name,
                QueueUrl=queue.url,
                MaxNumberOfMessages=most,
                VisibilityTimeout=lease_seconds,
                WaitTimeSeconds=_WAIT_SECONDS,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
        except ConnectorError as error:
            if error.step in (Step.TIMEOUT, Step.ANSWER, Step.SERVICE):
                error.hint = f"peek again; what this look may have taken is visible again within {lease_seconds} s"
            raise
        lease_ends = asked_at + lease_seconds
        messages = tuple(_message(queue, entry, lease_ends) for entry in answer.get("Messages", ()))
        return Look(messages, lease_ends, answer.request_id)

    async def give_back(self, messages: Sequence[Message]) -> list[EntryOutcome]:
        """Ends the leases on `messages` (ChangeMessageVisibilityBatch with 0), so that they are visible again.

        A lease that ended by itself counts as given back. Never raises for a service's error: each outcome says what
        could not be given back and why.
        """
        batches = await asyncio.gather(*(self._give_back_batch(queue, batch) for queue, batch in _batches(messages)))
        return [outcome for batch in batches for outcome in batch]

    async def _give_back_batch(self, queue: Queue, batch: Sequence[Message]) -> list[EntryOutcome]:
        try:
            answer = await self._call_batch(
                "ChangeMessageVisibilityBatch", Lane.LOOK, queue, batch, VisibilityTimeout=0
            )
        except ConnectorError as error:
            return [EntryOutcome(message.message_id, False, str(error)) for message in batch]
        return [
            EntryOutcome(outcome.message_id, True) if _LEASE_IS_OVER.search(outcome.reason) else outcome
            for outcome in _entry_outcomes(batch, answer)
        ]

    # -- changing -----------------------------------------------------------------------------------------------

    def sending(self, queue: Queue) -> Change:
        """The change that sends one message. Its body never stands in the command."""
        return self._change("SendMessage", queue, 1, "sqs send-message", "--message-body file://BODY")

    async def send(self, change: Change, permit: Permit, queue: Queue, draft: Draft) -> Sent:
        """SendMessage. Raises `OutcomeUnknown` where no usable answer came; it is never sent again by itself.

        A cancel does not stop it half-way, here and for every change: it runs on, and the audit log gets its outcome.
        """
        return await self._see_through(self._send(change, permit, queue, draft), change)

    async def _send(self, change: Change, permit: Permit, queue: Queue, draft: Draft) -> Sent:
        _check_queue(change, queue)
        params: dict[str, Any] = {"QueueUrl": queue.url, "MessageBody": draft.body}
        if draft.attributes:
            params["MessageAttributes"] = {attribute.name: _wire_attribute(attribute) for attribute in draft.attributes}
        if draft.delay_seconds is not None:
            params["DelaySeconds"] = draft.delay_seconds
        if draft.group_id:
            params["MessageGroupId"] = draft.group_id
        if draft.deduplication_id:
            params["MessageDeduplicationId"] = draft.deduplication_id
        async with self._session.guard.carry_out(change, permit) as outcome:
            answer = await self._session.call("sqs", "SendMessage", lane=Lane.CHANGE, target=queue.name, **params)
            outcome.request_ids.append(answer.request_id)
            if not answer.get("MessageId"):
                raise OutcomeUnknown(
                    Step.ANSWER,
                    "the answer names no message id; whether the message was sent is unknown",
                    "look before you send it again",
                    operation="SendMessage",
                    request_id=answer.request_id,
                )
            outcome.confirmed = 1
            return Sent(str(answer["MessageId"]), answer.get("SequenceNumber"), answer.request_id)

    def deleting(self, queue: Queue, messages: Sequence[Message]) -> Change:
        return self._change(
            "DeleteMessageBatch", queue, len(messages), "sqs delete-message-batch", "--entries file://RECEIPT_HANDLES"
        )

    async def delete(
        self, change: Change, permit: Permit, queue: Queue, messages: Sequence[Message]
    ) -> list[EntryOutcome]:
        """DeleteMessageBatch in tens, one outcome a message, in the order given.

        SQS confirms a delete by the receipt handle of a lease that is over and may delete nothing: such a message is
        not tried, and one whose lease ended while the call was under way is not believed. Where a batch fails as a
        whole, the batches after it are not tried. Raises that failure where nothing at all was confirmed.
        """
        return await self._see_through(self._delete(change, permit, queue, messages), change)

    async def _delete(
        self, change: Change, permit: Permit, queue: Queue, messages: Sequence[Message]
    ) -> list[EntryOutcome]:
        _check_queue(change, queue)
        if len(messages) != change.count or any(message.queue != queue for message in messages):
            raise Refused("these are not the messages that were agreed to", operation=change.operation)
        outcomes: list[EntryOutcome] = []
        async with self._session.guard.carry_out(change, permit) as record:
            for start in range(0, len(messages), BATCH):
                batch = messages[start : start + BATCH]
                if record.error is None:
                    outcomes += await self._delete_batch(queue, batch, record)
                else:
                    outcomes += [EntryOutcome(message.message_id, False, "not tried") for message in batch]
            record.confirmed = sum(outcome.confirmed for outcome in outcomes)
            record.unknown = sum(outcome.unknown for outcome in outcomes)
            record.failed = len(outcomes) - record.confirmed - record.unknown
            if record.error is not None and record.confirmed == 0:
                raise record.error
        return outcomes

    async def _delete_batch(self, queue: Queue, batch: Sequence[Message], record: Outcome) -> list[EntryOutcome]:
        asked_at = self._session.clock.monotonic()
        held = [message for message in batch if message.lease_ends > asked_at]
        answered: dict[str, EntryOutcome] = {}
        if held:
            try:
                answer = await self._call_batch("DeleteMessageBatch", Lane.CHANGE, queue, held)
            except ConnectorError as error:
                record.error, unknown = error, isinstance(error, OutcomeUnknown)
                outcomes = [EntryOutcome(message.message_id, False, str(error), unknown) for message in held]
            else:
                record.request_ids.append(answer.request_id)
                outcomes = _believed(held, _entry_outcomes(held, answer), self._session.clock.monotonic())
            answered = {message.receipt_handle: outcome for message, outcome in zip(held, outcomes, strict=True)}
        ended = [EntryOutcome(message.message_id, False, _LEASE_ENDED) for message in batch]
        return [answered.get(message.receipt_handle, outcome) for message, outcome in zip(batch, ended, strict=True)]

    def purging(self, queue: Queue) -> Change:
        return self._change("PurgeQueue", queue, None, "sqs purge-queue", "")

    def purge_cooldown(self, queue: Queue) -> float:
        """Seconds until this queue may be purged again, 0 when it may be."""
        purged_at = self._session.purged_at.get(queue.url)
        if purged_at is None:
            return 0.0
        return max(0.0, purged_at + PURGE_COOLDOWN - self._session.clock.monotonic())

    async def purge(self, change: Change, permit: Permit, queue: Queue) -> str:
        """Starts a purge (PurgeQueue) and returns the request id. It takes up to 60 s, there is no word when it is
        done, and messages in flight or sent meanwhile go too. A second one within 60 s is `Refused`."""
        wait = self.purge_cooldown(queue)
        if wait > 0:
            raise Refused(
                f"this queue was purged less than {PURGE_COOLDOWN:.0f} s ago",
                f"again in {wait:.0f} s",
                operation="PurgeQueue",
                retry_after=wait,
            )
        return await self._see_through(self._purge(change, permit, queue), change)

    async def _purge(self, change: Change, permit: Permit, queue: Queue) -> str:
        _check_queue(change, queue)
        purged_at = self._session.purged_at
        async with self._session.guard.carry_out(change, permit) as outcome:
            try:
                answer = await self._session.call(
                    "sqs", "PurgeQueue", lane=Lane.CHANGE, target=queue.name, QueueUrl=queue.url
                )
            except ConnectorError as error:
                if isinstance(error, OutcomeUnknown) or error.retry_after:
                    purged_at[queue.url] = self._session.clock.monotonic()
                raise
            purged_at[queue.url] = self._session.clock.monotonic()
            outcome.request_ids.append(answer.request_id)
            return answer.request_id

    async def _see_through(self, work: Coroutine[Any, Any, _T], change: Change) -> _T:
        return await self._session.running_on.see_through(
            work, f"{change.operation} on {change.target.resource} had no answer: its outcome is unknown"
        )

    async def _call_batch(
        self, operation: str, lane: Lane, queue: Queue, batch: Sequence[Message], **fields: Any
    ) -> Answer:
        """One batch call on messages of `queue`, at most `BATCH`; each entry carries `fields` beside its handle."""
        entries = [
            {"Id": str(index), "ReceiptHandle": message.receipt_handle, **fields} for index, message in enumerate(batch)
        ]
        return await self._session.call(
            "sqs", operation, lane=lane, target=queue.name, QueueUrl=queue.url, Entries=entries
        )

    def _change(self, operation: str, queue: Queue, count: int | None, verb: str, rest: str) -> Change:
        target = self._session.target("sqs", queue.name, queue.url)
        return Change("sqs", operation, target, count, aws_command(self._session, verb, queue, rest))


_LEASE_IS_OVER = re.compile(
    r"^(AWS\.SimpleQueueService\.)?MessageNotInflight|receipt handle has expired", re.IGNORECASE
)
"""In the second form a FIFO queue says it."""
_LEASE_ENDED = "lease ended, peek again"
_LEASE_ENDED_MEANWHILE = "the lease ended meanwhile: it may or may not be deleted; peek again"


def aws_command(session: AwsSession, verb: str, queue: Queue, rest: str = "") -> str:
    """The equivalent command of the AWS CLI, ready to paste."""
    context = session.context
    words = ["aws", *verb.split(), "--queue-url", queue.url]
    if not context.dummy_credentials:
        words += ["--profile", context.profile]
    words += ["--region", context.region]
    endpoint = context.endpoint("sqs")
    if endpoint:
        words += ["--endpoint-url", endpoint]
    return " ".join([*map(shlex.quote, words), *([rest] if rest else [])])


def _check_queue(change: Change, queue: Queue) -> None:
    if change.target.resource_url != queue.url:
        raise Refused("this change was agreed to for another queue", operation=change.operation)


def _believed(held: Sequence[Message], outcomes: Sequence[EntryOutcome], now: float) -> list[EntryOutcome]:
    return [
        EntryOutcome(outcome.message_id, False, _LEASE_ENDED_MEANWHILE, unknown=True)
        if outcome.confirmed and message.lease_ends <= now
        else outcome
        for message, outcome in zip(held, outcomes, strict=True)
    ]


def _batches(messages: Sequence[Message]) -> list[tuple[Queue, list[Message]]]:
    by_queue: dict[Queue, list[Message]] = {}
    for message in messages:
        by_queue.setdefault(message.queue, []).append(message)
    return [
        (queue, held[start : start + BATCH]) for queue, held in by_queue.items() for start in range(0, len(held), BATCH)
    ]


def _entry_outcomes(batch: Sequence[Message], answer: dict[str, Any]) -> list[EntryOutcome]:
    """One outcome a message. A message that the answer names nowhere is not confirmed."""
    confirmed = {str(entry.get("Id")) for entry in answer.get("Successful", ())}
    failed = {
        str(entry.get("Id")): f"{entry.get('Code', '')}: {entry.get('Message', '')}".strip(": ")
        for entry in answer.get("Failed", ())
    }
    return [
        EntryOutcome(message.message_id, True)
        if str(index) in confirmed
        else EntryOutcome(message.message_id, False, failed.get(str(index), "the answer does not name it"))
        for index, message in enumerate(batch)
    ]


def _wire_attribute(attribute: MessageAttribute) -> dict[str, Any]:
    if attribute.binary is not None:
        return {"DataType": attribute.data_type, "BinaryValue": attribute.binary}
    return {"DataType": attribute.data_type, "StringValue": attribute.text or ""}


def _message(queue: Queue, entry: dict[str, Any], lease_ends: float) -> Message:
    return Message(
        queue=queue,
        message_id=str(entry.get("MessageId", "")),
        receipt_handle=str(entry.get("ReceiptHandle", "")),
        body=str(entry.get("Body", "")),
        attributes=tuple(
            MessageAttribute(
                name=str(name),
                data_type=str(value.get("DataType", "")),
                text=value.get("StringValue"),
                binary=value.get("BinaryValue"),
            )
            for name, value in sorted((entry.get("MessageAttributes") or {}).items())
        ),
        system_attributes={str(name): str(value) for name, value in (entry.get("Attributes") or {}).items()},
        lease_ends=lease_ends,
    )
