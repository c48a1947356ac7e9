"""What a list of resources says of itself, without a screen: `ListReading` is the list at a moment, and the title, the
age, the words of an empty list and those of a failed one are made of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, Self, TypeVar

from connectors.errors import ConnectorError
from connectors.watching.reading import ReadingT, ResourceT
from tui.format.values import TROUBLE
from widgets.facts import Fact
from widgets.line import Part, Yield
from widgets.table.model import TableModel

if TYPE_CHECKING:
    from connectors.watching.watch import Watch


class ResourceRow(Protocol):
    """One line of the list. Rows that show the same are to be equal: the table repaints only what is another row."""

    @property
    def key(self) -> str:
        """The key of the resource in the watch, such as its URL or ARN; this is what is copied."""

    @property
    def name(self) -> str:
        """What the filter looks at."""

    @property
    def in_trouble(self) -> bool:
        """Whether it needs a hand, such as a queue with dead letters."""


RowT = TypeVar("RowT", bound=ResourceRow)


class ListRows(Generic[ResourceT, ReadingT, RowT]):
    """Makes rows of the readings of a watch; `make` makes one."""

    def __init__(self, watch: "Watch[ResourceT, ReadingT]", make: Callable[[ReadingT], RowT]) -> None:
        self.watch = watch
        self._make = make
        self._troubled: set[str] = set()
        self._known_trouble: frozenset[str] = frozenset()
        self._read: set[str] = set()
        self._round_began = float("-inf")

    @property
    def trouble(self) -> int:
        """How many resources need a hand, as last read."""
        return len(self._troubled)

    @property
    def new_trouble(self) -> int:
        """How many of them did not when the list was put in order."""
        return len(self._troubled - self._known_trouble)

    @property
    def all_read(self) -> bool:
        """Whether each resource was read, or could not be, since `begin_round`."""
        return self.watch.complete and len(self._read) == len(self.watch.states)

    def begin_round(self, now: float) -> None:
        """From now on, by the clock of the readings, each resource is to be read again before `all_read`."""
        self._round_began = now
        self._read.clear()

    def note_order(self) -> None:
        """Called when the list was put in order: what is in trouble now is no news."""
        self._known_trouble = frozenset(self._troubled)

    def forget(self, keys: Iterable[str]) -> None:
        """Leaves out resources that are gone."""
        for known in (self._troubled, self._read):
            known.difference_update(keys)

    def rows(self, changed: Iterable[ReadingT]) -> list[RowT]:
        """The rows to paint anew when these readings have changed."""
        return [self._row_of(state) for state in changed]

    def rows_of(self, keys: Iterable[str]) -> list[RowT]:
        """The rows of these keys as of now; those that are gone are left out."""
        states = self.watch.states
        return [self._row_of(states[key]) for key in keys if key in states]

    def _row_of(self, state: ReadingT) -> RowT:
        row = self._make(state)
        if state.error is not None or (state.read_at is not None and state.read_at >= self._round_began):
            self._read.add(row.key)
        if row.in_trouble:
            self._troubled.add(row.key)
        else:
            self._troubled.discard(row.key)
        return row


class Nouns(NamedTuple):
    """The field's words for what is listed: `queue`, `queues`, and for what `y` copies, `queue URL`."""

    one: str
    many: str
    copied: str


@dataclass(frozen=True, slots=True)
class ListReading:
    """A list of resources at a moment. `age` is that of the oldest reading on screen, in seconds, which is old from
    `old_from` on; `any_name` says whether any name came; `error` is why the last load of names stopped early.
    `filling` says that data is being written for the demo; `order` is the name of the list's own order where it is
    in it; `order_changed` says that it would be but for somebody at work, `new_trouble` how many resources came
    into trouble since.
    """

    has_context: bool
    opening: bool
    frozen: bool
    rows: int
    shown: int
    marked: int
    marked_hidden: int
    filter_error: str
    any_name: bool = False
    complete: bool = False
    listing: bool = False
    error: ConnectorError | None = None
    age: float | None = None
    old_from: float = 0.0
    filling: bool = False
    order: str = ""
    order_changed: bool = False
    new_trouble: int = 0

    @classmethod
    def of(
        cls, watch: "Watch[Any, Any] | None", model: TableModel[Any], *, marked: int, opening: bool, frozen: bool
    ) -> Self:
        rows, shown, hidden, error = model.total, model.shown, model.hidden_marks, model.filter_error
        if watch is None:
            return cls(False, opening, frozen, rows, shown, marked, hidden, error)
        return cls(
            True,
            opening,
            frozen,
            rows,
            shown,
            marked,
            hidden,
            error,
            any_name=bool(watch.states),
            complete=watch.complete,
            listing=watch.listing,
            error=watch.listing_error,
            age=watch.age(),
            old_from=watch.old_from,
        )

    @property
    def has_failed(self) -> bool:
        """Whether there is nothing to show because the names could not be loaded."""
        return self.error is not None and not self.any_name


def title_parts(reading: ListReading, nouns: Nouns, contexts_key: str, refresh_key: str) -> list[Part]:
    """The name of the list, how many there are, are shown and are marked, its order, and what is wrong with filter or
    load."""
    parts = [Part(f" {nouns.many.capitalize()} ", "strong")]
    if not reading.has_context:
        text = "connecting…" if reading.opening else f"no context is open ({contexts_key})"
        return [*parts, Part(text, "muted")]
    if reading.any_name or reading.complete:
        parts.append(Part(f"{reading.rows:,}{'' if reading.complete else ' of more'}"))
    if reading.shown != reading.rows:
        parts.append(Part(f"  {reading.shown:,} shown"))
    if reading.marked:
        hidden = f", {reading.marked_hidden:,} of them hidden" if reading.marked_hidden else ""
        parts.append(Part(f"  {reading.marked:,} marked{hidden}"))
    if reading.new_trouble:
        parts.append(Part(f"  {TROUBLE} {reading.new_trouble:,} new · {refresh_key}", "error"))
    elif reading.order_changed:
        parts.append(Part(f"  order changed · {refresh_key}", "warning"))
    elif reading.order:
        parts.append(Part(f"  {reading.order}", "muted", Yield.DROP))
    if reading.filter_error:
        parts.append(Part(f"  filter: {reading.filter_error}", "error"))
    if reading.listing and not reading.complete:
        parts.append(Part("  loading names…", "muted"))
    if reading.error is not None and reading.any_name:
        parts.append(Part(f"  load failed: {reading.error.step}", "error"))
    return parts


def age_parts(reading: ListReading) -> list[Part]:
    """How old the oldest reading on screen is, and whether reading is stopped. Only where it is old the age is given in
    seconds: a title that counts them is painted anew each second."""
    parts: list[Part] = []
    if reading.has_context:
        if reading.age is None and reading.complete and not reading.shown:
            pass  # an empty list shows no counts that could be old
        elif reading.age is None:
            parts.append(Part("not read yet", "muted"))
        elif reading.age >= reading.old_from:
            parts.append(Part(f"read {reading.age:.0f} s ago", "warning"))
        else:
            parts.append(Part("current", "muted"))
    if reading.frozen:
        parts.append(Part("  FROZEN", "warning"))
    return [*parts, Part(" ")]


def empty_text(reading: ListReading, nouns: Nouns, region: str, contexts_key: str) -> str:
    """Why no row is shown."""
    if not reading.has_context:
        return "connecting…" if reading.opening else f"no context is open; {contexts_key} chooses one"
    if reading.any_name:
        return f"No {nouns.one} matches the filter."
    if reading.filling:
        return "filling the demo…"
    if reading.complete:
        return f"There are no {nouns.many} in {region}. Another region or profile may hold them."
    return "loading names…"


def trouble_facts(error: ConnectorError, nouns: Nouns, refresh_key: str, contexts_key: str) -> list[Fact]:
    """Why there is no list, in place of it."""
    return [
        Fact("failed", f"the {nouns.many} could not be listed", "error"),
        *(Fact(label, value) for label, value in error.details()),
        Fact("keys", f"{refresh_key} tries again, {contexts_key} chooses another context"),
    ]
