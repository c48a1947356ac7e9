"""A figure that is shown all the time and always moves a little."""

FROM = 0.1
"""The part of the shown figure by which the measured one must differ before another one is shown."""


class Steady:
    """Rounds to two significant digits, and stays with what it said as long as that is about right: a figure that
    flickers costs a repaint each time and tells nothing."""

    def __init__(self) -> None:
        self._said = 0.0

    def about(self, value: float) -> int:
        if abs(value - self._said) > FROM * self._said:
            self._said = value
        return round(float(f"{self._said:.2g}"))
