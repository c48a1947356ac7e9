"""Themes that are remembered, terminals with few colours, and lines that are slow."""

from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.tui.conftest import AtWork
from tests.tui.person import TRUECOLOR, Person
from tui.app.appearance import OFFER, Appearance, has_16_colours
from tui.config.preferences import Memory, Remembered

SCREEN = {"TERM": "screen"}


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "state" / "sluice" / "state.json")


async def picks(person: Person, theme: str) -> None:
    await person.sees("Queues")
    await person.press("colon")
    await person.types(f"theme {theme}")
    await person.press("enter")


# -- themes -----------------------------------------------------------------------------------------------------------


async def test_a_theme_that_was_picked_is_there_at_the_next_start(
    stub: SqsStub, sluice: AtWork, memory: Memory
) -> None:
    appearance = Appearance(memory=memory, environ=TRUECOLOR)
    async with sluice(stub.url, appearance=appearance) as person:
        assert not memory.path.exists()
        await picks(person, "nord")
        await person.reads("hints", "theme nord, remembered")
    async with sluice(stub.url, appearance=appearance) as person:
        assert person.app.theme == "nord"
        assert [file.name for file in memory.path.parent.iterdir()] == ["state.json"]


async def test_the_list_of_themes_picks_one_too(stub: SqsStub, sluice: AtWork, memory: Memory) -> None:
    async with sluice(stub.url, appearance=Appearance(memory=memory, environ=TRUECOLOR)) as person:
        await picks(person, "")
        await person.sees("Search for themes")
        await person.types("dracula")
        await person.sees("dracula")
        await person.press("enter")
        await until(lambda: memory.recall().theme == "dracula")


async def test_the_theme_of_the_configuration_goes_before_the_one_that_was_picked(
    stub: SqsStub, sluice: AtWork, memory: Memory
) -> None:
    memory.keep(Remembered(theme="nord"))
    async with sluice(stub.url, appearance=Appearance("gruvbox", memory=memory, environ=TRUECOLOR)) as person:
        assert person.app.theme == "gruvbox"
        await picks(person, "dracula")
        await person.reads("hints", "theme dracula, for this run: the configuration names gruvbox")


async def test_a_theme_that_there_is_not_names_the_nearest_and_changes_nothing(
    stub: SqsStub, sluice: AtWork, memory: Memory
) -> None:
    async with sluice(stub.url, appearance=Appearance(memory=memory, environ=TRUECOLOR)) as person:
        before = person.app.theme
        await picks(person, "nrod")
        await person.reads("hints", "there is no theme 'nrod'. Try: nord")
        assert person.app.theme == before
        assert not memory.path.exists()


@pytest.mark.parametrize("content", [b"", b"{", b'{"theme": 3}', b'{"thme": "nord"}', b"\xff"])
async def test_a_damaged_memory_is_ignored_with_a_line_in_the_log(
    stub: SqsStub, sluice: AtWork, memory: Memory, content: bytes
) -> None:
    memory.path.parent.mkdir(parents=True)
    memory.path.write_bytes(content)
    async with sluice(stub.url, size=(120, 24), appearance=Appearance(memory=memory, environ=TRUECOLOR)) as person:
        await person.sees("Queues")
        await person.press("L")
        await person.sees("what was remembered is ignored")


async def test_without_a_memory_a_theme_lasts_for_the_run(stub: SqsStub, sluice: AtWork) -> None:
    async with sluice(stub.url) as person:
        await picks(person, "nord")
        await until(lambda: person.line("hints") == "theme nord, for this run")


async def test_a_memory_that_cannot_be_written_says_so_and_the_theme_lasts_for_the_run(
    stub: SqsStub, sluice: AtWork, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    memory = Memory(tmp_path / "file" / "state.json")
    async with sluice(stub.url, size=(140, 24), appearance=Appearance(memory=memory, environ=TRUECOLOR)) as person:
        await picks(person, "nord")
        await person.reads("hints", "theme nord, for this run: ")
        assert person.app.theme == "nord"


# -- few colours ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "few"),
    [
        ({"TERM": "screen"}, True),
        ({"TERM": "xterm", "COLORTERM": ""}, True),
        ({"TERM": "linux"}, True),
        ({"TERM": "vt220"}, True),
        ({}, True),
        ({"TERM": "screen-256color"}, False),
        ({"TERM": "screen", "COLORTERM": "truecolor"}, False),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, False),
        ({"TERM": "xterm-kitty"}, False),
    ],
    ids=str,
)
def test_what_the_terminal_says_of_its_colours(environ: dict[str, str], few: bool) -> None:
    assert has_16_colours(environ) is few


@pytest.mark.parametrize(
    ("chosen", "remembered", "theme"),
    [
        (None, None, "ansi-dark"),
        (None, "nord", "ansi-dark"),
        (None, "ansi-light", "ansi-light"),
        ("nord", None, "nord"),
    ],
)
async def test_with_16_colours_only_the_terminals_own_are_used_unless_somebody_wrote_otherwise(
    stub: SqsStub, sluice: AtWork, memory: Memory, chosen: str | None, remembered: str | None, theme: str
) -> None:
    if remembered:
        memory.keep(Remembered(theme=remembered))
    async with sluice(stub.url, appearance=Appearance(chosen, memory=memory, environ=SCREEN)) as person:
        assert person.app.theme == theme


# -- slow lines -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variable", ["SSH_CONNECTION", "SSH_TTY"])
async def test_over_ssh_it_is_offered_once(stub: SqsStub, sluice: AtWork, variable: str) -> None:
    async with sluice(stub.url, appearance=Appearance(environ={**TRUECOLOR, variable: "x"})) as person:
        await person.reads("hints", OFFER)


@pytest.mark.parametrize("low_bandwidth", [True, False])
async def test_who_has_chosen_is_offered_nothing(stub: SqsStub, sluice: AtWork, low_bandwidth: bool) -> None:
    appearance = Appearance(low_bandwidth=low_bandwidth, environ={**TRUECOLOR, "SSH_TTY": "x"})
    async with sluice(stub.url, appearance=appearance) as person:
        await person.reads("hints", "Help")
        assert not [notice for notice in person.app.notices if OFFER in notice.text]


async def test_with_low_bandwidth_nothing_moves_by_itself(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url, appearance=Appearance(low_bandwidth=True, environ=TRUECOLOR)) as person:
        await person.sees("orders")
        assert person.app.animation_level == "none"
        await person.press("slash")
        await until(lambda: not person.app.screen.query_one("#filter", Input).cursor_blink)
        await person.press("escape", "s")
        await person.sees("Send to orders")
        await until(lambda: not person.app.screen.query_one(TextArea).cursor_blink)


@pytest.mark.parametrize(("low_bandwidth", "readings"), [(False, 3), (True, 1)])
async def test_with_low_bandwidth_counts_are_read_every_15_seconds(
    stub: SqsStub, sluice: AtWork, clock: ManualClock, low_bandwidth: bool, readings: int
) -> None:
    stub.queue("orders", visible=7777)
    appearance = Appearance(low_bandwidth=low_bandwidth, environ=TRUECOLOR)
    async with sluice(stub.url, clock=clock, appearance=appearance) as person:
        await person.waits(clock, "7,777")
        await until(lambda: person.nothing_is_under_way)
        start = len(stub.sent("GetQueueAttributes"))
        await person.lets_pass(clock, 16)
        assert len(stub.sent("GetQueueAttributes")) - start == readings
