"""One painted line: always as wide as asked, whatever the text, and nothing in it that a terminal obeys."""

import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from widgets.table.columns import Column, place
from widgets.table.painter import ASCII, UNICODE, Painter, fit

any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
odd_text = st.text(
    st.sampled_from("ab 漢字😀é\u0301\u0489\u200d\ufe0f\ufe0e❤✈☺🇩🇪👩\u1160ᅡ\u115f\x1b\x9b\u202e\t\n[/]@"), max_size=40
)
texts = st.one_of(any_text, odd_text)


def painter(width: int, *columns: Column[str]) -> Painter[str]:
    styles = {"warning": Style(color="yellow"), "cursor": Style(reverse=True), "mark": Style(bold=True)}
    return Painter(place(columns, width, width), width, UNICODE, lambda name: styles.get(name, Style.null()))


@given(texts, st.integers(0, 30), st.sampled_from(["left", "right"]))
@example("\U0001f468\u200d\U0001f469\u200d\U0001f467", 3, "left")
@example("❤\ufe0f" * 9, 5, "right")
@example("\u0301" * 400, 3, "left")
@example("\u1161" * 5_000, 6, "left")
def test_a_text_fits_its_cells_exactly(text: str, width: int, align: str) -> None:
    fitted = fit(text, width, align=align)
    assert cell_len(fitted) == width
    for character in fitted:
        assert unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp"), hex(ord(character))


def test_what_fits_is_padded_and_what_does_not_ends_with_an_ellipsis() -> None:
    assert fit("orders", 8) == "orders  "
    assert fit("1,234", 8, align="right") == "   1,234"
    assert fit("orders-dlq", 8) == "orders-…"
    assert fit("orders", 6) == "orders"
    assert fit("orders", 1) == "…"


def test_a_wide_character_at_the_edge_is_left_out_whole() -> None:
    assert fit("漢字漢字", 8) == "漢字漢字"
    assert fit("漢字漢字", 7) == "漢字漢…"
    assert fit("漢字漢字", 6) == "漢字 …"


def test_a_huge_text_is_looked_at_only_as_far_as_it_can_be_seen() -> None:
    taken: list[object] = []

    class Huge(str):
        def __getitem__(self, place: object) -> str:
            taken.append(place)
            return str.__getitem__(self, place)  # type: ignore[index]

    assert fit(Huge("x" * 10_000_000), 10) == "x" * 9 + "…"
    assert taken == [slice(None, 80, None)]
    assert fit("\u1161" * 10_000_000, 4).endswith("…   ")  # characters without a width


@given(texts, texts, texts, st.integers(0, 70), st.booleans(), st.sampled_from(["", "cursor"]))
@settings(deadline=None)
def test_every_line_has_exactly_the_width_of_the_table(
    title: str, name: str, note: str, width: int, marked: bool, bar: str
) -> None:
    line = painter(
        width,
        Column("name", title, lambda _: name, width=9, grow=1),
        Column("count", title, lambda _: note, width=4, align="right", style=lambda row: row),
        Column("note", title, lambda _: note, width=7, grow=2, min_total=40),
    )
    strips = [
        line.row("warning", marked, bar),
        line.header("count", True),
        line.header(None, False),
        line.text(note, ""),
    ]
    for strip in strips:
        assert sum(cell_len(segment.text) for segment in strip) == strip.cell_length == width
        assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in strip.text)


def test_cells_stand_under_their_titles() -> None:
    line = painter(
        34,
        Column("name", "Name", lambda row: row, width=12),
        Column("count", "Count", lambda _: "7", width=9, align="right"),
    )
    assert line.header(None, False).text == "  Name              Count         "
    assert line.row("漢字漢字漢字漢", False, "").text == "  漢字漢字漢 …          7         "
    assert line.row("orders", True, "").text == "● orders                7         "


def test_the_sorted_column_has_an_arrow_even_where_the_title_must_give_way() -> None:
    line = painter(30, Column("name", "Name", str, width=8), Column("visible", "Visible", str, width=7, align="right"))
    assert line.header("name", False).text == "  Name▲     Visible           "
    assert line.header("visible", True).text == "  Name      Visib…▼           "
    plain = Painter(line.placed, 30, ASCII, lambda _: Style.null())
    assert plain.header("visible", True).text.isascii()
    assert plain.row("a" * 30, True, "").text.isascii()


def test_a_cell_has_the_style_that_its_column_names_but_under_the_cursor_the_line_is_one_bar() -> None:
    line = painter(20, Column("name", "Name", str, width=8, style=lambda row: "warning"))
    styled = {segment.text.strip(): segment.style for segment in line.row("orders", True, "")}
    assert styled["orders"] == Style(color="yellow")
    assert styled["●"] == Style(bold=True)
    assert [segment.style for segment in line.row("orders", True, "cursor")] == [Style(reverse=True)]


def test_a_column_is_found_at_its_cells_and_the_gap_behind_them() -> None:
    line = painter(40, Column("name", "Name", str, width=8), Column("count", "Count", str, width=7))
    found = [column.key if (column := line.column_at(x)) else None for x in (0, 2, 11, 12, 39)]
    assert found == [None, "name", "name", "count", "count"]
