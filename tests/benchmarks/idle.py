"""What the list costs when nothing happens: processor time and bytes, with 40 rows on screen and refresh on."""

from tests.benchmarks.harness import SLUICE, Figure, amount, at_most, own_machine, stub
from tests.benchmarks.programs.stub_server import FIRST_VISIBLE
from tests.benchmarks.terminal import Terminal

_QUEUES = 40
_SETTLE = 12.0
_WINDOWS = 6
_WINDOW = 10.0


def measure() -> list[Figure]:
    written: list[int] = []
    with (
        own_machine() as environ,
        stub(_QUEUES) as service,
        Terminal([SLUICE, "--endpoint-url", service.url], environ, columns=120, rows=46) as terminal,
    ):
        terminal.wait(lambda output: f"{FIRST_VISIBLE + _QUEUES - 1:,}".encode() in output)
        terminal.drain(_SETTLE)
        calls, spent = service.figures()["calls"], terminal.processor_seconds
        written += [terminal.drain(_WINDOW) for _ in range(_WINDOWS)]
        spent = terminal.processor_seconds - spent
        calls = service.figures()["calls"] - calls
    share = spent / (_WINDOWS * _WINDOW)
    note = f"{calls} calls in {_WINDOWS * _WINDOW:.0f} s"
    return [
        at_most("bytes at 120x46: 10 s idle", max(written), 0, amount),
        at_most("processor, idle minute, 40 rows, refresh on", share, 0.02, lambda value: f"{value:.1%}", note=note),
    ]
