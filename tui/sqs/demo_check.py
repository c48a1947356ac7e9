"""`sluice demo --check`: the main job on the demo's data without a screen, each step printed with its result."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from connectors.audit import AuditLog
from connectors.context import ContextRequest
from connectors.emulator.process import Emulator
from connectors.errors import ConnectorError
from connectors.session import AwsSession
from connectors.sqs.messages import Messages
from connectors.sqs.models import Draft, Message, MessageAttribute, Queue
from connectors.sqs.queues import Queues
from connectors.sqs.survey import survey
from widgets.text import printable

GIVEN_BY = "demo --check"


class StepFailed(Exception):
    """A step did not have the result that it must have."""


async def run(emulator: Emulator, audit: Path, say: Callable[[str], object]) -> int:
    """Runs every step and says how each went; 0 only if all worked. Ends the emulator."""
    session: AwsSession | None = None
    started = time.perf_counter()
    try:
        url = await emulator.ready()
        say(f"ok    start     {emulator.kind} at {url}")
        seeded = await emulator.wait_seeded()
        say(
            f"ok    seed      {seeded.created} queues created, {seeded.existing} found, {seeded.messages} messages sent"
        )
        session = await AwsSession.open(ContextRequest(demo=True, endpoint_url=url), audit=AuditLog(audit))
        for name, step in (
            ("identity", _identity),
            ("list", _list),
            ("look", _look),
            ("send", _send),
            ("delete", _delete),
            ("purge", _purge),
        ):
            say(f"ok    {name:<9} {await step(session)}")
    except (ConnectorError, StepFailed) as error:
        say(f"FAIL  {printable(str(error), limit=1000)}")
        return 1
    finally:
        if session is not None:
            await session.aclose()
        await emulator.aclose()
    say(f"all steps worked in {time.perf_counter() - started:.1f} s")
    return 0


Step = Callable[[AwsSession], Awaitable[str]]


async def _identity(session: AwsSession) -> str:
    identity = await session.identify()
    return f"account {identity.account}, {identity.arn}"


async def _list(session: AwsSession) -> str:
    states, by_name = await survey(session)
    unknown = [state.queue.name for state in states if state.visible is None]
    if unknown or "orders-dlq" not in by_name:
        raise StepFailed(f"list: of {len(states)} queues these have no count: {', '.join(unknown) or 'none'}")
    visible = sum(state.visible or 0 for state in states)
    return f"{len(states)} queues, {visible} messages visible, {by_name['orders-dlq'].visible} in orders-dlq"


async def _look(session: AwsSession) -> str:
    queue = await Queues(session).find("orders-dlq")
    messages = await _look_at(session, queue)
    returned = await Messages(session).give_back(messages)
    if not messages or not all(outcome.confirmed for outcome in returned):
        raise StepFailed(f"look: {len(messages)} messages came, {sum(o.confirmed for o in returned)} were given back")
    counts = sorted({message.receive_count for message in messages if message.receive_count is not None})
    return (
        f"{len(messages)} of orders-dlq looked at and given back; it cost each one receive "
        f"(counts now {', '.join(map(str, counts))})"
    )


async def _send(session: AwsSession) -> str:
    queue = await Queues(session).find("shipping")
    connector = Messages(session)
    change = connector.sending(queue)
    draft = Draft('{"sent by": "sluice demo --check"}', (MessageAttribute("check", "String", text="yes"),))
    sent = await connector.send(change, session.guard.permit(change, GIVEN_BY), queue, draft)
    return f"message {sent.message_id} to shipping"


async def _delete(session: AwsSession) -> str:
    queue = await Queues(session).find("shipping")
    messages = [message for message in await _look_at(session, queue) if message.body.startswith('{"sent by"')]
    if not messages or messages[0].attributes[0].name != "check":
        raise StepFailed("delete: the message that was sent does not come back as it was")
    connector = Messages(session)
    change = connector.deleting(queue, messages)
    outcomes = await connector.delete(change, session.guard.permit(change, GIVEN_BY), queue, messages)
    if not all(outcome.confirmed for outcome in outcomes):
        raise StepFailed(f"delete: {outcomes[0].reason}")
    return f"{len(outcomes)} of {len(messages)} confirmed in shipping"


async def _purge(session: AwsSession) -> str:
    queue = await Queues(session).find("analytics-events")
    connector = Messages(session)
    before = (await Queues(session).attributes(queue)).counts.visible
    change = connector.purging(queue)
    await connector.purge(change, session.guard.permit(change, GIVEN_BY), queue)
    after = (await Queues(session).attributes(queue)).counts.visible
    if after:
        raise StepFailed(f"purge: {after} messages are still visible in analytics-events")
    return f"purge of analytics-events started; {before} messages before, {after} after"


async def _look_at(session: AwsSession, queue: Queue) -> list[Message]:
    return list((await Messages(session).look(queue)).messages)
