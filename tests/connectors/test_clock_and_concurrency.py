import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from connectors.clock import SystemClock
from connectors.concurrency import FEWEST, GIVE_WAY_SECONDS, MOST, WHILE_GIVING_WAY, LoopLag, Pace, Rate
from tests.support.clock import ManualClock


def test_the_wall_clock_is_aware_and_in_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=1)


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="no such clock here")
def test_the_clock_of_leases_goes_on_while_the_machine_sleeps() -> None:
    assert SystemClock().monotonic() == pytest.approx(time.clock_gettime(time.CLOCK_BOOTTIME), abs=0.5)


def test_the_clock_of_leases_never_runs_backwards() -> None:
    clock = SystemClock()
    moments = [clock.monotonic() for _ in range(1000)]
    assert moments == sorted(moments)


async def test_sleeping_takes_the_time_asked_for() -> None:
    clock = SystemClock()
    started = clock.monotonic()
    await clock.sleep(0.02)
    assert clock.monotonic() - started >= 0.015


@pytest.mark.parametrize(("seconds", "limit"), [(0.0, FEWEST), (0.002, FEWEST), (0.02, 10), (0.04, MOST), (9.0, MOST)])
def test_calls_in_flight_follow_the_time_that_an_answer_takes(seconds: float, limit: int) -> None:
    pace = Pace()
    assert pace.limit == FEWEST
    for _ in range(200):
        pace.observe(seconds)
    assert pace.limit == limit


def test_one_slow_answer_does_not_open_the_gates() -> None:
    pace = Pace()
    pace.observe(0.1)
    assert pace.limit <= 10


def test_after_a_slow_spell_fast_answers_bring_the_number_down_again() -> None:
    pace = Pace()
    for _ in range(50):
        pace.observe(1.0)
    for _ in range(100):
        pace.observe(0.003)
    assert pace.limit == FEWEST


def test_a_late_loop_brings_the_number_down_and_one_that_keeps_up_lets_it_rise_again() -> None:
    lag = LoopLag()
    pace = Pace(lag)
    for _ in range(200):
        pace.observe(0.04)
        lag.observe(0.0005)
    assert pace.limit == MOST
    for _ in range(200):
        lag.observe(0.008)
    assert pace.limit == FEWEST
    for _ in range(200):
        lag.observe(0.0005)
    assert pace.limit == MOST


def test_a_key_press_holds_calls_back_for_a_moment_and_never_stops_them() -> None:
    seconds = 0.0
    lag = LoopLag(lambda: seconds)
    pace = Pace(lag)
    lag.give_way()
    assert pace.limit == WHILE_GIVING_WAY > 0
    seconds = GIVE_WAY_SECONDS
    assert pace.limit == FEWEST


async def test_calls_beyond_the_rate_wait_in_their_order_and_fewer_go_after_a_throttle() -> None:
    clock = ManualClock()
    rate = Rate(clock, 10)
    done: list[int] = []

    async def call(number: int) -> None:
        await rate.turn()
        done.append(number)

    calls = [asyncio.create_task(call(number)) for number in range(45)]
    await clock.advance(0.9)
    assert done == [*range(10)]
    await clock.advance(0.2)
    assert done == [*range(20)]
    rate.throttled()
    await clock.advance(1)
    assert done == [*range(25)]
    for _ in range(100):
        rate.went_well()
    await clock.advance(1)
    assert done == [*range(35)]
    await clock.advance(1)
    await asyncio.gather(*calls)
    assert done == [*range(45)]
