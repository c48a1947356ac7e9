"""Document: any text becomes rows that fit, and nothing of it is lost."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.widgets.viewer.texts import any_text, terminal_obeys
from widgets.text import printable
from widgets.viewer.cells import CHARACTERS_PER_CELL, Measured
from widgets.viewer.document import Document, document_steps
from widgets.viewer.runs import row_runs
from widgets.viewer.steps import finish
from widgets.viewer.wrap import MIN_WIDTH, Layout, Lines

widths = st.integers(-1, 200)
widths_or_none = widths | st.none()


def rows_of(document: Document, width: int | None) -> list[str]:
    layout = document.layout(width)
    return [document.shown[row.start : row.end] for row in map(layout.row, range(layout.rows))]


def painted(document: Document, start: int, end: int) -> str:
    return "".join(run.text for run in row_runs(document, start, end))


@given(any_text, widths)
@example("❤\ufe0f" * 20, 9)
@example("a\t" * 20, 8)
@example("\t漢" * 9, 10)
@example("1\u0301\ufe0f\ufe0f1\t\ufe0f", 8)
def test_every_row_fits_its_width_and_no_row_holds_a_control_character(text: str, width: int) -> None:
    document = Document(text)
    layout = document.layout(width)
    for row in map(layout.row, range(layout.rows)):
        shown = painted(document, row.start, row.end)
        assert cell_len(shown) <= max(width, MIN_WIDTH)
        assert not terminal_obeys(shown)


@given(any_text, widths_or_none)
def test_the_rows_joined_are_the_printable_text(text: str, width: int | None) -> None:
    document = Document(text)
    layout = document.layout(width)
    rows = list(map(layout.row, range(layout.rows)))
    joined = "".join(
        ("" if row.continues or not number else "\n") + document.shown[row.start : row.end]
        for number, row in enumerate(rows)
    )
    assert joined + ("\n" if text.endswith("\n") else "") == printable(text, multiline=True)
    assert document.text == text


@given(any_text, widths_or_none)
def test_a_place_is_found_in_the_row_that_shows_it(text: str, width: int | None) -> None:
    document = Document(text)
    layout = document.layout(width)
    for number in range(layout.rows):
        row = layout.row(number)
        for offset in range(row.start, row.end):
            assert layout.row_at(offset) == number
    assert layout.row_at(len(text)) == layout.rows - 1
    with pytest.raises(IndexError):
        layout.row(layout.rows)
    with pytest.raises(IndexError):
        layout.row(-1)


@pytest.mark.parametrize("shift", range(3))
@pytest.mark.parametrize("piece", ["a" + "\u0301" * 9, "❤\ufe0f", "1\ufe0f\t漢\n", "漢\u0301\ufe0f", "x\ty\n"])
def test_a_long_text_is_got_ready_piece_by_piece_with_the_same_result(piece: str, shift: int) -> None:
    text = "x" * shift + piece * (50_000 // len(piece))
    document = finish(document_steps(text))
    assert document.shown == printable(text, multiline=True)
    at_once = Measured()
    at_once.feed(document.shown)
    for offset in range(0, len(text), 7):
        assert document.cells.between(0, offset) == at_once.between(0, offset)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E) | st.just("\n"), max_size=500), st.integers(8, 60))
def test_rows_by_arithmetic_are_the_rows_by_measuring(text: str, width: int) -> None:
    measured = Measured()
    measured.feed(text)
    lines = Lines(text)
    line_cells = measured.of_lines(lines.starts, lines.last_is_open)
    by_measuring = Layout(lines, measured, line_cells, max(line_cells), width)
    by_arithmetic = Document(text).layout(width)
    assert [by_arithmetic.row(n) for n in range(by_arithmetic.rows)] == [
        by_measuring.row(n) for n in range(by_measuring.rows)
    ]


@given(any_text, st.integers(0, 120), st.integers(1, 60))
@example("1\t\ufe0f", 0, 20)
@example("1\n\ufe0f", 0, 20)
def test_a_window_on_an_unwrapped_line_shows_what_stands_there(text: str, left: int, width: int) -> None:
    document = Document(text)
    layout = document.layout(None)
    for row in map(layout.row, range(layout.rows)):
        start, end, hidden = document.visible(row, left, width)
        assert row.start <= start <= end <= row.end
        before = document.cells.between(row.start, start)
        assert before + hidden == left
        assert end == row.end or document.cells.between(row.start, end) >= left + width
        assert cell_len(painted(document, row.start, row.end)) == document.cells.between(row.start, row.end)


def test_an_empty_text_is_one_empty_row() -> None:
    assert rows_of(Document(""), 80) == [""]
    assert rows_of(Document("\n"), 80) == [""]
    assert rows_of(Document("\n\n"), 80) == ["", ""]


def test_a_trailing_newline_opens_no_further_line() -> None:
    assert rows_of(Document("a\nb\n"), 80) == ["a", "b"]
    assert rows_of(Document("a\nb"), None) == ["a", "b"]


def test_carriage_returns_and_other_line_ends_are_seen_and_do_not_break_lines() -> None:
    assert rows_of(Document("a\r\nb\rc\x0bd\u2028e\x85f"), 80) == ["a␍", "b␍c␋d�e�f"]


def test_wide_characters_are_not_cut_in_half() -> None:
    assert rows_of(Document("漢字漢字漢字"), 9) == ["漢字漢字", "漢字"]
    assert rows_of(Document("a漢字漢字"), 8) == ["a漢字漢", "字"]


def test_a_mark_stays_with_its_letter() -> None:
    rows = rows_of(Document("abcdefge\u0301x"), 8)
    assert rows == ["abcdefge\u0301", "x"]


def test_an_emoji_and_its_variation_selector_stay_together() -> None:
    assert rows_of(Document("abcdefg❤\ufe0fx"), 8) == ["abcdefg", "❤\ufe0fx"]


def test_tabs_reach_to_the_next_multiple_of_eight() -> None:
    document = Document("a\tbc\td")
    assert painted(document, 0, 6) == "a       bc      d"
    assert document.width == 17


def test_characters_without_width_cannot_fill_a_row_for_ever() -> None:
    document = Document("\u1161" * 100_000)
    layout = document.layout(80)
    assert max(len(row) for row in rows_of(document, 80)) == 80 * CHARACTERS_PER_CELL
    assert layout.rows == -(-100_000 // (80 * CHARACTERS_PER_CELL))
    assert document.width < 100_000


def test_a_huge_line_among_short_ones_keeps_the_numbers_of_the_rows_around_it() -> None:
    document = Document("first\n" + "x" * 1000 + "\nlast\n" + "漢" * 100 + "\nend")
    layout = document.layout(100)
    numbers = [(layout.row(n).line, layout.row(n).continues) for n in range(layout.rows)]
    assert numbers == [(0, False), (1, False), *[(1, True)] * 9, (2, False), (3, False), (3, True), (4, False)]
    assert layout.row_at(document.shown.index("last")) == 11


def test_rows_follow_each_other_without_gap_in_a_mebibyte_without_a_space() -> None:
    for text in ("x" * (1 << 20), "漢" * 349_525, "漢a" * 262_144):
        document = Document(text)
        layout = document.layout(77)
        rows = [layout.row(n) for n in range(layout.rows)]
        assert all(a.end == b.start for a, b in pairwise(rows))
        assert rows[-1].end == len(text)
