"""`orders` and the forty that failed: a bad night of a webshop, with four causes to find.

02:10 to 02:41 the payment provider hangs (17). All night a supplier sells articles that the catalogue does not know
(11), and a new address form lets postcodes through that the carrier refuses (8). At 04:00 the storefront of one tenant
starts to write schema version 3 (4).
"""

from collections.abc import Iterator

from connectors.sqs.demo.model import Message, Queue, at, json_body, made_id

TENANTS = ("nordlicht", "petit-quai", "sakura-books", "brightmart")
CONSUMERS = ("order-worker-1", "order-worker-2", "order-worker-3")
MAX_RECEIVE_COUNT = 5

# Placeholder names of their countries, at addresses that do not exist.
CUSTOMERS: tuple[dict[str, str], ...] = (
    {
        "name": "Jürgen Müßig",
        "street": "Prüfstraße 12",
        "postcode": "00001",
        "city": "Übungsstadt",
        "country": "DE",
    },
    {
        "name": "Zoë Exemple",
        "street": "3, quai des Épreuves",
        "postcode": "00200",
        "city": "Exempleville",
        "country": "FR",
    },
    {"name": "見本 花子", "street": "架空町1丁目2番3号", "postcode": "000-0003", "city": "例示市", "country": "JP"},
    {"name": "Łucja Przykład", "street": "ul. Testowa 4/5", "postcode": "00-004", "city": "Wzorów", "country": "PL"},
    {"name": "Sam Sample", "street": "5 Specimen Row", "postcode": "ZZ1 1ZZ", "city": "Exampleton", "country": "GB"},
    {"name": "Åse Eksempel", "street": "Prøveveien 6", "postcode": "0006", "city": "Eksempelø", "country": "NO"},
)
ARTICLES: tuple[tuple[str, str, int], ...] = (
    ("LMP-0042-BRS", "Desk lamp, brass", 4990),
    ("BOK-1187", "字典 第七版", 3300),
    ("MUG-0007-BLU", "Mug “Grüße”, blue", 1290),
    ("RUG-0311-140", "Wool rug 140×200", 18900),
    ("CLK-0090", "Wall clock", 5400),
    ("TEA-0205-250", "Thé fumé, 250 g", 980),
)
UNKNOWN_SKUS = ("SUP-88120-X", "SUP-88121-X", "SUP-90007-Q")


def _order(number: int, **changes: object) -> dict[str, object]:
    customer = CUSTOMERS[number % len(CUSTOMERS)]
    lines = [
        {"sku": sku, "title": title, "quantity": 1 + (number + place) % 3, "unit_price": price}
        for place, (sku, title, price) in enumerate(
            ARTICLES[(number + offset) % len(ARTICLES)] for offset in range(1 + number % 3)
        )
    ]
    return {
        "schema_version": 2,
        "order_id": f"ORD-{104200 + number}",
        "tenant": TENANTS[number % len(TENANTS)],
        "placed_at": at(6, number, number * 13 % 60),
        "currency": "JPY" if customer["country"] == "JP" else "EUR",
        "total": sum(int(str(line["unit_price"])) * int(str(line["quantity"])) for line in lines),
        "customer": {"id": f"C-{made_id('customer', number % 6, length=8)}", "name": customer["name"]},
        "shipping_address": {name: customer[name] for name in ("street", "postcode", "city", "country")},
        "lines": lines,
        "gift": number % 7 == 0,
        "note": None,
    } | changes


def _waiting(number: int) -> Message:
    order = _order(number)
    return Message(
        json_body(order),
        {
            "tenant": str(order["tenant"]),
            "trace_id": made_id("order", number),
            "priority": 1 + number % 3,
            "source": "storefront" if number % 4 else "marketplace",
        },
    )


def _failed(number: int, minute: int, error: str, order: dict[str, object], failure: dict[str, object]) -> Message:
    """An order that was given up `minute` minutes after midnight, a little after it was placed."""
    second = number * 23 % 60
    placed_at = at(0, minute - 4 - number % 5, second)
    return Message(
        json_body(order | {"placed_at": placed_at, "failure": {"error": error, **failure}}),
        {
            "tenant": str(order["tenant"]),
            "trace_id": made_id("failed order", number),
            "error": error,
            "failed_at": at(0, minute, second),
            "consumer": CONSUMERS[number % len(CONSUMERS)],
            "attempt": MAX_RECEIVE_COUNT,
        },
    )


def _payment_timeouts() -> Iterator[Message]:
    for count in range(17):
        number = 100 + count
        order = _order(number)
        request = {"amount": order["total"], "currency": order["currency"], "reference": order["order_id"]}
        yield _failed(
            number,
            130 + count * 31 // 16,
            "PaymentProviderTimeout",
            order,
            {
                "message": "no answer from the payment provider within 10000 ms",
                "endpoint": "https://psp.example.com/v1/authorizations",
                "elapsed_ms": 10000 + (count * 37) % 90,
                # The request as it was sent: JSON in a JSON string, as logs have it.
                "request": json_body(request | {"idempotency_key": made_id("payment", number, length=16)}),
                "retryable": True,
            },
        )


def _unknown_skus() -> Iterator[Message]:
    for count in range(11):
        number = 200 + count
        sku = UNKNOWN_SKUS[count % len(UNKNOWN_SKUS)]
        lines = [{"sku": sku, "title": f"Supplier article {sku}", "quantity": 1 + count % 2, "unit_price": 2490}]
        yield _failed(
            number,
            11 + count * 33,
            "UnknownSku",
            _order(number, tenant="brightmart", lines=lines, total=2490 * (1 + count % 2)),
            {"message": f"article {sku} is not in catalogue 2026-03-10", "sku": sku, "line": 0, "retryable": False},
        )


def _invalid_postcodes() -> Iterator[Message]:
    wrong = ("0000", "N/A", "00 00 1", "〒000-0003", "ZZ1", "-", "０００３", "00001 Übungsstadt")
    for count, postcode in enumerate(wrong):
        number = 300 + count
        customer = CUSTOMERS[count % len(CUSTOMERS)]
        address = {name: customer[name] for name in ("street", "city", "country")} | {"postcode": postcode}
        yield _failed(
            number,
            65 + count * 41,
            "InvalidPostcode",
            _order(
                number,
                shipping_address=address,
                customer={"id": f"C-{made_id('customer', count, length=8)}", "name": customer["name"]},
            ),
            {
                "message": f"the carrier refuses postcode {postcode!r} for {customer['country']}",
                "field": "shipping_address.postcode",
                "carrier_answer": json_body({"code": 422, "errors": [{"path": "/consignee/zip", "value": postcode}]}),
                "retryable": False,
            },
        )


def _schema_mismatches() -> Iterator[Message]:
    for count in range(4):
        number = 400 + count
        order = _order(number, schema_version=3, tenant="petit-quai", total={"gross": 6270, "net": 5269, "vat": 1001})
        yield _failed(
            number,
            240 + count * 3,
            "SchemaVersionMismatch",
            order,
            {
                "message": "cannot read schema_version 3; this consumer knows 1 and 2",
                "found": 3,
                "known": [1, 2],
                "stack": "SchemaError: total: expected integer, found object\n"
                "    at read_order (orders/codec.py:118)\n"
                "    at handle (orders/worker.py:57)",
                "retryable": False,
            },
        )


def _dead_letters() -> tuple[Message, ...]:
    failed = [*_payment_timeouts(), *_unknown_skus(), *_invalid_postcodes(), *_schema_mismatches()]
    return tuple(sorted(failed, key=lambda message: str(message.attributes["failed_at"])))


_TAGS = {"team": "checkout", "env": "demo"}

ORDERS_DLQ = Queue(
    "orders-dlq", _dead_letters(), settings={"MessageRetentionPeriod": "1209600"}, tags=_TAGS | {"on-call": "checkout"}
)
ORDERS = Queue(
    "orders",
    tuple(_waiting(number) for number in range(25)),
    dead_letter_queue=ORDERS_DLQ.name,
    max_receive_count=MAX_RECEIVE_COUNT,
    settings={"VisibilityTimeout": "60"},
    tags=_TAGS,
)
