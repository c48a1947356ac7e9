"""The topics of one open context as a source to watch."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from connectors.aws.session import AwsSession
from connectors.errors import ConnectorError
from connectors.sns.known import KnownSubscriptions
from connectors.sns.models import SubscriptionTally, Topic
from connectors.sns.topic import is_gone
from connectors.sns.topics import listing_subscriptions, tally, topic_pages
from connectors.watching.reading import Reading
from connectors.watching.schedule import REFRESH_SECONDS
from connectors.watching.source import Page
from connectors.watching.watch import Watch

_MOST_ASKED = 20
"""Topics that no list has and subscriptions name."""


@dataclass(frozen=True, slots=True)
class TopicState(Reading[Topic, SubscriptionTally]):
    """One topic and the tally of its subscriptions at a moment. No history is kept of a topic."""

    @property
    def topic(self) -> Topic:
        return self.resource


TopicWatch: TypeAlias = Watch[Topic, TopicState]


class TopicSource:
    """Lists topics (ListTopics) and their subscriptions (ListSubscriptions); the key of a topic is its ARN.

    The names come page by page, the tallies of all topics with the last one. A topic that is gone and has subscriptions
    of this account left is listed last. Subscriptions to topics of other accounts are left out.
    """

    read = None
    """A topic costs no call of its own."""

    def __init__(self, session: AwsSession, known: KnownSubscriptions) -> None:
        self._session = session
        self._known = known

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
        async with listing_subscriptions(self._session) as listing:
            topics: dict[str, Topic] = {}
            gone: list[Topic] = []
            async with contextlib.aclosing(topic_pages(self._session)) as pages:
                async for page in pages:
                    topics.update((topic.arn, topic) for topic in page)
                    yield Page(page, complete=False)
            try:
                subscriptions = await listing
            except ConnectorError as error:
                readings = [TopicState(topic, error=error) for topic in topics.values()]
            else:
                self._known.take_list(subscriptions)
                tallies = tally(subscriptions, self._known.pending)
                gone = await self._gone(tallies, topics)
                now = self._session.clock.monotonic()
                readings = [
                    TopicState(topic, tallies.get(arn, SubscriptionTally()), read_at=now)
                    for arn, topic in topics.items()
                ]
                readings += [
                    TopicState(topic, replace(tallies[topic.arn], topic_is_gone=True), read_at=now) for topic in gone
                ]
            yield Page(gone, complete=True, readings=readings)

    async def _gone(self, tallies: Mapping[str, SubscriptionTally], listed: Collection[str]) -> list[Topic]:
        """The topics of this account that the list doesn't have and that have subscriptions, if they are gone indeed:
        one may have been made while both lists were read. At most `_MOST_ASKED` are asked for."""
        missing = [
            Topic(arn)
            for arn, of_topic in tallies.items()
            if arn not in listed and Topic(arn).account in {each.owner for each in of_topic.subscriptions}
        ]
        asked = missing[:_MOST_ASKED]
        found = await asyncio.gather(*(is_gone(self._session, topic) for topic in asked))
        return [topic for topic, gone in zip(asked, found, strict=True) if gone]


def watch_topics(
    session: AwsSession,
    known: KnownSubscriptions,
    *,
    refresh_seconds: float = REFRESH_SECONDS,
    rows_on_screen: int = 0,
) -> TopicWatch:
    """The watch over all topics of `session`; see `Watch`."""
    return Watch(
        TopicSource(session, known),
        session.clock,
        session.pace,
        refresh_seconds=refresh_seconds,
        rows_on_screen=rows_on_screen,
    )
