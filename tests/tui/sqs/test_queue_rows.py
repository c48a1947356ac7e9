"""Which rows of the list of queues are painted anew: those that say something else than before."""

from dataclasses import replace

from connectors.errors import ConnectorError, Step
from connectors.sqs.models import Queue, QueueAttributes, QueueCounts
from connectors.sqs.state import QueueState
from tui.sqs.queue_rows import QueueRow

ORDERS = Queue("http://127.0.0.1/000000000000/orders")


def read(visible: int, at: float) -> QueueState:
    counts = QueueCounts(visible, 0, 0)
    attributes = QueueAttributes(ORDERS, "arn:aws:sqs:us-east-1:000000000000:orders", counts, None, {})
    return QueueState(ORDERS, attributes, read_at=at, first_number=5, first_read_at=0.0)


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
        QueueRow(replace(read(5, at=10.0), value=None)),
        QueueRow(replace(read(5, at=10.0), first_number=0)),
    ):
        assert after != before
    assert QueueRow(read(5, 10.0), replace(dead_letter, value=read(7, 1.0).value)) != QueueRow(
        read(5, 10.0), dead_letter
    )
