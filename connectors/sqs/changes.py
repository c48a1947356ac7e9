"""Changes: sending a message, purging a queue, deleting messages and setting their visibility timeout.

Deleting and setting work by receipt handle, in tens, with one outcome a message.
"""

import math
import re
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from connectors.aws.session import Answer, Lane
from connectors.errors import ConnectorError, OutcomeUnknown, Refused, Step
from connectors.guard import Change, Outcome, Permit
from connectors.open_context import OpenContext
from connectors.sqs.models import Draft, Duplicate, Earlier, EntryOutcome, Message, Queue, Sent
from connectors.sqs.queues import queue_command
from connectors.sqs.receive_log import LeaseEnd, ReceiveLog
from connectors.sqs.sent_log import SentLog
from connectors.sqs.service import PURGE_COOLDOWN
from connectors.sqs.wire import BATCH, GONE, entry_outcomes, wire_attribute

LONGEST_VISIBILITY = 43_200
"""Seconds: the longest visibility timeout that SQS takes. It counts from the receive: what is set later is the shorter
by as much, else "Total VisibilityTimeout for the message is beyond the limit" (ChangeMessageVisibility)."""
_ON_THE_WAY = 5
"""Seconds that a request may take to the service, which counts until it comes."""
LEASE_IS_OVER = re.compile(r"^(AWS\.SimpleQueueService\.)?MessageNotInflight|receipt handle has expired", re.IGNORECASE)
"""How the service says it of one message; in the second form a FIFO queue does."""
LEASE_ENDED = "lease ended, peek again"
_IS_GONE = f"{GONE}, peek again"
_GIVEN_BACK = "given back or received anew, peek again"
_ENDED_MEANWHILE = "the lease ended meanwhile: whether it was done is unknown; peek again"

_T = TypeVar("_T")
Fields = Callable[[Message], dict[str, Any]]
"""What an entry of a batch has for a message, beside its id and receipt handle."""


def no_fields(message: Message) -> dict[str, Any]:
    return {}


class Changes:
    """What may be changed in one open context: each change as a value to agree to, and the call that makes it."""

    def __init__(self, context: OpenContext) -> None:
        self._context = context
        self._session = context.aws
        self.receive_log = context.memory.of(ReceiveLog)
        self.sent_log = context.memory.of(SentLog)
        self.place = self._session.context.endpoint("sqs") or "AWS"
        """Where the queues are, for the receive log: two endpoints may name theirs alike."""
        self._purged_at: dict[str, float] = {}
        """When each queue, by URL, was last purged in this context, on the clock's monotonic scale."""

    def sending(self, queue: Queue) -> Change:
        """The change that sends one message. Its body never stands in the command."""
        return self._change("SendMessage", queue, 1, "send-message", "--message-body file://BODY")

    def sent_before(self, queue: Queue, draft: Draft, *, by_group: bool = False) -> Earlier | None:
        """The send of this run of which SQS would take `draft` for a duplicate. `by_group` says that `queue`
        deduplicates within each message group."""
        now = self._session.clock.monotonic()
        return self.sent_log.earlier(self.place, queue, draft, by_group=by_group, now=now)

    async def send(self, change: Change, permit: Permit, queue: Queue, draft: Draft, *, by_group: bool = False) -> Sent:
        """SendMessage. Raises `OutcomeUnknown` where no usable answer came; it is never sent again by itself. What SQS
        takes for a duplicate says so. `by_group` as in `sent_before`.

        A cancel does not stop it half-way, here and for every change: it runs on, and the audit log gets its outcome.
        """
        return await self._see_through(self._send(change, permit, queue, draft, by_group), change)

    async def _send(self, change: Change, permit: Permit, queue: Queue, draft: Draft, by_group: bool) -> Sent:
        check_queue(change, queue)
        params: dict[str, Any] = {"QueueUrl": queue.url, "MessageBody": draft.body}
        if draft.attributes:
            params["MessageAttributes"] = {attribute.name: wire_attribute(attribute) for attribute in draft.attributes}
        if draft.delay_seconds is not None:
            params["DelaySeconds"] = draft.delay_seconds
        if draft.group_id:
            params["MessageGroupId"] = draft.group_id
        if draft.deduplication_id:
            params["MessageDeduplicationId"] = draft.deduplication_id
        async with self._context.guard.carry_out(change, permit) as outcome:
            at = self._session.clock.monotonic()
            try:
                answer = await self._session.call("sqs", "SendMessage", lane=Lane.CHANGE, target=queue.name, **params)
            except OutcomeUnknown:
                self.sent_log.sent(self.place, queue, draft, Earlier("", at))
                raise
            outcome.request_ids.append(answer.request_id)
            if not answer.get("MessageId"):
                raise OutcomeUnknown(
                    Step.ANSWER,
                    "the answer names no message id; whether the message was sent is unknown",
                    "look before you send it again",
                    operation="SendMessage",
                    request_id=answer.request_id,
                )
            answered = Earlier(str(answer["MessageId"]), at)
            duplicate, earlier = self.sent_log.duplicate(self.place, queue, draft, answered, by_group=by_group)
            if duplicate is Duplicate.NO:
                self.sent_log.sent(self.place, queue, draft, answered)
            outcome.confirmed = int(duplicate is not Duplicate.YES)
            return Sent(answered.message_id, answer.get("SequenceNumber"), answer.request_id, duplicate, earlier)

    def purging(self, queue: Queue) -> Change:
        return self._change("PurgeQueue", queue, None, "purge-queue", "")

    def purge_cooldown(self, queue: Queue) -> float:
        """Seconds until this queue may be purged again, 0 when it may be."""
        purged_at = self._purged_at.get(queue.url)
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
        check_queue(change, queue)
        async with self._context.guard.carry_out(change, permit) as outcome:
            try:
                answer = await self._session.call(
                    "sqs", "PurgeQueue", lane=Lane.CHANGE, target=queue.name, QueueUrl=queue.url
                )
            except ConnectorError as error:
                if isinstance(error, OutcomeUnknown) or error.retry_after:
                    self._purged_at[queue.url] = self._session.clock.monotonic()
                raise
            self._purged_at[queue.url] = self._session.clock.monotonic()
            outcome.request_ids.append(answer.request_id)
            return answer.request_id

    def deleting(self, queue: Queue, messages: Sequence[Message]) -> Change:
        return self._change(
            "DeleteMessageBatch", queue, len(messages), "delete-message-batch", "--entries file://RECEIPT_HANDLES"
        )

    async def delete(
        self, change: Change, permit: Permit, queue: Queue, messages: Sequence[Message]
    ) -> list[EntryOutcome]:
        """DeleteMessageBatch in tens, one outcome a message, in the order given.

        SQS confirms a delete by the receipt handle of a lease that is over and may delete nothing: such a message is
        not tried, and one whose lease ended while the call was under way is not believed. Where a batch fails as a
        whole, the batches after it are not tried. Raises that failure where nothing at all was confirmed.
        """
        outcomes, error = await self._see_through(self._carry_out(change, permit, queue, messages), change)
        for message, outcome in zip(messages, outcomes, strict=True):
            if outcome.confirmed or outcome.unknown:
                end = LeaseEnd.DELETED if outcome.confirmed else LeaseEnd.MAYBE_DELETED
                self.receive_log.ended(self.place, [message], end)
        if error is not None and not any(outcome.confirmed for outcome in outcomes):
            raise error
        return outcomes

    def changing_visibility(self, queue: Queue, messages: Sequence[Message], seconds: int) -> Change:
        """The change that hides `messages` for `seconds` (1..43,200) from when it is made. To give them back at once
        is `Messages.give_back`, which is part of a look and no change."""
        each = f"  # for each of {len(messages)}" if len(messages) > 1 else ""
        return self._change(
            "ChangeMessageVisibilityBatch",
            queue,
            len(messages),
            f"change-message-visibility --visibility-timeout {seconds}",
            f"--receipt-handle file://RECEIPT_HANDLE{each}",
        )

    def longest_visibility(self, message: Message) -> int:
        """Seconds for which `message` can be hidden from now on, 0 or more."""
        if message.received_at is None:
            return LONGEST_VISIBILITY
        age = math.ceil(self._session.clock.monotonic() - message.received_at)
        return max(0, LONGEST_VISIBILITY - age - _ON_THE_WAY)

    async def change_visibility(
        self, change: Change, permit: Permit, queue: Queue, messages: Sequence[Message], seconds: int
    ) -> tuple[list[EntryOutcome], list[Message]]:
        """ChangeMessageVisibilityBatch, under the rules of `delete`. Returns the outcomes and the messages with the
        leases that they have now. Raises a failure where nothing was confirmed and nothing is unknown.

        A message for which `seconds` are more than `longest_visibility` is hidden for that long. A new lease is counted
        from before the first call, and where the outcome is unknown the earlier of both ends is taken: a lease never
        claims more time than there is.
        """
        if not 1 <= seconds <= LONGEST_VISIBILITY:
            raise Refused(f"a visibility timeout is 1 to {LONGEST_VISIBILITY:,} seconds", operation=change.operation)
        now = self._session.clock.monotonic()

        def timeout(message: Message) -> dict[str, Any]:
            return {"VisibilityTimeout": max(1, min(seconds, self.longest_visibility(message)))}

        ends = [now + timeout(message)["VisibilityTimeout"] for message in messages]
        outcomes, error = await self._see_through(self._carry_out(change, permit, queue, messages, timeout), change)
        if error is not None and not any(outcome.confirmed or outcome.unknown for outcome in outcomes):
            raise error
        renewed = [
            replace(message, lease_ends=end if outcome.confirmed else min(end, message.lease_ends))
            if outcome.confirmed or outcome.unknown
            else message
            for message, outcome, end in zip(messages, outcomes, ends, strict=True)
        ]
        self._note_extended(message for message, outcome in zip(renewed, outcomes, strict=True) if outcome.confirmed)
        return outcomes, renewed

    def _note_extended(self, messages: Iterable[Message]) -> None:
        """Their leases end at their `lease_ends` by now."""
        for message in messages:
            self.receive_log.extended(self.place, [message], self._on_the_wall(message.lease_ends))

    def _on_the_wall(self, moment: float) -> datetime:
        clock = self._session.clock
        return clock.now() + timedelta(seconds=moment - clock.monotonic())

    async def _carry_out(
        self, change: Change, permit: Permit, queue: Queue, messages: Sequence[Message], fields: Fields = no_fields
    ) -> tuple[list[EntryOutcome], ConnectorError | None]:
        """The outcomes, and the failure of the batch that failed as a whole."""
        check_queue(change, queue)
        if len(messages) != change.count or any(message.queue != queue for message in messages):
            raise Refused("these are not the messages that were agreed to", operation=change.operation)
        outcomes: list[EntryOutcome] = []
        async with self._context.guard.carry_out(change, permit) as record:
            for start in range(0, len(messages), BATCH):
                batch = messages[start : start + BATCH]
                if record.error is None:
                    outcomes += await self._carry_out_batch(change.operation, queue, batch, record, fields)
                else:
                    outcomes += [EntryOutcome(message.message_id, False, "not tried") for message in batch]
            record.confirmed = sum(outcome.confirmed for outcome in outcomes)
            record.unknown = sum(outcome.unknown for outcome in outcomes)
            record.failed = len(outcomes) - record.confirmed - record.unknown
        return outcomes, record.error

    async def _carry_out_batch(
        self, operation: str, queue: Queue, batch: Sequence[Message], record: Outcome, fields: Fields
    ) -> list[EntryOutcome]:
        reasons = {message.receipt_handle: self.why_not(message) for message in batch}
        held = [message for message in batch if not reasons[message.receipt_handle]]
        answered: dict[str, EntryOutcome] = {}
        if held:
            try:
                answer = await self._call_batch(operation, Lane.CHANGE, queue, held, fields)
            except ConnectorError as error:
                record.error, unknown = error, isinstance(error, OutcomeUnknown)
                outcomes = [EntryOutcome(message.message_id, False, str(error), unknown) for message in held]
            else:
                record.request_ids.append(answer.request_id)
                outcomes = _believed(held, entry_outcomes(held, answer), self._session.clock.monotonic())
                gone = [message for message, outcome in zip(held, outcomes, strict=True) if outcome.gone]
                self.receive_log.ended(self.place, gone, LeaseEnd.GONE)
            answered = {message.receipt_handle: outcome for message, outcome in zip(held, outcomes, strict=True)}
        return [
            answered.get(message.receipt_handle)
            or EntryOutcome(message.message_id, False, reasons[message.receipt_handle])
            for message in batch
        ]

    def why_not(self, message: Message) -> str:
        """Why the receipt handle of `message` is worth nothing any more; empty while its lease runs."""
        if message.lease_ends <= self._session.clock.monotonic():
            return LEASE_ENDED
        if not self.receive_log.is_over(self.place, message):
            return ""
        return _IS_GONE if self.receive_log.is_gone(self.place, message) else _GIVEN_BACK

    async def _see_through(self, work: Coroutine[Any, Any, _T], change: Change) -> _T:
        return await self._context.shield.see_through(
            work, f"{change.operation} on {change.target.resource} had no answer: its outcome is unknown"
        )

    async def _call_batch(
        self, operation: str, lane: Lane, queue: Queue, batch: Sequence[Message], fields: Fields
    ) -> Answer:
        """One batch call on messages of `queue`, at most `BATCH`; each entry carries its `fields` beside its handle.

        A message without a receipt handle is left out: for its sake the service would refuse all of them.
        """
        entries = [
            {"Id": str(index), "ReceiptHandle": message.receipt_handle, **fields(message)}
            for index, message in enumerate(batch)
            if message.receipt_handle
        ]
        if not entries:
            return Answer()
        return await self._session.call(
            "sqs", operation, lane=lane, target=queue.name, QueueUrl=queue.url, Entries=entries
        )

    def _change(self, operation: str, queue: Queue, count: int | None, verb: str, rest: str) -> Change:
        account = self._session.account_of("sqs")
        is_foreign = account and queue.account and queue.account != account
        name = f"{queue.name} of account {queue.account}" if is_foreign else queue.name
        target = self._session.target("sqs", name, _parameters(queue), kind="queue")
        return Change("sqs", operation, target, count, queue_command(self._session, verb, queue, rest))


def _parameters(queue: Queue) -> dict[str, str]:
    """The parameters that name `queue` in a request."""
    return {"QueueUrl": queue.url}


def check_queue(change: Change, queue: Queue) -> None:
    if change.target.resource_parameters != _parameters(queue):
        raise Refused("this change was agreed to for another queue", operation=change.operation)


def _believed(held: Sequence[Message], outcomes: Sequence[EntryOutcome], now: float) -> list[EntryOutcome]:
    """A lease that ended while the call was under way proves nothing, and one that the service knows to be over is
    named in our words."""
    believed = []
    for message, outcome in zip(held, outcomes, strict=True):
        if outcome.confirmed and message.lease_ends <= now:
            outcome = replace(outcome, confirmed=False, reason=_ENDED_MEANWHILE, unknown=True)
        elif LEASE_IS_OVER.search(outcome.reason):
            outcome = replace(outcome, reason=LEASE_ENDED)
        believed.append(outcome)
    return believed
