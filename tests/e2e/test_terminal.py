"""The screen in a real pseudo-terminal against an endpoint of our own: signals, a dead network, sizes."""

import signal
import sys
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tests.support.stub import SqsStub, silent_port, unused_port
from tests.support.waiting import until_now

SLUICE = Path(sys.executable).parent / "sluice"


def holds_leases(terminal: Terminal) -> None:
    terminal.sees("Queue orders", "A look (p)")
    terminal.press("p")
    terminal.sees("2 held for")


UNDER_ANOTHER = ["sh", "-c", 'trap : HUP; "$0" "$@"; true']
"""What stays when the window is closed, and tells nobody: as make does."""


@pytest.mark.parametrize(
    "way", ["SIGTERM", "SIGHUP", "the window is closed", "the window is closed over another program", "ctrl+c twice"]
)
def test_whatever_ends_it_the_leases_go_back(stub: SqsStub, way: str) -> None:
    orders = stub.queue("orders", messages=["one", "two"])
    above = UNDER_ANOTHER if way.endswith("another program") else []
    with Terminal([*above, SLUICE, "open", "queue:orders", "--endpoint-url", stub.url]) as terminal:
        holds_leases(terminal)
        if way.startswith("the window is closed"):
            terminal.hang_up()
        elif way == "ctrl+c twice":
            terminal.press("ctrl+c", "ctrl+c")
        else:
            terminal.signal(signal.Signals[way])
        terminal.wait(4)
        until_now(lambda: not any(message.in_flight for message in orders.messages))
        [request] = stub.sent("ChangeMessageVisibilityBatch")
        assert [entry["VisibilityTimeout"] for entry in request.params["Entries"]] == [0, 0]
        if not way.startswith("the window is closed"):
            assert terminal.complaints() == []


def test_what_is_typed_before_the_first_screen_is_there_goes_into_its_field(stub: SqsStub) -> None:
    stub.queue("orders", messages=["one"])
    stub.queue("payments", messages=["two"])
    with Terminal([SLUICE, "--endpoint-url", stub.url]) as terminal:
        terminal.press("/p")
        terminal.sees("Queues 2  1 shown", "Keep the filter")
        terminal.press("x")
        terminal.sees("Queues 2  0 shown")
        assert stub.sent("ReceiveMessage") == []


def test_a_server_that_never_answers_leaves_keys_working_and_the_way_out_open() -> None:
    with silent_port() as url, Terminal([SLUICE, "--endpoint-url", url]) as terminal:
        terminal.sees("loading names")
        terminal.press("?")
        terminal.sees("Help ─")
        terminal.press("q")
        terminal.no_longer_sees("Help ─")
        terminal.press("q")
        assert terminal.wait(4) == 0
        assert terminal.complaints() == []


def test_without_a_network_there_is_a_panel_that_names_the_step() -> None:
    with Terminal([SLUICE, "--endpoint-url", f"http://127.0.0.1:{unused_port()}"]) as terminal:
        terminal.sees("could not be listed", "TCP", "r tries again")
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.complaints() == []


@pytest.mark.parametrize("hurry", [False, True], ids=["calmly", "with ctrl+c held down"])
def test_what_could_not_be_given_back_is_named_when_the_screen_is_gone(stub: SqsStub, hurry: bool) -> None:
    orders = stub.queue("orders", messages=["one", "two"])
    with Terminal([SLUICE, "open", "queue:orders", "--endpoint-url", stub.url], size=(160, 30)) as terminal:
        holds_leases(terminal)
        stub.go_down()
        terminal.press("ctrl+c", "ctrl+c")
        if hurry:  # once the screen is gone, ctrl+c is a signal
            terminal.until(lambda _: b"\x1b[?1049l" in terminal.raw)
            while terminal.process.poll() is None:
                terminal.signal(signal.SIGINT)
                terminal.sees("")
        terminal.wait(5)
        for message in orders.messages:
            assert f"{message.message_id}".encode() in terminal.raw.rpartition(b"\x1b[?1049l")[2]


def test_an_unknown_theme_is_one_line_and_no_screen(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('theme = "nrod"')
    with Terminal([SLUICE, "--config", str(file)], size=(120, 24)) as terminal:
        assert terminal.wait() == 2
        assert terminal.text.strip() == "sluice: settings: there is no theme 'nrod'. Try: nord"


def test_in_16_colours_everything_that_colour_says_is_also_said_in_words(stub: SqsStub) -> None:
    stub.queue("orders", visible=3, dead_letter="orders-dlq")
    stub.queue("orders-dlq", visible=2)
    with Terminal(
        [SLUICE, "--read-only", "--endpoint-url", stub.url], environment={"TERM": "screen", "COLORTERM": ""}
    ) as terminal:
        terminal.sees("▲ 2", "READ-ONLY", "123456789012")
        assert b"\x1b[38;2;" not in terminal.raw
        assert b";38;2;" not in terminal.raw


def test_a_terminal_that_shrinks_and_grows_keeps_the_screen_whole(stub: SqsStub) -> None:
    stub.many(60)
    with Terminal([SLUICE, "--endpoint-url", stub.url], size=(140, 45)) as terminal:
        terminal.sees("trouble first", "queue-00025", "delayed")
        terminal.resize(60, 12)
        terminal.until(lambda screen: "delayed" not in screen and "queue-00053" in screen)
        terminal.sees("Queues 60", "Filter")
        terminal.resize(140, 45)
        terminal.sees("queue-00025", "delayed")


def test_an_exported_size_does_not_outrank_that_of_the_terminal(stub: SqsStub) -> None:
    stub.queue("orders", visible=3)
    command = [SLUICE, "--endpoint-url", stub.url]
    with Terminal(command, environment={"COLUMNS": "40", "LINES": "10"}) as terminal:
        terminal.until(lambda screen: "Help" in screen.split("\n")[23], what="hints in the last of 24 lines")
        terminal.resize(100, 30)
        terminal.until(lambda screen: "Help" in screen.split("\n")[29], what="hints in the last of 30 lines")
