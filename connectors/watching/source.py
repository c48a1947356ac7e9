"""What is watched: the resources of one kind of one service."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol

from connectors.watching.reading import ReadingT, ResourceT


@dataclass(frozen=True, slots=True)
class Page(Generic[ResourceT, ReadingT]):
    """A part of a listing. `complete` is True on the last one, after which a resource that no page named is gone.

    `readings` are those that the listing itself brings, each of a resource that this page or one before it names.
    """

    resources: Sequence[ResourceT]
    complete: bool
    readings: Sequence[ReadingT] = ()


class Source(Protocol[ResourceT, ReadingT]):
    """Lists the resources and reads one of them. A key is unique in the source, as a URL or an ARN is."""

    def key(self, resource: ResourceT) -> str: ...

    def name(self, resource: ResourceT) -> str:
        """The name by which `neighbours` names it."""
        ...

    def unread(self, resource: ResourceT) -> ReadingT:
        """The reading of a resource that is only listed."""
        ...

    def neighbours(self, reading: ReadingT) -> tuple[str, ...]:
        """The names of those that are read along with this one while it is on screen."""
        ...

    def pages(self) -> AsyncGenerator[Page[ResourceT, ReadingT], None]:
        """One pass over all resources. Raises `ConnectorError` where it can't go on."""
        ...

    @property
    def read(self) -> Callable[[ReadingT], Awaitable[ReadingT]] | None:
        """Reads one resource anew: takes its last reading and returns the next one, with a failure as part of it. None
        where the listing brings every reading, so that there is no call for each resource."""
        ...
