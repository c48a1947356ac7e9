"""`payments.fifo` and its dead letters: three merchants, three groups, one of them stuck behind a closed account."""

from connectors.sqs.demo.model import Message, Queue, at, json_body, made_id

MERCHANTS = ("merchant-1001", "merchant-1002", "merchant-2040")
KINDS = ("authorize", "capture", "settle")
MAX_RECEIVE_COUNT = 3


def _payment(number: int) -> dict[str, object]:
    return {
        "payment_id": f"PAY-{77000 + number}",
        "merchant": MERCHANTS[number % len(MERCHANTS)],
        "kind": KINDS[number // len(MERCHANTS) % len(KINDS)],
        "amount": {"value": f"{19 + number * 7 % 300}.{number * 37 % 100:02d}", "currency": "EUR"},
        "requested_at": at(5, number, number * 7 % 60),
    }


def _waiting(number: int) -> Message:
    payment = _payment(number)
    # No deduplication id: the queue makes one from the body.
    return Message(
        json_body(payment),
        {"kind": str(payment["kind"]), "trace_id": made_id("payment", number)},
        group_id=str(payment["merchant"]),
    )


def _failed(number: int) -> Message:
    payment = _payment(500 + number)
    error = "SettlementAccountClosed" if payment["merchant"] == "merchant-2040" else "LedgerOutOfBalance"
    return Message(
        json_body(payment | {"failure": {"error": error, "retryable": False}}),
        {
            "kind": str(payment["kind"]),
            "trace_id": made_id("failed payment", number),
            "error": error,
            "failed_at": at(5, 20 + number, number * 11 % 60),
            "consumer": "ledger-worker-1",
            "attempt": MAX_RECEIVE_COUNT,
        },
        group_id=str(payment["merchant"]),
        deduplication_id=made_id("failed payment", payment["payment_id"], length=24),
    )


_TAGS = {"team": "payments", "env": "demo"}

PAYMENTS_DLQ = Queue(
    "payments-dlq.fifo",
    tuple(_failed(number) for number in range(9)),
    settings={"MessageRetentionPeriod": "1209600"},
    tags=_TAGS,
)
PAYMENTS = Queue(
    "payments.fifo",
    tuple(_waiting(number) for number in range(18)),
    dead_letter_queue=PAYMENTS_DLQ.name,
    max_receive_count=MAX_RECEIVE_COUNT,
    settings={"ContentBasedDeduplication": "true", "VisibilityTimeout": "120"},
    tags=_TAGS,
    senders=("payments-topic.fifo",),
)
