"""The queues beside the bad night: mails that wait, thumbnails that hang, events that come in, and an empty one."""

from connectors.sqs.demo.model import Message, Queue, at, json_body, made_id
from connectors.sqs.demo.orders import CUSTOMERS

TEMPLATES = ("order-confirmation", "parcel-on-its-way", "back-in-stock", "rate-your-order")
PAGES = ("/", "/search", "/lamps", "/rugs", "/books/字典", "/cart", "/checkout")
EVENTS = ("page_view", "page_view", "search", "add_to_cart", "page_view", "checkout_step")
STUCK_IMAGE = "original-0007.tiff"


def _email(number: int) -> Message:
    template = TEMPLATES[number % len(TEMPLATES)]
    return Message(
        json_body(
            {
                "template": template,
                "to": f"customer-{number:02d}@example.com",
                "salutation": CUSTOMERS[number % len(CUSTOMERS)]["name"],
                "language": CUSTOMERS[number % len(CUSTOMERS)]["country"].lower(),
                "order_id": f"ORD-{104200 + number}",
                "queued_at": at(6, number * 2, number * 5),
            }
        ),
        {"template": template, "trace_id": made_id("email", number)},
    )


def _thumbnail(number: int, image: str) -> Message:
    return Message(
        json_body(
            {
                "bucket": "demo-product-images",
                "key": f"incoming/2026/03/11/{image}",
                "bytes": 2_400_000 + number * 131_071,
                "sizes": [[96, 96], [320, 320], [1200, 900]],
            }
        ),
        {"trace_id": made_id("thumbnail", number), "attempt": 1 + number % 2},
    )


def _event(number: int) -> Message:
    event = EVENTS[number % len(EVENTS)]
    return Message(
        json_body(
            {
                "event": event,
                "session": made_id("session", number % 23, length=12),
                "page": PAGES[number * 5 % len(PAGES)],
                "at": at(6, number // 5, number * 12 % 60),
                "duration_ms": 40 + number * 97 % 1900,
            }
        ),
        {"event": event},
    )


_IMAGES = {"team": "media", "env": "demo"}

EMAILS = Queue(
    "emails",
    tuple(_email(number) for number in range(12)),
    settings={"DelaySeconds": "900"},
    tags={"team": "customer-messages", "env": "demo"},
)
THUMBNAILS_DLQ = Queue(
    "thumbnails-dlq",
    tuple(
        Message(
            _thumbnail(number, STUCK_IMAGE).body,
            {"error": "DecoderKilled", "exit_code": 137, "failed_at": at(3, 14 + number), "attempt": 3},
        )
        for number in range(2)
    ),
    settings={"MessageRetentionPeriod": "1209600"},
    tags=_IMAGES,
)
# Six hang with a consumer. The other three were received twice already: one more receive is their last.
THUMBNAILS = Queue(
    "thumbnails",
    tuple(_thumbnail(number, f"original-{number:04d}.tiff") for number in range(9)),
    dead_letter_queue=THUMBNAILS_DLQ.name,
    max_receive_count=3,
    settings={"VisibilityTimeout": "43200"},
    tags=_IMAGES,
    earlier_receives=2,
    in_flight=6,
)
ANALYTICS_EVENTS = Queue(
    "analytics-events",
    tuple(_event(number) for number in range(150)),
    settings={"MessageRetentionPeriod": "86400"},
    tags={"team": "data", "env": "demo"},
    senders=("order-events",),
)
SHIPPING = Queue(
    "shipping",
    settings={"ReceiveMessageWaitTimeSeconds": "20"},
    tags={"team": "fulfilment", "env": "demo"},
    senders=("order-events",),
)
