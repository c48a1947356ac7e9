"""A body of 1 MiB in one line: first paint, page down, search to its end."""

import re
from statistics import median

from tests.benchmarks.harness import RUNS, Figure, at_most, own_machine, program, seconds
from tests.benchmarks.programs.viewer_app import LAST_WORD
from tests.benchmarks.terminal import Terminal

_PAGES = 5
_ITEM = re.compile(rb"(?<!\d)1\d{5}(?!\d)")


def _last_item(output: bytes) -> int:
    """The highest number of an item in what was painted; 0 where none was."""
    return max(map(int, _ITEM.findall(output)), default=0)


def _beyond(terminal: Terminal, item: int, since: int) -> float:
    return terminal.wait(lambda output: _last_item(output) > item, since=since, seconds=5)


def measure() -> list[Figure]:
    paints: list[float] = []
    pages: list[float] = []
    searches: list[float] = []
    with own_machine() as environ:
        for _ in range(RUNS):
            with Terminal(program("viewer_app"), environ, columns=120, rows=46) as terminal:
                terminal.wait_for("ready")
                terminal.drain(0.3)
                before = len(terminal.output)
                pressed = terminal.press("a")
                paints.append(terminal.wait_for("100000", since=before) - pressed)
                terminal.settle(0.7)
                before = len(terminal.output)
                terminal.press(" ")  # not measured: from here on each page holds later items than the one before
                terminal.drain(0.3)
                for _ in range(_PAGES):
                    shown, before = _last_item(bytes(terminal.output[before:])), len(terminal.output)
                    pressed = terminal.press(" ")
                    pages.append(_beyond(terminal, shown, before) - pressed)
                    terminal.drain(0.1)
                terminal.press("/")
                terminal.drain(0.3)
                terminal.press(LAST_WORD)
                terminal.drain(0.3)
                before = len(terminal.output)
                pressed = terminal.press("\r")
                searches.append(terminal.wait_for("1 of 1", since=before) - pressed)
    return [
        at_most("1 MiB in one line: first paint, 120x46", median(paints), 0.15, seconds),
        at_most("1 MiB in one line: page down", median(pages), 0.03, seconds),
        at_most("1 MiB in one line: search, match at the end", median(searches), 0.3, seconds),
    ]
