"""What is known of one resource at a moment: its last good reading and its last failure."""

from dataclasses import dataclass, replace
from typing import Any, Generic, Self, TypeVar

from connectors.errors import ConnectorError, Step

ResourceT = TypeVar("ResourceT")
ValueT = TypeVar("ValueT")
ReadingT = TypeVar("ReadingT", bound="Reading[Any, Any]")

ON_THE_WAY = frozenset({Step.THROTTLE, Step.DNS, Step.TCP, Step.TLS, Step.TIMEOUT, Step.CREDENTIALS})
"""Failures of the way to the service: the next call will most likely meet the same."""
PASSING = ON_THE_WAY | {Step.ANSWER, Step.SERVICE, Step.SETTINGS}
"""Failures that say nothing about the resource itself: its last good value stays, and grows stale."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[ResourceT, ValueT]):
    """Moments are on the clock's monotonic scale. A resource that is only listed has neither value nor error.

    A source derives a class of its own: in Python 3.11 `Reading[X, Y](...)` fails, for typing sets an attribute on the
    frozen instance.
    """

    resource: ResourceT
    value: ValueT | None = None
    read_at: float | None = None
    error: ConnectorError | None = None
    first_number: int | None = None
    first_read_at: float | None = None

    @property
    def known(self) -> ValueT | None:
        """The last good value, None where the resource itself can't be read any more."""
        return self.value if self.error is None or self.error.step in PASSING else None

    @property
    def number(self) -> int | None:
        """The number whose history is kept; None where it is unknown, which is not zero, or where there is none."""
        return None

    @property
    def change_per_minute(self) -> float | None:
        """Growth of `number` since the first reading; None until two readings are some seconds apart."""
        if self.number is None or self.first_number is None or self.read_at is None or self.first_read_at is None:
            return None
        seconds = self.read_at - self.first_read_at
        return (self.number - self.first_number) * 60 / seconds if seconds >= 1 else None

    def renewed(self, value: ValueT, read_at: float) -> Self:
        """This after a reading that brought `value`."""
        after = replace(self, value=value, read_at=read_at, error=None)
        if self.first_number is not None:
            return after
        return replace(after, first_number=after.number, first_read_at=read_at)

    def failed(self, error: ConnectorError) -> Self:
        """This after a reading that failed: the last good value stays."""
        return replace(self, error=error)

    def followed_by(self, after: Self) -> Self:
        """This after the reading `after`, which a listing brought without knowing what was before."""
        if after.error is not None:
            return self.failed(after.error)
        if after.value is None or after.read_at is None:
            return self
        return self.renewed(after.value, after.read_at)
