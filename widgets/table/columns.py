"""What a column is, how wide it gets, and how its values are put in order."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

R = TypeVar("R")

MARK_WIDTH = 2
"""Cells at the left edge: the mark of a marked row and a space."""

GAP = 2
"""Cells between two columns."""


def _plain(_: object) -> str:
    return ""


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column of a table of records `R`.

    `text` and `style` are called only for lines that are painted, `sort` only to sort by this column.
    """

    key: str
    title: str
    text: Callable[[R], str]
    sort: Callable[[R], Any] | None = None
    """The value to sort by; without it the column sorts by its text. Strings sort naturally (`q2` before `q10`) and
    without regard to case. `None` and NaN mean "unknown", and stand last in both directions. The other values of a
    column must be comparable with each other."""
    style: Callable[[R], str] = _plain
    """A symbolic name: "", "muted", "warning", "error", "success", "accent" or "stale". Any other counts as ""."""
    align: Literal["left", "right"] = "left"
    width: int = 8
    """Cells, at least. What does not fit is cut and ends with `…`."""
    grow: int = 0
    """Share of the cells that no column needs. Columns with 0 keep their width."""
    min_total: int = 0
    """The column is shown only where the whole table, scrollbar included, is at least that many cells wide."""
    descending_first: bool = False
    """The first sort by this column puts the largest on top, as one wants it for counts."""
    sortable: bool = True
    """Whether the keys and the header offer to sort by it."""


@dataclass(frozen=True)
class Placed(Generic[R]):
    """A column that is shown, with the cells it got, counted from the left edge of the table."""

    column: Column[R]
    x: int
    width: int


def place(columns: Sequence[Column[R]], total: int, room: int) -> list[Placed[R]]:
    """Shares `room` cells out among `columns`, in a table that is `total` cells wide.

    Where the declared widths do not fit, columns give way, the one with the largest `min_total` first and among equals
    the last one. The first column always stays, cut if need be.
    """
    shown = [column for column in columns if total >= column.min_total] or list(columns[:1])
    room = max(room - MARK_WIDTH, 0)
    if not shown or not room:
        return []
    while len(shown) > 1 and _needed(shown) > room:
        del shown[max(range(1, len(shown)), key=lambda at: (shown[at].min_total, at))]
    widths = [min(column.width, room) for column in shown]
    _share_out(max(room - _needed(shown), 0), shown, widths)
    placed: list[Placed[R]] = []
    x = MARK_WIDTH
    for column, width in zip(shown, widths, strict=True):
        placed.append(Placed(column, x, width))
        x += width + GAP
    return placed


def _needed(columns: Sequence[Column[R]]) -> int:
    return sum(column.width for column in columns) + GAP * (len(columns) - 1)


def _share_out(spare: int, columns: Sequence[Column[R]], widths: list[int]) -> None:
    """Adds `spare` cells to `widths` in proportion to `grow`; all of them, whatever the rounding."""
    shares = sum(column.grow for column in columns)
    for at, column in enumerate(columns):
        if column.grow:
            cells = spare * column.grow // shares
            widths[at] += cells
            spare -= cells
            shares -= column.grow


_DIGITS = re.compile("[0-9]+")
_SPACE, _LAST = 0x20, 0x10FFFF


def _by_length(match: re.Match[str]) -> str:
    digits = match.group().lstrip("0")
    length = _SPACE + len(digits)  # no length is a line break
    return f"0{chr(length if length < _LAST else _LAST)}{digits}"


def natural(text: str) -> str:
    """A string to compare instead of `text`, so that numbers in it count as numbers and case does not matter.

    Each run of digits is led by its length, so that a longer number is the larger one.
    """
    return _DIGITS.sub(_by_length, text.casefold())


def naturals(texts: Sequence[str]) -> list[str]:
    """`natural` of each: all in one go, which takes half the time."""
    lines = natural("\n".join(texts)).split("\n")
    return lines if len(lines) == len(texts) else [natural(text) for text in texts]


def in_order(keys: Iterable[str], record: Callable[[str], R], column: Column[R], reverse: bool) -> list[str]:
    """`keys` sorted by what `column` says of their records. Equal ones keep their order, unknown ones stand last."""
    value_of = column.sort or column.text
    known: list[str] = []
    values: list[Any] = []
    unknown: list[str] = []
    for key in keys:
        value = value_of(record(key))
        if value is None or value != value:
            unknown.append(key)
        else:
            known.append(key)
            values.append(value)
    if values and isinstance(values[0], str):
        values = naturals(values)
    return [known[at] for at in sorted(range(len(known)), key=values.__getitem__, reverse=reverse)] + unknown
