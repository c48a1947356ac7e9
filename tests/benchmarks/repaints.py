"""Bytes that go to the terminal, which is what a slow link feels."""

from statistics import median

from tests.benchmarks.harness import RUNS, SLUICE, Figure, amount, at_most, own_machine, stub
from tests.benchmarks.programs.stub_server import FIRST_VISIBLE
from tests.benchmarks.terminal import Terminal

COLUMNS, ROWS = 120, 46
_QUEUES = 200
_CHANGED = (196, 190, 179)
"""Queues on screen: those with the most visible messages stand first."""
_QUIET = 1.0
"""Seconds without a byte after which what came belongs together; a refresh comes every five."""


def _refresh(terminal: Terminal, change: int) -> int:
    """Bytes of the refresh that brings the counts after `change` changes."""
    before = len(terminal.output)
    wanted = [f"{FIRST_VISIBLE + number + change:,}".encode() for number in _CHANGED]
    terminal.wait(lambda output: all(count in output for count in wanted), since=before, seconds=15)
    terminal.settle(_QUIET)
    return len(terminal.output) - before


def measure() -> list[Figure]:
    refreshes: list[int] = []
    moves: list[int] = []
    with (
        own_machine() as environ,
        stub(_QUEUES) as service,
        Terminal([SLUICE, "--endpoint-url", service.url], environ, columns=COLUMNS, rows=ROWS) as terminal,
    ):
        terminal.wait(lambda output: f"{FIRST_VISIBLE + _QUEUES - 1:,}".encode() in output)
        terminal.drain(6.0)
        for change in range(1, RUNS + 1):
            terminal.settle(_QUIET)
            service.change(_CHANGED)
            refreshes.append(_refresh(terminal, change))
            before = len(terminal.output)
            terminal.press("j")
            terminal.drain(0.3)
            moves.append(len(terminal.output) - before)
    size = f"{COLUMNS}x{ROWS}"
    return [
        at_most(f"bytes at {size}: refresh, 3 visible rows changed", median(refreshes), 2000, amount),
        at_most(f"bytes at {size}: cursor move", median(moves), 1500, amount),
    ]
