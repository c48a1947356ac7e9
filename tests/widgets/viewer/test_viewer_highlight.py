"""JsonSpans: what stands where in JSON, from any place on and without reading the rest."""

import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.widgets.viewer.texts import any_text
from widgets.viewer.highlight import JsonSpans, Span

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | any_text,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(any_text, inner, max_size=5),
    max_leaves=25,
)

_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)|([{}\[\],:])', re.DOTALL)


def kinds(text: str, spans: list[Span], start: int, end: int) -> list[str]:
    """The kind of each character from `start` to `end`."""
    of_each = [""] * len(text)
    for span in spans:
        for place in range(span.start, min(span.end, len(text))):
            of_each[place] = span.kind
    return of_each[start:end]


def all_kinds(text: str) -> list[str]:
    """The same, read plainly from the beginning."""
    spans = []
    for token in _TOKEN.finditer(text):
        string, colon, number, literal, punctuation = token.groups()
        if string:
            spans.append(Span(*token.span(1), "key" if colon else "string"))
        if colon:
            spans.append(Span(token.end() - 1, token.end(), "punctuation"))
        if number:
            spans.append(Span(*token.span(3), "number"))
        if literal:
            spans.append(Span(*token.span(4), "literal"))
        if punctuation:
            spans.append(Span(*token.span(5), "punctuation"))
    return kinds(text, spans, 0, len(text))


@given(st.lists(json_values, min_size=1, max_size=8), st.integers(1, 60), st.data())
def test_any_stretch_has_the_kinds_that_reading_all_of_it_gives(
    values: list[Any], times: int, data: st.DataObject
) -> None:
    text = json.dumps(values * times, ensure_ascii=data.draw(st.booleans()))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 400, len(text))))
    assert kinds(text, JsonSpans(text).between(start, end), start, end) == all_kinds(text)[start:end]


def test_the_middle_of_a_huge_string_is_a_string() -> None:
    text = json.dumps({"k": 'quote " and \\ backslash ' * 20_000})
    spans = JsonSpans(text)
    assert {span.kind for span in spans.between(250_000, 250_200)} == {"string"}
    assert [span.kind for span in spans.between(len(text) - 1, len(text))] == ["punctuation"]


def test_a_key_that_is_cut_by_a_block_is_still_a_key() -> None:
    for length in range(4080, 4100):
        text = json.dumps({"k" * length: 'v"' * length})
        found = JsonSpans(text).between(0, len(text))
        assert kinds(text, found, 0, len(text)) == all_kinds(text)


def test_a_block_boundary_within_an_escape_changes_nothing() -> None:
    for shift in range(8):
        text = json.dumps(["x" * shift + '\\"' * 5000, 1])
        found = JsonSpans(text).between(0, len(text))
        assert kinds(text, found, 0, len(text)) == all_kinds(text)


def test_a_number_or_a_literal_is_one_thing_wherever_it_stands() -> None:
    for shift in range(26):
        text = json.dumps(["x" * shift] + [-3.9421559244080076e-133, True, None] * 2000)
        found = JsonSpans(text).between(0, len(text))
        assert kinds(text, found, 0, len(text)) == all_kinds(text)


def test_text_that_is_not_json_raises_nothing() -> None:
    for text in ("", '"' * 10_000, "\\" * 10_000, "{" * 10_000, '\\"' * 5000):
        JsonSpans(text).between(0, len(text))
        JsonSpans(text).between(len(text), len(text) + 100)
