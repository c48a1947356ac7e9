"""How many messages were visible in each of the last minutes, queue by queue.

A bucket is a minute of the wall clock and holds the last count that was read in it; a minute without a reading is
unknown, which is not zero. Memory is taken only for queues that were read in more than one bucket.
"""

from array import array
from typing import TYPE_CHECKING

from connectors.clock import Clock

if TYPE_CHECKING:
    from connectors.sqs.state import QueueState

BUCKET_SECONDS = 60
BUCKETS = 12
"""Ended buckets that are shown; one more is being filled."""
_UNKNOWN = -1
_LARGEST = 2**31 - 1


class VisibleHistory:
    """Moments are on the clock's monotonic scale. The buckets are aligned with the wall clock as it was at the start,
    so that a clock that is set later moves none of them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset = clock.now().timestamp() - clock.monotonic()
        # the bucket that is being filled, then its count and those of the buckets before it
        self._counts: dict[str, array[int]] = {}

    def bucket(self, moment: float | None = None) -> int:
        """The number of the bucket of a moment, or of now."""
        return int((self._clock.monotonic() if moment is None else moment) + self._offset) // BUCKET_SECONDS

    def seconds_left(self) -> float:
        """Until the bucket of now ends."""
        return BUCKET_SECONDS - (self._clock.monotonic() + self._offset) % BUCKET_SECONDS

    def take(self, before: "QueueState", after: "QueueState") -> None:
        """A reading turned `before` into `after`. A first reading stands in the state itself."""
        url = after.queue.url
        if after.error is not None or after.visible is None or after.read_at is None:
            return
        if url not in self._counts:
            if before.visible is None or before.read_at is None or not self._is_later(after.read_at, before.read_at):
                return
            self.note(url, before.visible, before.read_at)
        self.note(url, after.visible, after.read_at)

    def note(self, url: str, visible: int, moment: float | None = None) -> None:
        """A count that was read, at `moment` or now."""
        bucket = self.bucket(moment)
        counts = self._counts.get(url)
        if counts is None:
            counts = self._counts[url] = array("i", [bucket, *[_UNKNOWN] * (BUCKETS + 1)])
        passed = bucket - counts[0]
        if passed < 0:
            return  # an answer that was overtaken by one of a later bucket
        if passed:
            kept = counts[1 : 2 + max(0, BUCKETS - passed)] if passed <= BUCKETS else array("i")
            gap = [_UNKNOWN] * (BUCKETS + 1 - len(kept))
            counts = self._counts[url] = array("i", [bucket, *gap, *kept])
        counts[1] = min(visible, _LARGEST)

    def counts(self, url: str, bucket: int, state: "QueueState | None" = None) -> tuple[int | None, ...]:
        """The counts of the `BUCKETS` buckets before `bucket`, oldest first; None where unknown. `state` knows of the
        one reading where there was only one."""
        numbers = range(bucket - BUCKETS, bucket)
        counts = self._counts.get(url)
        if counts is not None:
            return tuple(self._at(counts, number) for number in numbers)
        if state is None or state.visible is None or state.read_at is None:
            return (None,) * BUCKETS
        read_in = self.bucket(state.read_at)
        return tuple(state.visible if number == read_in else None for number in numbers)

    def forget(self, url: str) -> None:
        self._counts.pop(url, None)

    def _is_later(self, moment: float, before: float) -> bool:
        return self.bucket(moment) > self.bucket(before)

    def _at(self, counts: "array[int]", number: int) -> int | None:
        place = counts[0] - number + 1
        return counts[place] if 1 <= place < len(counts) and counts[place] != _UNKNOWN else None
