"""What SQS holds, as frozen dataclasses. Texts are as the service sent them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from connectors.errors import ConnectorError

LAST_RECEIVES_ASK = 3
"""With a maxReceiveCount of this or less, one look can send a message to the dead-letter queue."""


@dataclass(frozen=True, slots=True)
class Queue:
    url: str

    @property
    def name(self) -> str:
        return self.url.rstrip("/").rsplit("/", 1)[-1]

    @property
    def account(self) -> str:
        """The account that owns it; empty where the URL names none."""
        account = self.url.rstrip("/").rsplit("/", 2)[-2]
        return account if len(account) == 12 and account.isdecimal() else ""

    @property
    def is_fifo(self) -> bool:
        return self.name.endswith(".fifo")

    @property
    def type(self) -> str:
        return "fifo" if self.is_fifo else "standard"


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some of the queues. `complete` is True on the last page."""

    queues: tuple[Queue, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class RedrivePolicy:
    """Where messages go that were received more than `max_receive_count` times."""

    dead_letter_arn: str
    max_receive_count: int | None

    @property
    def dead_letter_name(self) -> str:
        return self.dead_letter_arn.rsplit(":", 1)[-1]


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """ApproximateNumberOfMessages*, None where the endpoint did not send one; approximate for about a minute."""

    visible: int | None
    in_flight: int | None
    delayed: int | None

    @property
    def total(self) -> int | None:
        """All messages of the queue; None where one of the counts is unknown."""
        if self.visible is None or self.in_flight is None or self.delayed is None:
            return None
        return self.visible + self.in_flight + self.delayed


@dataclass(frozen=True, slots=True)
class QueueAttributes:
    """GetQueueAttributes with `All`. Times in seconds, sizes in bytes; `raw` holds every attribute as it came."""

    queue: Queue
    arn: str
    counts: QueueCounts
    redrive: RedrivePolicy | None
    raw: Mapping[str, str] = field(repr=False)

    @property
    def dead_letters_here(self) -> str | None:
        """The name of the dead-letter queue where it is of the account and region of this queue: a list of both has it.
        A queue of that name in another account or region is another queue."""
        if self.redrive is None:
            return None
        here, target = arn_parts(self.arn), arn_parts(self.redrive.dead_letter_arn)
        return target[2] if here[:2] in (("", ""), target[:2]) else None

    @property
    def dead_letters_elsewhere(self) -> str:
        """Account and region of a dead-letter queue that is of others than this queue, in words; else empty."""
        if self.redrive is None or self.dead_letters_here is not None:
            return ""
        region, account, _ = arn_parts(self.redrive.dead_letter_arn)
        return f"account {account} in {region}"

    def seconds(self, name: str) -> int | None:
        return whole_number(self.raw.get(name))

    @property
    def maximum_message_size(self) -> int | None:
        return whole_number(self.raw.get("MaximumMessageSize"))

    @property
    def content_based_deduplication(self) -> bool:
        return self.raw.get("ContentBasedDeduplication", "").lower() == "true"

    @property
    def deduplicates_by_group(self) -> bool:
        """Whether the same deduplication id in two message groups is no duplicate."""
        return self.raw.get("DeduplicationScope", "").lower() == "messagegroup"

    def moment(self, name: str) -> datetime | None:
        """CreatedTimestamp or LastModifiedTimestamp, which are seconds since 1970."""
        return _moment(self.raw.get(name), 1)


@dataclass(frozen=True, slots=True)
class MessageAttribute:
    """One message attribute. `data_type` is String, Number or Binary, maybe with a custom label (`Number.int`).
    Binary has `binary`, the others `text`."""

    name: str
    data_type: str
    text: str | None = None
    binary: bytes | None = None

    @property
    def size(self) -> int:
        """Bytes that count against the message's maximum: name, type and value."""
        value = self.binary if self.binary is not None else utf8(self.text or "")
        return len(utf8(self.name)) + len(utf8(self.data_type)) + len(value)


@dataclass(frozen=True, slots=True)
class Message:
    """One received message. `system_attributes` holds every MessageSystemAttribute as it came.

    `lease_ends` is on the clock's monotonic scale, counted from before the call, so that it never claims more time
    than there is. From then on the receipt handle may delete nothing and say that it did. `received_at` is the moment
    of the receive on the same scale, not later than the service's; None where it is not known.
    """

    queue: Queue
    message_id: str
    receipt_handle: str = field(repr=False)
    body: str = field(repr=False)
    attributes: tuple[MessageAttribute, ...] = field(repr=False)
    system_attributes: Mapping[str, str] = field(repr=False)
    lease_ends: float
    received_at: float | None = None

    @property
    def receive_count(self) -> int | None:
        """How often it was received, this look included (ApproximateReceiveCount)."""
        return whole_number(self.system_attributes.get("ApproximateReceiveCount"))

    @property
    def group_id(self) -> str | None:
        return self.system_attributes.get("MessageGroupId")

    def moment(self, name: str) -> datetime | None:
        """SentTimestamp or ApproximateFirstReceiveTimestamp, which are milliseconds since 1970."""
        return _moment(self.system_attributes.get(name), 1000)

    @property
    def size(self) -> int:
        """Bytes of body and attributes together, as SQS counts them."""
        return len(utf8(self.body)) + sum(attribute.size for attribute in self.attributes)

    @property
    def held_bytes(self) -> int:
        """What it takes to keep it, about: `size` and the system attributes."""
        return self.size + sum(len(name) + len(value) for name, value in self.system_attributes.items())


@dataclass(frozen=True, slots=True)
class Look:
    """What one ReceiveMessage brought. `lease_ends` as in `Message`."""

    messages: tuple[Message, ...]
    lease_ends: float
    request_id: str


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """What the service answered for one message of a batch. `reason` is empty where it was confirmed; `unknown` says
    that it may or may not have happened, `gone` that the service knows no such message under its receipt handle any
    more."""

    message_id: str
    confirmed: bool
    reason: str = ""
    unknown: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """What extending leases came to: the messages with their new `lease_ends`, and an outcome for each other one.
    `error` is the first failure of a whole call."""

    renewed: tuple[Message, ...]
    failed: tuple[EntryOutcome, ...]
    error: ConnectorError | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be sent. None leaves a field to the queue's own setting."""

    body: str = field(repr=False)
    attributes: tuple[MessageAttribute, ...] = field(default=(), repr=False)
    delay_seconds: int | None = None
    group_id: str | None = None
    deduplication_id: str | None = None

    @property
    def size(self) -> int:
        """Bytes of body and attributes together, as SQS counts them."""
        return len(utf8(self.body)) + sum(attribute.size for attribute in self.attributes)


class Duplicate(StrEnum):
    """Whether SQS took a message for a duplicate of an earlier one and added nothing. `MAYBE` where it should have and
    answered with an id of its own."""

    NO = "no"
    MAYBE = "maybe"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A message that this run sent to a FIFO queue `at` a moment on the clock's monotonic scale. `message_id` is empty
    where no answer came."""

    message_id: str
    at: float


@dataclass(frozen=True, slots=True)
class Sent:
    """`earlier` is the message of this run of which it is, or may be, a duplicate."""

    message_id: str
    sequence_number: str | None
    request_id: str
    duplicate: Duplicate = Duplicate.NO
    earlier: Earlier | None = None


def arn_parts(arn: str) -> tuple[str, str, str]:
    """Region, account and name in the ARN of a queue, `arn:aws:sqs:REGION:ACCOUNT:NAME`; empty what it lacks."""
    parts = arn.split(":", 5)
    region, account, name = parts[3:6] if len(parts) == 6 else ("", "", parts[-1])
    return region, account, name


def _moment(text: object, per_second: int) -> datetime | None:
    number = whole_number(text)
    try:
        moment = None if number is None else datetime.fromtimestamp(number / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return None  # a number that is no moment of this calendar
    # in the first and last year some time zone has no name for it
    return moment if moment and datetime.min.year < moment.year < datetime.max.year else None


def utf8(text: str) -> bytes:
    """An emulator may send half of a surrogate pair; it counts and must not fail."""
    return text.encode(errors="surrogatepass")


def whole_number(text: object) -> int | None:
    """An attribute's number; emulators and services send them as text, as number, or not at all. One that doesn't fit
    in 64 bits is none."""
    try:
        number = int(float(str(text))) if "." in str(text) else int(str(text))
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 2**63 else None
