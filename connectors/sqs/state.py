"""What is known of one queue at a moment: its last good reading and its last failure."""

from dataclasses import dataclass

from connectors.aws.session import AwsSession
from connectors.errors import ConnectorError
from connectors.sqs.models import Queue, QueueAttributes
from connectors.sqs.queues import Queues
from connectors.watching.reading import Reading


@dataclass(frozen=True, slots=True)
class QueueState(Reading[Queue, QueueAttributes]):
    """Counts are None where they are unknown, which is not zero."""

    @property
    def queue(self) -> Queue:
        return self.resource

    @property
    def attributes(self) -> QueueAttributes | None:
        """As they were last read, also where the queue can't be read any more."""
        return self.value

    @property
    def number(self) -> int | None:
        return self.visible

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
    def dead_letters_here(self) -> str | None:
        """As in `QueueAttributes`."""
        return self.known.dead_letters_here if self.known else None

    @property
    def dead_letters_elsewhere(self) -> str:
        """As in `QueueAttributes`."""
        return self.known.dead_letters_elsewhere if self.known else ""

    @property
    def dead_letter_arn(self) -> str | None:
        return self.known.redrive.dead_letter_arn if self.known and self.known.redrive else None

    @property
    def max_receive_count(self) -> int | None:
        return self.known.redrive.max_receive_count if self.known and self.known.redrive else None


async def read_state(session: AwsSession, state: QueueState) -> QueueState:
    """`state` after one reading of its queue; a failure becomes part of it and is never raised."""
    try:
        attributes = await Queues(session).attributes(state.queue)
    except ConnectorError as error:
        return state.failed(error)
    return state.renewed(attributes, session.clock.monotonic())
