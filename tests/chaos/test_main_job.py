"""A hundred runs of the main job over a network that fails, each as its seed says."""

import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.connection import wait

import pytest

from tests.chaos.main_job import run_seeds

RUNS = 100
PER_TEST = 10
PROCESSES = 2
TESTS = range(0, RUNS, PER_TEST)


def end_with_parent() -> None:
    """Runs that nobody waits for any more would keep the processor busy for minutes."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@pytest.fixture(scope="module")
def runs(moto_url: str) -> Iterator[dict[int, Future[dict[int, str]]]]:
    """All of them, under way, by their first seed."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=spawn, initializer=end_with_parent) as pool:
        yield {first: pool.submit(run_seeds, moto_url, range(first, first + PER_TEST)) for first in TESTS}


@pytest.mark.parametrize("first", TESTS, ids=[f"seeds {first} to {first + PER_TEST - 1}" for first in TESTS])
def test_no_crash_no_frozen_key_no_wrong_number_and_no_change_twice(
    first: int, runs: dict[int, Future[dict[int, str]]]
) -> None:
    wrong = runs[first].result()
    assert not wrong, "\n\n".join(f"seed {seed}:\n{what}" for seed, what in sorted(wrong.items()))
