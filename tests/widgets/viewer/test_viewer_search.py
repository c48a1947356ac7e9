"""Search: the right places, bounded, and an end to every pattern."""

import re
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.widgets.viewer.texts import terminal_obeys
from widgets.viewer import search
from widgets.viewer.finder import Finder
from widgets.viewer.interrupt import TookTooLong, within
from widgets.viewer.search import MAX_MATCHES, BadQuery, Matches, Query, parse, search_steps
from widgets.viewer.steps import finish


def found(text: str, typed: str) -> list[tuple[int, int]]:
    matches = searched(text, typed)
    return [matches[index] for index in range(len(matches))]


def searched(text: str, typed: str) -> Matches:
    query = parse(typed)
    assert isinstance(query, Query)
    matches = Matches()
    finish(search_steps(text, query, matches))
    assert matches.complete
    return matches


def plainly_found(text: str, typed: str) -> list[tuple[int, int]]:
    """Character by character, from the left, without overlap."""
    fold = str.lower if typed == typed.lower() else str
    places, start = [], 0
    while start <= len(text) - len(typed):
        if all(fold(a) == fold(b) for a, b in zip(text[start : start + len(typed)], typed, strict=True)):
            places.append((start, start + len(typed)))
            start += len(typed)
        else:
            start += 1
    return places


letters = st.sampled_from("aAbBéÉ漢.*\n\x1b\ud800")


@given(st.text(letters, max_size=200), st.text(letters, min_size=1, max_size=4))
def test_plain_text_is_found_where_it_stands(text: str, typed: str) -> None:
    assert found(text, typed) == plainly_found(text, typed)


@settings(max_examples=25)
@given(st.text(letters, min_size=1, max_size=7), st.integers(9_000, 30_000), st.text(letters, min_size=1, max_size=5))
def test_nothing_is_lost_or_doubled_where_windows_meet(piece: str, times: int, typed: str) -> None:
    text = piece * times
    expected = plainly_found(text, typed)
    matches = searched(text, typed)
    assert len(matches) == min(len(expected), MAX_MATCHES)
    assert [matches[index] for index in range(len(matches))] == expected[:MAX_MATCHES]


@given(
    st.text(st.sampled_from("ab1 \n"), max_size=300),
    st.sampled_from(["a+", "^a", "b$", r"\d", "(?<=a)b", r"\ba", "x*"]),
)
def test_a_pattern_finds_what_it_means_line_by_line(text: str, pattern: str) -> None:
    expected = [m.span() for m in re.finditer(pattern, text, re.M | re.I) if m.end() > m.start()]
    assert found(text, "re:" + pattern) == expected


@given(
    st.lists(st.text(st.sampled_from("ab1"), max_size=90), min_size=200, max_size=300),
    st.sampled_from(["^a", "b$", "a1+", r"\ba"]),
)
def test_a_pattern_finds_the_same_in_many_windows(lines: list[str], pattern: str) -> None:
    text = "\n".join(lines)
    assert found(text, "re:" + pattern) == [m.span() for m in re.finditer(pattern, text, re.M | re.I)]


def test_a_pattern_finds_matches_across_the_windows_of_one_long_line() -> None:
    text = "".join(f'{{"id": {n}}},' for n in range(20_000))
    assert len(searched(text, r're:"id": \d+7\b')) == len(re.findall(r'"id": \d+7\b', text))


def test_a_match_near_the_end_of_a_window_is_found_whole() -> None:
    for place in range(1000, 3200, 5):
        text = "." * place + "needle_and_thread" + "." * 5000
        assert found(text, r"re:needle\w*") == [(place, place + 17)]


def test_case_matters_only_when_an_upper_case_letter_is_typed() -> None:
    assert len(found("Order order ORDER", "order")) == 3
    assert len(found("Order order ORDER", "Order")) == 1
    assert len(found("A a 1", r"re:\S")) == 3
    assert len(found("Ab ab", r"re:\SB")) == 0


def test_special_characters_in_plain_text_mean_themselves() -> None:
    assert found("a.b axb [x]", "a.b") == [(0, 3)]
    assert found("a.b axb [x]", "[x]") == [(8, 11)]


def test_the_search_stops_at_ten_thousand_and_says_so() -> None:
    matches = searched("a" * 50_000, "a")
    assert (len(matches), matches.count) == (MAX_MATCHES, "10,000+")
    exact = searched("a" * MAX_MATCHES, "a")
    assert (len(exact), exact.count) == (MAX_MATCHES, "10,000")


@pytest.mark.parametrize(
    "pattern", ["(", "[", "*", "(?P<n", "a{99999999999}", "(" * 500, "\\", "(?<=a+)b", "", "\x1b("]
)
def test_a_pattern_that_is_none_is_told_in_one_line(pattern: str) -> None:
    bad = parse("re:" + pattern)
    assert isinstance(bad, BadQuery)
    assert bad.reason
    assert not terminal_obeys(bad.reason)


def test_a_query_has_a_longest_length() -> None:
    assert isinstance(parse("a" * 100_000), BadQuery)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(?:a?){40}a{40}$", r"(\w+\s?)*\."])
def test_a_pattern_that_would_run_for_ever_is_given_up_with_the_reason(pattern: str) -> None:
    text = "found aab first\n" + "x" * 3000 + "\n" + "a" * 60 + "!"
    began = time.thread_time()
    matches = searched(text, "re:" + pattern)
    assert matches.stopped is not None
    assert "too slow" in matches.stopped
    assert matches.count.endswith("+")
    assert time.thread_time() - began < 60  # it would have been years


@pytest.mark.parametrize("text", ["abc", "a" * 60 + "!"])
def test_the_time_limit_of_a_pattern_ends_with_its_search(text: str) -> None:
    searched(text, "re:(a+)+$")
    deadline = time.thread_time() + 3 * search.MATCH_SECONDS
    while time.thread_time() < deadline:  # a timer left running would raise here
        sum(range(1000))
    assert found("abc", "re:b") == [(1, 2)]


def test_a_time_limit_that_is_swallowed_once_is_not_forgotten() -> None:
    swallowed = []

    def work() -> None:
        try:
            re.search("(a+)+$", "a" * 60 + "!")
        except TookTooLong:
            swallowed.append(True)
        re.search("(a+)+$", "a" * 60 + "!")

    with pytest.raises(TookTooLong):
        within(0.02, work)
    assert swallowed


def test_a_pattern_can_be_used_in_another_thread() -> None:
    outcome: list[list[tuple[int, int]]] = []
    thread = threading.Thread(target=lambda: outcome.append(found("abcb", "re:b")))
    thread.start()
    thread.join()
    assert outcome == [[(1, 2), (3, 4)]]


def test_matches_that_touch_a_row_are_told_by_index() -> None:
    matches = searched("..aa..aa..aa", "aa")
    assert list(matches.touching(0, 2)) == []
    assert list(matches.touching(3, 7)) == [0, 1]
    assert list(matches.touching(4, 6)) == []
    assert list(matches.touching(0, 12)) == [0, 1, 2]


def search_for(finder: Finder, text: str, typed: str, origin: int = 0) -> None:
    assert finder.ask(typed)
    finish(finder.search(text, origin))


def test_the_first_match_from_the_place_on_becomes_current_and_next_goes_round() -> None:
    finder = Finder()
    search_for(finder, "aa..aa..aa", "aa", origin=1)
    assert finder.label == "2 of 3"
    assert finder.move(1)
    assert finder.label == "3 of 3"
    assert finder.move(1)
    assert finder.label == "1 of 3"
    assert finder.move(-1)
    assert finder.label == "3 of 3"


def test_with_no_match_further_on_the_first_of_all_becomes_current() -> None:
    finder = Finder()
    search_for(finder, "aa......", "aa", origin=5)
    assert finder.label == "1 of 1"


def test_no_match_is_said_and_there_is_nowhere_to_go() -> None:
    finder = Finder()
    assert finder.label is None
    search_for(finder, "aa", "b")
    assert finder.label == "no match"
    assert not finder.move(1)


def test_a_bad_query_leaves_the_matches_as_they_are() -> None:
    finder = Finder()
    search_for(finder, "aa", "a")
    assert not finder.ask("re:(")
    assert finder.label == "1 of 2"
    assert finder.error is not None


def test_an_older_search_says_nothing_more_once_another_has_begun() -> None:
    finder = Finder()
    text = "needle " + "x" * 500_000 + " needle"
    finder.ask("needle")
    older = finder.search(text, len(text) - 10)
    next(older)
    search_for(finder, "abc", "d")
    finish(older)
    assert finder.label == "no match"
    assert len(finder.matches) == 0
