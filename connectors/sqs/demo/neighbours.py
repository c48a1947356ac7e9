"""The other teams' queues, so that the list is as long as a real account's."""

from collections.abc import Iterator
from typing import Any

from connectors.sqs.demo.model import Message, Queue, at, json_body, made_id

# Team, what the queue is for, messages waiting in it, and in its DLQ (None: it has none).
_TEAMS: tuple[tuple[str, str, int, int | None], ...] = (
    ("billing", "invoice-created", 3, 0),
    ("billing", "invoice-reminders", 0, None),
    ("billing", "refunds", 1, 2),
    ("billing", "tax-reports", 0, None),
    ("catalog", "image-uploads", 2, None),
    ("catalog", "price-updates", 5, 1),
    ("catalog", "stock-levels", 4, None),
    ("data", "exports", 0, None),
    ("data", "warehouse-load", 2, 0),
    ("fulfilment", "label-prints", 1, None),
    ("fulfilment", "pick-lists", 0, None),
    ("fulfilment", "returns", 2, 3),
    ("identity", "audit-trail", 5, None),
    ("identity", "signup-events", 1, None),
    ("ledger", "postings.fifo", 3, 0),
    ("marketing", "audience-sync", 0, 1),
    ("marketing", "coupon-redemptions", 2, None),
    ("marketing", "newsletter-sends", 0, None),
    ("platform", "cleanup-jobs", 0, None),
    ("platform", "config-changes", 1, None),
    ("platform", "nightly-reports", 0, None),
    ("risk", "fraud-checks", 4, 0),
    ("search", "index-updates", 3, 0),
    ("search", "query-log", 5, None),
    ("support", "chat-transcripts", 0, None),
    ("support", "satisfaction-surveys", 0, None),
    ("support", "ticket-created", 2, None),
)
# The topics that a queue's policy lets send. `fulfilment-returns` still names the topic before `order-events`.
_SENDERS: dict[str, tuple[str, ...]] = {
    "billing-invoice-created": ("order-events",),
    "billing-refunds": ("refund-events",),
    "catalog-image-uploads": ("image-uploads",),
    "catalog-price-updates": ("catalog-changes",),
    "catalog-stock-levels": ("catalog-changes",),
    "data-warehouse-load": ("audit-events",),
    "fulfilment-returns": ("order-events-v1",),
    "identity-audit-trail": ("audit-events",),
    "identity-signup-events": ("customer-events",),
    "marketing-audience-sync": ("customer-events",),
    "marketing-coupon-redemptions": ("coupon-events",),
    "platform-config-changes": ("config-changes",),
    "platform-webhooks-dlq": ("webhook-events",),
    "platform-webhooks-out": ("webhook-events",),
    "risk-fraud-checks": ("fraud-signals",),
    "search-index-updates": ("catalog-changes",),
    "support-chat-transcripts": ("support-events",),
    "support-satisfaction-surveys": ("support-events",),
    "support-ticket-created": ("stock-alarms",),
}
# Two sources that share one DLQ.
_SHARED_DLQ = "platform-webhooks-dlq"
_SHARING = ("platform-webhooks-out", "platform-webhook-retries")


def _message(queue: str, number: int) -> Message:
    return Message(
        json_body(
            {
                "type": queue.removesuffix(".fifo"),
                "id": made_id(queue, number, length=12),
                "at": at(6, 10 + number, number * 9),
                "sequence": number,
            }
        ),
        {"trace_id": made_id("trace", queue, number)},
        group_id="book-2026" if queue.endswith(".fifo") else None,
        deduplication_id=made_id("dedup", queue, number) if queue.endswith(".fifo") else None,
    )


def _messages(queue: str, count: int) -> tuple[Message, ...]:
    return tuple(_message(queue, number) for number in range(count))


def _queue(name: str, messages: int, team: str, **more: Any) -> Queue:
    tags = {"team": team, "env": "demo"}
    return Queue(name, _messages(name, messages), tags=tags, senders=_SENDERS.get(name, ()), **more)


def _queues() -> Iterator[Queue]:
    for_dead_letters = {"MessageRetentionPeriod": "1209600"}
    for team, purpose, waiting, dead in _TEAMS:
        name = f"{team}-{purpose}"
        base, dot, suffix = name.partition(".")
        dlq = None if dead is None else f"{base}-dlq{dot}{suffix}"
        if dlq is not None:
            yield _queue(dlq, dead or 0, team, settings=for_dead_letters)
        yield _queue(name, waiting, team, dead_letter_queue=dlq)
    yield _queue(_SHARED_DLQ, 2, "platform", settings=for_dead_letters)
    for name in _SHARING:
        yield _queue(name, 1, "platform", dead_letter_queue=_SHARED_DLQ, max_receive_count=10)


NEIGHBOURS = tuple(_queues())
