"""What SNS holds, as frozen dataclasses. Texts are as the service sent them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from connectors.errors import ConnectorError, Step
from connectors.sns.filter_policy import Attribute, FilterMessage, Scope
from connectors.sqs.models import MessageAttribute, QueueAttributes, utf8, whole_number
from connectors.sqs.queues import redrive_policy

PENDING = "PendingConfirmation"
"""What ListSubscriptions says in place of the ARN of a subscription that nobody confirmed."""
DELETED = "Deleted"
"""What it says of one that was deleted a short time ago."""
DEFAULT_MAXIMUM = 256 * 1024
"""Bytes of a message, where the topic has no limit of its own."""


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

    @property
    def region(self) -> str:
        return _arn_part(self.arn, 3)

    @property
    def account(self) -> str:
        """The account that owns it; empty where the ARN names none."""
        return _arn_part(self.arn, 4)


@dataclass(frozen=True, slots=True)
class TopicDetails:
    """What GetTopicAttributes and ListTagsForResource say of a topic. What could not be read is None, with its error;
    an attribute that is not set is empty."""

    topic: Topic
    attributes: Mapping[str, str] | None = field(repr=False)
    attributes_error: ConnectorError | None
    tags: Mapping[str, str] | None
    tags_error: ConnectorError | None

    @property
    def is_gone(self) -> bool:
        return self.attributes_error is not None and self.attributes_error.step is Step.NOT_FOUND

    @property
    def display_name(self) -> str | None:
        return self._attribute("DisplayName")

    @property
    def owner(self) -> str | None:
        """The account that owns it."""
        return self._attribute("Owner")

    @property
    def encryption_key(self) -> str | None:
        return self._attribute("KmsMasterKeyId")

    @property
    def policy(self) -> str | None:
        """The text of its access policy."""
        return self._attribute("Policy")

    @property
    def archive_policy(self) -> str | None:
        return self._attribute("ArchivePolicy")

    @property
    def content_based_deduplication(self) -> bool | None:
        text = self._attribute("ContentBasedDeduplication")
        return None if text is None else text.lower() == "true"

    @property
    def maximum_message_size(self) -> int | None:
        """Bytes; None where it is not known. SNS sends the attribute only where it was set."""
        text = self._attribute("MaximumMessageSize")
        return None if text is None else whole_number(text) or DEFAULT_MAXIMUM

    def _attribute(self, name: str) -> str | None:
        return None if self.attributes is None else self.attributes.get(name, "")


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription, as a list has it. `arn` is `PENDING` or `DELETED` where it has none; `owner` is an account."""

    arn: str
    topic_arn: str
    protocol: str
    endpoint: str
    owner: str = ""

    @property
    def key(self) -> str:
        """Its ARN, or what tells it from others that have none."""
        return self.arn if self.has_arn else " ".join((self.arn, self.topic_arn, self.protocol, self.endpoint))

    @property
    def has_arn(self) -> bool:
        """Whether it can be read: one that is pending or deleted has no ARN to ask by."""
        return self.arn.startswith("arn:")

    @property
    def is_pending(self) -> bool:
        return self.arn == PENDING

    @property
    def queue_arn(self) -> str:
        """The ARN of the queue that it feeds; empty where it feeds none."""
        return self.endpoint if self.protocol == "sqs" else ""

    @property
    def queue_name(self) -> str:
        return self.queue_arn.rsplit(":", 1)[-1]

    @property
    def short_endpoint(self) -> str:
        """The name of a queue, function or stream, the host of a URL, else the whole endpoint: an address."""
        if self.protocol in ("http", "https"):
            try:
                return urlsplit(self.endpoint).hostname or self.endpoint
            except ValueError:
                return self.endpoint
        if self.endpoint.startswith("arn:"):
            return self.endpoint.split(":", 5)[-1].rsplit(":", 1)[-1].rsplit("/", 1)[-1] or self.endpoint
        return self.endpoint


@dataclass(frozen=True, slots=True)
class SubscriptionDetails:
    """GetSubscriptionAttributes. `raw` holds every attribute as it came; one that is not set is empty."""

    raw: Mapping[str, str] = field(repr=False)

    @property
    def filter_policy(self) -> str:
        """The text of the policy; empty where every message is taken."""
        return self.raw.get("FilterPolicy", "")

    @property
    def scope_text(self) -> str:
        return self.raw.get("FilterPolicyScope") or Scope.ATTRIBUTES.value

    @property
    def scope(self) -> Scope | None:
        """What the policy looks at; None for a scope that SNS doesn't list."""
        return Scope(self.scope_text) if self.scope_text in [*Scope] else None

    @property
    def raw_delivery(self) -> bool:
        return self.raw.get("RawMessageDelivery", "").lower() == "true"

    @property
    def is_pending(self) -> bool:
        return self.raw.get("PendingConfirmation", "").lower() == "true"

    @property
    def dead_letter_arn(self) -> str:
        """The queue that gets what can't be delivered; empty without one."""
        redrive = redrive_policy(self.raw.get("RedrivePolicy", ""))
        return redrive.dead_letter_arn if redrive else ""

    @property
    def owner(self) -> str:
        return self.raw.get("Owner", "")


@dataclass(frozen=True, slots=True)
class QueueReading:
    """The last reading of a queue that a subscription names: its attributes, or why they could not be read. `is_gone`
    where the queue is of the topic's own account and does not exist: of another account's queue SQS says the same
    where it only may not be seen."""

    arn: str
    attributes: QueueAttributes | None = None
    error: ConnectorError | None = None
    is_gone: bool = False

    @property
    def name(self) -> str:
        return self.arn.rsplit(":", 1)[-1]

    @property
    def visible(self) -> int | None:
        return self.attributes.counts.visible if self.attributes else None


@dataclass(frozen=True, slots=True)
class SubscriptionTally:
    """The subscriptions of one topic, deleted ones left out: how many, how many of them are pending, and their
    protocols, sorted. `subscriptions` are those of ListSubscriptions, which has this account's only. `topic_is_gone`
    says that they are all that is left of a topic."""

    total: int = 0
    pending: int = 0
    protocols: tuple[str, ...] = ()
    subscriptions: tuple[Subscription, ...] = field(default=(), repr=False)
    topic_is_gone: bool = False


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


@dataclass(frozen=True, slots=True)
class PublishDraft:
    """A message to be published. An empty text leaves the field out."""

    body: str = field(repr=False)
    attributes: tuple[MessageAttribute, ...] = field(default=(), repr=False)
    subject: str = ""
    group_id: str = ""
    deduplication_id: str = ""

    @property
    def size(self) -> int:
        """Bytes of body and attributes together (name, type and value), as SNS counts them."""
        return len(utf8(self.body)) + sum(attribute.size for attribute in self.attributes)

    @property
    def filter_message(self) -> FilterMessage:
        """The message as filter policies look at it."""
        attributes = {each.name: Attribute(each.data_type, each.text or "") for each in self.attributes}
        return FilterMessage(self.body, attributes)


@dataclass(frozen=True, slots=True)
class Published:
    message_id: str
    sequence_number: str
    """Empty on a standard topic."""
    request_id: str


def _arn_part(arn: str, index: int) -> str:
    parts = arn.split(":", 5)
    return parts[index] if len(parts) == 6 else ""
