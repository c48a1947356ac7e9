"""The face of SQS: what one open context holds of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.open_context import OpenContext
from connectors.sqs.dead_letters import DeadLetters
from connectors.sqs.leases import Leases
from connectors.sqs.models import Message, Queue
from connectors.sqs.receive_log import MessageReceives, QueueReceives
from connectors.sqs.receiving import Messages
from connectors.sqs.returned import Returned
from connectors.sqs.source import QueueWatch
from connectors.watching.history import History


@dataclass(frozen=True, slots=True)
class LeftLeases:
    """The leases that were left when a context was closed: `returned` is what giving back came to, `kept` are the
    messages that stay hidden as somebody set it."""

    returned: Sequence[Returned]
    kept: Sequence[Message]


class SqsConnector:
    """The messages, leases and history of one open context."""

    def __init__(self, context: OpenContext) -> None:
        self.messages = Messages(context)
        self.leases = Leases(self.messages, context.clock)
        self.history = History(context.clock)
        self.watch: QueueWatch | None = None
        """The watch over all queues, None where no list was opened."""
        self.dead_letters = DeadLetters(context.aws, self.messages.receive_log, self.messages.place)
        self._receive_log, self._place = self.messages.receive_log, self.messages.place

    def receives_of(self, message: Message) -> MessageReceives | None:
        """The receives of `message` in this run; None where there was none, or it was forgotten."""
        return self._receive_log.of_message(self._place, message)

    def receives_from(self, queue: Queue) -> QueueReceives:
        """All receives from `queue` in this run."""
        return self._receive_log.of_queue(self._place, queue)

    def is_over(self, message: Message) -> bool:
        """Whether the lease under which `message` came is known to be over before its time."""
        return self._receive_log.is_over(self._place, message)

    def is_gone(self, message: Message) -> bool:
        """Whether the service did not know `message` any more when its lease was to be changed."""
        return self._receive_log.is_gone(self._place, message)

    @property
    def held(self) -> int:
        """How many leases a look took that run still."""
        return len(self.leases.open())

    async def close(self, budget: float) -> LeftLeases:
        """Gives back every lease that a look took, within `budget` seconds."""
        returned = await self.leases.give_back_everything(budget)
        return LeftLeases(returned, self.leases.kept())
