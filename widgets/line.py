"""One line of a screen: parts at the left, parts at the right, cut to the width in a way that keeps what matters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.widget import Widget

from widgets.text import printable

SHORTEST = 8
"""Cells that a part which may be shortened keeps, unless others would have to be cut."""
SHORTEST_OF_ALL = 2


class Yield(IntEnum):
    """What a part does when the line is too narrow."""

    NEVER = 0
    SHORTEN = 1
    DROP = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text with a symbolic style: "", "strong", "front", "muted", "key", "success", "warning", "error"."""

    text: str
    style: str = ""
    when_narrow: Yield = Yield.NEVER
    with_previous: bool = False
    """Dropped, it takes the part before it along: a key is nothing without its word."""

    @property
    def cells(self) -> int:
        return cell_len(self.text)


def fit(parts: Sequence[Part], width: int) -> list[Part]:
    """`parts` within `width` cells: the last that may be dropped goes first, then the longest that may be shortened
    shrinks; what is left over is cut at the end."""
    fitted = [replace(part, text=printable(part.text)) for part in parts]
    while sum(part.cells for part in fitted) > width:
        droppable = [index for index, part in enumerate(fitted) if part.when_narrow is Yield.DROP]
        if not droppable:
            break
        last = droppable[-1]
        del fitted[max(0, last - fitted[last].with_previous) : last + 1]
    for least in (SHORTEST, SHORTEST_OF_ALL):
        _shrink(fitted, width, least)
    return _cut(fitted, width) if sum(part.cells for part in fitted) > width else fitted


def _shrink(parts: list[Part], width: int, least: int) -> None:
    """Shrinks those of `parts` that may be shortened, the longest first, to `least` cells where it must be."""
    excess = sum(part.cells for part in parts) - width
    while excess > 0:
        can_shrink = [i for i, part in enumerate(parts) if part.when_narrow is Yield.SHORTEN and part.cells > least]
        if not can_shrink:
            break
        index = max(can_shrink, key=lambda i: parts[i].cells)
        cells = max(least, parts[index].cells - excess)
        excess -= parts[index].cells - cells
        parts[index] = replace(parts[index], text=shorten(parts[index].text, cells))


def least(parts: Sequence[Part]) -> int:
    """The cells that `parts` need when each has given way as far as it can."""
    stay = [part.cells if part.when_narrow is Yield.NEVER else min(part.cells, SHORTEST) for part in parts]
    return sum(cells for part, cells in zip(parts, stay, strict=True) if part.when_narrow is not Yield.DROP)


def _cut(parts: Sequence[Part], width: int) -> list[Part]:
    kept: list[Part] = []
    for part in parts:
        text = shorten(part.text, width)
        width -= cell_len(text)
        kept += [replace(part, text=text)] if text else []
    return kept


def shorten(text: str, cells: int) -> str:
    """`text` cut to `cells` terminal cells, its end replaced by `…` where it was longer."""
    if cell_len(text) <= cells:
        return text
    return set_cell_size(text, max(cells - 1, 0)).rstrip() + "…" if cells > 0 else ""


class Line(Widget):
    """Paints parts; repaints only when they changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line--strong",
        "line--front",
        "line--muted",
        "line--key",
        "line--success",
        "line--warning",
        "line--error",
    }
    DEFAULT_CSS = """
    Line {
        height: 1;
        .line--strong { text-style: bold; }
        .line--front { text-style: bold reverse; }
        .line--muted { text-style: dim; }
        .line--key { text-style: bold; color: $accent; }
        .line--success { color: $text-success; }
        .line--warning { color: $text-warning; text-style: bold; }
        .line--error { color: $text-error; text-style: bold; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._left: tuple[Part, ...] = ()
        self._right: tuple[Part, ...] = ()
        self._keep = 0

    def show(self, left: Sequence[Part], right: Sequence[Part] = (), *, keep: int = 0) -> None:
        """The parts from now on. The right ones keep their place. The left ones give way first, down to `keep` cells
        where the right ones can give way, too."""
        if (tuple(left), tuple(right), keep) != (self._left, self._right, self._keep):
            self._left, self._right, self._keep = tuple(left), tuple(right), keep
            self.refresh()

    @property
    def text(self) -> str:
        """What is painted, without styles."""
        return self.render().plain

    def render(self) -> Text:
        width = self.size.width
        right = fit(self._right, min(width, max(width - self._keep - 1, least(self._right))) if self._keep else width)
        right_cells = sum(part.cells for part in right)
        left = fit(self._left, max(0, width - right_cells - (1 if right_cells else 0)))
        line = Text(no_wrap=True, overflow="ellipsis", end="")
        for part in left:
            self._append(line, part)
        line.truncate(max(0, width - right_cells), pad=True)
        for part in right:
            self._append(line, part)
        return line

    def _append(self, line: Text, part: Part) -> None:
        style = self.get_component_rich_style(f"line--{part.style}", partial=True) if part.style else ""
        line.append(part.text, style)
