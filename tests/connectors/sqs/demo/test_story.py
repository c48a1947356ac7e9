"""The story that the demo tells, and the limits of SQS that every part of it keeps."""

import base64
import gzip
import json
import os
import re
import subprocess
import sys
from collections import Counter

from connectors.sqs.demo import STORY
from connectors.sqs.demo.legacy import GZIPPED, GZIPPED_TEXT
from connectors.sqs.demo.model import Message, Queue, Typed

NAMED = (
    "orders",
    "orders-dlq",
    "payments.fifo",
    "payments-dlq.fifo",
    "emails",
    "thumbnails",
    "analytics-events",
    "legacy-import",
    "shipping",
)
QUEUES = {queue.name: queue for queue in STORY}
# SendMessage: U+0009, A, D, 20-D7FF, E000-FFFD and 10000-10FFFF.
REFUSED_BY_AWS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def size(message: Message) -> int:
    """Bytes that count against MaximumMessageSize: the body, and name, type and value of each attribute."""
    total = len(message.body.encode())
    for name, value in message.attributes.items():
        data_type, content = "String", str(value).encode()
        if isinstance(value, Typed):
            data_type, content = value.data_type, value.value.encode()
        elif isinstance(value, bytes):
            data_type, content = "Binary", value
        elif isinstance(value, int):
            data_type = "Number"
        total += len(name) + len(data_type) + len(content)
    return total


def test_the_nine_queues_of_the_story_come_with_forty_more() -> None:
    assert set(NAMED) <= set(QUEUES)
    assert len(STORY) == len(QUEUES) == len(NAMED) + 40


def test_the_queues_that_the_story_is_about_are_written_first() -> None:
    assert set(NAMED) <= {queue.name for queue in STORY[:10]}


def test_a_dead_letter_queue_exists_before_the_queue_that_names_it() -> None:
    seen: set[str] = set()
    for queue in STORY:
        assert queue.dead_letter_queue is None or queue.dead_letter_queue in seen, queue.name
        seen.add(queue.name)


def test_every_queue_and_message_keeps_the_limits_of_sqs() -> None:
    for queue in STORY:
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,75}(\.fifo)?", queue.name)
        assert queue.tags["team"]
        assert queue.tags["env"]
        assert len(queue.messages) <= 200, "moto slows down with the length of a queue"
        assert len(queue.messages) <= 10 or not queue.earlier_receives, "one receive has to reach all of them"
        for message in queue.messages:
            assert message.body
            assert size(message) <= int(queue.settings.get("MaximumMessageSize", "262144"))
            assert len(message.attributes) <= 10
            assert all(re.fullmatch(r"[A-Za-z0-9_.-]{1,256}", name) for name in message.attributes)
            assert all(value != "" for value in message.attributes.values())
            assert (message.group_id is not None) == queue.fifo


def test_the_same_bodies_come_in_every_process() -> None:
    program = (
        "import hashlib; from connectors.sqs.demo import STORY\n"
        "print(hashlib.sha256(repr([(q.name, q.messages, q.tags) for q in STORY]).encode()).hexdigest())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone},
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(digests) == 1


def test_forty_orders_failed_for_four_reasons() -> None:
    messages = QUEUES["orders-dlq"].messages
    bodies = [json.loads(message.body) for message in messages]
    assert Counter(body["failure"]["error"] for body in bodies) == {
        "PaymentProviderTimeout": 17,
        "UnknownSku": 11,
        "InvalidPostcode": 8,
        "SchemaVersionMismatch": 4,
    }
    for message, body in zip(messages, bodies, strict=True):
        assert message.attributes["error"] == body["failure"]["error"]
        assert message.attributes["attempt"] == QUEUES["orders"].max_receive_count
        assert {"failed_at", "consumer", "tenant", "trace_id"} <= set(message.attributes)
        assert body["placed_at"] < str(message.attributes["failed_at"])
    assert len({body["order_id"] for body in bodies}) == 40


def test_the_failed_orders_hold_json_in_json_and_text_of_many_scripts() -> None:
    bodies = [message.body for message in QUEUES["orders-dlq"].messages]
    assert any(json.loads(json.loads(body)["failure"].get("request", "null")) for body in bodies)
    assert any("Müßig" in body for body in bodies)
    assert any("見本" in body for body in bodies)


def test_payments_wait_and_fail_in_three_groups_and_none_is_taken_for_a_duplicate() -> None:
    waiting, failed = QUEUES["payments.fifo"], QUEUES["payments-dlq.fifo"]
    assert len({message.group_id for message in waiting.messages}) == 3
    assert len({message.group_id for message in failed.messages}) == 3
    assert waiting.settings["ContentBasedDeduplication"] == "true"
    assert len({message.body for message in waiting.messages}) == len(waiting.messages)
    for queue in STORY:
        if queue.fifo and queue.settings.get("ContentBasedDeduplication") != "true":
            ids = {message.deduplication_id for message in queue.messages}
            assert None not in ids
            assert len(ids) == len(queue.messages)


def test_mails_are_delayed_thumbnails_in_flight_and_shipping_is_empty() -> None:
    def state(queue: Queue) -> tuple[int, int, int]:
        return queue.visible, queue.in_flight, queue.delayed

    assert state(QUEUES["emails"]) == (0, 0, 12)
    assert state(QUEUES["thumbnails"]) == (3, 6, 0)
    assert state(QUEUES["shipping"]) == (0, 0, 0)
    assert state(QUEUES["analytics-events"]) == (150, 0, 0)


def test_the_legacy_import_has_what_a_viewer_must_bear() -> None:
    messages = QUEUES["legacy-import"].messages
    bodies = [message.body for message in messages]
    everything = "".join(bodies)
    assert max(len(body.encode()) for body in bodies) == 900 * 1024
    assert any(len(body) > 100_000 and "\n" not in body and " " not in body for body in bodies)
    assert any(isinstance(value, bytes) for message in messages for value in message.attributes.values())
    for wanted in (
        "<?xml",
        "\\u001b[31m",
        "\x9b",
        "\u202e",
        "[bold red]",
        "[/x]",
        "[@click=app.quit]",
        "日本語",
        "\u200d",
    ):
        assert wanted in everything
    assert any("[/x]" in str(value) for message in messages for value in message.attributes.values())
    assert any("\x9b" in str(value) for message in messages for value in message.attributes.values())


def test_the_gzip_in_base64_unpacks_to_the_text_it_stands_for() -> None:
    assert GZIPPED in [message.body for message in QUEUES["legacy-import"].messages]
    assert gzip.decompress(base64.b64decode(GZIPPED)).decode() == GZIPPED_TEXT


def test_no_body_and_no_attribute_has_characters_that_aws_would_refuse() -> None:
    texts = [
        text
        for queue in STORY
        for message in queue.messages
        for text in (message.body, *map(str, message.attributes.values()))
    ]
    assert [text for text in texts if REFUSED_BY_AWS.search(text)] == []
