"""The filter line: what an expression means, and that no expression holds the screen up."""

import re
import tracemalloc
import warnings
from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from widgets.table.columns import Column
from widgets.table.filter import FilterError, PatternFilter, TextFilter, fold, parse
from widgets.table.model import TableModel

TEXTS = ("orders", "Orders-DLQ", "payments.fifo", "emails", "straße", "42")


def matching(expression: str, *texts: str) -> list[str]:
    model = TableModel[str]((), key=str, filter_text=str)
    model.upsert(texts or TEXTS)
    assert model.set_filter(expression), model.filter_error
    return model.shown_keys()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("ORDERS", ["orders", "Orders-DLQ"]),
        ("!orders", ["payments.fifo", "emails", "straße", "42"]),
        ("prefix:OR", ["orders", "Orders-DLQ"]),
        ("!prefix:or", ["payments.fifo", "emails", "straße", "42"]),
        ("re:^orders$", ["orders"]),
        ("re:DLQ$", ["Orders-DLQ"]),
        ("re:(?-i:dlq)", []),
        ("!re:^[a-z]+$", ["Orders-DLQ", "payments.fifo", "straße", "42"]),
        ("re:.*-dlq", ["Orders-DLQ"]),
        ("STRASSE", ["straße"]),
        (".fifo", ["payments.fifo"]),
    ],
)
def test_an_expression_shows_what_it_says(expression: str, expected: list[str]) -> None:
    assert matching(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("ord dlq", ["Orders-DLQ"]),
        ("  ord   !dlq ", ["orders"]),
        ("!ord prefix:p", ["payments.fifo"]),
        ("s re:^(orders| )$", ["orders"]),
        ("!re:a b", list(TEXTS)),
        ("ord nowhere", []),
    ],
)
def test_several_words_are_all_meant_and_a_pattern_goes_on_to_the_end(expression: str, expected: list[str]) -> None:
    assert matching(expression) == expected


COUNTS = {"orders": 3, "orders-dlq": 40, "emails": 0, "payments": None}


def counted() -> TableModel[tuple[str, int | None]]:
    columns = (Column[tuple[str, int | None]]("in_dlq", "", str, sort=lambda row: row[1], descending_first=True),)
    model = TableModel(columns, key=lambda row: row[0], filter_text=lambda row: row[0])
    model.upsert(COUNTS.items())
    return model


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("in_dlq>0", ["orders", "orders-dlq"]),
        ("indlq>=3 !dlq", ["orders"]),
        ("IN_DLQ=0", ["emails"]),
        ("in_dlq<1,000", ["orders", "orders-dlq", "emails"]),
        ("in_dlq!=3 in_dlq<=40", ["orders-dlq", "emails"]),
    ],
)
def test_a_number_is_compared_and_what_is_unknown_fits_nothing(expression: str, expected: list[str]) -> None:
    model = counted()
    assert model.set_filter(expression), model.filter_error
    assert model.shown_keys() == expected


@pytest.mark.parametrize(
    ("expression", "words"),
    [("size>3", "no number is called 'size'; there are in_dlq"), ("in_dlq>x", "'x' is no number")],
)
def test_a_comparison_that_cannot_be_made_says_so(expression: str, words: str) -> None:
    model = counted()
    assert not model.set_filter(expression)
    assert model.filter_error == words


def test_a_row_whose_number_fits_no_more_stays_until_the_filter_decides_anew() -> None:
    model = counted()
    model.set_filter("in_dlq>2 ord")
    model.upsert([("orders", 0), ("payments", 9), ("orders-new", 7), ("orders-old", 1)])
    assert model.shown_keys() == ["orders", "orders-dlq", "orders-new"]
    assert [key for key in model.shown_keys() if model.is_past(model.row(model.shown_keys().index(key))[1])] == [
        "orders"
    ]
    model.move_to(0)
    assert model.refilter()
    assert model.shown_keys() == ["orders-dlq", "orders-new"]
    assert model.cursor_key == "orders-dlq"
    model.upsert([("orders-old", 5)])
    assert not model.is_shown("orders-old")
    model.set_filter("ord")
    assert not model.refilter()
    assert len(model.shown_keys()) == 4


@pytest.mark.parametrize("unfinished", ["", "!", "re:", "!re:", "prefix:", "!prefix:"])
def test_an_expression_that_says_nothing_yet_shows_everything(unfinished: str) -> None:
    assert matching(unfinished) == list(TEXTS)


@pytest.mark.parametrize(
    "expression", ["re:(", "re:[", "re:*", "re:a**", "re:(?P<n", r"re:\2", "re:(?L)a", "re:a{9,1}"]
)
def test_what_is_no_pattern_says_so_in_one_line(expression: str) -> None:
    with pytest.raises(FilterError, match=r"^not a pattern: [^\n]+$"):
        parse(expression)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+x",
        "(a*)*",
        r"^(\w+\s?)*$",
        "(a|aa)+$",
        "(a|b|ab)*c",
        "(x+x+)+y",
        "([a-z]+)*!",
        "(?:a?)+b",
        "((ab)*c*)+",
        "(.*a){3,}",
    ],
)
def test_a_pattern_whose_time_doubles_with_every_character_is_refused(pattern: str) -> None:
    with pytest.raises(FilterError, match="could run for hours"):
        parse(f"re:{pattern}")


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[a-z]+-[a-z]+-\d+$",
        r"(\d{1,3}\.){3}\d+",
        "(foo|bar)-dlq",
        "(ab)+",
        r"[*+?(|)]+\(a\+\)",
        r"[]*+]+x",
        "(?P<stage>dev|prod)-.*",
        "(?#a+)b+",
        "https?://",
        "a{,2}{",
        "x(?=a+)",
        "a+?b*?",
    ],
)
def test_patterns_that_people_type_are_taken(pattern: str) -> None:
    wanted = parse(f"re:{pattern}")
    assert isinstance(wanted, PatternFilter)
    assert wanted.reach >= 80


def test_a_pattern_with_many_repeats_is_refused_only_where_texts_are_long() -> None:
    model = TableModel[str]((), key=str, filter_text=str, clock=lambda: 0.0)
    model.upsert(["a" * 80])
    assert model.set_filter("re:a.*a.*a.*a.*x")
    model.upsert(["a" * 2_000])
    assert not model.set_filter("re:a.*a.*a.*a.*y")
    assert model.filter_error == "too many repeats for a text of 2,000 characters"
    assert model.filter_expression == "re:a.*a.*a.*a.*x"


def test_a_long_text_that_comes_later_is_judged_by_its_beginning() -> None:
    model = TableModel[str]((), key=str, filter_text=str)
    assert model.set_filter("re:^a.*b.*c.*d")
    model.upsert(["abcd" + "x" * 5_000, "abc" + "x" * 5_000 + "d"])
    assert [len(key) for key in model.shown_keys()] == [5_004]


def test_a_pattern_that_takes_too_long_over_all_rows_is_given_up_and_the_last_filter_stays() -> None:
    seconds = count()
    model = TableModel[str]((), key=str, filter_text=str, clock=lambda: next(seconds) / 10)
    model.upsert(f"queue-{number}-{'x' * 80}" for number in range(50))
    model.set_filter("queue-1")
    assert not model.set_filter("re:q.*u.*e.*y")
    assert model.filter_error == "this pattern takes too long on so many rows"
    assert model.shown == 11


def test_python_s_warnings_about_a_pattern_do_not_reach_the_screen() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parse("re:[[a]") is not None


@given(st.text("ab|()[]{}*+?.\\^$,12-#:=!<>PLix ", max_size=14), st.text("ab1 -AiIıſ", max_size=40))
@settings(deadline=None)
@example("a|b", "b")
@example("ab*", "a")
@example("^a", "ba")
@example("-i", "-ı")
def test_whatever_is_typed_either_filters_or_says_why_not(source: str, text: str) -> None:
    try:
        wanted = parse(f"re:{source}")
    except FilterError:
        return
    assert isinstance(wanted, PatternFilter) == bool(source)
    if isinstance(wanted, PatternFilter) and len(text) <= wanted.reach:
        is_found = re.search(source, text, re.IGNORECASE) is not None
        assert wanted.accepts(text) == is_found
        assert wanted.select(["key"], [text], fold([text]), lambda: 0.0) == ["key"] * is_found


@given(st.lists(st.text("abC1\nßİ", max_size=4) | st.text(max_size=8), max_size=6))
def test_texts_folded_together_are_what_each_is_folded_alone(texts: list[str]) -> None:
    assert fold(texts) == [text.casefold() for text in texts]


def test_a_long_text_that_is_not_ascii_makes_no_other_wider() -> None:
    texts = ["Body " * 200] * 5_000
    texts[7] += "\N{PILE OF POO}"
    tracemalloc.start()
    try:
        folded = fold(texts)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert folded[7].endswith("body \N{PILE OF POO}")
    assert most < 2 * sum(map(len, texts))


@given(
    st.text("abC1", max_size=4), st.text("abC1", max_size=4), st.text("abC1", max_size=8), st.booleans(), st.booleans()
)
def test_a_filter_that_narrows_another_accepts_nothing_that_the_other_does_not(
    first: str, second: str, text: str, prefix: bool, negated: bool
) -> None:
    narrow = TextFilter(first.casefold(), prefix, negated)
    wide = TextFilter(second.casefold(), prefix, False)
    if narrow.narrows(wide) and narrow.accepts(text):
        assert wide.accepts(text)
