"""Which editor is started, and what is taken from it; in a terminal of its own that is tested in `tests/e2e`."""

import pytest

from connectors.errors import ConnectorError
from tests.support.stub import SqsStub
from tests.tui.conftest import AtWork
from tui.app.editor import Edited, editor_command, read_back


def test_visual_goes_before_editor_and_is_split_as_a_shell_would() -> None:
    assert editor_command({"EDITOR": "vi"}) == ["vi"]
    assert editor_command({"EDITOR": "vi", "VISUAL": "'my editor' --wait"}) == ["my editor", "--wait"]
    assert editor_command({"EDITOR": "vi", "VISUAL": "  "}) == ["vi"]


@pytest.mark.parametrize("environ", [{}, {"EDITOR": ""}, {"EDITOR": "vi 'x"}])
def test_without_an_editor_it_says_which_variable_to_set(environ: dict[str, str]) -> None:
    with pytest.raises(ConnectorError, match="EDITOR"):
        editor_command(environ)


@pytest.mark.parametrize(
    ("before", "after", "taken"),
    [
        ("", b"hello", Edited("hello")),
        ("", b"hello\n", Edited("hello", True)),
        ("a", b"a\n\n", Edited("a\n", True)),
        ("a", b"a\r\n", Edited("a", True)),
        ("a\n", b"b\n", Edited("b\n")),
        ("a\n", b"b", Edited("b")),
        ("", b"\n", Edited("", True)),
        ("", b"", Edited("")),
        ("", "\ufeffa\r\nb\nc\rd\u2028e\x0bf".encode(), Edited("\ufeffa\r\nb\nc\rd\u2028e\x0bf")),
    ],
)
def test_what_the_editor_wrote_is_taken_as_it_is_but_for_the_line_end_that_editors_add(
    before: str, after: bytes, taken: Edited
) -> None:
    assert read_back(before, after) == taken


def test_what_is_no_utf8_is_refused_with_the_place() -> None:
    with pytest.raises(ConnectorError, match=r"not UTF-8 \(byte 4\)"):
        read_back("", b"abc\xff")


async def test_where_there_is_no_terminal_to_lend_the_body_stays(
    stub: SqsStub, sluice: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    stub.queue("orders")
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("title", "0 visible")
        await person.press("s")
        await person.sees("Send to orders")
        await person.types("kept")
        await person.press("ctrl+o")
        assert "there is no terminal" in await person.is_shown("It did not work")
        await person.press("escape")
        await person.sees("kept")
