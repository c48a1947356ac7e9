"""A hundred runs of the main job over a network that fails, each as its seed says."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor

import pytest

from tests.chaos.main_job import run_seeds

RUNS = 100
PER_TEST = 10
PROCESSES = 2
TESTS = range(0, RUNS, PER_TEST)


@pytest.fixture(scope="module")
def runs(moto_url: str) -> Iterator[dict[int, Future[dict[int, str]]]]:
    """All of them, under way, by their first seed."""
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield {first: pool.submit(run_seeds, moto_url, range(first, first + PER_TEST)) for first in TESTS}


@pytest.mark.parametrize("first", TESTS, ids=[f"seeds {first} to {first + PER_TEST - 1}" for first in TESTS])
def test_no_crash_no_frozen_key_no_wrong_number_and_no_change_twice(
    first: int, runs: dict[int, Future[dict[int, str]]]
) -> None:
    wrong = runs[first].result()
    assert not wrong, "\n\n".join(f"seed {seed}:\n{what}" for seed, what in sorted(wrong.items()))
