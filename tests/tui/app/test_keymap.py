"""Every key can be another one, by the configuration; what would not work is refused before a screen opens."""

import json
from pathlib import Path

import pytest
from textual.binding import Binding

from connectors.errors import ConnectorError, Step
from tests.support.command import one_line, run
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.tui.conftest import AtWork
from tui.app.keymap import SCOPES, Keys, parse, places, problems, sections
from tui.screens.base import SluiceScreen
from tui.services import SERVICES
from widgets.keys import key_label

# -- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("f5", ("f5",)),
        ("/", ("slash",)),
        ("slash", ("slash",)),
        ("?, :", ("question_mark", "colon")),
        ("^s", ("ctrl+s",)),
        ("Ctrl+S", ("ctrl+s",)),
        ("esc", ("escape",)),
        ("comma,space", ("comma", "space")),
        ("^", ("circumflex_accent",)),
        ("ctrl+i", ("tab",)),
        ("super+alt+x", ("alt+super+x",)),
        ("", ()),
    ],
)
def test_keys_are_written_by_name_or_as_they_are_seen(written: str, keys: tuple[str, ...]) -> None:
    assert parse(written) == keys


@pytest.mark.parametrize("written", ["frog", "shift+a", "a,,b", "strg+a", "ctrl+"])
def test_what_no_terminal_sends_is_no_key(written: str) -> None:
    with pytest.raises(ValueError, match=r"^(frog|shift\+a||strg\+a|ctrl\+)$"):
        parse(written)


def test_what_the_table_shows_can_be_written_into_the_configuration() -> None:
    for _, entries in sections():
        for entry in entries:
            for key in entry.keys:
                assert parse(key_label(key)) == (key,), entry.id


# -- one sense for each key -------------------------------------------------------------------------------------------

SENSES = {
    "1": {"app.queues"},
    "2": {"app.topics"},
    "colon": {"app.command"},
    "ctrl+p": {"app.palette"},
    "question_mark": {"app.help"},
    "c": {"app.contexts"},
    "I": {"app.identity"},
    "H": {"app.release"},
    "L": {"app.log"},
    "y": {"screen.copy"},
    "Y": {"screen.copy_command"},
    "q": {"screen.back", "queues.quit", "topics.quit"},
    "tab": {"screen.next"},
    "z": {"screen.inspector"},
    "ctrl+s": {"contexts.use", "send.submit", "publish.submit"},
    "ctrl+o": {"send.edit"},
    "ctrl+n": {"send.add"},
    "enter": {"table.open"},
    "o": {"table.sort"},
    "O": {"table.reverse"},
    "space": {"table.mark"},
    "asterisk": {"table.mark_all"},
    "j": {"table.down", "viewer.down", "facts.down"},
    "k": {"table.up", "viewer.up", "facts.up"},
    "g": {"table.top", "viewer.top"},
    "G": {"table.bottom", "viewer.bottom"},
    "r": {"screen.refresh"},
    "f": {"screen.freeze"},
    "v": {"viewer.pretty"},
    "n": {"viewer.next"},
    "N": {"viewer.previous"},
    "J": {"screen.next_row"},
    "K": {"screen.previous_row"},
    "w": {"viewer.wrap"},
    "W": {"message.write"},
    "a": {"message.attributes"},
}
"""What stands on a key of "everywhere", "in a list" and "in a viewer", on every screen."""


def test_a_key_has_one_sense_on_every_screen() -> None:
    found: dict[str, set[str]] = {key: set() for key in SENSES}
    screens = [place for place in places() if place.name in {scope.name for scope in SCOPES}]
    for place in screens:
        for entry in (*place.commands, *(entry for widget in place.widgets for entry in widget)):
            for key in entry.keys:
                found.setdefault(key, set()).add(entry.id)
    assert {key: found[key] for key in SENSES} == SENSES


def test_the_other_letters_have_one_sense_within_a_service_and_d_destroys() -> None:
    for service in SERVICES:
        senses: dict[str, set[str]] = {}
        for scope in service.scopes():
            for command in scope.own:
                for key in command.keys.split(","):
                    if key not in SENSES and len(key) == 1:
                        senses.setdefault(key, set()).add(command.word)
        assert all(len(words) == 1 for words in senses.values()), senses
        assert senses.get("d", {"delete"}) <= {"delete", "unsubscribe"}


# -- what is refused --------------------------------------------------------------------------------------------------


def test_the_keys_as_they_come_are_in_order() -> None:
    assert {place.name for place in places()} >= {scope.name for scope in SCOPES}
    everything = {entry.id: key_label(entry.keys[0]) for _, entries in sections() for entry in entries if entry.keys}
    assert problems(everything) == []


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"quue.peek": "x"}, ("'quue.peek'", "'queue.peek'")),
        ({"queue.peek": "frog"}, ("queue.peek", "'frog'")),
        ({"queue.peek": "escpe"}, ("'escpe'", "escape")),
        ({"queue.peek": "s"}, ("s is both", "queue.peek", "queue.send", "'queues'")),
        ({"app.log": "r"}, ("r is both", "app.log", "screen.refresh", "'queues'")),
        ({"queue.delete": "j"}, ("j is both", "queue.delete", "table.down", "'queue'")),
        ({"message.write": "w"}, ("w is both", "message.write", "viewer.wrap", "'message'")),
        ({"table.sort": "^q"}, ("^q is both", "table.sort", "app.quit")),
        ({"dialog.no": "^c"}, ("^c is both", "dialog.no", "app.interrupt", "'question'")),
        ({"app.quit": ""}, ("app.quit", "leads out")),
        ({"screen.back": "b"}, ("screen.back", "types no text")),
        ({"panel.close": "x"}, ("panel.close", "needs a key")),
        ({"app.log": 3}, ("app.log takes a text",)),
        ({"send.submit": "f5,x"}, ("send.submit", "where x is text")),
        ({"dialog.yes": "enter"}, ("enter never answers",)),
    ],
    ids=lambda value: str(value)[:30] if isinstance(value, dict) else None,
)
def test_what_would_not_work_is_refused_and_named(chosen: dict[str, object], words: tuple[str, ...]) -> None:
    with pytest.raises(ConnectorError) as caught:
        Keys(chosen)
    assert caught.value.step is Step.SETTINGS
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(
    "chosen",
    [
        {"queue.peek": "s", "queue.send": "p"},
        {"facts.down": "g"},
        {"viewer.close_search": "escape,f4"},
        {"queue.purge": ""},
        {"app.theme": "T"},
    ],
    ids=str,
)
def test_a_swap_a_free_key_and_no_key_are_fine(chosen: dict[str, str]) -> None:
    assert problems(chosen) == []


def test_a_command_answers_to_the_name_that_it_had_before() -> None:
    keys = Keys({"queue.visibility": "x"})
    assert keys.label("queue.hide") == "x"
    assert Keys({"queue.visibility": "x", "queue.hide": "f9"}).label("queue.hide") == "f9"
    with pytest.raises(ConnectorError, match=r"x is both queue\.peek and queue\.hide on the screen 'queue'"):
        Keys({"queue.visibility": "x", "queue.peek": "x"})


# -- on the screen ----------------------------------------------------------------------------------------------------


async def test_a_key_that_was_moved_works_there_and_nowhere_else_and_every_text_names_it(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders", messages=["body one"])
    async with sluice(stub.url, view="queue:orders", keys={"queue.peek": "x", "app.contexts": "f2"}) as person:
        await person.reads("cost", "A look (x)")
        await person.sees("x looks at up to 10")
        assert "x Peek" in " ".join(person.line("hints").split())
        await person.press("p", "c")
        await person.press("question_mark")
        assert "x: Receive up to 10" in await person.is_shown("Help")
        assert "f2: Switch profile" in person.facts
        assert not stub.sent("ReceiveMessage")
        await person.press("escape", "x")
        await person.sees("body one")
        await person.press("f2")
        await person.sees("Contexts")


async def test_two_keys_that_were_swapped_do_each_others_work(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["body one"])
    async with sluice(stub.url, view="queue:orders", keys={"queue.peek": "s", "queue.send": "p"}) as person:
        await person.reads("cost", "A look (s)")
        await person.press("s")
        await person.sees("body one")
        await person.press("p")
        await person.sees("Send to orders")


async def test_a_command_without_a_key_is_still_on_the_command_line(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["body one"])
    async with sluice(stub.url, view="queue:orders", keys={"queue.peek": "", "queue.purge": ""}) as person:
        await person.reads("cost", "A look (:peek)")
        assert "Purge" not in person.line("hints")
        await person.press("question_mark")
        facts = await person.is_shown("Help")
        assert ":purge: Delete all messages" in facts
        assert ":theme: Choose a theme" in facts
        await person.press("escape", "p", "P", "colon")
        await person.types("peek")
        await person.press("enter")
        await person.sees("body one")


async def test_the_keys_of_lists_dialogs_and_panels_move_too(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("aaa", messages=["one"], dead_letter="aaa-dlq")
    stub.queue("bbb")
    chosen = {"table.down": "n", "dialog.yes": "j", "dialog.cancel": "f9", "panel.close": "f9", "facts.down": "n"}
    async with sluice(stub.url, keys=chosen) as person:
        await person.sees("bbb")
        await person.press("n")
        await until(lambda: person.under_cursor.name == "bbb")
        await person.press("j", "k")
        await until(lambda: person.under_cursor.name == "aaa")
        await person.press("question_mark")
        await person.is_shown("Help")
        await person.sees("f9 close", "n k scroll")
        await person.press("escape", "f9", "p")
        await person.is_asked("Look into aaa?")
        await person.sees("j look", "f9 cancel")
        await person.press("y")
        await person.says("f9")
        assert not stub.sent("ReceiveMessage")
        await person.press("p")
        await person.is_asked("Look into aaa?")
        await person.says("j")
        await until(lambda: stub.sent("ReceiveMessage"))


async def test_every_key_that_a_screen_hears_is_in_the_table_of_that_screen(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one"])
    known = {
        place.name: {entry.id for group in (place.commands, *place.widgets) for entry in group} for place in places()
    }
    textuals = {"screen.copy_text"}

    def unknown(screen: str, bindings: list[Binding]) -> set[str]:
        return {f"{b.key} {b.action}" for b in bindings if b.id not in known[screen] and b.action not in textuals}

    async with sluice(stub.url) as person:
        await person.sees("orders")
        for keys, screen in (
            ([], "queues"),
            (["L"], "log"),
            (["escape", "c"], "contexts"),
            (["escape", "enter"], "queue"),
            (["p"], "queue"),
            (["tab"], "queue"),
            (["tab", "enter"], "message"),
            (["a"], "message"),
            (["escape", "s"], "send"),
            (["escape", "question_mark"], "panel"),
        ):
            await person.press(*keys)
            if keys == ["p"]:
                await person.reads("cost", "1 held")
            if screen == "panel":
                textuals |= {"app.focus_next", "app.focus_previous"}  # there is one thing to focus
            else:
                assert isinstance(person.app.screen, SluiceScreen)
                assert person.app.screen.SCOPE.name == screen
            bindings = [active.binding for active in person.app.screen.active_bindings.values()]
            if screen == "send":
                bindings = [binding for binding in bindings if binding.id]  # those of the editor are Textual's own
            assert unknown(screen, bindings) == set(), person.screen


# -- on the command line ------------------------------------------------------------------------------------------


def test_keys_prints_every_command_under_the_keys_that_the_configuration_gives(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\n"queue.peek" = "x"\n"queue.purge" = ""\n')
    ran = run("keys", "--config", str(file))
    assert (ran.returncode, ran.stderr) == (0, "")
    rows = {tuple(line.split()[:3]) for line in ran.stdout.splitlines() if line.startswith(" ")}
    assert rows >= {("x", "queue.peek", "look"), ("–", "queue.purge", "change"), ("enter", "table.open", "read")}
    assert {"EVERYWHERE", "QUEUES", "LIST", "BODY", "QUESTION"} <= set(ran.stdout.splitlines())
    printed = json.loads(run("keys", "--output", "json", "--config", str(file)).stdout)
    assert {tuple(line) for line in printed} == {("screen", "id", "keys", "class", "does")}
    assert {line["id"] for line in printed} >= {"viewer.search", "screen.next", "dialog.yes", "command_line.close"}
    assert next(line["keys"] for line in printed if line["id"] == "queue.peek") == ["x"]


def test_keys_refuses_what_the_screen_would_refuse(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\n"queue.peek" = "s"\n')
    line = one_line(run("keys", "--config", str(file)), 2)
    assert str(file) in line
    assert "s is both queue.peek and queue.send on the screen 'queues'" in line
