"""What one open context has learnt of subscriptions: their last pass, and which are pending."""

from collections import defaultdict
from collections.abc import Sequence

from connectors.sns.models import DELETED, Subscription


class KnownSubscriptions:
    """Where a list gives the ARN of a subscription it doesn't say that nobody confirmed it, as some emulators do; the
    reading of that one subscription says it."""

    def __init__(self) -> None:
        self.pending: set[str] = set()
        """The ARNs of those that are pending by their attributes."""
        self._by_queue: dict[str, list[Subscription]] | None = None

    def take_list(self, subscriptions: Sequence[Subscription]) -> None:
        """The subscriptions of this account, all of them."""
        by_queue: dict[str, list[Subscription]] = defaultdict(list)
        for subscription in subscriptions:
            if subscription.queue_arn and subscription.arn != DELETED:
                by_queue[subscription.queue_arn].append(subscription)
        self._by_queue = dict(by_queue)

    def take_pending(self, subscription: Subscription, is_pending: bool) -> None:
        if is_pending:
            self.pending.add(subscription.arn)
        else:
            self.pending.discard(subscription.arn)

    def feeding(self, queue_arn: str) -> tuple[Subscription, ...] | None:
        """The subscriptions of this account that feed a queue; None while they were not listed."""
        return None if self._by_queue is None else tuple(self._by_queue.get(queue_arn, ()))
