"""What the demo's topics are made of: topics and their subscriptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.sns.filter_policy import Scope


@dataclass(frozen=True, slots=True)
class Subscription:
    """`endpoint` is a queue's name where the protocol is `sqs`, else as SNS takes it; `dead_letter_queue` is a name."""

    endpoint: str
    protocol: str = "sqs"
    filter_policy: Mapping[str, Any] | None = None
    scope: Scope = Scope.ATTRIBUTES
    raw: bool = False
    dead_letter_queue: str | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """`bucket` is one of S3 that the topic's policy lets publish."""

    name: str
    subscriptions: tuple[Subscription, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    bucket: str | None = None

    @property
    def fifo(self) -> bool:
        return self.name.endswith(".fifo")
