"""What reaches the terminal, byte for byte: with no colours, with 16, on a slow line, and on one that can't paint."""

import re
import sys
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tests.support.stub import SqsStub
from tests.support.wire import denied
from tui.app.colours import nearest

SLUICE = Path(sys.executable).parent / "sluice"


def sgr(raw: bytes) -> set[str]:
    """The codes of all SGR sequences; those that choose from a palette with what they choose."""
    found: set[str] = set()
    for codes in re.findall(rb"\x1b\[([0-9;]*)m", raw):
        found |= set(re.findall(r"[34]8;(?:2;\d+;\d+;\d+|5;\d+)|\d+", codes.decode()))
    return found


def is_colour(code: str) -> bool:
    number = int(code.partition(";")[0])
    return 30 <= number <= 38 or 40 <= number <= 48 or 90 <= number <= 107


def goes_everywhere(terminal: Terminal) -> None:
    """A look, a message, a form, a dialog and a panel."""
    terminal.sees("Queue orders", "A look (p)")
    terminal.press("p")
    terminal.insists("y", on=lambda screen: "1 held" in screen)
    terminal.press("space", "enter")
    terminal.sees("Message of orders", "pretty")
    terminal.press("q")
    terminal.sees("1 held")
    terminal.press("P")
    terminal.sees("Purge this queue?")
    terminal.insists("escape", on=lambda screen: "Purge this queue?" not in screen)
    terminal.press("?")
    terminal.sees("Help ─")
    terminal.press("q")
    terminal.no_longer_sees("Help ─")


def shop(stub: SqsStub) -> None:
    stub.queue("orders", messages=['{"total": 4980, "open": true, "note": null}'], dead_letter="orders-dlq")
    stub.queue("orders-dlq", visible=40)


@pytest.mark.parametrize("term", ["xterm-256color", "screen"])
def test_with_no_color_no_colour_leaves_and_the_cursor_is_reversed(stub: SqsStub, term: str) -> None:
    shop(stub)
    environment = {"NO_COLOR": "1", "TERM": term, "COLORTERM": "truecolor" if term != "screen" else ""}
    command = [SLUICE, "open", "queue:orders", "--endpoint-url", stub.url]
    with Terminal(command, environment=environment) as terminal:
        goes_everywhere(terminal)
        assert {code for code in sgr(bytes(terminal.raw)) if is_colour(code)} == set()
        assert terminal.is_reversed("default")
        assert terminal.is_reversed("43 B")


def test_an_empty_no_color_is_no_wish(stub: SqsStub) -> None:
    shop(stub)
    with Terminal([SLUICE, "--endpoint-url", stub.url], environment={"NO_COLOR": ""}) as terminal:
        terminal.sees("orders-dlq", "▲ 40")
        assert any(is_colour(code) for code in sgr(bytes(terminal.raw)))


def test_with_256_colours_each_is_the_nearest_of_all_of_them(stub: SqsStub) -> None:
    shop(stub)
    stub.on("GetCallerIdentity", denied("sts:GetCallerIdentity"))  # else it is chance whether "unverified" is painted

    def colours(**environment: str) -> set[str]:
        with Terminal([SLUICE, "--endpoint-url", stub.url], environment=environment) as terminal:
            terminal.sees("trouble first", "▲ 40", "unverified")
            return {code for code in sgr(bytes(terminal.raw)) if code[1:3] == "8;"}

    full = colours(TERM="xterm-256color", COLORTERM="truecolor")
    wanted = {f"{code[0]}8;5;{nearest(*map(int, code.split(';')[2:]))}" for code in full}
    assert colours(TERM="xterm-256color", COLORTERM="") == wanted
    assert nearest(12, 30, 40) == 234  # a dark blue is nearer to a dark grey than to the first blue of the cube


@pytest.mark.parametrize("term", ["screen", "xterm", "linux"])
def test_with_16_colours_no_other_leaves(stub: SqsStub, term: str) -> None:
    shop(stub)
    command = [SLUICE, "open", "queue:orders", "--endpoint-url", stub.url]
    with Terminal(command, environment={"TERM": term, "COLORTERM": ""}) as terminal:
        goes_everywhere(terminal)
        codes = sgr(bytes(terminal.raw))
        assert not {code for code in codes if ";" in code}
        assert any(is_colour(code) for code in codes)


def test_on_a_slow_line_the_mouse_is_left_alone(stub: SqsStub) -> None:
    shop(stub)
    with Terminal([SLUICE, "--endpoint-url", stub.url, "--low-bandwidth"]) as terminal:
        terminal.sees("orders-dlq", "▲ 40")
        assert b"\x1b[?1000h" not in terminal.raw


def test_the_offer_over_ssh_can_be_declined_in_the_configuration(stub: SqsStub, tmp_path: Path) -> None:
    shop(stub)
    over_ssh = {"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}
    with Terminal([SLUICE, "--endpoint-url", stub.url], environment=over_ssh) as terminal:
        terminal.sees("over SSH? --low-bandwidth paints less")
    file = tmp_path / "config.toml"
    file.write_text("low_bandwidth = false")
    command = [SLUICE, "--endpoint-url", stub.url, "--config", str(file)]
    with Terminal(command, environment=over_ssh) as terminal:
        terminal.sees("orders-dlq", "▲ 40", "Help")
        assert b"over SSH?" not in terminal.raw


def test_a_terminal_that_cannot_paint_is_told_what_to_use() -> None:
    with Terminal([SLUICE], size=(120, 24), environment={"TERM": "dumb"}) as terminal:
        assert terminal.wait() == 2
        assert terminal.text.startswith("sluice: TERM=dumb paints no screen; `sluice get queues`")
        assert b"\x1b" not in terminal.raw


def test_keys_that_clash_are_one_line_and_no_screen(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\n"queue.peek" = "s"\n')
    with Terminal([SLUICE, "--config", str(file)], size=(400, 24)) as terminal:
        assert terminal.wait() == 2
        [line] = [line for line in terminal.text.splitlines() if line]
        assert "s is both queue.peek and queue.send on the screen 'queues'" in line
        assert b"\x1b[?1049h" not in terminal.raw
