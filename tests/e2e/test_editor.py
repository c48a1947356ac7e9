"""The operator's editor in a real pseudo-terminal: the body comes back, the terminal too, and nothing hangs."""

import os
import signal
import stat
import sys
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tests.support.stub import SqsStub
from tests.support.waiting import until_now

SLUICE = Path(sys.executable).parent / "sluice"
PAINTING = Path(__file__).parent / "programs" / "painting_app.py"


def editor(folder: Path, *lines: str) -> dict[str, str]:
    """The environment in which `lines` of shell are the editor; `$1` is its file."""
    script = folder / "my editor"
    script.write_text("\n".join(["#!/bin/sh", f"cd '{folder}'", *lines]))
    script.chmod(0o700)
    temporary = folder / "tmp"
    temporary.mkdir()
    return {"VISUAL": "", "EDITOR": f"'{script}'", "TMPDIR": str(temporary)}


def opens_the_form(stub: SqsStub, environment: dict[str, str], size: tuple[int, int] = (80, 24)) -> Terminal:
    stub.queue("orders", messages=["held"])
    return Terminal([SLUICE, "open", "queue:orders", "--endpoint-url", stub.url], environment=environment, size=size)


def writes(terminal: Terminal, text: str) -> None:
    terminal.sees("Queue orders", "A look (p)")
    terminal.press("s")
    terminal.sees("Send to orders")
    terminal.press(text)
    terminal.sees(text)
    terminal.press("ctrl+o")


def leaves(terminal: Terminal, folder: Path) -> None:
    """The terminal is as it was, and no file is left."""
    terminal.press("ctrl+c", "ctrl+c")
    assert terminal.wait() == 0
    assert terminal.complaints() == []
    assert list((folder / "tmp").iterdir()) == []


def test_the_body_goes_to_the_editor_and_comes_back(stub: SqsStub, tmp_path: Path) -> None:
    environment = editor(tmp_path, 'cp "$1" before', 'stat -c %a "$1" "$(dirname "$1")" > modes', 'echo after > "$1"')
    with opens_the_form(stub, environment) as terminal:
        writes(terminal, "before")
        terminal.sees("after", "5 of 1,048,576 bytes", "its last line end is left out")
        assert (tmp_path / "before").read_bytes() == b"before"
        assert (tmp_path / "modes").read_text().split() == ["600", "700"]
        leaves(terminal, tmp_path)


def test_line_ends_that_the_field_does_not_know_are_sent_as_they_are(stub: SqsStub, tmp_path: Path) -> None:
    environment = editor(tmp_path, r"""printf 'a\r\nb\nc\342\200\250d' > "$1" """)
    with opens_the_form(stub, environment) as terminal:
        writes(terminal, "x")
        terminal.sees("sent as the editor wrote them")
        terminal.press("ctrl+s")
        terminal.sees("Send this message?")
        terminal.answers("Send this message?", "y")
        terminal.sees("message id")
        [request] = stub.sent("SendMessage")
        assert request.params["MessageBody"] == "a\r\nb\nc\u2028d"
        leaves(terminal, tmp_path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('echo lost > "$1"; exit 3', "ended with status 3"),
        ('echo lost > "$1"; kill -9 $$', "ended by signal 9"),
        (r"""printf '\377' > "$1" """, "not UTF-8"),
        ('rm "$1"', "can't be read any more"),
    ],
    ids=["status 3", "signal 9", "no UTF-8", "no file"],
)
def test_an_editor_that_fails_leaves_the_body_as_it_was(stub: SqsStub, tmp_path: Path, line: str, said: str) -> None:
    with opens_the_form(stub, editor(tmp_path, line)) as terminal:
        writes(terminal, "before")
        terminal.sees("It did not work", said)
        terminal.press("escape")
        terminal.sees("before", "6 of 1,048,576 bytes")
        leaves(terminal, tmp_path)


def test_an_editor_that_is_not_there_is_named(stub: SqsStub, tmp_path: Path) -> None:
    environment = editor(tmp_path) | {"EDITOR": "no-such-editor"}
    with opens_the_form(stub, environment) as terminal:
        writes(terminal, "before")
        terminal.sees("no-such-editor can't be started")
        terminal.press("escape")
        terminal.sees("before")
        leaves(terminal, tmp_path)


def test_the_editor_has_the_whole_terminal_and_sluice_gets_it_back_in_its_new_size(
    stub: SqsStub, tmp_path: Path
) -> None:
    environment = editor(tmp_path, "stty -echo raw; printf 'EDITOR HERE'; head -c 2 > typed; printf 'done' > \"$1\"")
    with opens_the_form(stub, environment) as terminal:
        writes(terminal, "before")
        terminal.sees("EDITOR HERE")
        terminal.resize(100, 30)
        terminal.press("q", "\x03")  # raw: for the editor, both
        terminal.sees("4 of 1,048,576 bytes", "Send to orders")
        assert (tmp_path / "typed").read_bytes() == b"q\x03"
        terminal.until(lambda screen: len(screen.splitlines()[0]) > 90 and "^s Send" in screen.split("\n")[29])
        leaves(terminal, tmp_path)


def test_ctrl_c_is_for_the_editor(stub: SqsStub, tmp_path: Path) -> None:
    with opens_the_form(stub, editor(tmp_path, "echo EDITOR HERE; sleep 60")) as terminal:
        writes(terminal, "before")
        terminal.sees("EDITOR HERE")
        terminal.press("ctrl+c")
        terminal.sees("ended by signal 2")
        terminal.press("escape")
        terminal.sees("before")
        leaves(terminal, tmp_path)


@pytest.mark.parametrize("way", ["SIGTERM", "SIGHUP", "the window is closed"])
def test_whatever_ends_sluice_meanwhile_the_leases_go_back_and_the_editor_ends(
    stub: SqsStub, tmp_path: Path, way: str
) -> None:
    environment = editor(tmp_path, "stty -echo raw", "echo $$ > pid", "printf 'EDITOR HERE'", "exec sleep 60")
    with opens_the_form(stub, environment) as terminal:
        terminal.sees("Queue orders", "A look (p)")
        terminal.press("p")
        terminal.sees("1 held for")
        writes_into_the_form(terminal)
        terminal.sees("EDITOR HERE")
        held = stub.model.queues["orders"].messages
        assert all(message.in_flight for message in held)
        if way == "the window is closed":
            terminal.hang_up()
        else:
            terminal.signal(signal.Signals[way])
        terminal.wait(5)
        until_now(lambda: not any(message.in_flight for message in held))
        assert not is_running(int((tmp_path / "pid").read_text()))
        assert list((tmp_path / "tmp").iterdir()) == []
        if way != "the window is closed":
            assert terminal.complaints() == []


def writes_into_the_form(terminal: Terminal) -> None:
    terminal.press("s")
    terminal.sees("Send to orders")
    terminal.press("ctrl+o")


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_paints_while_the_editor_is_open_holds_nothing_up(tmp_path: Path) -> None:
    painted = tmp_path / "painted"
    environment = editor(
        tmp_path, "echo EDITOR HERE", f"while [ ! -e '{painted}' ]; do sleep 0.05; done", "echo after > $1"
    )
    with Terminal([sys.executable, PAINTING, painted], environment=environment) as terminal:
        terminal.sees("EDITOR HERE")
        terminal.sees("after", seconds=30)
        assert terminal.wait() == 0
        shown = terminal.raw.rpartition(b"EDITOR HERE")[2].partition(b"\x1b[?1049h")[0]
        assert b"\x07" not in shown
        assert stat.S_ISREG(painted.stat().st_mode)
        assert terminal.complaints() == []
