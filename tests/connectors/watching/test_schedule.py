"""Which queue is read next, and when."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.watching.schedule import REFRESH_SECONDS, TRICKLE_AGE, TRICKLE_PER_SECOND, Schedule

URLS = [f"queue-{number}" for number in range(6)]
FEW = URLS[:3]


def take_all(order: Schedule, now: float) -> list[str]:
    """What is due at `now`, begun and read."""
    taken = []
    while (url := order.next(now)) is not None:
        order.begin(url, now)
        order.end(url)
        order.was_read(url, usable=True)
        taken.append(url)
    return taken


def test_what_somebody_asked_for_comes_before_the_screen_and_that_before_all_others() -> None:
    order = Schedule(lambda: ("queue-3", "queue-1"), REFRESH_SECONDS)
    for url in URLS:
        order.add(url)
    order.want("queue-5")
    assert take_all(order, 0.0) == ["queue-5", "queue-3", "queue-1", "queue-0", "queue-2", "queue-4"]


def test_what_is_wanted_while_it_is_under_way_is_read_once_more() -> None:
    order = Schedule(tuple, REFRESH_SECONDS)
    order.add("queue-0")
    assert order.next(0.0) == "queue-0"
    order.begin("queue-0", 0.0)
    order.want("queue-0")
    assert order.next(0.0) is None
    order.end("queue-0")
    assert order.next(0.0) == "queue-0"


def test_what_was_interrupted_or_could_not_be_read_is_read_before_those_that_were() -> None:
    order = Schedule(tuple, REFRESH_SECONDS)
    for url in URLS[:3]:
        order.add(url)
    assert take_all(order, 0.0) == URLS[:3]
    order.was_read("queue-1", usable=False)
    order.begin("queue-2", 1.0)
    order.interrupt()
    assert take_all(order, 1.0) == ["queue-2", "queue-1"]


def test_a_queue_that_is_gone_is_not_read_again() -> None:
    order = Schedule(tuple, REFRESH_SECONDS)
    for url in URLS[:2]:
        order.add(url)
    take_all(order, 0.0)
    order.drop("queue-0")
    assert take_all(order, TRICKLE_AGE) == ["queue-1"]
    assert order.next_at(TRICKLE_AGE) == 2 * TRICKLE_AGE


@pytest.mark.parametrize(
    ("said", "due"),
    [("refresh", ["queue-0", *URLS[1:]]), ("one queue", ["queue-4"]), ("nothing", [])],
)
def test_while_frozen_only_what_is_asked_for_is_due(said: str, due: list[str]) -> None:
    order = Schedule(lambda: ("queue-0",), REFRESH_SECONDS)
    for url in URLS:
        order.add(url)
    take_all(order, 0.0)
    order.frozen = True
    if said == "refresh":
        order.want_all(URLS)
    elif said == "one queue":
        order.want("queue-4")
    assert take_all(order, 100.0) == due
    assert order.next_at(100.0) == math.inf


SAID = st.one_of(
    st.tuples(st.just("show"), st.lists(st.sampled_from(FEW), unique=True)),
    st.tuples(st.sampled_from(["add", "drop", "want", "end", "fail"]), st.sampled_from(FEW)),
    st.tuples(
        st.sampled_from(["freeze", "thaw", "want all", "others wait", "take", "take all", "interrupt"]), st.none()
    ),
    st.tuples(st.just("pass"), st.sampled_from([0.1, 1.0, 7.0, 40.0])),
)


@given(st.lists(SAID, max_size=30))
@settings(max_examples=1000, deadline=None)
def test_nothing_is_due_before_the_moment_that_is_named_and_something_is_at_it(said: list[tuple[str, object]]) -> None:
    shown: tuple[str, ...] = ()
    known: set[str] = set()
    order = Schedule(lambda: tuple(url for url in shown if url in known), REFRESH_SECONDS)
    now = 0.0

    def take(moment: float) -> bool:
        url = order.next(moment)
        if url is None:
            return False
        assert url not in order.under_way
        order.begin(url, moment)
        return True

    for verb, what in said:
        if verb == "show":
            shown = tuple(map(str, what))  # type: ignore[call-overload]
        elif verb == "add" and what not in known:
            known.add(str(what))
            order.add(str(what))
        elif verb == "drop":
            known.discard(str(what))
            order.drop(str(what))
        elif verb == "want" and what in known:
            order.want(str(what))
        elif verb in ("end", "fail") and what in order.under_way:
            order.end(str(what))
            if what in known:
                order.was_read(str(what), usable=verb == "end")
        elif verb in ("freeze", "thaw"):
            order.frozen, order.sweeping = verb == "freeze", False
        elif verb == "want all":
            order.want_all(known)
        elif verb == "others wait":
            order.others_wait_until = now + 0.3
        elif verb == "interrupt":
            order.interrupt()
        elif verb == "take":
            take(now)
        elif verb == "take all":
            while take(now):
                pass
        elif verb == "pass" and isinstance(what, float):
            now += what
    while take(now):
        pass
    moment = order.next_at(now)
    assert moment > now
    if moment == math.inf:
        assert not take(now + 1000)
    else:
        assert not take(moment - min(0.21, 0.9 * (moment - now)))  # what is nearly due is read along
        assert take(moment) or order.next_at(moment) > moment


@given(st.integers(1, 40))
def test_the_trickle_is_no_faster_than_it_says(queues: int) -> None:
    order = Schedule(tuple, REFRESH_SECONDS)
    for number in range(queues):
        order.add(str(number))
    take_all(order, 0.0)
    now, read = TRICKLE_AGE, 0
    while (moment := order.next_at(now)) <= TRICKLE_AGE + 2:
        now = max(now, moment)
        read += len(take_all(order, now))
    assert read == min(queues, 2 * TRICKLE_PER_SECOND + 1)
