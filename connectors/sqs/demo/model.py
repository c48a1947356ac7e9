"""What a demo story is made of: queues with their settings and the messages that lie in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from json import dumps
from typing import NamedTuple

# The night the story is about. Fixed, so that every body is the same every time.
MIDNIGHT = datetime(2026, 3, 11, tzinfo=UTC)


class Typed(NamedTuple):
    """A message attribute with a custom label on its type, such as `Number.float`."""

    data_type: str
    value: str


# str is a String, int a Number, bytes a Binary attribute.
AttributeValue = str | int | bytes | Typed


@dataclass(frozen=True, slots=True)
class Message:
    body: str
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    group_id: str | None = None
    deduplication_id: str | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue to create and fill; a DLQ comes before its sources in a story.

    `settings` are attributes by the API's names. Every message is received and let go `earlier_receives` times, then
    `in_flight` of them are received and kept for twelve hours, as by a consumer that hangs. `senders` are the topics
    that the queue's policy lets send; the first queue of a story has none, for its ARN tells the account of the others.
    """

    name: str
    messages: tuple[Message, ...] = ()
    dead_letter_queue: str | None = None
    max_receive_count: int = 5
    settings: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    earlier_receives: int = 0
    in_flight: int = 0
    senders: tuple[str, ...] = ()

    @property
    def fifo(self) -> bool:
        return self.name.endswith(".fifo")

    @property
    def delayed(self) -> int:
        """Messages that cannot be received yet."""
        return len(self.messages) if int(self.settings.get("DelaySeconds", "0")) else 0

    @property
    def visible(self) -> int:
        return len(self.messages) - self.delayed - self.in_flight


def json_body(value: object) -> str:
    """Compact JSON, as services write it; text stays text instead of `\\u` escapes."""
    return dumps(value, ensure_ascii=False, separators=(",", ":"))


def at(hours: int, minutes: int, seconds: int = 0) -> str:
    """A moment of the story's night, as ISO 8601 in UTC."""
    moment = MIDNIGHT + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def made_id(*parts: object, length: int = 32) -> str:
    """A hexadecimal id that looks random and is the same every time."""
    return sha256("/".join(map(str, parts)).encode()).hexdigest()[:length]
