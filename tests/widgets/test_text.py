"""printable(): whatever a remote text holds, a terminal obeys none of it."""

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from widgets.text import MAX_COMBINING_RUN, STAND_IN, printable

any_text = st.text(st.characters(codec=None, exclude_categories=()))


@given(any_text)
@example("\x1b]0;owned\x07\x9b31m\u202eabc\ud800\ufeff\U000e0041")
def test_no_control_or_format_character_comes_through(text: str) -> None:
    for character in printable(text):
        assert unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp"), hex(ord(character))


@given(any_text)
def test_every_character_keeps_its_place(text: str) -> None:
    shown = printable(text, multiline=True)
    assert len(shown) == len(text)
    assert all(a == b for a, b in zip(text, shown, strict=True) if a in "\t\n" or a.isalnum())


def test_tab_and_newline_stay_only_where_lines_are_painted() -> None:
    assert printable("a\tb\nc", multiline=True) == "a\tb\nc"
    assert printable("a\tb\nc") == "a␉b␊c"


def test_an_escape_sequence_is_seen_and_not_obeyed() -> None:
    assert printable("\x1b[31mred\x9b0m") == f"␛[31mred{STAND_IN}0m"


def test_markup_is_left_as_it_is() -> None:
    assert printable("[@click=app.quit]x[/x]") == "[@click=app.quit]x[/x]"


def test_a_storm_of_combining_marks_is_thinned_out() -> None:
    shown = printable("a" + "\u0301" * 200)
    assert shown.count("\u0301") == MAX_COMBINING_RUN


def test_a_long_text_is_cut_and_says_so() -> None:
    assert printable("abcdef", limit=4) == "abc…"
    assert printable("abcd", limit=4) == "abcd"
