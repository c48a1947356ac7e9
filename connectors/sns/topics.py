"""All topics with their subscriptions, from one pass of each list and no call per topic.

ListTopics and ListSubscriptions send 100 a page and no total; AWS throttles both at 30 calls per second.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Iterable, Mapping
from typing import Any

from connectors.aws.members import text_of
from connectors.aws.session import AwsSession
from connectors.errors import ConnectorError, Step
from connectors.sns.models import DELETED, Subscription, SubscriptionTally, Topic, TopicsReading


async def read_topics(session: AwsSession) -> TopicsReading:
    """Lists topics and subscriptions side by side, each to its last page.

    Subscriptions that fail leave the tallies unknown, with the error. Raises `ConnectorError` where the topics
    themselves can't be listed. Subscriptions to topics of other accounts are listed by SNS too; they are tallied under
    their topic's ARN and belong to no topic of the reading.
    """
    async with listing_subscriptions(session) as listing:
        found = {topic.arn: topic async for page in topic_pages(session) for topic in page}
        topics = tuple(sorted(found.values(), key=lambda topic: (topic.name, topic.arn)))
        try:
            return TopicsReading(topics, tally(await listing))
        except ConnectorError as error:
            return TopicsReading(topics, None, error)


@contextlib.asynccontextmanager
async def listing_subscriptions(session: AwsSession) -> AsyncIterator[asyncio.Task[list[Subscription]]]:
    """Lists the subscriptions in a task while the block runs; the end of the block stops it.

    The task raises `ConnectorError` where a page fails: a part of the subscriptions would be a count too low.
    """
    listing = asyncio.create_task(all_subscriptions(session), name="list the subscriptions")
    try:
        yield listing
    finally:  # where the topics can't be listed nobody waits for the rest
        listing.cancel()
        await asyncio.gather(listing, return_exceptions=True)


async def topic_pages(session: AwsSession) -> AsyncGenerator[list[Topic], None]:
    """The topics, a page of ListTopics at a time. A topic made meanwhile may move another one to a second page."""
    async with contextlib.aclosing(list_pages(session, "ListTopics", "Topics")) as pages:
        async for entries in pages:
            topics = [Topic(arn) for entry in entries if (arn := text_of(entry.get("TopicArn")))]
            if entries and not topics:
                raise ConnectorError(
                    Step.ANSWER, "no topic of the answer has an ARN", "check the endpoint URL", operation="ListTopics"
                )
            yield topics


async def subscription_pages(
    session: AwsSession, topic: Topic | None = None
) -> AsyncGenerator[list[Subscription], None]:
    """The subscriptions of this account, a page of ListSubscriptions at a time; with a `topic` those to it, of other
    accounts too (ListSubscriptionsByTopic)."""
    if topic is None:
        pages = list_pages(session, "ListSubscriptions", "Subscriptions")
    else:
        name = "ListSubscriptionsByTopic"
        pages = list_pages(session, name, "Subscriptions", target=topic.name, TopicArn=topic.arn)
    async with contextlib.aclosing(pages):
        async for entries in pages:
            yield [subscription_of(entry, topic.arn if topic else "") for entry in entries]


def tally(subscriptions: Iterable[Subscription], pending: Collection[str] = ()) -> dict[str, SubscriptionTally]:
    """The tallies of `subscriptions` by topic ARN. `pending` are ARNs of those known to be pending otherwise than by
    the list."""
    by_topic: dict[str, list[Subscription]] = defaultdict(list)
    for subscription in subscriptions:
        if subscription.arn != DELETED:
            by_topic[subscription.topic_arn].append(subscription)
    return {
        arn: SubscriptionTally(
            total=len(of_topic),
            pending=sum(subscription.is_pending or subscription.arn in pending for subscription in of_topic),
            protocols=tuple(sorted({subscription.protocol or "–" for subscription in of_topic})),
            subscriptions=tuple(of_topic),
        )
        for arn, of_topic in by_topic.items()
    }


async def all_subscriptions(session: AwsSession) -> list[Subscription]:
    """Every subscription of this account (ListSubscriptions)."""
    return [subscription async for page in subscription_pages(session) for subscription in page]


async def list_pages(
    session: AwsSession, operation: str, key: str, *, target: str = "", **params: Any
) -> AsyncGenerator[list[dict[str, Any]], None]:
    """The entries of a list of SNS, page by page. Raises `ConnectorError` where a page comes again."""
    token: str | None = None
    seen: set[str] = set()
    while True:
        more: dict[str, Any] = {"NextToken": token} if token else {}
        answer = await session.call("sns", operation, target=target, **params, **more)
        yield [entry for entry in answer.get(key) or () if isinstance(entry, dict)]
        token = text_of(answer.get("NextToken"))
        if not token:
            return
        if token in seen:
            raise ConnectorError(Step.ANSWER, "the endpoint sends the same page again and again", operation=operation)
        seen.add(token)


def subscription_of(entry: Mapping[str, Any], topic_arn: str = "") -> Subscription:
    """The subscription that an entry of a list is. `topic_arn` holds where the entry names no topic."""
    return Subscription(
        arn=text_of(entry.get("SubscriptionArn")),
        topic_arn=text_of(entry.get("TopicArn")) or topic_arn,
        protocol=text_of(entry.get("Protocol")),
        endpoint=text_of(entry.get("Endpoint")),
        owner=text_of(entry.get("Owner")),
    )
