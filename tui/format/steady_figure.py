"""A figure that is always on screen and is measured again and again, such as the calls per minute."""

FROM = 0.1
"""The share of the shown figure by which a new measurement must differ to replace it."""


class Steady:
    """Rounds to two significant digits, and keeps the last figure until a measurement differs from it by `FROM`. Each
    new figure is a repaint, and small changes mean nothing."""

    def __init__(self) -> None:
        self._said = 0.0

    def about(self, value: float) -> int:
        if abs(value - self._said) > FROM * self._said:
            self._said = value
        return round(float(f"{self._said:.2g}"))
