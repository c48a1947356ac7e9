"""Widths of columns: everything fits, in any width."""

from hypothesis import given
from hypothesis import strategies as st

from widgets.table.columns import GAP, MARK_WIDTH, Column, natural, naturals, place


def column(key: str, width: int = 8, grow: int = 0, min_total: int = 0) -> Column[str]:
    return Column(key, key, str, width=width, grow=grow, min_total=min_total)


def shown(columns: list[Column[str]], total: int) -> dict[str, int]:
    return {placed.column.key: placed.width for placed in place(columns, total, total)}


def test_columns_that_grow_share_what_the_others_leave() -> None:
    columns = [column("name", 10, grow=2), column("count", 7), column("note", 10, grow=1)]
    assert shown(columns, 80) == {"name": 10 + 31, "count": 7, "note": 10 + 16}
    assert MARK_WIDTH + sum(shown(columns, 80).values()) + 2 * GAP == 80


def test_a_column_comes_where_the_table_is_wide_enough_for_it() -> None:
    columns = [column("name"), column("more", min_total=100)]
    assert list(shown(columns, 99)) == ["name"]
    assert list(shown(columns, 100)) == ["name", "more"]


def test_where_room_is_short_the_columns_for_wide_tables_go_first_and_the_first_one_stays() -> None:
    columns = [column("name", 10), column("extra", 10, min_total=20), column("count", 10)]
    assert list(shown(columns, 2 + 10 + 2 + 10)) == ["name", "count"]
    assert shown(columns, 10) == {"name": 8}
    assert shown(columns, 2) == {}


any_column = st.builds(
    column, st.uuids().map(str), st.integers(1, 40), st.integers(0, 4), st.sampled_from([0, 0, 60, 100])
)


@given(st.lists(any_column, max_size=8), st.integers(0, 250))
def test_columns_never_overlap_and_never_leave_the_table(columns: list[Column[str]], total: int) -> None:
    placed = place(columns, total, total)
    x = MARK_WIDTH
    for one in placed:
        assert one.x == x
        assert one.width >= min(one.column.width, total - MARK_WIDTH) > 0
        x += one.width + GAP
    assert x - GAP <= max(total, MARK_WIDTH)
    if placed and any(one.column.grow for one in placed):
        assert x - GAP == total
    assert bool(placed) == bool(columns and total > MARK_WIDTH)


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_in_names_compare_as_numbers(low: int, high: int) -> None:
    low, high = sorted((low, high))
    assert natural(f"Q-{low:05}x") <= natural(f"q-{high}X")
    assert (natural(f"q{low}") == natural(f"q{high}")) == (low == high)


@given(st.lists(st.text("aB09\nß", max_size=14), max_size=5))
def test_texts_are_ordered_together_as_each_alone(texts: list[str]) -> None:
    assert naturals(texts) == [natural(text) for text in texts]
