"""The main job over a network that fails, each run as its seed says."""

from datetime import date

import pytest

from tests.chaos.main_job import run_seeds

PER_TEST = 5
FEW, ALL = 20, 100
"""Fixed seeds of `make test` and of `make test-all`."""
OF_THE_DAY = 20


def check(moto_url: str, seeds: range) -> None:
    wrong = run_seeds(moto_url, seeds)
    assert not wrong, "\n\n".join(f"seed {seed}:\n{what}" for seed, what in sorted(wrong.items()))


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(
            first,
            id=f"seeds {first} to {first + PER_TEST - 1}",
            marks=[pytest.mark.thorough] if first >= FEW else [],
        )
        for first in range(0, ALL, PER_TEST)
    ],
)
def test_no_crash_no_frozen_key_no_wrong_number_and_no_change_twice(first: int, moto_url: str) -> None:
    check(moto_url, range(first, first + PER_TEST))


@pytest.mark.thorough
@pytest.mark.parametrize("nth", range(0, OF_THE_DAY, PER_TEST))
def test_with_seeds_that_no_day_before_had(nth: int, moto_url: str) -> None:
    first = 1000 + date.today().toordinal() % 400 * OF_THE_DAY + nth
    check(moto_url, range(first, first + PER_TEST))
