"""Commands without a screen on a slow endpoint: whoever sits at a terminal is told what they wait for."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tests.support.command import run
from tests.support.stub import SqsStub

SLUICE = Path(sys.executable).parent / "sluice"
QUEUES = ("get", "queues")
MESSAGES = ("get", "messages", "orders")


def at_a_terminal(stub: SqsStub, arguments: Sequence[str], output: Path) -> Terminal:
    """What it prints goes to a file, what it says to the terminal."""
    command = f"exec {SLUICE} {' '.join(arguments)} --endpoint-url {stub.url} > {output}"
    return Terminal(["sh", "-c", command], size=(120, 24))


@pytest.mark.parametrize(
    ("arguments", "held", "said"),
    [
        (QUEUES, "ListQueues", "waiting for an answer from"),
        (QUEUES, "GetQueueAttributes", "still reading from"),
        (MESSAGES, "GetQueueUrl", "waiting for an answer from"),
    ],
    ids=["no answer", "some answers", "messages"],
)
def test_it_says_once_what_it_waits_for_and_never_among_the_data(
    stub: SqsStub, tmp_path: Path, arguments: Sequence[str], held: str, said: str
) -> None:
    stub.queue("orders", messages=["body one"])
    answers = stub.hold(held)
    output = tmp_path / "output"
    with at_a_terminal(stub, arguments, output) as terminal:
        terminal.sees(f"sluice: {said} {stub.url} (3 s so far)")
        answers.release()
        assert terminal.wait() == 0
        assert terminal.raw.count(b"s so far") == 1
    header, *rows = output.read_text().splitlines()
    assert header.startswith(("NAME", "RECEIVES"))
    assert len(rows) == 1


def test_an_endpoint_that_answers_is_not_waited_for(stub: SqsStub, tmp_path: Path) -> None:
    stub.queue("orders")
    with at_a_terminal(stub, QUEUES, tmp_path / "output") as terminal:
        assert terminal.wait() == 0
        assert terminal.raw == b""


def test_without_a_terminal_nobody_is_told(stub: SqsStub) -> None:
    stub.queue("orders")
    stub.on("ListQueues", lambda request: stub.model.reply(request).after(3.3))
    ran = run("get", "queues", "--endpoint-url", stub.url)
    assert (ran.returncode, ran.stderr) == (0, "")
