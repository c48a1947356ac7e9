"""A table of 100,000 rows beside one of 100: first paint, cursor moves, filter."""

from statistics import median

from tests.benchmarks.harness import RUNS, Figure, against, at_most, own_machine, program, seconds
from tests.benchmarks.terminal import Terminal

FEW, MANY = 100, 100_000
_MOVES = 20
_TEXT = "orders-01"
_PATTERN = "re:orders-0[12]"


def _first_paint(terminal: Terminal) -> float:
    terminal.wait_for("ready")
    terminal.drain(0.3)
    before = len(terminal.output)
    pressed = terminal.press("a")
    return terminal.wait_for("orders-000000", since=before) - pressed


def _moves(terminal: Terminal) -> list[float]:
    """Down and up the first screenful: each paints two rows, one of them with the name that the cursor comes to."""
    words = ("orders", "payments", "emails", "thumbnails", "analytics", "shipping", "legacy")
    waits: list[float] = []
    for key, numbers in (("j", range(1, _MOVES)), ("k", range(_MOVES - 2, -1, -1))):
        for number in numbers:
            terminal.drain(0.02)
            before = len(terminal.output)
            pressed = terminal.press(key)
            name = f"{words[number % len(words)]}-{number:06}"
            waits.append(terminal.wait_for(name, since=before, seconds=5) - pressed)
    return waits


def _typed(terminal: Terminal, expression: str) -> list[float]:
    """What each character of a filter takes until the screen shows how many rows it leaves."""
    terminal.press("/")
    terminal.wait_for("filtering")
    waits: list[float] = []
    for end in range(1, len(expression) + 1):
        terminal.drain(0.1)
        before = len(terminal.output)
        pressed = terminal.press(expression[end - 1])
        waits.append(terminal.wait_for(f"<{expression[:end]}>", since=before, seconds=10) - pressed)
    return waits


def measure() -> list[Figure]:
    paints: dict[int, list[float]] = {FEW: [], MANY: []}
    moves: dict[int, list[float]] = {FEW: [], MANY: []}
    worst: dict[str, list[float]] = {_TEXT: [], _PATTERN: []}
    with own_machine() as environ:
        for _ in range(RUNS):
            for rows in (FEW, MANY):
                with Terminal(program("table_app", str(rows)), environ) as terminal:
                    paints[rows].append(_first_paint(terminal))
                    moves[rows] += _moves(terminal)
            for expression, waits in worst.items():
                with Terminal(program("table_app", str(MANY)), environ) as terminal:
                    _first_paint(terminal)
                    _moves(terminal)
                    waits.append(max(_typed(terminal, expression)))
    return [
        against("100,000 rows given: first paint", paints[FEW], paints[MANY], 5, note="100 rows"),
        against("100,000 rows: one cursor move", moves[FEW], moves[MANY], 1.2, note="100 rows"),
        at_most("100,000 rows: filter, slowest key press", median(worst[_TEXT]), 0.1, seconds, note=_TEXT),
        at_most("100,000 rows: filter, slowest key press", median(worst[_PATTERN]), 0.1, seconds, note=_PATTERN),
    ]
