"""Writes the demo's topics into an emulator: only topics that do not exist yet, with their subscriptions.

Runs in the child process, after the queues; `connectors.emulator.wire` says how it calls.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial
from json import dumps
from typing import Any

from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from connectors.emulator.seeding import SeedCounts, Seeds
from connectors.emulator.wire import client, told_as_emulator_errors
from connectors.sns.demo import TOPICS
from connectors.sns.demo.model import Subscription, Topic


def seed(topics: Sequence[Topic], url: str, report: Callable[[int, str], None]) -> SeedCounts:
    """Write `topics` to the emulator at `url`, calling `report(topics done, name of the last)` after each topic.

    An emulator without SNS keeps its queues and gets no topics. Raises EmulatorError when a topic or a subscription
    cannot be made.
    """
    started = time.monotonic()
    with told_as_emulator_errors("SNS", url):
        counts = _Seeding(url).run(topics, report)
    counts["seconds"] = round(time.monotonic() - started, 3)
    return counts


SEEDS = Seeds(len(TOPICS), partial(seed, TOPICS))


class _Seeding:
    def __init__(self, url: str) -> None:
        self._sns = client("sns", url)
        self._counts = SeedCounts(created=0, existing=0, messages=0, refused=0, seconds=0.0)

    def run(self, topics: Sequence[Topic], report: Callable[[int, str], None]) -> SeedCounts:
        try:
            pages = list(self._sns.get_paginator("list_topics").paginate())
        except (ClientError, ResponseParserError):
            return self._counts  # what it answers where topics should be, the screen of topics tells
        existing = {entry["TopicArn"].rpartition(":")[2] for page in pages for entry in page.get("Topics", ())}
        for done, topic in enumerate(topics, start=1):
            if topic.name in existing:
                self._counts["existing"] += 1
            else:
                self._create(topic)
                self._counts["created"] += 1
            report(done, topic.name)
        return self._counts

    def _create(self, topic: Topic) -> None:
        tags = [{"Key": key, "Value": value} for key, value in topic.tags.items()]
        arn = self._sns.create_topic(Name=topic.name, Attributes=dict(topic.settings), Tags=tags)["TopicArn"]
        if topic.bucket is not None:
            policy = _policy(arn, topic.bucket)
            self._sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=dumps(policy))
        for subscription in topic.subscriptions:
            self._subscribe(arn, subscription)

    def _subscribe(self, topic_arn: str, subscription: Subscription) -> None:
        queue_arn = topic_arn.replace(":sns:", ":sqs:", 1).rpartition(":")[0]
        is_queue = subscription.protocol == "sqs"
        answer = self._sns.subscribe(
            TopicArn=topic_arn,
            Protocol=subscription.protocol,
            Endpoint=f"{queue_arn}:{subscription.endpoint}" if is_queue else subscription.endpoint,
            Attributes=_attributes(subscription, queue_arn),
        )
        # An emulator that takes an endpoint for confirmed delivers there, and where nothing answers it fails the whole
        # publish (moto).
        if subscription.protocol == "http" and answer["SubscriptionArn"].startswith("arn:"):
            self._sns.unsubscribe(SubscriptionArn=answer["SubscriptionArn"])


def _attributes(subscription: Subscription, queue_arn: str) -> dict[str, str]:
    """`queue_arn` is that of a queue without its name."""
    attributes: dict[str, str] = {}
    if subscription.filter_policy is not None:
        attributes["FilterPolicy"] = dumps(subscription.filter_policy)
        attributes["FilterPolicyScope"] = subscription.scope.value
    if subscription.raw:
        attributes["RawMessageDelivery"] = "true"
    if subscription.dead_letter_queue is not None:
        attributes["RedrivePolicy"] = dumps({"deadLetterTargetArn": f"{queue_arn}:{subscription.dead_letter_queue}"})
    return attributes


def _policy(topic_arn: str, bucket: str) -> dict[str, Any]:
    """What a topic has by default, for its own account, and that `bucket` may publish."""
    account = topic_arn.split(":")[4]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "owner",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": ["SNS:Publish", "SNS:Subscribe", "SNS:GetTopicAttributes"],
                "Resource": topic_arn,
                "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
            },
            {
                "Sid": "bucket",
                "Effect": "Allow",
                "Principal": {"Service": "s3.amazonaws.com"},
                "Action": "SNS:Publish",
                "Resource": topic_arn,
                "Condition": {
                    "ArnEquals": {"aws:SourceArn": f"arn:aws:s3:::{bucket}"},
                    "StringEquals": {"aws:SourceAccount": account},
                },
            },
        ],
    }
