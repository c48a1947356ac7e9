"""Counts over the last minutes: what the blocks say."""

import pytest
from rich.cells import cell_len

from tui.format.sparkline import blocks, trend_text


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([None, None], ""),
        ([0, 0], "▁▁"),
        ([5], "█"),
        ([None, 0, None, 1000, 1], " ▁·█▂"),
        ([1, 2, 3, 4, 5, 6, 7], "▃▄▅▅▆▇█"),
        ([2**31, None], "█·"),
    ],
)
def test_zero_is_lowest_alone_and_unknown_is_a_dot(counts: list[int | None], shown: str) -> None:
    assert blocks(counts) == shown
    assert cell_len(shown) == len(shown)


def test_in_words_it_names_the_range_and_the_span() -> None:
    assert trend_text([None, None]) == "no minute has ended yet"
    assert trend_text([None] * 9 + [3, None, 1200]) == "▂·█  3 to 1,200 visible, last 3 min"
    assert trend_text([None] * 11 + [7]) == "█  7 visible, last 1 min"
