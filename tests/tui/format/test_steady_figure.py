"""A figure that is shown all the time must not flicker."""

from tui.format.steady_figure import Steady


def test_a_figure_that_moves_by_less_than_a_tenth_stays_as_it_was_said() -> None:
    calls = Steady()
    assert calls.about(461.5) == 460
    assert [calls.about(value) for value in (480.0, 430.0, 505.0)] == [460, 460, 460]
    assert calls.about(520.0) == 520
    assert calls.about(0.0) == 0


def test_a_figure_of_few_digits_is_said_as_it_is() -> None:
    assert [Steady().about(value) for value in (9.0, 42.0, 123.0, 41_234.0)] == [9, 42, 120, 41_000]
