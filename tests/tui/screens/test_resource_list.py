"""The list of resources with a made-up kind: what it says for any of them, and what a list of queues can't show."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from connectors.errors import ConnectorError, Step
from connectors.open_context import OpenContext
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.tui.conftest import AtWork
from tui.commands import BACK, COPY, FREEZE, REFRESH, Scope
from tui.screens.list_reading import (
    ListReading,
    ListRows,
    Nouns,
    age_parts,
    empty_text,
    title_parts,
    trouble_facts,
)
from tui.screens.resource_list import ResourceList
from widgets.line import Part
from widgets.table.columns import Column

LAMPS = Nouns("lamp", "lamps", "lamp ARN")
DENIED = ConnectorError(Step.PERMISSION, "denied", operation="ListLamps")
NOTHING = ListReading(True, False, False, 0, 0, 0, 0, "")
SOME = replace(NOTHING, rows=1200, shown=1200, any_name=True, complete=True, age=1.0)


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
    assert said(title_parts(reading, LAMPS, "c")) == words


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
def test_a_reading_is_old_from_the_third_refresh_that_is_missed(reading: ListReading, words: str) -> None:
    assert said(age_parts(reading, 5.0)) == words


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (replace(NOTHING, has_context=False, opening=True), "connecting…"),
        (replace(NOTHING, has_context=False), "no context is open; c chooses one"),
        (NOTHING, "loading names…"),
        (SOME, "No lamp matches the filter."),
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


@dataclass(frozen=True)
class Lamp:
    """A row and a reading in one."""

    key: str
    color: str

    @property
    def name(self) -> str:
        return self.key.rpartition(":")[2]


@dataclass(frozen=True)
class News:
    changed: tuple[Lamp, ...] = ()
    removed: tuple[str, ...] = ()
    listings: int = 0


class LampWatch:
    """A watch that reads nothing: the test says what came, with `tell`."""

    def __init__(self) -> None:
        self.states: dict[str, Lamp] = {}
        self.complete = self.listing = self.frozen = False
        self.listing_error: ConnectorError | None = None
        self.refreshed = 0
        self.shown: tuple[str, ...] = ()
        self._news: asyncio.Queue[News] = asyncio.Queue()

    def tell(self, *lamps: Lamp, complete: bool = True, error: ConnectorError | None = None) -> None:
        self.states |= {lamp.key: lamp for lamp in lamps}
        self.complete, self.listing_error = complete, error
        self._news.put_nowait(News(lamps, listings=1))

    async def run(self) -> AsyncIterator[News]:
        while True:
            yield await self._news.get()

    def show(self, keys: tuple[str, ...], /) -> None:
        self.shown = keys

    def refresh(self) -> None:
        self.refreshed += 1

    def forget_start(self) -> None: ...

    def read_soon(self, lamp: str, /) -> None: ...

    def freeze(self, frozen: bool) -> None:
        self.frozen = frozen

    def age(self) -> float | None:
        return 1.0 if self.shown else None

    def is_stale(self, state: Lamp, /) -> bool:
        return False


class LampsScreen(ResourceList[str, Lamp, Lamp]):
    SCOPE = Scope("lamps", (BACK, REFRESH, FREEZE, COPY))
    BINDINGS: ClassVar = SCOPE.bindings()
    NOUNS = LAMPS
    COLUMNS = (
        Column("name", "lamp", lambda lamp: lamp.name, sort=lambda lamp: lamp.name, width=20),
        Column("color", "color", lambda lamp: lamp.color, width=10),
    )

    def make_rows(self, context: OpenContext, rows_on_screen: int) -> ListRows[str, Lamp, Lamp]:
        self.watched = LampWatch()
        return ListRows(self.watched, lambda lamp: lamp)

    def resource(self, key: str) -> str:
        return key

    def detail_parts(self, row: Lamp) -> list[Part]:
        return [Part(f" {row.name} shines {row.color}")]


RED, BLUE = Lamp("arn:lamps:red", "red"), Lamp("arn:lamps:blue", "blue")


async def test_a_list_opened_in_an_open_context_is_read_sorted_marked_and_copied(stub: SqsStub, sluice: AtWork) -> None:
    async with sluice(stub.url) as person:
        await person.reads("title", "Queues 0")
        lamps = LampsScreen()
        person.app.push_screen(lamps)
        await person.reads("title", "Lamps")
        lamps.watched.tell(RED, BLUE)
        await person.reads("title", "Lamps 2")
        await person.reads("detail", "blue shines blue")
        await until(lambda: lamps.watched.shown == (BLUE.key, RED.key))
        await person.press("space", "space", "y")
        assert person.clipboard == f"{BLUE.key}\n{RED.key}"
        await person.reads("hints", "2 lamp ARNs")
        lamps.watched.tell(replace(BLUE, color="green"))
        await person.press("g")
        await person.reads("detail", "blue shines green")


async def test_the_list_asks_its_watch_to_refresh_to_freeze_and_to_stop_while_it_is_covered(
    stub: SqsStub, sluice: AtWork
) -> None:
    async with sluice(stub.url) as person:
        await person.reads("title", "Queues 0")
        lamps = LampsScreen()
        person.app.push_screen(lamps)
        await person.reads("title", "Lamps")
        await person.press("r", "f")
        assert lamps.watched.refreshed == 1
        await person.reads("title", "FROZEN")
        await person.press("f")
        assert not lamps.watched.frozen
        await person.press("question_mark")
        await until(lambda: lamps.watched.frozen)
        await person.press("escape")
        await until(lambda: not lamps.watched.frozen)


async def test_a_list_that_could_not_be_loaded_says_so_until_it_is_there(stub: SqsStub, sluice: AtWork) -> None:
    async with sluice(stub.url) as person:
        await person.reads("title", "Queues 0")
        lamps = LampsScreen()
        person.app.push_screen(lamps)
        await person.reads("title", "Lamps")
        lamps.watched.tell(complete=False, error=DENIED)
        await person.sees("the lamps could not be listed", "r tries again")
        lamps.watched.tell(RED)
        await person.no_longer_sees("could not be listed")
        assert person.row("red") == "red red"
