"""A process that is stopped and goes on, in a real pseudo-terminal: the shell has the terminal meanwhile."""

import os
import signal
import termios
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tests.e2e.test_terminal import SLUICE
from tests.support.stub import SqsStub
from tests.support.waiting import until_now


def is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def threads(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/task").iterdir())


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="tells from /proc what a process does")
@pytest.mark.parametrize("way", ["SIGSTOP", "SIGTSTP"])
def test_what_was_stopped_goes_on_as_it_was(stub: SqsStub, way: str) -> None:
    for number in range(5):
        stub.queue(f"orders-{number}", visible=number)
    with Terminal([SLUICE, "--endpoint-url", stub.url]) as terminal:
        terminal.sees("Queues 5", "orders-4", "? Help")
        running, raw = threads(terminal.process.pid), termios.tcgetattr(terminal.slave)[:4]
        for _ in range(3):
            terminal.signal(signal.Signals[way])
            until_now(lambda: is_stopped(terminal.process.pid))
            if way == "SIGTSTP":  # it was told, and left everything as it had found it
                terminal.until(lambda _: terminal.complaints() == [], what="a terminal without complaints")
            termios.tcsetattr(terminal.slave, termios.TCSANOW, terminal.modes_before)  # as a shell does
            os.write(terminal.slave, b"\x1b[H\x1b[2J$ ls\r\n")
            terminal.sees("$ ls")
            terminal.signal(signal.SIGCONT)
            terminal.sees("Queues 5", "orders-4", "? Help")
            terminal.no_longer_sees("$ ls")
            until_now(lambda: termios.tcgetattr(terminal.slave)[:4] == raw)
        until_now(lambda: threads(terminal.process.pid) <= running)
        terminal.press("/", *"orders-3", "enter")
        terminal.sees("Queues 5  1 shown", "? Help")
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.complaints() == []


def test_what_goes_on_in_the_midst_of_the_way_out_does_not_come_back(stub: SqsStub) -> None:
    stub.queue("orders")
    with Terminal([SLUICE, "--endpoint-url", stub.url]) as terminal:
        terminal.sees("Queues 1", "? Help")
        terminal.press("q")
        terminal.until(lambda _: b"\x1b[?1049l" in terminal.raw, what="the screen's end")
        terminal.signal(signal.SIGCONT)
        assert terminal.wait() == 0
        assert terminal.complaints() == []
