"""The subscriptions of one topic as a source to watch, each with the queues that it names."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from typing import TypeAlias

from connectors.aws.session import AwsSession
from connectors.concurrency import Rate
from connectors.errors import ConnectorError, Step
from connectors.sns.known import KnownSubscriptions
from connectors.sns.models import DELETED, QueueReading, Subscription, SubscriptionDetails, Topic
from connectors.sns.topic import subscription_details
from connectors.sns.topics import subscription_pages
from connectors.sqs.models import Queue, arn_parts
from connectors.sqs.queues import Queues
from connectors.watching.reading import PASSING, Reading
from connectors.watching.source import Page
from connectors.watching.watch import Watch

SUBSCRIPTION_REFRESH_SECONDS = 10.0
"""How often a subscription on screen is read: its settings change seldom, the counts of its queues do."""
CALLS_PER_SECOND = 25
"""Of GetSubscriptionAttributes. SNS throttles at 30, for all that the account does."""


@dataclass(frozen=True, slots=True)
class SubscriptionState(Reading[Subscription, SubscriptionDetails]):
    """One subscription at a moment. `queue` is that of its endpoint and `dead_letters` that of its redrive policy, None
    where it names none or it was not read yet."""

    queue: QueueReading | None = None
    dead_letters: QueueReading | None = None

    @property
    def subscription(self) -> Subscription:
        return self.resource

    @property
    def details(self) -> SubscriptionDetails | None:
        """The last good reading; None where there is none, and for one that is pending by its list."""
        return self.known

    @property
    def is_pending(self) -> bool:
        return self.resource.is_pending or (self.known is not None and self.known.is_pending)

    @property
    def is_gone(self) -> bool:
        """Whether it vanished since it was listed. The next listing leaves it out."""
        return self.error is not None and self.error.step is Step.NOT_FOUND


SubscriptionWatch: TypeAlias = Watch[Subscription, SubscriptionState]


class SubscriptionSource:
    """Lists the subscriptions of a topic (ListSubscriptionsByTopic), without those that are deleted, and reads one of
    them with its queues (GetSubscriptionAttributes, GetQueueAttributes). One that is pending by the list can't be read.

    `rate` is that of GetSubscriptionAttributes for the whole context, and `known` is told which are pending.
    """

    def __init__(self, session: AwsSession, topic: Topic, rate: Rate, known: KnownSubscriptions) -> None:
        self._session = session
        self._topic = topic
        self.rate = rate
        self._known = known
        self._queues: dict[str, Queue] = {}

    def key(self, subscription: Subscription) -> str:
        return subscription.key

    def name(self, subscription: Subscription) -> str:
        return subscription.key

    def unread(self, subscription: Subscription) -> SubscriptionState:
        return SubscriptionState(subscription)

    def neighbours(self, state: SubscriptionState) -> tuple[str, ...]:
        return ()

    async def pages(self) -> AsyncGenerator[Page[Subscription, SubscriptionState], None]:
        async with contextlib.aclosing(subscription_pages(self._session, self._topic)) as pages:
            async for page in pages:
                yield Page([each for each in page if each.arn != DELETED], complete=False)
        yield Page((), complete=True)

    async def read(self, state: SubscriptionState) -> SubscriptionState:
        """`state` after one reading; what fails is part of it and never raised."""
        subscription = state.subscription
        after, queue = await asyncio.gather(self._details(state), self._queue(subscription.queue_arn, state.queue))
        arn = after.known.dead_letter_arn if after.known else ""
        return replace(after, queue=queue, dead_letters=await self._queue(arn, state.dead_letters))

    async def _details(self, state: SubscriptionState) -> SubscriptionState:
        if not state.subscription.has_arn:
            return replace(state, value=None, read_at=self._session.clock.monotonic(), error=None)
        await self.rate.turn()
        try:
            details = await subscription_details(self._session, state.subscription)
        except ConnectorError as error:
            if error.step is Step.THROTTLE:
                self.rate.throttled()
            return state.failed(error)
        self.rate.went_well()
        self._known.take_pending(state.subscription, details.is_pending)
        return state.renewed(details, self._session.clock.monotonic())

    async def _queue(self, arn: str, before: QueueReading | None) -> QueueReading | None:
        """The queue with this ARN after one reading. A failure that says nothing about the queue keeps what was known
        of it."""
        if not arn:
            return None
        queues = Queues(self._session)
        try:
            queue = self._queues.get(arn) or await queues.find_by_arn(arn, beside=self._topic.arn)
            if queue is None:
                region = arn_parts(arn)[0]
                why = f"the queue is of region {region}" if region else "the endpoint is no ARN of a queue"
                raise ConnectorError(Step.SETTINGS, why, f"switch to {region}" if region else "")
            self._queues[arn] = queue
            return QueueReading(arn, await queues.attributes(queue))
        except ConnectorError as error:
            is_own = arn_parts(arn)[1] == self._topic.account
            last = before.attributes if before and before.arn == arn and error.step in PASSING else None
            return QueueReading(arn, last, error, is_gone=is_own and error.step is Step.NOT_FOUND)


def watch_subscriptions(
    session: AwsSession,
    source: SubscriptionSource,
    *,
    refresh_seconds: float = SUBSCRIPTION_REFRESH_SECONDS,
    rows_on_screen: int = 0,
) -> SubscriptionWatch:
    """The watch over the subscriptions of `source`; see `Watch`."""
    return Watch(source, session.clock, session.pace, refresh_seconds=refresh_seconds, rows_on_screen=rows_on_screen)
