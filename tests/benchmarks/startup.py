"""From the command to the first paint, to the first counts, and to the version."""

import re
import subprocess
import time

from tests.benchmarks.harness import RUNS, SLUICE, Figure, against, at_most, own_machine, program, seconds, stub
from tests.benchmarks.programs.stub_server import FIRST_VISIBLE
from tests.benchmarks.terminal import Terminal

_ALTERNATE_SCREEN = b"\x1b[?1049h"
_ROWS = 19
"""All that the list shows on 24 lines."""


def _painted(word: bytes, output: bytes) -> bool:
    _, entered, screen = output.partition(_ALTERNATE_SCREEN)
    return bool(entered) and word in screen


def _counted(output: bytes) -> bool:
    return all(f"{FIRST_VISIBLE + number:,}".encode() in output for number in range(_ROWS))


def measure() -> list[Figure]:
    rival: list[float] = []
    paint: list[float] = []
    counts: list[float] = []
    version: list[float] = []
    with own_machine() as environ, stub(200) as service:
        own = [SLUICE, "--endpoint-url", service.url]
        for run in range(RUNS + 1):  # the first one only fills the caches of files and of compiled modules
            with Terminal(program("empty_table_app"), environ) as terminal:
                rival_painted = terminal.wait(lambda output: _painted(b"Quit", output)) - terminal.started
            with Terminal(own, environ) as terminal:
                painted = terminal.wait(lambda output: _painted(b"Filter", output)) - terminal.started
                counted = terminal.wait(_counted) - terminal.started
            started = time.monotonic()
            told = subprocess.run([SLUICE, "--version"], env=environ, capture_output=True, check=True)
            told_in = time.monotonic() - started
            assert re.search(rb"\d", told.stdout)
            if run:
                rival.append(rival_painted)
                paint.append(painted)
                counts.append(counted)
                version.append(told_in)
    version.sort()
    return [
        against("start to first paint, 80x24", rival, paint, 1.3, note="empty table and footer"),
        against("start to first counts, 200 queues", rival, counts, 2.6, note="the same, its first paint"),
        at_most("sluice --version", version[RUNS // 2], 0.15, seconds),
    ]
