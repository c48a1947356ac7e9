"""One topic and one subscription: what their attributes and tags say."""

import asyncio
import contextlib
from collections.abc import Coroutine, Mapping
from typing import Any

from connectors.aws.members import text_of
from connectors.aws.session import AwsSession
from connectors.errors import ConnectorError, Step
from connectors.sns.models import Subscription, SubscriptionDetails, Topic, TopicDetails
from connectors.sns.topics import topic_pages


async def find_topic(session: AwsSession, name: str) -> Topic:
    """The topic whose ARN `name` is, without asking, or the one called `name` (ListTopics). Raises `ConnectorError` at
    step `not found`, or where the ARN is of a region that `session` does not call."""
    if name.startswith("arn:"):
        topic = Topic(name)
        if topic.region and topic.region != session.context.region:
            raise ConnectorError(
                Step.SETTINGS, f"{name} is of another region", f"choose the region {topic.region}: --region"
            )
        return topic
    async with contextlib.aclosing(topic_pages(session)) as pages:
        async for page in pages:
            for topic in page:
                if topic.name == name:
                    return topic
    raise ConnectorError(
        Step.NOT_FOUND, f"there is no topic {name}", "check name, account and region", operation="ListTopics"
    )


async def read_topic(session: AwsSession, topic: Topic) -> TopicDetails:
    """GetTopicAttributes and ListTagsForResource side by side. What fails is part of the details and never raised."""
    attributes, tags = await asyncio.gather(
        _read(_topic_attributes(session, topic)), _read(_topic_tags(session, topic))
    )
    return TopicDetails(topic, *attributes, *tags)


async def is_gone(session: AwsSession, topic: Topic) -> bool:
    """Whether SNS says that there is no such topic; False where it can't be asked."""
    _, error = await _read(_topic_attributes(session, topic))
    return error is not None and error.step is Step.NOT_FOUND


async def subscription_details(session: AwsSession, subscription: Subscription) -> SubscriptionDetails:
    """GetSubscriptionAttributes. Raises `ConnectorError`: at step `not found` for one that is gone."""
    answer = await session.call(
        "sns",
        "GetSubscriptionAttributes",
        target=subscription.short_endpoint,
        SubscriptionArn=subscription.arn,
    )
    return SubscriptionDetails(_texts(answer, "GetSubscriptionAttributes"))


async def _topic_attributes(session: AwsSession, topic: Topic) -> dict[str, str]:
    answer = await session.call("sns", "GetTopicAttributes", target=topic.name, TopicArn=topic.arn)
    return _texts(answer, "GetTopicAttributes")


async def _topic_tags(session: AwsSession, topic: Topic) -> dict[str, str]:
    answer = await session.call("sns", "ListTagsForResource", target=topic.name, ResourceArn=topic.arn)
    return {
        text_of(tag.get("Key")): text_of(tag.get("Value")) for tag in answer.get("Tags") or () if isinstance(tag, dict)
    }


def _texts(answer: Mapping[str, object], operation: str) -> dict[str, str]:
    """The attributes of an answer. Raises `ConnectorError` where it has none: each resource has some."""
    attributes = answer.get("Attributes")
    if not isinstance(attributes, dict) or not attributes:
        raise ConnectorError(Step.ANSWER, "the answer has no Attributes", "check the endpoint URL", operation=operation)
    return {text_of(name): text_of(value) for name, value in attributes.items()}


async def _read(
    reading: Coroutine[Any, Any, dict[str, str]],
) -> tuple[dict[str, str] | None, ConnectorError | None]:
    try:
        return await reading, None
    except ConnectorError as error:
        return None, error
