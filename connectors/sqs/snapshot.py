"""All queues with their counts, once: what `sluice get queues` prints."""

from collections.abc import Iterable

from connectors.aws.session import AwsSession
from connectors.concurrency import as_they_end
from connectors.errors import ConnectorError
from connectors.sqs.models import Queue
from connectors.sqs.queues import Queues
from connectors.sqs.state import QueueState, read_state


async def snapshot(session: AwsSession, prefix: str = "") -> tuple[list[QueueState], dict[str, QueueState]]:
    """The queues whose name starts with `prefix`, sorted by name, and by ARN every dead-letter queue they name.

    One queue that can't be read carries its error; raises `ConnectorError` where the list itself can't be had.
    """
    queues = Queues(session)
    listed = [queue async for page in queues.pages(prefix) for queue in page.queues]
    states = await _read_all(session, listed)
    by_name = {state.queue.name: state for state in states}
    dead_letters: dict[str, QueueState] = {}
    elsewhere: dict[str, str] = {}
    for state in states:
        if arn := state.dead_letter_arn:
            if (beside := by_name.get(state.dead_letters_here or "")) is not None:
                dead_letters[arn] = beside
            elif state.known:  # outside the prefix, or in another account
                elsewhere[arn] = state.known.arn
    found = {arn: queue for arn, own in sorted(elsewhere.items()) if (queue := await _find(queues, arn, own))}
    by_queue = {state.queue: state for state in await _read_all(session, found.values())}
    dead_letters.update(
        (arn, state)
        for arn, queue in found.items()
        if (state := by_queue[queue]).known is None or state.known.arn in ("", arn)
    )
    return sorted(states, key=lambda state: state.queue.name), dead_letters


async def _read_all(session: AwsSession, queues: Iterable[Queue]) -> list[QueueState]:
    readings = (read_state(session, QueueState(queue)) for queue in queues)
    return [state async for state in as_they_end(readings, lambda: session.pace.limit)]


async def _find(queues: Queues, arn: str, beside: str) -> Queue | None:
    try:
        return await queues.find_by_arn(arn, beside=beside)
    except ConnectorError:
        return None
