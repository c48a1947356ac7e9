"""`sluice demo --check`: the main job on the demo's data without a screen, each step printed with its result."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.emulator.process import Emulator
from connectors.errors import ConnectorError
from connectors.open_context import OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.models import Draft, Message, MessageAttribute, Queue
from connectors.sqs.queues import Queues
from connectors.sqs.receiving import Messages
from connectors.sqs.service import SERVICE
from connectors.sqs.snapshot import snapshot
from widgets.text import printable

GIVEN_BY = "demo --check"


class StepFailed(Exception):
    """A step did not have the result that it must have."""


async def run(emulator: Emulator, audit: Path, say: Callable[[str], object]) -> int:
    """Runs every step and says how each went; 0 only if all worked. Ends the emulator."""
    context: OpenContext | None = None
    started = time.perf_counter()
    try:
        url = await emulator.ready()
        say(f"ok    start     {emulator.kind} at {url}")
        seeded = await emulator.wait_seeded()
        say(
            f"ok    seed      {seeded.created} queues and topics created, {seeded.existing} found, "
            f"{seeded.messages} messages sent"
        )
        context = await OpenContext.open(
            ContextRequest(demo=True, endpoint_url=url), audit=AuditLog(audit), services=(SERVICE,)
        )
        for name, step in (
            ("identity", _identity),
            ("list", _list),
            ("look", _look),
            ("send", _send),
            ("delete", _delete),
            ("purge", _purge),
        ):
            say(f"ok    {name:<9} {await step(context)}")
    except (ConnectorError, StepFailed) as error:
        say(f"FAIL  {printable(str(error), limit=1000)}")
        return 1
    finally:
        if context is not None:
            await context.close()
        await emulator.aclose()
    say(f"all steps worked in {time.perf_counter() - started:.1f} s")
    return 0


Step = Callable[[OpenContext], Awaitable[str]]


async def _identity(context: OpenContext) -> str:
    identity = await context.aws.identify()
    return f"account {identity.account}, {identity.arn}"


async def _list(context: OpenContext) -> str:
    states, _ = await snapshot(context.aws)
    by_name = {state.queue.name: state for state in states}
    unknown = [state.queue.name for state in states if state.visible is None]
    if unknown or "orders-dlq" not in by_name:
        raise StepFailed(f"list: of {len(states)} queues these have no count: {', '.join(unknown) or 'none'}")
    visible = sum(state.visible or 0 for state in states)
    return f"{len(states)} queues, {visible} messages visible, {by_name['orders-dlq'].visible} in orders-dlq"


async def _look(context: OpenContext) -> str:
    queue = await Queues(context.aws).find("orders-dlq")
    messages = await _look_at(context, queue)
    returned = await _messages(context).give_back(messages)
    if not messages or not all(outcome.confirmed for outcome in returned):
        raise StepFailed(f"look: {len(messages)} messages came, {sum(o.confirmed for o in returned)} were given back")
    counts = sorted({message.receive_count for message in messages if message.receive_count is not None})
    return (
        f"{len(messages)} of orders-dlq looked at and given back; it cost each one receive "
        f"(counts now {', '.join(map(str, counts))})"
    )


async def _send(context: OpenContext) -> str:
    queue = await Queues(context.aws).find("shipping")
    connector = _messages(context)
    change = connector.sending(queue)
    draft = Draft('{"sent by": "sluice demo --check"}', (MessageAttribute("check", "String", text="yes"),))
    sent = await connector.send(change, context.guard.permit(change, GIVEN_BY), queue, draft)
    return f"message {sent.message_id} to shipping"


async def _delete(context: OpenContext) -> str:
    queue = await Queues(context.aws).find("shipping")
    messages = [message for message in await _look_at(context, queue) if message.body.startswith('{"sent by"')]
    if not messages or messages[0].attributes[0].name != "check":
        raise StepFailed("delete: the message that was sent does not come back as it was")
    connector = _messages(context)
    change = connector.deleting(queue, messages)
    outcomes = await connector.delete(change, context.guard.permit(change, GIVEN_BY), queue, messages)
    if not all(outcome.confirmed for outcome in outcomes):
        raise StepFailed(f"delete: {outcomes[0].reason}")
    return f"{len(outcomes)} of {len(messages)} confirmed in shipping"


async def _purge(context: OpenContext) -> str:
    queue = await Queues(context.aws).find("analytics-events")
    connector = _messages(context)
    before = (await Queues(context.aws).attributes(queue)).counts.visible
    change = connector.purging(queue)
    await connector.purge(change, context.guard.permit(change, GIVEN_BY), queue)
    after = (await Queues(context.aws).attributes(queue)).counts.visible
    if after:
        raise StepFailed(f"purge: {after} messages are still visible in analytics-events")
    return f"purge of analytics-events started; {before} messages before, {after} after"


async def _look_at(context: OpenContext, queue: Queue) -> list[Message]:
    return list((await _messages(context).look(queue)).messages)


def _messages(context: OpenContext) -> Messages:
    return context.connector(SqsConnector).messages
