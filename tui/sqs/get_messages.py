"""`sluice get messages`: a look from the command line. All leases are given back before a message is printed."""

import asyncio
import base64
import json
import signal
import sys
from collections.abc import Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any

from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.aws.session import AwsSession
from connectors.errors import ConnectorError
from connectors.open_context import OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.dead_letters import BeforeLook
from connectors.sqs.models import Message, MessageAttribute, Queue, QueueAttributes
from connectors.sqs.queues import Queues
from connectors.sqs.receiving import LEASE_SECONDS
from connectors.sqs.returned import Returned
from connectors.sqs.service import SERVICE
from connectors.sqs.taken_leases import RECEIVE
from connectors.sqs.walk import Ending, Progress, Walk, walk_under
from connectors.sqs.wire import GONE
from tui.config.file import audit_path
from tui.console.options import PARTLY_READ
from tui.console.output import aligned, patience
from tui.format.values import UNKNOWN, local_time, size
from tui.sqs.message_rows import MessageRow, receives
from tui.sqs.receive_cost import moved_word, walk_word
from tui.sqs.release import left_lines
from widgets.text import printable

_WORD_EVERY = 5.0
"""Seconds between two lines on the progress, and between two checks whether a lease must be extended."""
_GIVE_BACK_SECONDS = 30.0
_BODY_SHOWN = 80
_SIGNALLED = 128


async def messages(request: ContextRequest, *, name: str, most: int, as_json: bool, allow_plain_http: bool) -> int:
    """Prints up to `most` messages of the queue `name`; stderr has what that cost. Returns the exit code,
    `PARTLY_READ` where a look failed after others had brought messages.

    On SIGINT, SIGTERM or SIGHUP it prints no message, and still gives all leases back.
    """
    place = await OpenContext.open(
        request, audit=AuditLog(audit_path()), services=(SERVICE,), allow_plain_http=allow_plain_http
    )
    session = place.aws
    caught = _cancel_on_signals()
    undone: list[str] = []
    try:
        place.guard.check_look(RECEIVE)
        async with patience(session, "sqs"):
            queue = await Queues(session).find(name)
            look = _Look(place, queue, await _attributes(session, queue))
        last = await look.walk(most)
        look.tell_cost(last, await place.connector(SqsConnector).leases.give_back_everything(_GIVE_BACK_SECONDS))
        await look.tell_moved(last)
    except asyncio.CancelledError:
        if not caught:
            raise
    finally:
        undone = await _close(place, caught)
        for line in undone:
            _say(line)
    if caught:
        _say("stopped" if undone else "stopped; what was taken is given back")
        return _SIGNALLED + caught[0]
    if as_json:
        print(json.dumps([_record(message) for message in look.seen.values()], indent=2))
    elif look.seen:
        print(_table(list(look.seen.values()), look.limit))
    if last.error is None:
        return 0
    if not look.seen:
        raise last.error
    _say(str(last.error))
    return PARTLY_READ


async def _close(place: OpenContext, caught: Sequence[int]) -> list[str]:
    try:
        left = await place.close()
    except asyncio.CancelledError:
        if not caught:
            raise
        left = await place.close()  # a signal came while closing: closing goes on
    return [*left_lines(left, place.clock), *left.undone]


def _cancel_on_signals() -> list[int]:
    """Has the first signal cancel the current task. The list that it returns gets the number of each signal."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    caught: list[int] = []

    def catch(number: int) -> None:
        caught.append(number)
        if task is not None and len(caught) == 1:
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, catch, number)
    return caught


async def _attributes(session: AwsSession, queue: Queue) -> QueueAttributes | None:
    try:
        return await Queues(session).attributes(queue)
    except ConnectorError as error:
        _say(f"the redrive policy is unknown, a look may be a message's last: {error}")
        return None


class _Look:
    """One walk for the command line, and the messages that it received."""

    def __init__(self, place: OpenContext, queue: Queue, attributes: QueueAttributes | None) -> None:
        self.seen: dict[str, Message] = {}
        self._place = place
        self._queue = queue
        self._attributes = attributes
        self._redrive = attributes.redrive if attributes else None
        self._before = BeforeLook(queue, None)
        self._walk: Walk | None = None

    @property
    def limit(self) -> int | None:
        return self._redrive.max_receive_count if self._redrive else None

    async def walk(self, most: int) -> Progress:
        self._say_cost(most)
        sqs, last = self._place.connector(SqsConnector), Progress((), 0)
        leases = sqs.leases
        can_give_back = await leases.can_give_back(self._queue)
        if can_give_back is False:
            _say(f"giving back is denied here: what is looked at stays hidden for {LEASE_SECONDS} s")
        self._before = await sqs.dead_letters.before_look(self._queue, self._attributes)
        self._walk = walk = walk_under(leases, self._queue, most, self._place.clock, can_give_back)
        keeping = asyncio.create_task(self._keep(), name="keep leases alive")
        try:
            async with aclosing(walk.run()) as steps:
                async for last in steps:
                    self.seen.update((message.message_id, message) for message in last.messages)
        finally:
            keeping.cancel()
        return last

    async def _keep(self) -> None:
        leases = self._place.connector(SqsConnector).leases
        while True:
            await self._place.clock.sleep(_WORD_EVERY)
            _say(f"{len(self.seen):,} seen")
            await leases.extend(self._queue, leases.due(self._queue))

    def _say_cost(self, most: int) -> None:
        cost = "a look adds 1 to the receive count of " + (f"up to {most:,} messages" if most > 1 else "1 message")
        if self._redrive is not None:
            limit = "an unknown number of" if self.limit is None else str(self.limit)
            cost += f"; after {limit} receives a message goes to {self._redrive.dead_letter_name}"
        _say(cost)

    async def tell_moved(self, last: Progress) -> None:
        """Says what the walk moved to the dead-letter queue, which no answer of the service tells."""
        moved = await self._place.connector(SqsConnector).dead_letters.after_look(
            self._before, {*self.seen}, held=(), full=last.ending is not Ending.EMPTY
        )
        if word := moved_word(moved, "this look"):
            _say(word)

    def tell_cost(self, last: Progress, returned: Sequence[Returned]) -> None:
        counted = self._walk.received if self._walk else 0
        cost = f"{counted:,} {'receive' if counted == 1 else 'receives'} counted"
        _say(f"{walk_word(last, fifo=self._queue.is_fifo)}; {cost}")
        on_last = sum(MessageRow(message, self.limit).on_last_receive for message in self.seen.values())
        if on_last and self._redrive is not None:
            _say(f"{on_last:,} on their last receive: the next one moves them to {self._redrive.dead_letter_name}")
        lost = [outcome for part in returned for outcome in part.lost]
        gone = sum(part.gone for part in returned)
        if lost:
            returns_in = max(part.returns_in for part in returned)
            _say(f"{len(lost):,} not given back, visible again in {returns_in:.0f} s: {lost[0].reason}")
        if gone:
            _say(f"{gone:,} {GONE}{'' if lost else ', the rest given back' if gone < len(self.seen) else ''}")
        elif self.seen and not lost:
            _say(f"all {len(self.seen):,} given back" if len(self.seen) > 1 else "given back")


def _say(line: str) -> None:
    print(f"sluice: {printable(line, limit=1000)}", file=sys.stderr, flush=True)


def _record(message: Message) -> dict[str, Any]:
    """One message under the keys that never change; what is unknown is None."""
    return {
        "message_id": message.message_id,
        "body": message.body,
        "receive_count": message.receive_count,
        "sent": _iso(message.moment("SentTimestamp")),
        "first_received": _iso(message.moment("ApproximateFirstReceiveTimestamp")),
        "group_id": message.group_id,
        "attributes": {attribute.name: _value(attribute) for attribute in message.attributes},
        "system_attributes": dict(message.system_attributes),
    }


def _value(attribute: MessageAttribute) -> dict[str, str | None]:
    if attribute.binary is not None:
        return {"type": attribute.data_type, "base64": base64.b64encode(attribute.binary).decode()}
    return {"type": attribute.data_type, "value": attribute.text}


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds")


def _table(seen: Sequence[Message], limit: int | None) -> str:
    header = ["RECEIVES", "SENT", "SIZE", "MESSAGE ID", "BODY"]
    rows = [
        [
            receives(MessageRow(message, limit)),
            local_time(message.moment("SentTimestamp")),
            size(message.size),
            printable(message.message_id),
            printable(message.body, limit=_BODY_SHOWN) or UNKNOWN,
        ]
        for message in seen
    ]
    return aligned([header, *rows], right={2})
