"""A server that falls silent, and the ways a terminal can end: keys work, the way out is open, nothing stays."""

import signal

import pytest

from tests.e2e.terminal import Terminal
from tests.e2e.test_demo import is_up, port_of
from tests.e2e.test_terminal import SLUICE, holds_leases
from tests.support.stub import SqsStub
from tests.support.waiting import until_now
from tests.support.wire import silence

ON_THE_WAY_OUT = 4.0
"""Seconds to wait for the end. The promise is 2 from the key on; the rest is for a busy machine to notice it."""


@pytest.mark.parametrize("where", ["list", "queue", "message", "form", "question"])
def test_where_a_server_falls_silent_keys_work_and_the_way_out_is_open(where: str, stub: SqsStub) -> None:
    stub.queue("orders", messages=["one", "two"])
    with Terminal([SLUICE, "open", "queue:orders", "--endpoint-url", stub.url]) as terminal:
        holds_leases(terminal)
        if where == "list":
            terminal.press("1")
            terminal.sees("Queues 1", "2 messages given back")
        stub.on("*", silence())
        terminal.press("r")
        if where == "message":
            terminal.press("enter")
            terminal.sees("Message of orders")
        elif where == "form":
            terminal.press("s")
            terminal.sees("Send to orders")
            terminal.press("half a thought")
            terminal.sees("half a thought")
        elif where == "question":
            terminal.press("d")
            terminal.sees("Delete messages?")
        else:
            terminal.press("?")
            terminal.sees("Help ─")
            terminal.press("q")
            terminal.no_longer_sees("Help ─")
        terminal.press(*(["q"] if where == "list" else ["ctrl+c", "ctrl+c"]))
        terminal.wait(ON_THE_WAY_OUT)
        assert terminal.complaints() == []
        if where != "list":
            said = terminal.raw.rpartition(b"\x1b[?1049l")[2]
            assert said.count(b"visible again in") == 2


def test_a_change_that_a_silent_server_took_is_named_when_the_screen_is_gone(stub: SqsStub) -> None:
    stub.queue("orders", messages=["one"])
    with Terminal([SLUICE, "open", "queue:orders", "--endpoint-url", stub.url], size=(120, 30)) as terminal:
        terminal.sees("A look (p)")
        stub.on("SendMessage", silence())
        terminal.press("s")
        terminal.sees("Send to orders")
        terminal.press("sent once", "ctrl+s")
        terminal.sees("Send this message?")
        terminal.answers("Send this message?", "y")
        until_now(lambda: stub.sent("SendMessage"))
        terminal.press("ctrl+c", "ctrl+c")
        terminal.wait(ON_THE_WAY_OUT)
        assert terminal.complaints() == []
        assert b"SendMessage on orders had no answer: its outcome is unknown" in terminal.raw
        assert len(stub.sent("SendMessage")) == 1


@pytest.mark.parametrize("way", ["SIGTERM", "SIGHUP", "the window is closed", "SIGKILL"])
def test_the_emulator_ends_with_the_demo_also_in_the_midst_of_a_look(way: str) -> None:
    with Terminal([SLUICE, "demo"]) as terminal:
        port = port_of(terminal)
        terminal.sees("orders-dlq", seconds=30)
        terminal.press(":")
        terminal.sees("esc leaves")
        terminal.press("queue:analytics-events", "enter")
        terminal.sees("Queue analytics-events", "visible")
        terminal.press("p")
        terminal.sees("held for", seconds=30)
        if way == "the window is closed":
            terminal.hang_up()
        else:
            terminal.signal(signal.Signals[way])
        terminal.wait()
        until_now(lambda: not is_up(port), what="the end of the emulator")
        if way.startswith("SIG") and way != "SIGKILL":
            assert terminal.complaints() == []
