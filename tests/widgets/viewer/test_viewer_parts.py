"""Kind, runs, body, status line: the smaller parts of the viewer."""

import base64
import gzip
import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.widgets.viewer.texts import HOSTILE, any_text, terminal_obeys
from widgets.viewer.body import HEAD, Body
from widgets.viewer.document import Document
from widgets.viewer.kind import describe
from widgets.viewer.runs import CONTROL, row_runs
from widgets.viewer.state import ViewerState, status_line
from widgets.viewer.steps import finish


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("x", "text, 1 line, 1 byte"),
        ("a\nb\n", "text, 2 lines, 4 bytes"),
        ("漢字", "text, 1 line, 6 bytes"),
        ("\ud800", "text, 1 line, 3 bytes"),
        ("<order id='1'/>", "looks like XML, 1 line, 15 bytes"),
        ("\x1b[31m", "text with control characters, 1 line, 5 bytes"),
        (base64.b64encode(bytes(range(99))).decode(), "looks like base64 (not decoded), 132 bytes"),
        ("H4sI" + "aB3+" * 9, "looks like gzip in base64 (not decoded), 40 bytes"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "looks like a JWT (not decoded), 41 bytes"),
        ("d41d8cd98f00b204e9800998ecf8427e", "text, 1 line, 32 bytes"),
        ("Order 12345 was shipped to York", "text, 1 line, 31 bytes"),
        ('{"a": 1', "text, 1 line, 7 bytes"),
    ],
)
def test_a_body_is_described_in_one_line(text: str, said: str) -> None:
    assert describe(text) == said


def test_gzip_in_base64_is_recognised_and_not_decoded() -> None:
    body = base64.encodebytes(gzip.compress(os.urandom(300))).decode()
    assert describe(body).startswith("looks like gzip in base64 (not decoded), ")


def test_json_is_only_called_json_by_who_has_read_it() -> None:
    assert describe('{"a": 1}', is_json=True) == "JSON, 8 bytes"
    assert describe("42", is_json=True) == "text, 1 line, 2 bytes"


@given(any_text, st.booleans())
def test_a_description_is_one_safe_line(text: str, is_json: bool) -> None:
    said = describe(text, is_json=is_json)
    assert said.isascii()
    assert not terminal_obeys(said)


@given(any_text, st.data())
def test_runs_paint_what_is_there_and_nothing_a_terminal_obeys(text: str, data: st.DataObject) -> None:
    document = Document(text)
    row = document.layout(None).row(data.draw(st.integers(0, document.layout(None).rows - 1)))
    places = st.integers(0, len(text) + 5)
    marks = data.draw(st.lists(st.tuples(places, places, st.sampled_from(["match", "key"])), max_size=4))
    runs = row_runs(document, row.start, row.end, marks[:2], marks[2:])
    assert not terminal_obeys("".join(run.text for run in runs))
    place = row.start
    for run in runs:
        assert run.start == place
        characters = 1 if text[place] == "\t" else len(run.text)
        for offset in range(place, place + characters):
            kind = next((kind for start, end, kind in reversed(marks[2:]) if start <= offset < end), None)
            if kind is None and document.shown[offset] != text[offset]:
                kind = CONTROL
            if kind is None:
                kind = next((kind for start, end, kind in reversed(marks[:2]) if start <= offset < end), "")
            assert run.kind == kind
        place += characters
    assert place == row.end


def test_a_stand_in_is_told_apart_from_the_same_character_in_the_text() -> None:
    document = Document("\x1b␛")
    assert [(run.text, run.kind) for run in row_runs(document, 0, 2)] == [("␛", CONTROL), ("␛", "")]


def test_a_long_body_can_be_shown_by_its_head_before_it_is_ready() -> None:
    text = json.dumps(["x" * 100] * 1000)
    body = Body(text)
    assert body.form(True).document.text == text[:HEAD]
    finish(body.prepare())
    assert body.form(False).document.text == text
    assert body.form(True).document.text == json.dumps(json.loads(text), indent=2)
    assert body.text == text


def test_a_body_that_is_not_json_stays_as_it_came_and_says_why() -> None:
    body = Body(HOSTILE)
    finish(body.prepare())
    assert body.form(True) is body.form(False)
    assert body.why_not is not None
    assert not terminal_obeys(body.why_not)
    assert body.form(True).spans is None


def test_the_status_line_says_what_matters_first() -> None:
    state = ViewerState(
        kind="JSON, 4,213 bytes",
        line=3,
        lines=1200,
        percent=40,
        is_pretty=True,
        why_not_pretty=None,
        wraps=True,
        loading=False,
        searching=False,
        matches="3 of 17",
        search_error=None,
    )
    line = "match 3 of 17 · JSON, 4,213 bytes · line 3 of 1,200 · 40 % · pretty · wrap"
    assert status_line(state) == line
    assert len(line) <= 80


def test_the_models_import_no_textual() -> None:
    names = "body,cells,document,finder,highlight,interrupt,kind,pretty,runs,search,state,steps,wrap"
    code = f"""
import importlib, sys
for name in {names!r}.split(","):
    importlib.import_module("widgets.viewer." + name)
sys.exit(any(name.split(".")[0] in ("textual", "tui", "connectors") for name in sys.modules))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
