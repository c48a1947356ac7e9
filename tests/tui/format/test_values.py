"""Values as text: times, sizes and durations."""

from datetime import UTC, datetime, timedelta

import pytest

from tui.format.values import age, local_time, seconds, size

NOW = datetime(2026, 3, 14, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "text"),
    [(None, "–"), (30, "30 s"), (7200, "7,200 s (2 h)"), (1209600, "1,209,600 s (14 d)"), (90, "90 s"), (0, "0 s")],
)
def test_seconds_have_a_human_form_beside_them(count: int | None, text: str) -> None:
    assert seconds(count) == text


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=2, seconds=3), "2 min 3 s"),
        (timedelta(hours=5), "5 h"),
        (timedelta(days=3, hours=4, minutes=5), "3 d 4 h"),
        (timedelta(seconds=-5), "in the future"),
    ],
)
def test_an_age_has_its_two_largest_units(ago: timedelta, shown: str) -> None:
    assert age(NOW - ago, NOW) == shown


def test_times_and_sizes_are_for_people() -> None:
    assert local_time(NOW) == "2026-03-14 03:00:00"
    assert (local_time(None), age(None, NOW)) == ("–", "–")
    assert [size(count) for count in (0, 10239, 10240, 1024 * 1024)] == ["0 B", "10,239 B", "10 KiB", "1.00 MiB"]
