"""A line keeps what matters in the cells that it has."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from widgets.line import Part, Yield, fit, shorten

parts = st.lists(
    st.builds(Part, st.text(max_size=40), when_narrow=st.sampled_from(Yield), with_previous=st.booleans()), max_size=8
)


def texts(fitted: list[Part]) -> list[str]:
    return [part.text for part in fitted]


@given(parts, st.integers(0, 120))
def test_a_line_is_never_wider_than_its_room_and_holds_nothing_that_a_terminal_obeys(
    given_parts: list[Part], width: int
) -> None:
    fitted = fit(given_parts, width)
    assert sum(cell_len(part.text) for part in fitted) <= width
    assert not [c for part in fitted for c in part.text if unicodedata.category(c) in ("Cc", "Cf", "Cs")]


@given(parts)
def test_with_room_enough_every_part_stands_there_whole(given_parts: list[Part]) -> None:
    assert len(fit(given_parts, 10_000)) == len(given_parts)


@given(st.text(), st.integers(0, 60))
def test_a_shortened_text_fits_and_says_that_it_was_cut(text: str, cells: int) -> None:
    short = shorten(text, cells)
    assert cell_len(short) <= cells or short == text
    if cells and cell_len(text) > cells:
        assert short.endswith("…")


def test_what_may_be_dropped_goes_first_and_from_the_end() -> None:
    line = [Part("name"), Part(" one", when_narrow=Yield.DROP), Part(" two", when_narrow=Yield.DROP)]
    assert texts(fit(line, 11)) == ["name", " one"]
    assert texts(fit(line, 4)) == ["name"]


def test_a_word_takes_its_key_along() -> None:
    line = [
        Part(" q ", when_narrow=Yield.DROP),
        Part("Quit", when_narrow=Yield.DROP, with_previous=True),
        Part(" ? ", when_narrow=Yield.DROP),
        Part("Help", when_narrow=Yield.DROP, with_previous=True),
    ]
    assert texts(fit(line, 13)) == [" q ", "Quit"]
    assert texts(fit(line, 6)) == []


def test_the_longest_that_may_shrink_gives_way_and_what_must_stay_stays() -> None:
    line = [
        Part("a-very-long-profile-name", when_narrow=Yield.SHORTEN),
        Part("  eu-west-1  "),
        Part("http://localhost:4566/with/a/long/path", when_narrow=Yield.SHORTEN),
        Part(" READ-ONLY"),
    ]
    fitted = texts(fit(line, 60))
    assert sum(map(len, fitted)) == 60
    assert fitted[1] == "  eu-west-1  "
    assert fitted[3] == " READ-ONLY"
    assert fitted[0].startswith("a-very-long")
    assert fitted[2].endswith("…")
