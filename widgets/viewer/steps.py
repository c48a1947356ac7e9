"""Long work as a generator of short steps, so that a user interface can answer keys in between."""

from collections.abc import Generator
from time import perf_counter
from typing import TypeVar

Result = TypeVar("Result")
Steps = Generator[None, None, Result]
"""Work that yields every few milliseconds and returns its result."""


def finish(steps: Steps[Result]) -> Result:
    """Does all the work at once."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: Result = done.value
            return result


def advance(steps: Steps[None], seconds: float) -> bool:
    """Works for about `seconds`, at least one step; whether it is done."""
    until = perf_counter() + seconds
    while True:
        try:
            next(steps)
        except StopIteration:
            return True
        if perf_counter() >= until:
            return False
