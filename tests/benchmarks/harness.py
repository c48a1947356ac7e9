"""What the benchmarks share: figures, a machine of their own to run on, the stub's process, and the printed table."""

import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[2]
RUNS = 5
SLUICE = str(Path(sys.executable).with_name("sluice"))


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `floor` is the rival's figure, or the name of what the figure is made of; `value` the
    ratio, or the figure itself where there is no rival."""

    what: str
    floor: str
    sluice: str
    value: str
    target: str
    met: bool


Measure = Callable[[], "list[Figure]"]


def against(what: str, rival: Sequence[float], own: Sequence[float], target: float, *, note: str = "") -> Figure:
    """Medians of seconds side by side, as a ratio."""
    floor, mine = median(rival), median(own)
    ratio = mine / floor
    return Figure(
        what,
        seconds(floor) + (f" ({note})" if note else ""),
        seconds(mine),
        f"{ratio:.2f}x",
        f"{target:g}x",
        ratio <= target,
    )


def at_most(what: str, value: float, target: float, show: Callable[[float], str], *, note: str = "") -> Figure:
    """One figure against its limit."""
    return Figure(what, note, show(value), "", show(target), value <= target)


def seconds(value: float) -> str:
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.1f} ms" if value < 0.1 else f"{value * 1000:.0f} ms"


def amount(value: float) -> str:
    """Bytes."""
    if value >= 1e6:
        return f"{value / 1e6:.1f} MB"
    return f"{value / 1000:.2f} KB" if value >= 1000 else f"{value:.0f} B"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of `values` do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 1000) // 1000) - 1)]


@contextlib.contextmanager
def own_machine() -> Iterator[dict[str, str]]:
    """Variables for a program that finds no AWS file, no proxy and no home of whoever runs it."""
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as home:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
        folders = {f"XDG_{name}_HOME": f"{home}/{name.lower()}" for name in ("CONFIG", "STATE", "CACHE", "DATA")}
        yield {
            **kept,
            **folders,
            "HOME": home,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "AWS_CONFIG_FILE": f"{home}/config",
            "AWS_SHARED_CREDENTIALS_FILE": f"{home}/credentials",
            "AWS_EC2_METADATA_DISABLED": "true",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "NO_PROXY": "127.0.0.1",
        }


class Stub:
    """The stub's process. Moments are on `time.monotonic`, which all processes of a machine share."""

    def __init__(self, url: str) -> None:
        self.url = url

    def figures(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._ask("GET", "/figures"))
        return found

    def reset(self) -> None:
        self._ask("POST", "/reset")

    def change(self, numbers: Sequence[int]) -> None:
        self._ask("POST", "/change", json.dumps(list(numbers)).encode())

    def _ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        request = urllib.request.Request(self.url + path, data=body or None, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as response:
            answer: bytes = response.read()
        return answer


@contextlib.contextmanager
def stub(queues: int, latency: float = 0.0) -> Iterator[Stub]:
    """A stub of SQS in a process of its own, which ends with the block."""
    argv = program("stub_server", f"--queues={queues}", f"--latency={latency}")
    with subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Stub(process.stdout.readline().strip())
        finally:
            process.stdin.close()


def program(name: str, *arguments: str) -> list[str]:
    """How to start one of the programs beside this file."""
    return [sys.executable, str(ROOT / "tests/benchmarks/programs" / f"{name}.py"), *arguments]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}; medians of {RUNS} runs, side by side, {time.strftime('%Y-%m-%d')}"
    )


_HEADS = ("what", "floor or rival", "sluice", "ratio", "target", "met")


def table(figures: Sequence[Figure]) -> str:
    """The figures in columns, as wide as they need to be."""
    rows = [_HEADS]
    rows += [(f.what, f.floor, f.sluice, f.value, f.target, "yes" if f.met else "NO") for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])
