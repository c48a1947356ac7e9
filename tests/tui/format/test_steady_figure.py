"""What must not flicker: figures that move a little, and rows that were read anew and say the same."""

from dataclasses import replace

from connectors.errors import ConnectorError, Step
from connectors.sqs.models import Queue, QueueAttributes, QueueCounts
from connectors.sqs.state import QueueState
from tui.format.steady_figure import Steady
from tui.sqs.queue_rows import QueueRow

ORDERS = Queue("http://127.0.0.1/000000000000/orders")


def read(visible: int, at: float) -> QueueState:
    counts = QueueCounts(visible, 0, 0)
    attributes = QueueAttributes(ORDERS, "arn:aws:sqs:us-east-1:000000000000:orders", counts, None, {})
    return QueueState(ORDERS, attributes, read_at=at, first_visible=5, first_read_at=0.0)


def test_a_figure_that_moves_by_less_than_a_tenth_stays_as_it_was_said() -> None:
    calls = Steady()
    assert calls.about(461.5) == 460
    assert [calls.about(value) for value in (480.0, 430.0, 505.0)] == [460, 460, 460]
    assert calls.about(520.0) == 520
    assert calls.about(0.0) == 0


def test_a_figure_of_few_digits_is_said_as_it_is() -> None:
    assert [Steady().about(value) for value in (9.0, 42.0, 123.0, 41_234.0)] == [9, 42, 120, 41_000]


def test_a_row_that_was_read_again_and_says_the_same_is_no_change() -> None:
    assert QueueRow(read(5, at=10.0)) == QueueRow(read(5, at=15.0))


def test_a_row_that_says_something_else_is_a_change() -> None:
    before = QueueRow(read(5, at=10.0))
    dead_letter = QueueState(Queue(ORDERS.url + "-dlq"))
    error = ConnectorError(Step.THROTTLE, "slow down")
    for after in (
        QueueRow(read(6, at=10.0)),
        QueueRow(read(5, at=10.0), stale=True),
        QueueRow(replace(read(5, at=10.0), error=error)),
        QueueRow(replace(read(5, at=10.0), attributes=None)),
        QueueRow(replace(read(5, at=10.0), first_visible=0)),
    ):
        assert after != before
    assert QueueRow(read(5, 10.0), replace(dead_letter, attributes=read(7, 1.0).attributes)) != QueueRow(
        read(5, 10.0), dead_letter
    )
