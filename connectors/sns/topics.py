"""All topics with their subscriptions, from one pass of each list and no call per topic.

ListTopics and ListSubscriptions send 100 a page and no total; AWS throttles both at 30 calls per second.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable
from typing import Any

from connectors.aws.session import AwsSession
from connectors.errors import ConnectorError, Step
from connectors.sns.models import DELETED, Subscription, SubscriptionTally, Topic, TopicsReading


async def read_topics(session: AwsSession) -> TopicsReading:
    """Lists topics and subscriptions side by side, each to its last page.

    Subscriptions that fail leave the tallies unknown, with the error. Raises `ConnectorError` where the topics
    themselves can't be listed. Subscriptions to topics of other accounts are listed by SNS too; they are tallied under
    their topic's ARN and belong to no topic of the reading.
    """
    listing = asyncio.create_task(_subscriptions(session), name="list the subscriptions")
    try:
        topics = await _topics(session)
        try:
            return TopicsReading(topics, tally(await listing))
        except ConnectorError as error:
            return TopicsReading(topics, None, error)
    finally:  # where the topics can't be listed nobody waits for the rest
        listing.cancel()
        await asyncio.gather(listing, return_exceptions=True)


def tally(subscriptions: Iterable[Subscription]) -> dict[str, SubscriptionTally]:
    """The tallies of `subscriptions` by topic ARN."""
    by_topic: dict[str, list[Subscription]] = defaultdict(list)
    for subscription in subscriptions:
        if subscription.arn != DELETED:
            by_topic[subscription.topic_arn].append(subscription)
    return {
        arn: SubscriptionTally(
            total=len(of_topic),
            pending=sum(subscription.is_pending for subscription in of_topic),
            protocols=tuple(sorted({subscription.protocol for subscription in of_topic})),
        )
        for arn, of_topic in by_topic.items()
    }


async def _topics(session: AwsSession) -> tuple[Topic, ...]:
    found = [Topic(str(entry.get("TopicArn", ""))) async for entry in _entries(session, "ListTopics", "Topics")]
    return tuple(sorted(found, key=lambda topic: (topic.name, topic.arn)))


async def _subscriptions(session: AwsSession) -> list[Subscription]:
    return [
        Subscription(
            arn=str(entry.get("SubscriptionArn", "")),
            topic_arn=str(entry.get("TopicArn", "")),
            protocol=str(entry.get("Protocol", "")),
            endpoint=str(entry.get("Endpoint", "")),
        )
        async for entry in _entries(session, "ListSubscriptions", "Subscriptions")
    ]


async def _entries(session: AwsSession, operation: str, key: str) -> AsyncGenerator[dict[str, Any], None]:
    """The entries of every page of a list. Raises `ConnectorError` where a page comes again."""
    token: str | None = None
    seen: set[str] = set()
    while True:
        more: dict[str, Any] = {"NextToken": token} if token else {}
        answer = await session.call("sns", operation, **more)
        for entry in answer.get(key) or ():
            yield entry
        token = answer.get("NextToken")
        if not token:
            return
        if token in seen:
            raise ConnectorError(Step.ANSWER, "the endpoint sends the same page again and again", operation=operation)
        seen.add(token)
