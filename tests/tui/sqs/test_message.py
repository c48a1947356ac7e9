"""One message: its body as it is, attributes with their types, search, and writing it to a file."""

import base64
import json
import stat
from pathlib import Path

import pytest

from tests.support.model import StubMessage
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.tui.conftest import AtWork
from tests.tui.person import Person
from widgets.facts import Facts

ORDER = json.dumps({"order": 104400, "note": "caf\\u00e9", "lines": [{"sku": "A-1"}, {"sku": "A-2"}]})


def message(stub: SqsStub, body: str, **system: str) -> StubMessage:
    """The only message of a queue named `orders`."""
    return stub.model.put(stub.queue("orders"), body, **system)


async def opens_message(person: Person) -> None:
    await person.reads("cost", "A look (p)")
    await person.press("p")
    await person.reads("cost", "1 held")
    await person.press("enter")
    await person.reads("title", "Message of orders")


async def test_json_is_pretty_at_first_and_as_it_came_after_v(stub: SqsStub, sluice: AtWork) -> None:
    message(stub, '{"b":1,"a":"\\u00e9\\u001b","b":2}')
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_message(person)
        screen = await person.sees("pretty")
        assert [line.strip() for line in screen.splitlines() if '"' in line or line.strip() in ("{", "}")] == [
            "{",
            '"b": 1,',
            '"a": "\\u00e9\\u001b",',
            '"b": 2',
            "}",
        ]
        await person.press("v")
        await person.sees('{"b":1,"a":"\\u00e9\\u001b","b":2}', "raw")


async def test_what_is_not_json_is_shown_as_it_came(stub: SqsStub, sluice: AtWork) -> None:
    body = base64.b64encode(b"not decoded by anybody").decode()
    message(stub, body)
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_message(person)
        screen = await person.sees(body)
        assert "not decoded by anybody" not in screen


async def test_search_finds_the_next_and_the_previous(stub: SqsStub, sluice: AtWork) -> None:
    message(stub, ORDER)
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_message(person)
        await person.press("slash")
        await person.types("sku")
        await person.press("enter")
        await person.sees("match 1 of 2")
        await person.press("n")
        await person.sees("match 2 of 2")
        await person.press("N")
        await person.sees("match 1 of 2")
        await person.press("slash", "ctrl+u")
        await person.types("nowhere in it")
        await person.press("enter")
        await person.sees("no match")
        await person.press("escape")
        assert person.line("title").startswith("Message of orders")
        await person.press("escape")
        await person.reads("title", "Queue orders")


async def test_attributes_are_shown_with_their_types_and_binary_as_hex(stub: SqsStub, sluice: AtWork) -> None:
    sent = message(stub, "hello", MessageGroupId="customer-7", SequenceNumber="188", SentTimestamp="1767225600000")
    sent.attributes = {
        "tenant": {"DataType": "String", "StringValue": "nordlicht"},
        "attempt": {"DataType": "Number.int", "StringValue": "3"},
        "digest": {"DataType": "Binary", "BinaryValue": base64.b64encode(b"\x00\xff\x1bABC").decode()},
    }
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_message(person)
        await person.sees("2026-01-01 00:00:00 (", "customer-7")
        await person.press("a")
        facts = await until(lambda: (text := person.app.screen.query_one("#attributes", Facts).text) and text)
        assert "tenant: nordlicht   (String)" in facts
        assert "attempt: 3   (Number.int)" in facts
        assert "digest: Binary, 6 bytes\n000  00 ff 1b 41 42 43" in facts
        assert "...ABC" in facts
        assert "sequence number: 188" in facts
        assert "group: customer-7" in facts
        await person.sees("ATTRIBUTES", "tenant")
        await person.press("a")
        await person.sees("hello")


async def test_a_wide_terminal_has_the_attributes_beside_the_body(stub: SqsStub, sluice: AtWork) -> None:
    message(stub, ORDER)
    async with sluice(stub.url, view="queue:orders", size=(140, 45)) as person:
        await opens_message(person)
        screen = await person.sees("ATTRIBUTES", '"order": 104400')
        assert any("{" in line and "ATTRIBUTES" in line for line in screen.splitlines())


async def test_w_writes_the_body_byte_for_byte_to_a_new_file_of_the_owner(
    stub: SqsStub, sluice: AtWork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    body = '{"a":1}\r\nsecond line\ttab “ü”'
    message(stub, body)
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_message(person)
        await person.press("W")
        await person.reads("hints", "written to")
        [written] = folder.iterdir()
        assert written.read_bytes() == body.encode()
        assert stat.S_IMODE(written.stat().st_mode) == 0o600
        written.write_text("somebody's own")
        await person.press("W")
        await person.reads("hints", "exists already")
        assert written.read_text() == "somebody's own"


async def test_a_folder_that_takes_no_file_is_named(
    stub: SqsStub, sluice: AtWork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    message(stub, "hello")
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_message(person)
        gone.rmdir()
        await person.press("W")
        assert "start sluice in another folder" in await person.is_shown("It did not work")


async def test_d_deletes_the_message_that_is_open(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=["first", "second", "third"])
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.reads("cost", "3 held")
        await person.press("j", "enter")
        await person.sees("second")
        await person.press("d")
        await person.is_asked("Delete messages?")
        await person.says("y")
        await person.reads("hints", "1 of 1 deletes confirmed")
        assert [kept.body for kept in orders.messages] == ["first", "third"]
        await person.reads("title", "Message of orders  2 of 2")
        await person.sees("third")


async def test_copy_in_the_list_takes_the_marked_bodies(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["first", "second", "third"])
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.reads("cost", "3 held")
        await person.press("space", "j", "space", "y")
        await person.reads("hints", "2 bodies")
        assert person.clipboard == "first\nthird"


async def test_copy_puts_body_and_command_on_the_clipboard(stub: SqsStub, sluice: AtWork) -> None:
    message(stub, ORDER)
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_message(person)
        await person.press("y")
        assert person.clipboard == ORDER
        await person.reads("hints", "sent to the terminal's clipboard")
        await person.press("Y")
        assert person.clipboard.startswith(f"aws sqs delete-message --queue-url {stub.url}/123456789012/orders")
        assert ORDER not in person.clipboard
