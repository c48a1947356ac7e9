"""What the demo's data of one service is, for the child process that writes it into the emulator."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict


class SeedCounts(TypedDict):
    """Resources created and left alone because they existed, messages sent and refused, and seconds taken."""

    created: int
    existing: int
    messages: int
    refused: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Seeds:
    """The demo's data of one service: `Service.seeds` names the module whose `SEEDS` this is."""

    resources: int
    """How many resources there are to create."""
    write: Callable[[str, Callable[[int, str], None]], SeedCounts]
    """`write(url, report)` writes all of it into the emulator at `url` and calls `report` after each resource with how
    many are done and the name of the last. Raises `EmulatorError` where the emulator does not take it."""
