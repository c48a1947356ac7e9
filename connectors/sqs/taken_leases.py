"""The leases that the receives of one open context took, and which changes of visibility are part of a look."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from connectors.service import OperationClass, Parameters

if TYPE_CHECKING:
    from connectors.clock import Clock

RECEIVE = "ReceiveMessage"
LONGEST_EXTENSION = 300
"""Seconds to which the lease of a look may be extended as a part of that look. To more it is a change."""

_VISIBILITY = frozenset({"ChangeMessageVisibility", "ChangeMessageVisibilityBatch"})


class TakenLeases:
    """The leases that the receives of one open context took, by receipt handle. A lease that has ended is forgotten.

    Only the answer of a receive adds a handle. A ChangeMessageVisibility that gives a lease back (timeout 0) is part of
    a look, and so is one that extends a lease of this context; to set any other timeout is a change.
    """

    _FEW = 1000

    def __init__(self, clock: "Clock") -> None:
        self._clock = clock
        self._ends: dict[str, float] = {}
        self._sweep_above = self._FEW

    def __len__(self) -> int:
        return len(self._ends)

    def take(self, receipt_handles: Iterable[str], ends: float) -> None:
        """`ends` is on the clock's monotonic scale. A handle that is known gets the new end."""
        self._ends.update(dict.fromkeys(receipt_handles, ends))
        if len(self._ends) > self._sweep_above:
            now = self._clock.monotonic()
            self._ends = {handle: end for handle, end in self._ends.items() if end > now}
            self._sweep_above = max(self._FEW, 2 * len(self._ends))

    def drop(self, receipt_handles: Iterable[str]) -> None:
        for handle in receipt_handles:
            self._ends.pop(handle, None)

    def runs(self, receipt_handle: object) -> bool:
        """Whether this context took that lease, and it has not ended."""
        return self._ends.get(str(receipt_handle), 0.0) > self._clock.monotonic()

    def classify(self, operation: str, request: Parameters) -> OperationClass:
        """A look where every entry gives a lease back or extends one of this context, else a change."""
        if operation not in _VISIBILITY:
            return OperationClass.CHANGE
        entries = list(request.get("Entries", [request]))  # the single form is one entry
        gives_back = all(entry.get("VisibilityTimeout") == 0 for entry in entries)
        if entries and (gives_back or all(self._keeps(entry) for entry in entries)):
            return OperationClass.LOOK
        return OperationClass.CHANGE

    def _keeps(self, entry: Mapping[str, Any]) -> bool:
        """Whether `entry` sets the end of a lease of this context, within `LONGEST_EXTENSION`."""
        seconds = entry.get("VisibilityTimeout")
        return isinstance(seconds, int) and 0 <= seconds <= LONGEST_EXTENSION and self.runs(entry.get("ReceiptHandle"))
