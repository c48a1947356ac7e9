"""One number of each resource in each of the last minutes, such as how many messages are visible.

A bucket is a minute of the wall clock and holds the last number that was read in it; a minute without a reading is
unknown, which is not zero. Memory is taken only for resources that were read in more than one bucket.
"""

from array import array
from typing import Any

from connectors.clock import Clock
from connectors.watching.reading import Reading

BUCKET_SECONDS = 60
BUCKETS = 12
"""Ended buckets that are shown; one more is being filled."""
_UNKNOWN = -1
_LARGEST = 2**31 - 1


class History:
    """Moments are on the clock's monotonic scale. The buckets are aligned with the wall clock as it was at the start,
    so that a clock that is set later moves none of them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset = clock.now().timestamp() - clock.monotonic()
        # by key: the bucket that is being filled, then its number and those of the buckets before it
        self._counts: dict[str, array[int]] = {}

    def bucket(self, moment: float | None = None) -> int:
        """The number of the bucket of a moment, or of now."""
        return int((self._clock.monotonic() if moment is None else moment) + self._offset) // BUCKET_SECONDS

    def seconds_left(self) -> float:
        """Until the bucket of now ends."""
        return BUCKET_SECONDS - (self._clock.monotonic() + self._offset) % BUCKET_SECONDS

    def take(self, key: str, before: Reading[Any, Any], after: Reading[Any, Any]) -> None:
        """`after` came after `before`. Where there was only one reading, it is not held here: see `counts`."""
        number = after.number
        if after.error is not None or number is None or after.read_at is None:
            return
        if key not in self._counts:
            if before.number is None or before.read_at is None or not self._is_later(after.read_at, before.read_at):
                return
            self.note(key, before.number, before.read_at)
        self.note(key, number, after.read_at)

    def note(self, key: str, number: int, moment: float | None = None) -> None:
        """A number that was read, at `moment` or now."""
        bucket = self.bucket(moment)
        counts = self._counts.get(key)
        if counts is None:
            counts = self._counts[key] = array("i", [bucket, *[_UNKNOWN] * (BUCKETS + 1)])
        passed = bucket - counts[0]
        if passed < 0:
            return  # an answer that was overtaken by one of a later bucket
        if passed:
            kept = counts[1 : 2 + max(0, BUCKETS - passed)] if passed <= BUCKETS else array("i")
            gap = [_UNKNOWN] * (BUCKETS + 1 - len(kept))
            counts = self._counts[key] = array("i", [bucket, *gap, *kept])
        counts[1] = min(number, _LARGEST)

    def counts(self, key: str, bucket: int, only: Reading[Any, Any] | None = None) -> tuple[int | None, ...]:
        """The numbers of the `BUCKETS` buckets before `bucket`, oldest first; None where unknown. `only` is the reading
        that counts where there was only one."""
        buckets = range(bucket - BUCKETS, bucket)
        counts = self._counts.get(key)
        if counts is not None:
            return tuple(self._at(counts, each) for each in buckets)
        if only is None or only.number is None or only.read_at is None:
            return (None,) * BUCKETS
        read_in, number = self.bucket(only.read_at), only.number
        return tuple(number if each == read_in else None for each in buckets)

    def forget(self, key: str) -> None:
        self._counts.pop(key, None)

    def _is_later(self, moment: float, before: float) -> bool:
        return self.bucket(moment) > self.bucket(before)

    def _at(self, counts: "array[int]", bucket: int) -> int | None:
        place = counts[0] - bucket + 1
        return counts[place] if 1 <= place < len(counts) and counts[place] != _UNKNOWN else None
