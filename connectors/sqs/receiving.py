"""Receiving messages under a lease, extending leases and giving them back.

SQS has no peek. A look is a ReceiveMessage: it adds one to each message's receive count and hides the messages from
their consumers until the lease ends or is given back.
"""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from connectors.aws.session import Answer, Lane
from connectors.concurrency import Pace, as_they_end
from connectors.errors import ConnectorError, Step
from connectors.guard import Guard
from connectors.open_context import OpenContext
from connectors.sqs.changes import LEASE_IS_OVER, Changes
from connectors.sqs.models import EntryOutcome, Extension, Look, Message, Queue
from connectors.sqs.receive_log import LeaseEnd
from connectors.sqs.returned import is_lost
from connectors.sqs.taken_leases import RECEIVE, TakenLeases
from connectors.sqs.wire import BATCH, batches, entry_outcomes, gone, received

LEASE_SECONDS = 30
HELD_LONGEST = "held for 12 hours, the most that SQS allows"
_WAIT_SECONDS = 1
"""A long poll, however short, asks every server; a short poll asks a few and may answer "empty" when it isn't."""
_UNANSWERED = (Step.TIMEOUT, Step.ANSWER, Step.SERVICE)
"""Failures after which what was asked for may have been done all the same."""


_BAD_HANDLE = re.compile(r"ReceiptHandleIsInvalid|InvalidParameterValue|MessageNotInflight", re.IGNORECASE)
"""How an endpoint answers that would change the visibility of a message, if only there were one."""


class Messages(Changes):
    """Messages of one open context: receiving them, and what a lease on them allows."""

    def __init__(self, context: OpenContext) -> None:
        super().__init__(context)
        self._taken = _taken_leases(context.guard)
        self._pace = Pace()

    async def look(self, queue: Queue, *, most: int = BATCH, lease_seconds: int = LEASE_SECONDS) -> Look:
        """One receive of up to `most` (1..10) messages, everything asked for (ReceiveMessage).

        Cancelling does not abandon the call: what still comes is given back at once, since a receive that nobody
        reads would hide its messages for the whole lease. Closing the session waits for that within its budget.
        """
        self._context.guard.check_look(RECEIVE)
        return await self._context.shield.see_through(
            self._receive(queue, most, lease_seconds),
            f"a look into {queue.name} had no end: what it took is visible again within {lease_seconds} s",
            unclaimed=self._give_back_unclaimed,
        )

    async def _give_back_unclaimed(self, look: Look) -> None:
        outcomes = await self.give_back(look.messages)
        lost = [outcome for outcome in outcomes if is_lost(outcome)]
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
        messages = tuple(received(queue, entry, lease_ends, asked_at) for entry in answer.get("Messages", ()))
        self._taken.take((message.receipt_handle for message in messages if message.receipt_handle), lease_ends)
        self.receive_log.received(self.place, messages, self._session.clock.now(), self._on_the_wall(lease_ends))
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

        A lease that ended by itself counts as given back; a message that was deleted meanwhile is `gone`. Never raises
        for a service's error: each outcome says what could not be given back and why. `tell` gets the outcomes of each
        batch when they are there: where the caller has no time for the rest, it knows what was done.
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
        receive_log, place = self.receive_log, self.place
        receive_log.ended(place, batch, LeaseEnd.GIVING_BACK)
        try:
            answer = await self._change_visibility(queue, batch, lambda message: 0)
        except ConnectorError as error:
            if error.step is Step.NOT_FOUND:
                self._note_gone(batch)
                return number, [gone(message) for message in batch]
            if error.step not in _UNANSWERED:
                receive_log.ended(place, batch, LeaseEnd.NOT_GIVEN_BACK)
            return number, [EntryOutcome(message.message_id, False, str(error)) for message in batch]
        self._taken.drop(message.receipt_handle for message in batch)
        outcomes = entry_outcomes(batch, answer)
        for message, outcome in zip(batch, outcomes, strict=True):
            is_over = LEASE_IS_OVER.search(outcome.reason) is not None
            failed = LeaseEnd.NONE if is_over else LeaseEnd.GONE if outcome.gone else LeaseEnd.NOT_GIVEN_BACK
            receive_log.ended(place, [message], LeaseEnd.GIVEN_BACK if outcome.confirmed else failed)
        return number, [
            EntryOutcome(outcome.message_id, True) if LEASE_IS_OVER.search(outcome.reason) else outcome
            for outcome in outcomes
        ]

    async def extend(self, messages: Sequence[Message], seconds: int) -> Extension:
        """Has the leases on `messages` end `seconds` (up to `LONGEST_EXTENSION`) from now, or as late as SQS allows,
        which is part of the look that took them (ChangeMessageVisibilityBatch). Raises nothing: what could not be
        extended ends as before."""
        renewed: list[Message] = []
        now = self._session.clock.monotonic()
        at_end = [message for message in messages if now + self.longest_visibility(message) <= message.lease_ends + 1]
        failed = [EntryOutcome(message.message_id, False, HELD_LONGEST) for message in at_end]
        error: ConnectorError | None = None
        ended = {message.receipt_handle for message in at_end}
        rest = [message for message in messages if message.receipt_handle not in ended]
        calls = (self._extend_batch(queue, batch, seconds) for queue, batch in batches(rest))
        async for extension in as_they_end(calls, lambda: self._pace.limit):
            renewed += extension.renewed
            failed += extension.failed
            error = error or extension.error
        return Extension(tuple(renewed), tuple(failed), error)

    async def _extend_batch(self, queue: Queue, batch: Sequence[Message], seconds: int) -> Extension:
        now = self._session.clock.monotonic()
        timeouts = {message.receipt_handle: min(seconds, self.longest_visibility(message)) for message in batch}
        try:
            answer = await self._change_visibility(queue, batch, lambda message: timeouts[message.receipt_handle])
        except ConnectorError as error:
            if error.step is Step.NOT_FOUND:
                self._note_gone(batch)
                return Extension((), tuple(gone(message) for message in batch))
            unknown = error.step in _UNANSWERED
            failed = tuple(EntryOutcome(message.message_id, False, str(error), unknown) for message in batch)
            return Extension((), failed, error)
        outcomes = entry_outcomes(batch, answer)
        renewed = tuple(
            replace(message, lease_ends=now + timeouts[message.receipt_handle])
            for message, outcome in zip(batch, outcomes, strict=True)
            if outcome.confirmed
        )
        self._note_gone(message for message, outcome in zip(batch, outcomes, strict=True) if outcome.gone)
        for message in renewed:
            self._taken.take((message.receipt_handle,), message.lease_ends)
        self._note_extended(renewed)
        return Extension(renewed, tuple(outcome for outcome in outcomes if not outcome.confirmed))

    def _note_gone(self, messages: Iterable[Message]) -> None:
        """Their leases are nobody's any more. Where the queue is gone, all of its messages are."""
        gone = [*messages]
        self._taken.drop(message.receipt_handle for message in gone)
        self.receive_log.ended(self.place, gone, LeaseEnd.GONE)

    async def _change_visibility(
        self, queue: Queue, batch: Sequence[Message], seconds: Callable[[Message], int]
    ) -> Answer:
        started = time.perf_counter()
        try:
            return await self._call_batch(
                "ChangeMessageVisibilityBatch",
                Lane.LOOK,
                queue,
                batch,
                lambda message: {"VisibilityTimeout": seconds(message)},
            )
        finally:
            self._pace.observe(time.perf_counter() - started)


def _taken_leases(guard: Guard) -> TakenLeases:
    """The leases of the open context that `guard` stands in front of."""
    taken = guard.classifier("sqs")
    if not isinstance(taken, TakenLeases):
        raise TypeError("this guard was made without the declaration of SQS")
    return taken
