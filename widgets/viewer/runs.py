"""What is painted in one row: runs of safe characters of one kind."""

from collections.abc import Iterable
from typing import NamedTuple

from widgets.viewer.document import Document

PLAIN = ""
CONTROL = "control"
MATCH = "match"
CURRENT_MATCH = "current-match"
SELECTION = "selection"

Mark = tuple[int, int, str]
"""A stretch of the document, its end excluded, and the kind it has. It may reach beyond the row."""


class Run(NamedTuple):
    """Characters of one kind, side by side."""

    start: int
    """The offset of the first one in the document."""
    text: str
    """What is painted: printable, a tab as spaces."""
    kind: str
    """PLAIN, the kind of a colour, CONTROL for the stand-ins of characters that cannot be shown, or that of a mark."""


def row_runs(
    document: Document, start: int, end: int, colours: Iterable[Mark] = (), marks: Iterable[Mark] = ()
) -> list[Run]:
    """The runs that paint the characters from `start` to `end` (excluded), all of one line.

    A stand-in is stronger than a colour, a mark is stronger than both, and of two the later. A tab is a run of its
    own; in all others each painted character stands for one of the text.
    """
    shown = document.shown[start:end]
    kinds = [PLAIN] * len(shown)
    _lay(kinds, start, colours)
    if shown != (original := document.text[start:end]):
        for place, pair in enumerate(zip(shown, original, strict=True)):
            if pair[0] != pair[1]:
                kinds[place] = CONTROL
    _lay(kinds, start, marks)

    runs: list[Run] = []
    begin = 0
    for place in range(1, len(shown) + 1):
        if place < len(shown) and kinds[place] == kinds[begin] and "\t" not in (shown[place], shown[begin]):
            continue
        piece = shown[begin:place]
        if piece == "\t":
            piece = " " * document.cells.between(start + begin, start + place)
        runs.append(Run(start + begin, piece, kinds[begin]))
        begin = place
    return runs


def _lay(kinds: list[str], start: int, marks: Iterable[Mark]) -> None:
    for mark_start, mark_end, kind in marks:
        first, last = max(mark_start - start, 0), min(mark_end - start, len(kinds))
        if first < last:
            kinds[first:last] = [kind] * (last - first)
