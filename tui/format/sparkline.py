"""The visible counts of the last minutes as a row of blocks, which changes only when a minute ends."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from connectors.watching.history import BUCKETS, History

if TYPE_CHECKING:
    from connectors.sqs.state import QueueState

_BLOCKS = "▁▂▃▄▅▆▇█"
_UNKNOWN = "·"


class Trend:
    """The blocks of every queue of a history, for the same minutes: those that had ended at the last `move_on`."""

    def __init__(self, history: History) -> None:
        self.history = history
        self._bucket = history.bucket()

    def move_on(self) -> bool:
        """Goes on to the minute that ended last. True if there is a new one to show."""
        before, self._bucket = self._bucket, self.history.bucket()
        return self._bucket != before

    def text(self, state: "QueueState") -> str:
        return blocks(self.history.counts(state.queue.url, self._bucket, state))


def blocks(counts: Sequence[int | None]) -> str:
    """One block a count, the highest for the largest and the lowest for zero alone; a dot for what is unknown, nothing
    before the first that is known."""
    known = [count for count in counts if count is not None]
    if not known:
        return ""
    first = next(at for at, count in enumerate(counts) if count is not None)
    largest = max(known)
    return " " * first + "".join(_block(count, largest) for count in counts[first:])


def _block(count: int | None, largest: int) -> str:
    if count is None:
        return _UNKNOWN
    return _BLOCKS[0] if count == 0 else _BLOCKS[1 + round((len(_BLOCKS) - 2) * count / largest)]


def trend_text(counts: Sequence[int | None]) -> str:
    """The blocks with what they stand for: `▂▃█  3 to 120 visible, last 3 min`."""
    known = [count for count in counts if count is not None]
    if not known:
        return "no minute has ended yet"
    first = next(at for at, count in enumerate(counts) if count is not None)
    low, high = min(known), max(known)
    span = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    return f"{blocks(counts).lstrip()}  {span} visible, last {BUCKETS - first} min"
