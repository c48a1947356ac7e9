"""What giving leases back came to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from connectors.sqs.models import EntryOutcome, Message, Queue


@dataclass(frozen=True, slots=True)
class Returned:
    """What giving back `messages` came to: one outcome for each of them, and the seconds until the last lease that is
    left ends by itself."""

    messages: Sequence[Message] = ()
    outcomes: Sequence[EntryOutcome] = ()
    returns_in: float = 0.0

    @property
    def lost(self) -> list[EntryOutcome]:
        """What could not be given back and is there still."""
        return [outcome for outcome in self.outcomes if is_lost(outcome)]

    @property
    def gone(self) -> int:
        """How many messages the service did not know any more: nothing of them is held."""
        return sum(outcome.gone for outcome in self.outcomes)

    @property
    def queues(self) -> Collection[Queue]:
        return {message.queue for message in self.messages}

    def lost_by_queue(self) -> dict[Queue, list[EntryOutcome]]:
        """`lost`, queue by queue."""
        found: dict[Queue, list[EntryOutcome]] = {}
        for message, outcome in zip(self.messages, self.outcomes, strict=True):
            if is_lost(outcome):
                found.setdefault(message.queue, []).append(outcome)
        return found


def is_lost(outcome: EntryOutcome) -> bool:
    """Whether the lease runs on. A message that is gone has none."""
    return not (outcome.confirmed or outcome.gone)
