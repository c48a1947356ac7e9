"""A source whose readings all come with the listing: there is no call for each resource."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from connectors.concurrency import LoopLag, Pace
from connectors.errors import ConnectorError, Step
from connectors.watching.reading import Reading
from connectors.watching.source import Page
from connectors.watching.watch import RELIST_SECONDS, STALE_LISTING_SECONDS, Watch
from tests.support.clock import ManualClock
from tests.support.following import following


@dataclass(frozen=True, slots=True)
class Shelf(Reading[str, int]):
    pass


@dataclass
class Shelves:
    """Names come on two pages, then what each holds comes on a third."""

    clock: ManualClock
    held: dict[str, int]
    error: ConnectorError | None = None
    calls: list[str] = field(default_factory=list)
    read: None = None

    def key(self, resource: str) -> str:
        return f"shelf:{resource}"

    def name(self, resource: str) -> str:
        return resource

    def unread(self, resource: str) -> Shelf:
        return Shelf(resource)

    def neighbours(self, reading: Shelf) -> tuple[str, ...]:
        return ()

    async def pages(self) -> AsyncGenerator[Page[str, Shelf], None]:
        for names in ([*self.held][:2], [*self.held][2:]):
            await self._call("names")
            yield Page(names, complete=False)
        await self._call("held")
        now = self.clock.monotonic()
        readings = [
            Shelf(name, error=self.error) if self.error else Shelf(name, number, read_at=now)
            for name, number in self.held.items()
        ]
        yield Page((), complete=True, readings=readings)

    async def _call(self, what: str) -> None:
        self.calls.append(what)
        await self.clock.sleep(0.1)


PASS = ["names", "names", "held"]


@asynccontextmanager
async def watching(shelves: Shelves) -> AsyncIterator[Watch[str, Shelf]]:
    watch = Watch(shelves, shelves.clock, Pace(LoopLag(shelves.clock.monotonic)), rows_on_screen=1)
    async with following(watch):
        yield watch


def values(watch: Watch[str, Shelf]) -> dict[str, int | None]:
    return {state.resource: state.known for state in watch.states.values()}


async def test_names_are_there_before_what_they_hold_and_one_pass_brings_both(clock: ManualClock) -> None:
    shelves = Shelves(clock, {"a": 1, "b": 2, "c": 3})
    async with watching(shelves) as watch:
        await clock.advance(0.15)
        assert values(watch) == {"a": None, "b": None}
        await clock.advance(0.2)
        assert values(watch) == shelves.held
        assert watch.complete
        assert shelves.calls == PASS


async def test_what_is_on_screen_costs_no_call_until_it_is_listed_again(clock: ManualClock) -> None:
    shelves = Shelves(clock, {"a": 1, "b": 2, "c": 3})
    async with watching(shelves) as watch:
        watch.show(["shelf:a", "shelf:c"])
        await clock.advance(RELIST_SECONDS - 1)
        assert shelves.calls == PASS
        shelves.held = {"a": 5, "c": 3}
        await clock.advance(1.45)
        assert watch.listing
        assert not any(watch.is_stale(state) for state in watch.states.values())
        await clock.advance(1)
        assert shelves.calls == 2 * PASS
        assert values(watch) == {"a": 5, "c": 3}


async def test_a_refresh_lists_again_also_while_frozen(clock: ManualClock) -> None:
    shelves = Shelves(clock, {"a": 1, "b": 2, "c": 3})
    async with watching(shelves) as watch:
        await clock.advance(1)
        watch.freeze(True)
        await clock.advance(STALE_LISTING_SECONDS + 1)
        assert shelves.calls == PASS
        assert all(watch.is_stale(state) for state in watch.states.values())
        shelves.held["b"] = 7
        watch.refresh()
        await clock.advance(1)
        assert shelves.calls == 2 * PASS
        assert values(watch) == shelves.held


async def test_after_something_was_done_to_one_all_are_listed_again(clock: ManualClock) -> None:
    shelves = Shelves(clock, {"a": 1, "b": 2, "c": 3})
    async with watching(shelves) as watch:
        await clock.advance(0.25)  # the listing under way may have begun before it was done
        watch.read_soon("b")
        await clock.advance(1)
        assert shelves.calls == 2 * PASS


async def test_what_the_listing_could_not_read_keeps_its_last_value_and_says_why(clock: ManualClock) -> None:
    shelves = Shelves(clock, {"a": 1, "b": 2, "c": 3})
    async with watching(shelves) as watch:
        await clock.advance(1)
        shelves.error = ConnectorError(Step.THROTTLE, "slow down")
        watch.refresh()
        await clock.advance(1)
        assert values(watch) == shelves.held
        assert all(watch.is_stale(state) for state in watch.states.values())
        shelves.error = ConnectorError(Step.PERMISSION, "denied")
        watch.refresh()
        await clock.advance(1)
        assert set(values(watch).values()) == {None}
        assert watch.complete
