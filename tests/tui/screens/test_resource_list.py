"""The list of resources with a made-up kind: what it says for any of them, and what a list of queues can't show."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from connectors.clock import Clock
from connectors.errors import ConnectorError, Step
from connectors.open_context import OpenContext
from connectors.watching.reading import Reading
from connectors.watching.source import Page
from connectors.watching.watch import Watch
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.tui.conftest import AtWork
from tests.tui.person import Person
from tui.commands import BACK, COPY, FREEZE, REFRESH, Scope
from tui.screens.list_reading import ListReading, ListRows, Nouns, age_parts, empty_text, title_parts, trouble_facts
from tui.screens.resource_list import ResourceList
from widgets.line import Part
from widgets.table.columns import Column

LAMPS = Nouns("lamp", "lamps", "lamp ARN")
DENIED = ConnectorError(Step.PERMISSION, "denied", operation="ListLamps")
NOTHING = ListReading(True, False, False, 0, 0, 0, 0, "")
SOME = replace(NOTHING, rows=1200, shown=1200, any_name=True, complete=True, age=1.0, old_from=15.0)


def said(parts: list[Part]) -> str:
    return "".join(part.text for part in parts).strip()


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (replace(NOTHING, has_context=False, opening=True), "Lamps connecting…"),
        (replace(NOTHING, has_context=False), "Lamps no context is open (c)"),
        (replace(NOTHING, listing=True), "Lamps   loading names…"),
        (replace(NOTHING, complete=True), "Lamps 0"),
        (replace(SOME, complete=False, listing=True), "Lamps 1,200 of more  loading names…"),
        (replace(SOME, listing=True), "Lamps 1,200"),
        (replace(SOME, shown=3, marked=5, marked_hidden=2), "Lamps 1,200  3 shown  5 marked, 2 of them hidden"),
        (replace(SOME, filter_error="no pattern"), "Lamps 1,200  filter: no pattern"),
        (replace(SOME, error=DENIED), "Lamps 1,200  load failed: permission"),
        (replace(NOTHING, error=DENIED), "Lamps"),
    ],
)
def test_the_title_says_how_many_there_are_and_what_is_wrong(reading: ListReading, words: str) -> None:
    assert said(title_parts(reading, LAMPS, "c", "r")) == words


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (SOME, "current"),
        (replace(SOME, age=14.9), "current"),
        (replace(SOME, age=15.0), "read 15 s ago"),
        (replace(SOME, age=None, frozen=True), "not read yet  FROZEN"),
        (replace(NOTHING, complete=True), ""),
        (replace(NOTHING, has_context=False), ""),
    ],
)
def test_the_age_is_given_only_where_the_list_is_old(reading: ListReading, words: str) -> None:
    assert said(age_parts(reading)) == words


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (replace(NOTHING, has_context=False, opening=True), "connecting…"),
        (replace(NOTHING, has_context=False), "no context is open; c chooses one"),
        (NOTHING, "loading names…"),
        (SOME, "No lamp matches the filter."),
        (replace(NOTHING, complete=True, filling=True), "filling the demo…"),
        (replace(NOTHING, complete=True), "There are no lamps in eu-west-1. Another region or profile may hold them."),
    ],
)
def test_an_empty_list_says_why(reading: ListReading, words: str) -> None:
    assert empty_text(reading, LAMPS, "eu-west-1", "c") == words


def test_only_a_failure_before_the_first_name_stands_in_place_of_the_list() -> None:
    assert replace(NOTHING, error=DENIED).has_failed
    assert not replace(SOME, error=DENIED).has_failed
    facts = trouble_facts(DENIED, LAMPS, "r", "c")
    assert (facts[0].value, facts[-1].value) == (
        "the lamps could not be listed",
        "r tries again, c chooses another context",
    )


# -- on the screen ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LampReading(Reading[str, str]):
    """The resource is a lamp's ARN, the value its color."""


class Lamps:
    """A source that lists the lamps with their colors, so that none has to be read by itself."""

    read = None

    def __init__(self, clock: Clock) -> None:
        self.colors = {"arn:lamps:red": "red", "arn:lamps:blue": "blue"}
        self.fails_with: ConnectorError | None = None
        self._clock = clock

    def key(self, lamp: str) -> str:
        return lamp

    def name(self, lamp: str) -> str:
        return lamp.rpartition(":")[2]

    def unread(self, lamp: str) -> LampReading:
        return LampReading(lamp)

    def neighbours(self, reading: LampReading) -> tuple[str, ...]:
        return ()

    async def pages(self) -> AsyncGenerator[Page[str, LampReading], None]:
        if self.fails_with is not None:
            raise self.fails_with
        now = self._clock.monotonic()
        yield Page([*self.colors], True, [LampReading(*lamp, read_at=now) for lamp in self.colors.items()])


@dataclass(frozen=True, slots=True)
class LampRow:
    reading: LampReading
    stale: bool

    @property
    def key(self) -> str:
        return self.reading.resource

    @property
    def name(self) -> str:
        return self.key.rpartition(":")[2]

    @property
    def in_trouble(self) -> bool:
        return False


class LampsScreen(ResourceList[str, LampReading, LampRow]):
    SCOPE = Scope("lamps", (BACK, REFRESH, FREEZE, COPY))
    BINDINGS: ClassVar = SCOPE.bindings()
    NOUNS = LAMPS
    COLUMNS = (
        Column("name", "lamp", lambda row: row.name, sort=lambda row: row.name, width=20),
        Column("color", "color", lambda row: row.reading.known or "–", width=10),
    )

    def __init__(self, context: OpenContext | None, lamps: Lamps) -> None:
        super().__init__(context)
        self.lamps = lamps

    def make_rows(self, context: OpenContext, rows_on_screen: int) -> ListRows[str, LampReading, LampRow]:
        watch = Watch[str, LampReading](self.lamps, context.clock, context.aws.pace, rows_on_screen=rows_on_screen)
        return ListRows(watch, lambda reading: LampRow(reading, watch.is_stale(reading)))

    def resource(self, key: str) -> str:
        return key

    def detail_parts(self, row: LampRow) -> list[Part]:
        return [Part(f" {row.name} shines {row.reading.known}")]


@asynccontextmanager
async def lamps_listed(sluice: AtWork, stub: SqsStub, *, failing: bool = False) -> AsyncIterator[tuple[Person, Lamps]]:
    """The list of lamps, opened in a context that was open before."""
    async with sluice(stub.url) as person:
        await person.reads("title", "Queues 0")
        lamps = Lamps(person.app.clock)
        lamps.fails_with = DENIED if failing else None
        person.app.push_screen(LampsScreen(person.app.workplace, lamps))
        await person.reads("title", "Lamps")
        yield person, lamps


async def test_a_list_opened_in_an_open_context_is_read_sorted_marked_and_copied(stub: SqsStub, sluice: AtWork) -> None:
    async with lamps_listed(sluice, stub) as (person, lamps):
        await person.reads("title", "Lamps 2 ")
        await person.reads("title", "current")
        await person.reads("detail", "blue shines blue")
        await person.press("space", "space", "y")
        assert person.clipboard == "arn:lamps:blue\narn:lamps:red"
        await person.reads("hints", "2 lamp ARNs")
        lamps.colors = {"arn:lamps:red": "green"}
        await person.press("r")
        await person.reads("title", "Lamps 1  1 marked")
        await person.reads("detail", "red shines green")


async def test_a_frozen_list_stays_so_when_somebody_comes_back_to_it(stub: SqsStub, sluice: AtWork) -> None:
    async with lamps_listed(sluice, stub) as (person, _):
        await person.reads("title", "Lamps 2 ")
        lamps = person.app.screen
        assert isinstance(lamps, LampsScreen)
        assert lamps.rows is not None
        watch = lamps.rows.watch
        await person.press("question_mark")
        await until(lambda: watch.frozen)
        await person.press("escape")
        await until(lambda: not watch.frozen)
        await person.press("f")
        assert "FROZEN" in await person.reads("title", "FROZEN")
        await person.press("question_mark", "escape")
        await until(lambda: person.app.screen is lamps)
        assert watch.frozen


async def test_a_list_that_could_not_be_loaded_says_so_until_it_is_there(stub: SqsStub, sluice: AtWork) -> None:
    async with lamps_listed(sluice, stub, failing=True) as (person, lamps):
        await person.sees("the lamps could not be listed", "r tries again")
        lamps.fails_with = None
        await person.press("r")
        await person.no_longer_sees("could not be listed")
        assert person.row("red") == "red red"
