"""How long a key press waits for its paint while 10,000 queues are being read."""

import re
import time

from tests.benchmarks.harness import SLUICE, Figure, Stub, at_most, own_machine, percentile, say, seconds, stub
from tests.benchmarks.programs.stub_server import queue_name
from tests.benchmarks.reading import LATENCY, QUEUES
from tests.benchmarks.terminal import Terminal

_STEPS = 12
"""Rows that the cursor goes down, and up again: it stays on the screen."""
_BETWEEN = 0.03
_STYLED_ROW = re.compile(rb"\x1b\[([0-9;]*)m  queue-00000 ")


def _cursor_style(output: bytes) -> str:
    """The style of the first row as it was painted last, which is the cursor's before anybody moved it."""
    found = _STYLED_ROW.findall(output)
    return found[-1].decode() if found else ""


def press_times(environ: dict[str, str], service: Stub) -> list[float]:
    """Seconds from each press of `j` or `k` to the bytes that show the cursor on the next row, until all is read."""
    waits: list[float] = []
    with Terminal([SLUICE, "--endpoint-url", service.url], environ) as terminal:
        terminal.wait(_cursor_style)
        style = _cursor_style(bytes(terminal.output))
        at, way, asked = 0, 1, time.monotonic()
        while True:
            if not 0 <= at + way <= _STEPS:
                way = -way
            at += way
            bar = f"\x1b[{style}m  {queue_name(at)} "
            before = len(terminal.output)
            pressed = terminal.press("j" if way > 0 else "k")
            waits.append(terminal.wait_for(bar, since=before, seconds=10) - pressed)
            terminal.drain(_BETWEEN)
            if time.monotonic() - asked > 1:
                asked = time.monotonic()
                if service.figures()["all_read_at"]:
                    return waits


def measure() -> list[Figure]:
    with own_machine() as environ:
        with stub(QUEUES, LATENCY) as service:
            slow = press_times(environ, service)
        with stub(QUEUES) as service:
            quick = press_times(environ, service)
    for name, waits in (("40 ms", slow), ("instant", quick)):
        shown = ", ".join(seconds(percentile(waits, share)) for share in (0.5, 0.95, 0.99, 1.0))
        say(f"  {name}: {len(waits)} presses; 50, 95, 99, 100 %: {shown}")
    return [
        at_most(
            "key press to paint meanwhile, 40 ms a call, 99 %",
            percentile(slow, 0.99),
            0.05,
            seconds,
            note=f"{len(slow)} presses in one run",
        ),
        at_most(
            "key press to paint meanwhile, instant stub, 95 %",
            percentile(quick, 0.95),
            0.06,
            seconds,
            note=f"{len(quick)} presses in one run",
        ),
    ]
