"""What a line says about a queue and about a message, and the words of their settings."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.errors import ConnectorError, Step
from connectors.sqs.models import Message, MessageAttribute, Queue, QueueAttributes, QueueCounts, RedrivePolicy
from connectors.sqs.state import QueueState
from tui.sqs import queue_rows
from tui.sqs.changes import what_facts
from tui.sqs.message_facts import all_facts, attribute_fact, head_line, hex_dump
from tui.sqs.message_rows import HELD, MessageRow, columns, receives
from tui.sqs.queue_facts import QueueKnowledge, queue_facts
from tui.sqs.queue_rows import QueueRow
from tui.sqs.receive_cost import cost_parts, reasons_to_ask
from widgets.line import fit

NOW = datetime(2026, 3, 14, 3, 0, tzinfo=UTC)
ORDERS = Queue("https://sqs/123456789012/orders")
TO_DLQ = RedrivePolicy("arn:aws:sqs:eu-west-1:123456789012:orders-dlq", 5)


def attributes(
    visible: int | None = 3,
    *,
    queue: Queue = ORDERS,
    redrive: RedrivePolicy | None = None,
    in_flight: int | None = 0,
    delayed: int | None = 0,
    **raw: str,
) -> QueueAttributes:
    return QueueAttributes(queue, "arn", QueueCounts(visible, in_flight, delayed), redrive, raw)


def state(visible: int | None = 3, **more: Any) -> QueueState:
    return QueueState(ORDERS, attributes(visible, **more), read_at=0.0, first_number=visible, first_read_at=0.0)


def cells(row: QueueRow) -> dict[str, str]:
    return {column.key: column.text(row) for column in queue_rows.COLUMNS}


DENIED = ConnectorError(Step.PERMISSION, "denied", operation="GetQueueAttributes")
THROTTLED = ConnectorError(Step.THROTTLE, "slow down", operation="GetQueueAttributes")


# -- queues -------------------------------------------------------------------------------------------------------


def test_a_queue_that_was_not_read_yet_has_dashes_and_no_zero() -> None:
    shown = cells(QueueRow(QueueState(ORDERS)))
    assert (shown["visible"], shown["in_flight"], shown["delayed"], shown["dlq"], shown["change"]) == ("–",) * 5
    assert shown["name"] == "orders"


def test_a_queue_that_may_not_be_read_loses_its_old_counts_and_names_the_step() -> None:
    shown = cells(QueueRow(replace(state(41), error=DENIED)))
    assert shown["visible"] == "–"
    assert shown["name"] == "orders  (permission)"


def test_a_failure_of_the_way_keeps_the_counts_and_marks_them() -> None:
    shown = cells(QueueRow(replace(state(41), error=THROTTLED), stale=True))
    assert shown["visible"] == "~41"
    assert shown["name"] == "orders"


def test_a_count_that_the_endpoint_does_not_send_is_unknown() -> None:
    shown = cells(QueueRow(state(None, in_flight=None, delayed=None)))
    assert (shown["visible"], shown["in_flight"], shown["delayed"]) == ("–", "–", "–")


@pytest.mark.parametrize(
    ("source", "dead_letter", "shown"),
    [
        (state(redrive=TO_DLQ), state(40), "▲ 40"),
        (state(redrive=TO_DLQ), state(1234), "▲ 1,234"),
        (state(redrive=TO_DLQ), state(0), "·"),
        (state(redrive=TO_DLQ), None, "–"),
        (state(redrive=TO_DLQ), replace(state(40), error=DENIED), "–"),
        (state(), None, ""),
    ],
)
def test_the_dlq_s_count_is_marked_when_it_is_not_zero_and_unknown_when_it_is(
    source: QueueState, dead_letter: QueueState | None, shown: str
) -> None:
    row = QueueRow(source, dead_letter)
    assert cells(row)["dlq"] == shown
    [column] = [column for column in queue_rows.COLUMNS if column.key == "dlq"]
    assert (column.style(row) == "error") == shown.startswith("▲")


@pytest.mark.parametrize(
    ("first", "last", "after", "shown"),
    [(10, 40, 60, "+30.0"), (40, 10, 60, "-30.0"), (10, 10, 60, ""), (0, 1000, 60, "+1,000"), (1, 2, 0.5, "")],
)
def test_the_change_is_per_minute_with_its_sign(first: int, last: int, after: float, shown: str) -> None:
    row = QueueRow(replace(state(last), first_number=first, read_at=after))
    assert cells(row)["change"] == shown


def test_what_the_endpoint_does_not_send_is_a_dash_among_the_facts() -> None:
    facts = {fact.label: fact.value for fact in queue_facts(QueueKnowledge("orders", ORDERS, attributes()), NOW)}
    assert facts["visibility timeout"] == "–"
    assert facts["maximum size"] == "–"
    assert facts["created"] == "–"
    assert facts["tags"] == "–"
    assert facts["DLQ of"] == "reading…"


def test_a_fifo_queue_names_its_deduplication_and_throughput() -> None:
    fifo = Queue("https://sqs/1/pay.fifo")
    known = attributes(queue=fifo, ContentBasedDeduplication="true", DeduplicationScope="messageGroup")
    facts = {fact.label: fact.value for fact in queue_facts(QueueKnowledge("pay.fifo", fifo, known), NOW)}
    assert facts["type"] == "fifo, content-based deduplication on"
    assert facts["fifo"] == "deduplication scope messageGroup, throughput limit perQueue"


# -- the cost of a look -------------------------------------------------------------------------------------------


def knowledge(redrive: RedrivePolicy | None = None, name: str = "orders") -> QueueKnowledge:
    queue = Queue(f"https://sqs/1/{name}")
    return QueueKnowledge(name, queue, attributes(queue=queue, redrive=redrive))


@pytest.mark.parametrize("limit", [1, 2, 3, None])
def test_a_small_or_unknown_limit_asks_each_time(limit: int | None) -> None:
    policy = RedrivePolicy("arn:aws:sqs:eu-west-1:1:dead", limit)
    assert reasons_to_ask(knowledge(policy), False, agreed=True)


def test_a_larger_limit_asks_once_and_no_policy_never() -> None:
    assert reasons_to_ask(knowledge(TO_DLQ), False, agreed=False)
    assert not reasons_to_ask(knowledge(TO_DLQ), False, agreed=True)
    assert not reasons_to_ask(knowledge(), False, agreed=False)


def test_read_only_and_an_unread_queue_always_ask() -> None:
    assert reasons_to_ask(knowledge(), True, agreed=True)
    assert reasons_to_ask(QueueKnowledge("orders"), False, agreed=True)


@pytest.mark.parametrize(
    "name", ["pay.fifo", "a-name-that-is-as-long-as-a-queue-may-be-named" * 1 + "-and-longer.fifo"]
)
def test_at_80_columns_the_cost_keeps_its_last_words(name: str) -> None:
    policy = RedrivePolicy(f"arn:aws:sqs:eu-west-1:1:dlq-of-{name}", 5)
    line = "".join(part.text for part in fit(cost_parts(knowledge(policy, name), "p"), 80))
    assert "adds 1 receive" in line
    assert "after 5" in line
    assert line.endswith("Groups wait.")


# -- messages -----------------------------------------------------------------------------------------------------


def message(body: str = "hello", count: int | None = 1, *given: MessageAttribute, **system: str) -> Message:
    if count is not None:
        system["ApproximateReceiveCount"] = str(count)
    return Message(ORDERS, "m-1", "handle", body, given, system, lease_ends=30.0)


@pytest.mark.parametrize(
    ("count", "limit", "shown"),
    [(3, 5, "3 of 5"), (5, 5, "5 of 5 LAST"), (7, 5, "7 of 5 LAST"), (3, None, "3"), (None, 5, "–")],
)
def test_receives_stand_against_the_limit_and_the_last_is_marked(
    count: int | None, limit: int | None, shown: str
) -> None:
    row = MessageRow(message(count=count), limit)
    assert receives(row) == shown
    assert row.on_last_receive == shown.endswith("LAST")


def test_a_body_of_many_lines_is_one_line_of_the_list() -> None:
    [body] = [
        column for column in columns(fifo=False, lease=lambda message: HELD, now=lambda: NOW) if column.key == "body"
    ]
    assert len(body.text(MessageRow(message("x" * 10_000), None))) <= 400


def test_the_group_has_a_column_of_its_own_where_groups_matter() -> None:
    at_80 = {
        fifo: [c.key for c in columns(fifo=fifo, lease=lambda message: HELD, now=lambda: NOW) if c.min_total <= 80]
        for fifo in (True, False)
    }
    assert "group" in at_80[True]
    assert "group" not in at_80[False]


def test_binary_is_a_hex_dump_with_offsets_that_says_what_it_leaves_out() -> None:
    assert hex_dump(b"\x00\x1b[A~\x7f") == f"000  {'00 1b 5b 41 7e 7f':<23}  ..[A~."
    long = hex_dump(bytes(600)).splitlines()
    assert long[1].startswith("008  00")
    assert long[-1] == "… 88 more bytes"
    shown = attribute_fact(MessageAttribute("digest", "Binary.sha", binary=b"\xff")).value
    assert shown.startswith("Binary.sha, 1 bytes\n000  ff")


def test_the_head_warns_of_the_last_receive() -> None:
    facts = {fact.label: fact for fact in head_line(MessageRow(message(count=5), 5), NOW)}
    assert facts["receives"].style == "error"
    assert "the next receive moves it to the dead-letter queue" in facts["receives"].value


def test_every_system_attribute_is_shown_also_one_that_nobody_knows() -> None:
    sent = str(int(NOW.timestamp() * 1000) - 60_000)
    row = MessageRow(message("hello", 2, SentTimestamp=sent, SequenceNumber="188", Brandnew="x"), 5)
    facts = {fact.label: fact.value for fact in all_facts(row, NOW, "once in this run")}
    assert facts["sent"] == "2026-03-14 02:59:00 (1 min ago)"
    assert facts["sequence number"] == "188"
    assert facts["Brandnew"] == "x"
    assert facts["receives"] == "2 of 5"


def test_a_question_names_the_first_messages_and_how_many_more_there_are() -> None:
    several = [
        replace(
            message(f"body\n of {number} " + "x" * 500, **({"MessageGroupId": "blue"} if number else {})),
            message_id=f"{number:08}-0000",
        )
        for number in range(5)
    ]
    [one, what] = what_facts(several[:1])
    assert (one.label, one.value) == ("message", "00000000-0000")
    assert what.value == "body of 0 " + "x" * 49 + "…"
    lines = [fact.value for fact in what_facts(several)]
    assert [lines[0], lines[-1]] == ["5", "and 2 more"]
    assert lines[2].startswith("00000001  blue  body of 1 xxx")
    assert len(lines) == 5
