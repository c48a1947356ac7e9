"""What somebody agreed to who looked into a queue, and whether that holds still."""

from dataclasses import dataclass

from connectors.sqs.models import Queue, QueueAttributes


@dataclass(frozen=True, slots=True)
class _Terms:
    """The facts on which somebody agreed. `created` tells a queue from another one that was made under its name."""

    created: str
    dead_letter_arn: str
    limit: int | None


class Agreements:
    """The queues for which somebody has agreed to what a look costs. An agreement ends with the facts that it was given
    on: the queue is another one, its dead letters go elsewhere, or its maxReceiveCount is lower."""

    def __init__(self) -> None:
        self._terms: dict[Queue, _Terms] = {}

    def add(self, queue: Queue, attributes: QueueAttributes | None) -> None:
        """Nothing is agreed to where the facts are unknown."""
        if attributes is not None:
            self._terms[queue] = _terms(attributes)

    def holds(self, queue: Queue, attributes: QueueAttributes | None) -> bool:
        agreed = self._terms.get(queue)
        if agreed is None or attributes is None:
            return False
        now = _terms(attributes)
        if (agreed.created, agreed.dead_letter_arn) != (now.created, now.dead_letter_arn):
            return False
        return agreed.limit == now.limit or (
            agreed.limit is not None and now.limit is not None and now.limit > agreed.limit
        )


def _terms(attributes: QueueAttributes) -> _Terms:
    redrive = attributes.redrive
    return _Terms(
        attributes.raw.get("CreatedTimestamp", ""),
        redrive.dead_letter_arn if redrive else "",
        redrive.max_receive_count if redrive else None,
    )
