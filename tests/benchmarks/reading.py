"""Reading the counts of 10,000 queues once: at full speed, with 40 ms per call, and what it leaves in memory."""

import subprocess
import time
from statistics import median
from typing import Any

from tests.benchmarks.harness import (
    ROOT,
    RUNS,
    SLUICE,
    Figure,
    Stub,
    against,
    amount,
    at_most,
    own_machine,
    program,
    say,
    stub,
)
from tests.benchmarks.programs.stub_server import DEAD_LETTER_EVERY, FIRST_VISIBLE
from tests.benchmarks.terminal import Terminal

QUEUES = 10_000
LATENCY = 0.04
_CONCURRENCIES = (2, 4, 8, 20)
_TRIAL = 1500
_ROWS_ON_SCREEN = 19
_SECONDS = 120.0


def _reading_time(figures: dict[str, Any]) -> float:
    """Seconds for all queues at the speed reached after the last page of names."""
    left: int = QUEUES - figures["read_at_last_page"]
    spent: float = figures["all_read_at"] - figures["last_page_at"]
    return spent * QUEUES / left


def _run(environ: dict[str, str], argv: list[str]) -> float:
    started = time.monotonic()
    subprocess.run(argv, env=environ, cwd=ROOT, check=True, timeout=_SECONDS)
    return time.monotonic() - started


def _best_concurrency(environ: dict[str, str], service: Stub) -> int:
    took = {
        concurrency: _run(environ, program("bare_loop", service.url, str(concurrency), str(_TRIAL)))
        for concurrency in _CONCURRENCIES
    }
    return min(took, key=lambda concurrency: took[concurrency])


def _read_headless(environ: dict[str, str], service: Stub, argv: list[str]) -> float:
    service.reset()
    _run(environ, argv)
    return _reading_time(service.figures())


def _read_on_screen(environ: dict[str, str], service: Stub) -> tuple[float, int]:
    """Seconds, and resident bytes when all is read and the last change is painted."""
    service.reset()
    with Terminal([SLUICE, "--endpoint-url", service.url], environ) as terminal:
        deadline = time.monotonic() + _SECONDS
        while not (figures := service.figures())["all_read_at"]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"only {figures['read']} queues were read")
            terminal.drain(0.25)
        terminal.drain(1.0)
        return _reading_time(figures), terminal.memory


def _all_counts(output: bytes) -> bool:
    numbers = [*range(_ROWS_ON_SCREEN)]
    assert _ROWS_ON_SCREEN < DEAD_LETTER_EVERY - 2, "each row has one count to wait for"
    return all(f"{FIRST_VISIBLE + number:,}".encode() in output for number in numbers)


def _round_trips(environ: dict[str, str]) -> list[float]:
    """From the first page of names to the counts of every row on screen, in times of one call."""
    trips: list[float] = []
    with stub(QUEUES, LATENCY) as service:
        for _ in range(RUNS):
            service.reset()
            with Terminal([SLUICE, "--endpoint-url", service.url], environ) as terminal:
                shown = terminal.wait(_all_counts)
                trips.append((shown - service.figures()["first_page_at"]) / LATENCY)
    return trips


def measure() -> list[Figure]:
    floor: list[float] = []
    headless: list[float] = []
    whole: list[float] = []
    memory: list[int] = []
    with own_machine() as environ:
        with stub(QUEUES) as service:
            concurrency = _best_concurrency(environ, service)
            for run in range(RUNS):
                bare = program("bare_loop", service.url, str(concurrency))
                floor.append(_read_headless(environ, service, bare))
                headless.append(_read_headless(environ, service, program("headless_watch", service.url)))
                took, resident = _read_on_screen(environ, service)
                whole.append(took)
                memory.append(resident)
                say(f"  run {run + 1}: bare {floor[-1]:.2f} s, watch {headless[-1]:.2f} s, whole app {took:.2f} s")
        trips = _round_trips(environ)
    note = f"aiobotocore, {concurrency} at once"
    return [
        against("10,000 counts, instant stub, the watch alone", floor, headless, 1.2, note=note),
        against("10,000 counts, instant stub, the whole app", floor, whole, 1.2, note=note),
        at_most("first names to counts on screen, 40 ms a call", median(trips), 4, lambda value: f"{value:.1f} trips"),
        at_most("memory with 10,000 queues read", median(memory), 110e6, amount),
    ]
