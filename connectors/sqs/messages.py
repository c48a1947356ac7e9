"""Messages: looking under a lease, giving back, sending, deleting, purging.

SQS has no peek. A look is a ReceiveMessage: it adds one to each message's receive count and hides the messages from
their consumers until the lease ends or is given back.
"""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from connectors.errors import ConnectorError, OutcomeUnknown, Refused, Step
from connectors.guard import Change, Guard, Permit
from connectors.jobs import as_they_end
from connectors.open_context import OpenContext
from connectors.pace import Pace
from connectors.session import Answer, Lane
from connectors.sqs.batch_changes import LEASE_IS_OVER, BatchChanges, check_queue
from connectors.sqs.entries import BATCH, batches, entry_outcomes, received, wire_attribute
from connectors.sqs.ledger import LeaseEnd
from connectors.sqs.models import Draft, EntryOutcome, Extension, Look, Message, Queue, Sent
from connectors.sqs.service import PURGE_COOLDOWN
from connectors.sqs.taken_leases import RECEIVE, TakenLeases

LEASE_SECONDS = 30
_WAIT_SECONDS = 1
"""A long poll, however short, asks every server; a short poll asks a few and may answer "empty" when it isn't."""
_UNANSWERED = (Step.TIMEOUT, Step.ANSWER, Step.SERVICE)
"""Failures after which what was asked for may have been done all the same."""


_BAD_HANDLE = re.compile(r"ReceiptHandleIsInvalid|InvalidParameterValue|MessageNotInflight", re.IGNORECASE)
"""How an endpoint answers that would change the visibility of a message, if only there were one."""


class Messages(BatchChanges):
    def __init__(self, context: OpenContext) -> None:
        super().__init__(context)
        self._taken = _taken_leases(context.guard)
        self._purged_at: dict[str, float] = {}
        """When each queue, by URL, was last purged in this context, on the clock's monotonic scale."""
        self._pace = Pace()

    # -- looking ------------------------------------------------------------------------------------------------

    async def look(self, queue: Queue, *, most: int = BATCH, lease_seconds: int = LEASE_SECONDS) -> Look:
        """One receive of up to `most` (1..10) messages, everything asked for (ReceiveMessage).

        Cancelling does not abandon the call: what still comes is given back at once, since a receive that nobody
        reads would hide its messages for the whole lease. Closing the session waits for that within its budget.
        """
        self._context.guard.check_look(RECEIVE)
        return await self._context.running_on.see_through(
            self._receive(queue, most, lease_seconds),
            f"a look into {queue.name} had no end: what it took is visible again within {lease_seconds} s",
            unclaimed=self._give_back_unclaimed,
        )

    async def _give_back_unclaimed(self, look: Look) -> None:
        lost = [outcome for outcome in await self.give_back(look.messages) if not outcome.confirmed]
        if lost:
            seconds = max(0.0, look.lease_ends - self._session.clock.monotonic())
            what = f"{len(lost)} of {look.messages[0].queue.name} not given back"
            self._context.say_undone(f"{what}, visible again in {seconds:.0f} s: {lost[0].reason}")

    async def _receive(self, queue: Queue, most: int, lease_seconds: int) -> Look:
        asked_at = self._session.clock.monotonic()
        try:
            answer = await self._session.call(
                "sqs",
                RECEIVE,
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
            if error.step in _UNANSWERED:
                error.hint = f"peek again; what this look may have taken is visible again within {lease_seconds} s"
            raise
        lease_ends = asked_at + lease_seconds
        messages = tuple(received(queue, entry, lease_ends) for entry in answer.get("Messages", ()))
        self._taken.take((message.receipt_handle for message in messages), lease_ends)
        self.ledger.received(self.place, messages, self._session.clock.now(), self._on_the_wall(lease_ends))
        return Look(messages, lease_ends, answer.request_id)

    async def can_give_back(self, queue: Queue) -> bool | None:
        """Whether the leases on messages of `queue` may be given back, found out without touching a message; None
        where that stays unknown (ChangeMessageVisibilityBatch with a receipt handle that is none)."""
        entry = {"Id": "0", "ReceiptHandle": "none", "VisibilityTimeout": 0}
        try:
            await self._session.call(
                "sqs",
                "ChangeMessageVisibilityBatch",
                lane=Lane.LOOK,
                target=queue.name,
                QueueUrl=queue.url,
                Entries=[entry],
            )
        except ConnectorError as error:
            if error.step is Step.PERMISSION:
                return False
            return True if _BAD_HANDLE.search(error.code) else None
        return True

    async def give_back(
        self, messages: Sequence[Message], *, tell: Callable[[Sequence[EntryOutcome]], object] | None = None
    ) -> list[EntryOutcome]:
        """Ends the leases on `messages` (ChangeMessageVisibilityBatch with 0), so that they are visible again.

        A lease that ended by itself counts as given back. Never raises for a service's error: each outcome says what
        could not be given back and why. `tell` gets the outcomes of each batch when they are there: where the caller
        has no time for the rest, it knows what was done.
        """
        by_batch: dict[int, list[EntryOutcome]] = {}
        calls = (self._give_back_batch(*batch, number) for number, batch in enumerate(batches(messages)))
        async for number, outcomes in as_they_end(calls, lambda: self._pace.limit):
            by_batch[number] = outcomes
            if tell is not None:
                tell(outcomes)
        return [outcome for _, outcomes in sorted(by_batch.items()) for outcome in outcomes]

    async def _give_back_batch(
        self, queue: Queue, batch: Sequence[Message], number: int
    ) -> tuple[int, list[EntryOutcome]]:
        ledger, place = self.ledger, self.place
        ledger.ended(place, batch, LeaseEnd.GIVING_BACK)
        try:
            answer = await self._change_visibility(queue, batch, 0)
        except ConnectorError as error:
            if error.step not in _UNANSWERED:
                ledger.ended(place, batch, LeaseEnd.NOT_GIVEN_BACK)
            return number, [EntryOutcome(message.message_id, False, str(error)) for message in batch]
        self._taken.drop(message.receipt_handle for message in batch)
        outcomes = entry_outcomes(batch, answer)
        for message, outcome in zip(batch, outcomes, strict=True):
            is_over = LEASE_IS_OVER.search(outcome.reason) is not None
            failed = LeaseEnd.NONE if is_over else LeaseEnd.NOT_GIVEN_BACK
            ledger.ended(place, [message], LeaseEnd.GIVEN_BACK if outcome.confirmed else failed)
        return number, [
            EntryOutcome(outcome.message_id, True) if LEASE_IS_OVER.search(outcome.reason) else outcome
            for outcome in outcomes
        ]

    async def extend(self, messages: Sequence[Message], seconds: int) -> Extension:
        """Has the leases on `messages` end `seconds` (up to `LONGEST_EXTENSION`) from now, which is part of the look
        that took them (ChangeMessageVisibilityBatch). Raises nothing: what could not be extended ends as before."""
        renewed: list[Message] = []
        failed: list[EntryOutcome] = []
        error: ConnectorError | None = None
        calls = (self._extend_batch(queue, batch, seconds) for queue, batch in batches(messages))
        async for extension in as_they_end(calls, lambda: self._pace.limit):
            renewed += extension.renewed
            failed += extension.failed
            error = error or extension.error
        return Extension(tuple(renewed), tuple(failed), error)

    async def _extend_batch(self, queue: Queue, batch: Sequence[Message], seconds: int) -> Extension:
        lease_ends = self._session.clock.monotonic() + seconds
        try:
            answer = await self._change_visibility(queue, batch, seconds)
        except ConnectorError as error:
            unknown = error.step in _UNANSWERED
            failed = tuple(EntryOutcome(message.message_id, False, str(error), unknown) for message in batch)
            return Extension((), failed, error)
        outcomes = entry_outcomes(batch, answer)
        renewed = tuple(
            replace(message, lease_ends=lease_ends)
            for message, outcome in zip(batch, outcomes, strict=True)
            if outcome.confirmed
        )
        self._taken.take((message.receipt_handle for message in renewed), lease_ends)
        self.ledger.extended(self.place, renewed, self._on_the_wall(lease_ends))
        return Extension(renewed, tuple(outcome for outcome in outcomes if not outcome.confirmed))

    def _on_the_wall(self, moment: float) -> datetime:
        clock = self._session.clock
        return clock.now() + timedelta(seconds=moment - clock.monotonic())

    async def _change_visibility(self, queue: Queue, batch: Sequence[Message], seconds: int) -> Answer:
        started = time.perf_counter()
        try:
            return await self._call_batch(
                "ChangeMessageVisibilityBatch", Lane.LOOK, queue, batch, VisibilityTimeout=seconds
            )
        finally:
            self._pace.observe(time.perf_counter() - started)

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

    def purging(self, queue: Queue) -> Change:
        return self._change("PurgeQueue", queue, None, "sqs purge-queue", "")

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


def _taken_leases(guard: Guard) -> TakenLeases:
    """The leases of the open context that `guard` stands in front of."""
    taken = guard.classifier("sqs")
    if not isinstance(taken, TakenLeases):
        raise TypeError("this guard was made without the declaration of SQS")
    return taken
