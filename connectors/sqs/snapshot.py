"""All queues with their counts, once: what `sluice get queues` prints."""

from collections.abc import Iterable

from connectors.aws.session import AwsSession
from connectors.concurrency import as_they_end
from connectors.errors import ConnectorError
from connectors.sqs.models import Queue
from connectors.sqs.queues import Queues
from connectors.sqs.state import QueueState, read_state


async def snapshot(session: AwsSession, prefix: str = "") -> tuple[list[QueueState], dict[str, QueueState]]:
    """The queues whose name starts with `prefix`, sorted by name, and by name every dead-letter queue they name.

    One queue that can't be read carries its error; raises `ConnectorError` where the list itself can't be had.
    """
    queues = Queues(session)
    listed = [queue async for page in queues.pages(prefix) for queue in page.queues]
    states = await _read_all(session, listed)
    by_name = {state.queue.name: state for state in states}
    # a dead-letter queue may lie outside the prefix, or in another account, where its count stays unknown
    elsewhere = {state.dead_letter_name for state in states if state.dead_letter_name} - by_name.keys()
    found = [queue for name in sorted(elsewhere) if (queue := await _find(queues, name)) is not None]
    by_name.update((state.queue.name, state) for state in await _read_all(session, found))
    return sorted(states, key=lambda state: state.queue.name), by_name


async def _read_all(session: AwsSession, queues: Iterable[Queue]) -> list[QueueState]:
    readings = (read_state(session, QueueState(queue)) for queue in queues)
    return [state async for state in as_they_end(readings, lambda: session.pace.limit)]


async def _find(queues: Queues, name: str) -> Queue | None:
    try:
        return await queues.find(name)
    except ConnectorError:
        return None
