"""What SNS holds, as frozen dataclasses. Texts are as the service sent them."""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.errors import ConnectorError

PENDING = "PendingConfirmation"
"""What ListSubscriptions says in place of the ARN of a subscription that nobody confirmed."""
DELETED = "Deleted"
"""What it says of one that was deleted a short time ago."""


@dataclass(frozen=True, slots=True)
class Topic:
    arn: str

    @property
    def name(self) -> str:
        return self.arn.rsplit(":", 1)[-1]

    @property
    def is_fifo(self) -> bool:
        return self.name.endswith(".fifo")

    @property
    def type(self) -> str:
        return "fifo" if self.is_fifo else "standard"


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription of this account. `arn` is `PENDING` or `DELETED` where it has none."""

    arn: str
    topic_arn: str
    protocol: str
    endpoint: str

    @property
    def is_pending(self) -> bool:
        return self.arn == PENDING


@dataclass(frozen=True, slots=True)
class SubscriptionTally:
    """The subscriptions of one topic: how many (deleted ones left out), how many of them are pending, and their
    protocols, sorted."""

    total: int = 0
    pending: int = 0
    protocols: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicsReading:
    """The topics of one account and region, sorted by name, with their subscriptions by topic ARN.

    `tallies` is None where the subscriptions could not be listed whole: unknown is not zero. `error` says why.
    """

    topics: tuple[Topic, ...]
    tallies: Mapping[str, SubscriptionTally] | None
    error: ConnectorError | None = None

    def tally(self, topic: Topic) -> SubscriptionTally | None:
        """The subscriptions of `topic`; None where they are unknown."""
        return None if self.tallies is None else self.tallies.get(topic.arn, SubscriptionTally())
