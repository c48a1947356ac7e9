"""Remote text is hostile: wherever it appears, the screen shows stand-ins, takes no markup and stays alive."""

import json
import unicodedata
from pathlib import Path

import pytest

from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import answer, error
from tests.tui.conftest import AtWork

HOSTILE = (
    "\x1b]52;c;cm0gLXJm\x07 \x1b[2J\x9b31m [/x] [@click=app.quit]here[/] [red]\u202egnp.exe \u200b\u2066 \x00"
    + "a"
    + "\u0301" * 50
)


def obeyed(screen: str) -> set[str]:
    """What a terminal would obey or hide in it, the storm of accents included."""
    storm = {"accents"} if "\u0301" * 10 in screen else set()
    return storm | {c for c in screen if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"}


def written_bodies(folder: Path) -> list[str]:
    return [file.read_bytes().decode("utf-8", "surrogatepass") for file in folder.glob("*.body")]


@pytest.mark.parametrize("body", [HOSTILE, json.dumps({HOSTILE: [HOSTILE]}, ensure_ascii=False)], ids=["text", "json"])
async def test_a_hostile_message_shows_stand_ins(stub: SqsStub, sluice: AtWork, body: str) -> None:
    sent = stub.model.put(stub.queue("orders"), body, MessageGroupId=HOSTILE)
    sent.attributes = {
        HOSTILE: {"DataType": HOSTILE, "StringValue": HOSTILE},
        "half": {"DataType": "String", "StringValue": "\ud800"},
        "half \ud800": {"DataType": "String.\ud800", "StringValue": "of a name and a type"},
    }
    async with sluice(stub.url, view="queue:orders", size=(140, 45)) as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        assert not obeyed(await person.sees("cm0gLXJm"))
        await person.press("enter")
        await person.reads("title", "Message of orders")
        assert not obeyed(await person.sees("[/x]", "[@click=app.quit]here[/]", "␛]52;c;cm0gLXJm␇"))
        await person.press("v", "w", "a")
        assert not obeyed(person.screen)


async def test_a_body_with_half_a_character_is_shown_copied_and_written(
    stub: SqsStub, sluice: AtWork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    body = "before \ud83d after"
    stub.queue("orders")
    stub.on("ReceiveMessage", answer(Messages=[{"MessageId": "m-1", "ReceiptHandle": "h-1", "Body": body}]))
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.sees("before � after")
        await person.press("y")
        assert person.clipboard == "before ? after"
        await person.press("enter")
        await person.reads("title", "Message of orders")
        await person.press("y", "W")
        await person.reads("hints", "written to")
        assert written_bodies(tmp_path) == [body]


async def test_a_hostile_queue_name_shows_stand_ins_on_every_screen_and_in_every_dialog(
    stub: SqsStub, sluice: AtWork
) -> None:
    name = HOSTILE.replace("/", "|")
    stub.queue(name, messages=["one"], dead_letter=name, max_receive_count=2, tags={HOSTILE: HOSTILE})
    async with sluice(stub.url, size=(200, 45)) as person:
        assert not obeyed(await person.sees("[@click=app.quit]here", "after 2 receives"))
        await person.press("enter")
        await until(lambda: "tags: ␛" in person.facts.replace("\x1b", "␛"))
        assert not obeyed(await person.sees("A look (p)"))
        await person.press("p")
        await person.is_asked("Look into ␛]52;c;cm0gLXJm␇")
        assert not obeyed(person.screen)
        await person.says("n")
        await person.press("P")
        await person.is_asked("Purge this queue?")
        assert not obeyed(person.screen)
        await person.says("escape")
        await person.press("s")
        assert not obeyed(await person.sees("Send to ␛]52;c;cm0gLXJm␇"))
        await person.press("escape", "L")
        assert not obeyed(await person.sees("Log of this run", "GetQueueAttributes ␛"))
        await person.press("colon")
        await person.types("queue:")
        assert not obeyed(person.screen)


async def test_a_hostile_error_shows_stand_ins(stub: SqsStub, sluice: AtWork) -> None:
    stub.model.account = "[red][/x]\u202e cm0gLXJm"
    stub.on("ListQueues", error("Hostile", HOSTILE))
    async with sluice(stub.url, size=(200, 45)) as person:
        assert not obeyed(await person.sees("could not be listed", "[@click=app.quit]here[/]"))
        await person.reads("bar", "cm0gLXJm")
        await person.press("I")
        await person.is_shown("Who am I")
        assert not obeyed(person.screen)
        await person.press("escape", "L", "enter")
        await until(lambda: "request id" in person.facts or "ARN" not in person.facts)
        assert not obeyed(person.screen)
