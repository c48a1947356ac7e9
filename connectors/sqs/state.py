"""What is known of one queue at a moment: its last good reading and its last failure."""

from dataclasses import dataclass, replace

from connectors.aws.session import AwsSession
from connectors.errors import ConnectorError, Step
from connectors.sqs.models import Queue, QueueAttributes
from connectors.sqs.queues import Queues

ON_THE_WAY = frozenset({Step.THROTTLE, Step.DNS, Step.TCP, Step.TLS, Step.TIMEOUT, Step.CREDENTIALS})
"""Failures of the way to the service: the next call will most likely meet the same."""
PASSING = ON_THE_WAY | {Step.ANSWER, Step.SERVICE, Step.SETTINGS}
"""Failures that say nothing about the queue itself: the last good counts stay, and grow stale."""


@dataclass(frozen=True, slots=True)
class QueueState:
    """Moments are on the clock's monotonic scale. Counts are None where they are unknown, which is not zero."""

    queue: Queue
    attributes: QueueAttributes | None = None
    read_at: float | None = None
    error: ConnectorError | None = None
    first_visible: int | None = None
    first_read_at: float | None = None

    @property
    def known(self) -> QueueAttributes | None:
        """The last good reading, None where the queue itself can't be read any more."""
        return self.attributes if self.error is None or self.error.step in PASSING else None

    @property
    def visible(self) -> int | None:
        return self.known.counts.visible if self.known else None

    @property
    def in_flight(self) -> int | None:
        return self.known.counts.in_flight if self.known else None

    @property
    def delayed(self) -> int | None:
        return self.known.counts.delayed if self.known else None

    @property
    def dead_letter_name(self) -> str | None:
        return self.known.redrive.dead_letter_name if self.known and self.known.redrive else None

    @property
    def max_receive_count(self) -> int | None:
        return self.known.redrive.max_receive_count if self.known and self.known.redrive else None

    @property
    def change_per_minute(self) -> float | None:
        """Growth of the visible count since the first reading; None until two readings are some seconds apart."""
        if self.visible is None or self.first_visible is None or self.read_at is None or self.first_read_at is None:
            return None
        seconds = self.read_at - self.first_read_at
        return (self.visible - self.first_visible) * 60 / seconds if seconds >= 1 else None


async def read_state(session: AwsSession, state: QueueState) -> QueueState:
    """`state` after one reading of its queue; a failure becomes part of it and is never raised."""
    try:
        attributes = await Queues(session).attributes(state.queue)
    except ConnectorError as error:
        return replace(state, error=error)
    now = session.clock.monotonic()
    first = state.first_visible is None
    return replace(
        state,
        attributes=attributes,
        read_at=now,
        error=None,
        first_visible=attributes.counts.visible if first else state.first_visible,
        first_read_at=now if first else state.first_read_at,
    )
