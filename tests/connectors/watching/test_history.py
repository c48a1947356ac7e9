"""Counts by the minute: what was read, when, and what nobody knows."""

from dataclasses import replace

from connectors.sqs.models import Queue, QueueAttributes, QueueCounts
from connectors.sqs.state import QueueState
from connectors.watching.history import BUCKETS, History
from tests.support.clock import ManualClock

ORDERS = Queue("http://sqs/1/orders")
URL = ORDERS.url


def read(clock: ManualClock, visible: int | None) -> QueueState:
    attributes = QueueAttributes(ORDERS, "", QueueCounts(visible, 0, 0), None, {})
    return QueueState(ORDERS, attributes, read_at=clock.monotonic())


def last(history: History, count: int, state: QueueState | None = None) -> list[int | None]:
    return list(history.counts(URL, history.bucket(), state)[-count:])


def test_a_minute_keeps_its_last_count_and_shows_when_it_has_ended(clock: ManualClock) -> None:
    history = History(clock)
    history.note(URL, 5)
    clock.jump(50)
    history.note(URL, 7)
    assert last(history, 1) == [None]
    clock.jump(10)
    history.note(URL, 100)
    assert last(history, 2) == [None, 7]


def test_a_minute_without_a_reading_is_unknown_and_zero_is_zero(clock: ManualClock) -> None:
    history = History(clock)
    for visible in (0, None, None, 4):
        if visible is not None:
            history.note(URL, visible)
        clock.jump(60)
    assert last(history, 5) == [None, 0, None, None, 4]
    clock.jump(120)
    assert last(history, 4) == [None, 4, None, None]


def test_what_is_older_than_the_buckets_is_forgotten(clock: ManualClock) -> None:
    history = History(clock)
    for minute in range(BUCKETS + 5):
        history.note(URL, minute)
        clock.jump(60)
    assert last(history, BUCKETS) == list(range(5, BUCKETS + 5))
    clock.jump(60 * (BUCKETS + 3))
    history.note(URL, 1)
    clock.jump(60)
    assert last(history, BUCKETS) == [None] * (BUCKETS - 1) + [1]


def test_every_gap_between_two_readings_keeps_both_in_their_places(clock: ManualClock) -> None:
    for gap in range(1, BUCKETS + 3):
        history = History(clock)
        history.note(URL, 1)
        clock.jump(60 * gap)
        history.note(URL, 2)
        clock.jump(60)
        shown = last(history, BUCKETS)
        assert shown[-1] == 2
        assert (shown.index(1) if 1 in shown else None) == (BUCKETS - 1 - gap if gap < BUCKETS else None)


def test_buckets_are_those_of_the_wall_clock(clock: ManualClock) -> None:
    clock.jump(37)
    history = History(clock)
    assert history.seconds_left() == 23
    history.note(URL, 3)
    clock.jump(23)
    assert last(history, 1) == [3]
    assert history.seconds_left() == 60


def test_a_queue_that_was_read_once_takes_no_memory_and_still_shows_that_reading(clock: ManualClock) -> None:
    history = History(clock)
    before, after = QueueState(ORDERS), read(clock, 9)
    history.take(URL, before, after)
    clock.jump(20)
    again = read(clock, 8)
    history.take(URL, after, again)
    assert history._counts == {}
    clock.jump(60)
    assert last(history, 2, again) == [None, 8]
    later = read(clock, 4)
    history.take(URL, again, later)
    clock.jump(60)
    assert last(history, 3, later) == [None, 8, 4]
    history.forget(URL)
    assert last(history, 3) == [None] * 3


def test_a_reading_that_failed_or_brought_no_count_leaves_its_minute_unknown(clock: ManualClock) -> None:
    from connectors.errors import ConnectorError, Step

    history = History(clock)
    first = read(clock, 9)
    history.take(URL, QueueState(ORDERS), first)
    clock.jump(60)
    failed = replace(first, error=ConnectorError(Step.TIMEOUT, "x"))
    history.take(URL, first, failed)
    history.take(URL, failed, read(clock, None))
    clock.jump(60)
    assert last(history, 2, first) == [9, None]


def test_a_late_answer_of_an_earlier_minute_changes_nothing_that_is_shown(clock: ManualClock) -> None:
    history = History(clock)
    early = clock.monotonic()
    history.note(URL, 1)
    clock.jump(60)
    history.note(URL, 2)
    history.note(URL, 99, early)
    clock.jump(60)
    assert last(history, 2) == [1, 2]
