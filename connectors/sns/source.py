"""The topics of one open context as a source to watch."""

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TypeAlias

from connectors.aws.session import AwsSession
from connectors.errors import ConnectorError
from connectors.sns.models import SubscriptionTally, Topic
from connectors.sns.topics import listing_tallies, topic_pages
from connectors.watching.reading import Reading
from connectors.watching.schedule import REFRESH_SECONDS
from connectors.watching.source import Page
from connectors.watching.watch import Watch


@dataclass(frozen=True, slots=True)
class TopicState(Reading[Topic, SubscriptionTally]):
    """One topic and the tally of its subscriptions at a moment. No history is kept of a topic."""

    @property
    def topic(self) -> Topic:
        return self.resource


TopicWatch: TypeAlias = Watch[Topic, TopicState]


class TopicSource:
    """Lists topics (ListTopics) and their subscriptions (ListSubscriptions); the key of a topic is its ARN.

    The names come page by page, the tallies of all topics with the last one. Subscriptions to topics that ListTopics
    doesn't name, those of other accounts, are left out.
    """

    read = None
    """A topic costs no call of its own."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def key(self, topic: Topic) -> str:
        return topic.arn

    def name(self, topic: Topic) -> str:
        return topic.name

    def unread(self, topic: Topic) -> TopicState:
        return TopicState(topic)

    def neighbours(self, state: TopicState) -> tuple[str, ...]:
        return ()

    async def pages(self) -> AsyncGenerator[Page[Topic, TopicState], None]:
        """One pass over both lists. Where the subscriptions fail, each reading carries the error."""
        async with listing_tallies(self._session) as listing:
            topics: dict[str, Topic] = {}
            async with contextlib.aclosing(topic_pages(self._session)) as pages:
                async for page in pages:
                    topics.update((topic.arn, topic) for topic in page)
                    yield Page(page, complete=False)
            try:
                tallies = await listing
            except ConnectorError as error:
                readings = [TopicState(topic, error=error) for topic in topics.values()]
            else:
                now = self._session.clock.monotonic()
                readings = [
                    TopicState(topic, tallies.get(arn, SubscriptionTally()), read_at=now)
                    for arn, topic in topics.items()
                ]
            yield Page((), complete=True, readings=readings)


def watch_topics(
    session: AwsSession, *, refresh_seconds: float = REFRESH_SECONDS, rows_on_screen: int = 0
) -> TopicWatch:
    """The watch over all topics of `session`; see `Watch`."""
    return Watch(
        TopicSource(session),
        session.clock,
        session.pace,
        refresh_seconds=refresh_seconds,
        rows_on_screen=rows_on_screen,
    )
