"""The face of SNS: what one open context holds of it."""

from connectors.concurrency import Rate
from connectors.guard import Change, Permit
from connectors.open_context import OpenContext
from connectors.sns.known import KnownSubscriptions
from connectors.sns.models import PublishDraft, Published, Subscription, Topic, TopicDetails, TopicsReading
from connectors.sns.publish import Publishing
from connectors.sns.receivers import Receivers
from connectors.sns.source import TopicWatch, watch_topics
from connectors.sns.subscriptions import (
    CALLS_PER_SECOND,
    SUBSCRIPTION_REFRESH_SECONDS,
    SubscriptionSource,
    SubscriptionWatch,
    watch_subscriptions,
)
from connectors.sns.topic import find_topic, read_topic
from connectors.sns.topics import read_topics
from connectors.watching.schedule import REFRESH_SECONDS


class SnsConnector:
    """The topics of one open context. It holds nothing that closing gives back."""

    held = 0

    def __init__(self, context: OpenContext) -> None:
        self._session = context.aws
        self._rate = Rate(context.clock, CALLS_PER_SECOND)
        self._publishing = Publishing(context)
        self._known = KnownSubscriptions()
        self._receivers: dict[Topic, Receivers] = {}

    async def topics(self) -> TopicsReading:
        """As `read_topics`."""
        return await read_topics(self._session)

    def watch(self, *, refresh_seconds: float = REFRESH_SECONDS, rows_on_screen: int = 0) -> TopicWatch:
        """As `watch_topics`."""
        return watch_topics(self._session, self._known, refresh_seconds=refresh_seconds, rows_on_screen=rows_on_screen)

    async def find(self, name: str) -> Topic:
        """As `find_topic`."""
        return await find_topic(self._session, name)

    async def details(self, topic: Topic) -> TopicDetails:
        """As `read_topic`."""
        return await read_topic(self._session, topic)

    def subscriptions(self, topic: Topic) -> SubscriptionSource:
        """The subscriptions of `topic`, to be listed and read one by one."""
        return SubscriptionSource(self._session, topic, self._rate, self._known)

    def watch_subscriptions(
        self, topic: Topic, *, refresh_seconds: float = SUBSCRIPTION_REFRESH_SECONDS, rows_on_screen: int = 0
    ) -> SubscriptionWatch:
        """The watch over the subscriptions of `topic`."""
        return watch_subscriptions(
            self._session,
            self.subscriptions(topic),
            refresh_seconds=refresh_seconds,
            rows_on_screen=rows_on_screen,
        )

    def feeding(self, queue_arn: str) -> tuple[Subscription, ...] | None:
        """The subscriptions of this account that feed a queue, by the last pass of the list of topics; None while there
        was none."""
        return self._known.feeding(queue_arn)

    def receivers(self, topic: Topic) -> Receivers:
        """The judge of who would receive a message to `topic`; the same each time."""
        return self._receivers.setdefault(topic, Receivers())

    def publishing(self, topic: Topic) -> Change:
        """The change that publishes one message to `topic`."""
        return self._publishing.change(topic)

    async def publish(self, change: Change, permit: Permit, topic: Topic, draft: PublishDraft) -> Published:
        """As `Publishing.publish`."""
        return await self._publishing.publish(change, permit, topic, draft)

    async def close(self, budget: float) -> None:
        """Has nothing to give back."""
