"""Colours on a terminal with 256 of them.

Rich would map a dark colour to another hue: its steps are the six of the colour cube, and grey only where there is no
hue at all. Here each colour becomes the nearest of all 240 that every terminal has alike.
"""

from collections.abc import Iterable
from functools import lru_cache

from rich.color import Color, ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as ScreenColor
from textual.filter import LineFilter

_CUBE = (0, 95, 135, 175, 215, 255)
_FIRST_OF_CUBE, _FIRST_GREY, _GREYS = 16, 232, 24


@lru_cache(4096)
def nearest(red: int, green: int, blue: int) -> int:
    """The number of the colour of the cube (16 to 231) or the grey ramp (232 to 255) that is nearest to an RGB."""
    wanted = red, green, blue
    steps = [min((abs(level - value), step) for step, level in enumerate(_CUBE))[1] for value in wanted]
    of_cube = _FIRST_OF_CUBE + 36 * steps[0] + 6 * steps[1] + steps[2]
    grey = min(max(round((sum(wanted) / 3 - 8) / 10), 0), _GREYS - 1)
    to_cube = _distance(wanted, [_CUBE[step] for step in steps])
    return _FIRST_GREY + grey if _distance(wanted, [8 + 10 * grey] * 3) < to_cube else of_cube


def _distance(one: Iterable[int], other: Iterable[int]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


@lru_cache(4096)
def _in_256(style: Style) -> Style:
    return style + Style(color=_one(style.color), bgcolor=_one(style.bgcolor))


def _one(color: Color | None) -> Color | None:
    if color is None or color.type is not ColorType.TRUECOLOR or color.triplet is None:
        return color
    return Color.from_ansi(nearest(*color.triplet))


class NearestOf256(LineFilter):
    """Maps what is painted to the nearest of the 256 colours."""

    def apply(self, segments: list[Segment], background: ScreenColor) -> list[Segment]:
        return [
            Segment(text, _in_256(style) if style is not None else None, control) for text, style, control in segments
        ]
