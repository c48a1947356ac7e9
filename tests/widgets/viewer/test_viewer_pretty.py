"""pretty(): JSON is re-indented and otherwise exactly what it was."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.widgets.viewer.texts import any_text, terminal_obeys
from widgets.viewer.pretty import INDENT, MAX_INDENTATION, MAX_LEVELS, NotJson, pretty, same_place

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | any_text,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(any_text, inner, max_size=5),
    max_leaves=25,
)
layouts = st.sampled_from([{}, {"indent": 1}, {"indent": "\t"}, {"separators": (",", ":")}, {"ensure_ascii": False}])

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


def pretty_text(text: str) -> str:
    outcome = pretty(text)
    assert isinstance(outcome, str), outcome
    return outcome


@given(json_values, layouts)
def test_the_meaning_and_every_token_stay_the_same(value: Any, layout: dict[str, Any]) -> None:
    text = json.dumps(value, **layout)
    shown = pretty_text(text)
    assert json.loads(shown) == json.loads(text)
    assert _TOKEN.findall(shown) == _TOKEN.findall(text)


@given(any_text | json_values.map(json.dumps).flatmap(lambda text: st.integers(0, len(text)).map(lambda n: text[:n])))
def test_it_accepts_what_is_json_and_nothing_else(text: str) -> None:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    outcome = pretty(text)
    try:
        json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        assert isinstance(outcome, NotJson)
        assert 0 <= outcome.offset <= len(text)
        assert not terminal_obeys(outcome.reason)
    else:
        assert isinstance(outcome, str)


@given(json_values.map(json.dumps))
def test_it_is_indented_as_people_expect(text: str) -> None:
    expected = json.dumps(json.loads(text), indent=len(INDENT))
    if max((len(line) - len(line.lstrip()) for line in expected.splitlines()), default=0) <= MAX_LEVELS * len(INDENT):
        assert pretty_text(text) == expected


@pytest.mark.parametrize(
    "token",
    ["1.0", "1e400", "-0", "1E+05", "12345678901234567890", "0.10", r'"\u001b"', r'"\/"', r'"{\"a\":\"\\u0000\"}"'],
)
def test_numbers_and_escapes_are_not_rewritten(token: str) -> None:
    assert pretty_text(f'{{"k":[{token}]}}') == f'{{\n  "k": [\n    {token}\n  ]\n}}'


def test_duplicate_keys_and_their_order_stay() -> None:
    assert pretty_text('{"b":1,"a":2,"b":3}') == '{\n  "b": 1,\n  "a": 2,\n  "b": 3\n}'


def test_empty_containers_stay_on_their_line() -> None:
    assert pretty_text('{"a":[ ],"b":{\n}}') == '{\n  "a": [],\n  "b": {}\n}'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON: line 1, column 1: expected a value, found the end"),
        ('{"a" 1}', "not JSON: line 1, column 6: expected ':' after the key, found 1"),
        ('{"a": 1,}', "not JSON: line 1, column 9: expected another key, found }"),
        ("[1,\n2,]", "not JSON: line 2, column 3: expected another value, found ]"),
        ("[1}", "not JSON: line 1, column 3: expected ',' or ], found }"),
        ("[1]]", "not JSON: line 1, column 4: expected nothing more, found ]"),
        ("{'a': 1}", "not JSON: line 1, column 2: expected a key in double quotes or }, found '"),
        ("[NaN]", "not JSON: line 1, column 2: expected a value or ], found NaN"),
        ("[01]", "not JSON: line 1, column 2: expected a value or ], found 01"),
        ('["ab\\x"]', "not JSON: line 1, column 5: \\x is not an escape"),
        ('["ab\ncd"]', "not JSON: line 1, column 5: a control character in a string"),
        ('["abc', "not JSON: line 1, column 2: the string that starts here has no end"),
        ("\x1b[31m", "not JSON: line 1, column 1: expected a value, found ␛"),
        ("[1, 2", "not JSON: line 1, column 6: expected ',' or ], found the end"),
    ],
)
def test_what_is_not_json_is_told_with_its_place(text: str, reason: str) -> None:
    outcome = pretty(text)
    assert isinstance(outcome, NotJson)
    assert outcome.reason == reason


def test_ten_thousand_levels_are_shown_and_the_indentation_stops_growing() -> None:
    text = "[" * 10_000 + "]" * 10_000
    shown = pretty_text(text)
    assert shown.replace("\n", "").replace(" ", "") == text
    assert max(len(line) for line in shown.splitlines()) <= MAX_LEVELS * len(INDENT) + 2


def test_a_mebibyte_of_depth_does_not_become_thirty() -> None:
    text = "[" * MAX_LEVELS + "1," * 500_000 + "1" + "]" * MAX_LEVELS
    assert len(pretty_text(text)) < len(text) * 2 + MAX_INDENTATION + 1000


@given(json_values.map(json.dumps), st.data())
def test_a_place_is_found_again_in_the_other_form(text: str, data: st.DataObject) -> None:
    shown = pretty_text(text)
    offset = data.draw(st.integers(0, len(text) - 1).filter(lambda n: not text[n].isspace()))
    there = same_place(text, shown, offset)
    assert shown[there] == text[offset]
    assert same_place(shown, text, there) == offset


def test_a_place_is_found_again_beyond_the_first_pages() -> None:
    text = json.dumps([{"n": n} for n in range(5000)])
    shown = pretty_text(text)
    assert shown[same_place(text, shown, text.index("4321")) :].startswith("4321")
    assert same_place(text, shown, len(text)) == len(shown)
