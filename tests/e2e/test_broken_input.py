"""Bytes that are no keys, in a real pseudo-terminal, and what a crash leaves behind."""

import random
import signal
import sys
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tests.e2e.test_terminal import SLUICE
from tests.support.model import StubQueue
from tests.support.stub import SqsStub
from tests.support.waiting import until_now

CRASHING = Path(__file__).parent / "programs" / "crashing.py"
NOT_IN_THE_STORM = b"\x03\x0f\x11\x1a\x1cqQ:"
"""Bytes that quit, stop or open an editor, which proves nothing here."""


def in_flight(queue: StubQueue) -> int:
    return sum(message.in_flight for message in queue.messages)


def writes_a_draft(terminal: Terminal, text: bytes) -> None:
    """Looks at the messages of the queue that is open, and begins one."""
    terminal.sees("Queue orders", "A look (p)")
    terminal.press("p")
    terminal.sees("2 held for")
    terminal.press("s")
    terminal.sees("Send to orders")
    terminal.send(text)


def test_a_key_of_a_latin_1_terminal_is_a_stand_in_and_the_draft_goes_on(stub: SqsStub) -> None:
    stub.queue("orders", messages=["one", "two"])
    with Terminal([SLUICE, "open", "queue:orders", "--endpoint-url", stub.url]) as terminal:
        writes_a_draft(terminal, b"caf\xe9 au lait")
        terminal.sees("caf� au lait")
        terminal.send(b"\x1b[99999999999u\x1b[97:65;2u for two")
        terminal.sees("caf� au lait for two")
        terminal.press("ctrl+c", "ctrl+c")
        assert terminal.wait() == 0
        assert terminal.complaints() == []


def test_a_storm_of_bytes_does_not_end_it_nor_does_an_encoding_that_lacks_its_lines(stub: SqsStub) -> None:
    orders = stub.queue("orders", messages=["one", "two"])
    noise = random.Random(8)
    storm = bytes(byte for byte in noise.randbytes(1500) if byte not in NOT_IN_THE_STORM)
    with Terminal([SLUICE, "--endpoint-url", stub.url], environment={"PYTHONIOENCODING": "latin-1"}) as terminal:
        assert "\\u" not in terminal.sees("Queues 1", "orders", "? Help")
        for start in range(0, len(storm), 750):
            terminal.send(storm[start : start + 750] + b"\x1b[<0;9999999999;1M\x1b[48;0;0;0;0t\x1b[M\xff\xff\xff")
            assert terminal.text
        terminal.send(b"\x1b[201~ \x1b")
        assert terminal.process.poll() is None
        terminal.press("ctrl+c", "ctrl+c")
        assert terminal.wait() == 0
        assert terminal.complaints() == []
    until_now(lambda: in_flight(orders) == 0)


@pytest.mark.parametrize("where", [pytest.param("handler", marks=pytest.mark.thorough), "input"])
def test_a_crash_ends_with_status_1_gives_leases_back_and_names_the_draft(stub: SqsStub, where: str) -> None:
    orders = stub.queue("orders", messages=["one", "two"])
    command = [sys.executable, CRASHING, where, "open", "queue:orders", "--endpoint-url", stub.url]
    with Terminal(command, size=(100, 40)) as terminal:
        writes_a_draft(terminal, b"unsent")
        terminal.sees("unsent")
        assert in_flight(orders) == 2
        terminal.signal(signal.SIGUSR1)
        if where == "input":
            terminal.insists("x", on=lambda screen: "forced by a test" in screen)
        assert terminal.wait() == 1
        assert "forced by a test" in terminal.text
        assert "sluice: a message to orders is written and not sent; it is lost" in terminal.text
        assert terminal.complaints() == []
    until_now(lambda: in_flight(orders) == 0)
