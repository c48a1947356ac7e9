"""Hostile text on its way to a real terminal: what is read back is every byte that the terminal was sent."""

import base64
import json
import re
import subprocess
import unicodedata
from pathlib import Path

import pytest

from connectors.sqs.leases import EXTENDED_TO
from tests.e2e.terminal import Terminal
from tests.e2e.test_terminal import SLUICE
from tests.support.stub import SqsStub
from tests.support.wire import Reply, Request, ServiceError, error, partly_failed

STORM = "a" + "\u0301" * 200
HOSTILE = (
    "\x1b]52;c;b3duZWQ=\x07 \x1b]0;owned\x07 \x1bPowned\x1b\\ \x1b[2J \x1b[31m \x1bc \x9b31m \x9d0;owned\x9c "
    "\x07\x08\x00\x7f [@click=app.quit]here[/] [/x] [red] \u202egnp.exe\u2066\u200e \u200b\u2060\ufeff\xad \u2028 "
    + STORM
)
HALF = "half \ud83d of a character"
HALVES = "\udc1b halves \ud83d\ud83d \udc9b\udc9d of characters \udcff"
NO_SPACE = "x" * 1_048_576
DEEP = 10_000
BODIES = {
    "text": HOSTILE,
    "json": json.dumps({HOSTILE: [HOSTILE, {"a": HOSTILE}]}, ensure_ascii=False),
    "escaped json": json.dumps({HOSTILE: HOSTILE}),
    "half a character": HALF,
    "one long line": "x" * 1_048_000,
    "a long storm": STORM * 3000,
    "deep": "[" * DEEP + "]" * DEEP,
    "deep objects": '{"a":' * DEEP + "1" + "}" * DEEP,
}
NAME = HOSTILE.replace("/", "|")
TOLD = f"{HOSTILE} {HALVES} {NO_SPACE}"
"""What an error says."""

# -- what reached the terminal --------------------------------------------------------------------------------------

_OURS = re.compile(
    rb"\x1b\[[0-9;:]*m"  # colours
    rb"|\x1b\[[0-9;]*H"  # the cursor's place
    rb"|\x1b\[\?(?:1049|25|1000|1002|1003|1004|1006|1015|1016|2004|2026|2031|2048|7)[hl]"  # modes
    rb"|\x1b\[\?(?:2026|2048)\$p|\x1b\[[<>=]?[0-9]*u|\x1b\[\?u"  # questions to the terminal, its keyboard
    rb"|\x1b\]22;[a-z-]*\x07"  # the pointer of the mouse
)
_COPIES = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
"""The clipboard; the text is encoded, so that nothing in it is obeyed."""


def obeyed(raw: bytes) -> list[str]:
    """Everything in it that a terminal would obey and that is none of Textual's, and what hides or reorders text."""
    text = _OURS.sub(b"", raw).decode("utf-8", "surrogateescape")
    found = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in "\r\n"}
    around = [text[max(0, text.index(c) - 10) : text.index(c) + 30] for c in sorted(found)]
    return [*map(repr, around), *re.findall("\u0301{5,}", text)]


@pytest.fixture
def hostile(stub: SqsStub) -> SqsStub:
    """Whatever it says is hostile."""
    queue = stub.queue(
        NAME,
        dead_letter=NAME,
        attributes={"Policy": HOSTILE, "RedriveAllowPolicy": HOSTILE, "KmsMasterKeyId": HOSTILE, HOSTILE: HOSTILE},
        tags={HOSTILE: HOSTILE, HALF: HALF, "halves": HALVES, "no space": NO_SPACE},
    )
    for title, body in BODIES.items():
        message = stub.model.put(queue, body, MessageGroupId=HOSTILE, SenderId=HALF, **{HOSTILE: HOSTILE})
        message.message_id += HOSTILE
        message.attributes = {
            HOSTILE: {"DataType": HOSTILE, "StringValue": HOSTILE},
            HALF: {"DataType": f"String.{HALF}", "StringValue": HALVES},
            title: {"DataType": "Binary", "BinaryValue": base64.b64encode(HOSTILE.encode()).decode()},
        }
    message.attributes["no space"] = {"DataType": "String", "StringValue": NO_SPACE}
    # an answer in XML can hold C1 controls; one with an ESC in it is no XML, and is no answer
    stub.model.account = "[red][/x][@click=app.quit]\u202e\x9b31m\x9b2J\x9d0;owned\x9c\x85 owned"
    failure = ServiceError(f"Hostile\x1b[2J{HOSTILE}", TOLD, query_code="Hostile")
    stub.on("DeleteMessageBatch", Reply(error=failure, headers={"x-amzn-RequestId": "req-\u202e\u200b-owned"}))
    stub.on("ListDeadLetterSourceQueues", error("Hostile", TOLD))
    return stub


def test_no_hostile_text_is_obeyed_by_a_real_terminal_wherever_it_appears(hostile: SqsStub) -> None:
    with Terminal([SLUICE, "--endpoint-url", hostile.url], size=(140, 60)) as terminal:
        terminal.sees("Queues 1", "[@click=app.quit]here", "owned")
        terminal.press("I")
        terminal.sees("Who am I", "[red][/x][@click=app.quit]")
        terminal.insists("escape", on=lambda screen: "Who am I" not in screen)

        terminal.press("enter")
        terminal.sees("Queue ␛]52;c;b3duZWQ=␇", "A look (p)", "tags")
        terminal.press("p")
        terminal.sees("Look into ␛]52")
        terminal.answers("Look into", "y")
        terminal.sees(f"{len(BODIES)} held for")
        terminal.press("d")
        terminal.sees("Delete messages?", "[@click=app.quit]here")
        terminal.answers("Delete messages?", "y")
        terminal.sees("It did not work", "[@click=app.quit]here")
        terminal.insists("escape", on=lambda screen: "It did not work" not in screen)
        terminal.press("/", "[[[[", "enter")
        terminal.until(lambda screen: "half \N{REPLACEMENT CHARACTER}" not in screen)
        terminal.press("escape")
        terminal.sees("half \N{REPLACEMENT CHARACTER}")

        for _ in BODIES:
            terminal.insists("enter", on=lambda screen: "Message of ␛]52" in screen)
            for key in ("v", "w", "a", "G", "g", "v", "w"):
                terminal.press(key)
            terminal.press("escape")
            terminal.no_longer_sees("Message of")
            terminal.press("j")

        terminal.press("P")
        terminal.sees("Purge this queue?", "[@click=app.quit]here")
        terminal.insists("escape", on=lambda screen: "Purge this" not in screen)
        terminal.press("s")
        terminal.sees("Send to ␛]52")
        terminal.insists("escape", on=lambda screen: "Send to" not in screen)
        terminal.press("L")
        terminal.sees("Log of this run", "DeleteMessageBatch")
        for _ in range(4):
            terminal.insists("enter", on=lambda screen: "scroll" in screen)
            terminal.press("escape")
            terminal.no_longer_sees("scroll")
            terminal.press("j")
        terminal.insists("escape", on=lambda screen: "Log of this run" not in screen)
        terminal.insists(":", on=lambda screen: "esc leaves" in screen)
        terminal.press("queue:")
        terminal.sees(" queue:")
        terminal.press("escape")
        terminal.no_longer_sees(" queue:")

        written = bytes(terminal.raw)
        assert obeyed(written) == []
        assert b"\x1b]52;" not in written
        terminal.press("g", "y")
        terminal.sees("clipboard")
        terminal.insists("ctrl+c", on=lambda _: terminal.process.poll() is not None)
        assert terminal.wait() == 0
        assert terminal.complaints() == []
        copied = [base64.b64decode(text).decode() for text in _COPIES.findall(bytes(terminal.raw))]
        assert len(copied) == 1
        assert obeyed(_COPIES.sub(b"", bytes(terminal.raw))) == []


def is_no_extension(request: Request) -> bool:
    """What keeps leases alive for a person who is slow is answered as ever."""
    return all(entry["VisibilityTimeout"] != EXTENDED_TO for entry in request.params["Entries"])


def test_no_hostile_text_is_obeyed_where_leases_are_shown_and_cannot_be_changed(hostile: SqsStub) -> None:
    with Terminal([SLUICE, "--endpoint-url", hostile.url], size=(140, 60)) as terminal:
        terminal.sees("Queues 1", "[@click=app.quit]here", "owned")
        terminal.press("enter")
        terminal.sees("Queue ␛]52;c;b3duZWQ=␇", "A look (p)", "tags")
        terminal.press("p")
        terminal.sees("Look into ␛]52")
        terminal.answers("Look into", "y")
        terminal.sees(f"{len(BODIES)} held for")
        terminal.press("i")
        terminal.sees("Receives of this message", "[@click=app.quit]here", "once in this run")
        terminal.insists("escape", on=lambda screen: "Receives of this message" not in screen)

        hostile.on("ChangeMessageVisibilityBatch", error("Hostile", TOLD), when=is_no_extension)
        terminal.press("h")
        terminal.sees("Hide for a time?", "[@click=app.quit]here")
        terminal.answers("Hide for a time?", "y")
        terminal.sees("It did not work", "[@click=app.quit]here", "halves")
        terminal.insists("escape", on=lambda screen: "It did not work" not in screen)
        each = partly_failed(*range(10), code=HOSTILE, message=TOLD)
        hostile.on("ChangeMessageVisibilityBatch", each, when=is_no_extension)
        terminal.press("*", "h")
        terminal.sees("Hide for a time?", f"{len(BODIES)}")
        terminal.answers("Hide for a time?", "y")
        terminal.sees("Not all were changed", "[@click=app.quit]here")
        terminal.insists("escape", on=lambda screen: "Not all were changed" not in screen)
        terminal.press("H")
        terminal.sees("Not all were released", "[@click=app.quit]here")
        terminal.insists("escape", on=lambda screen: "Not all were released" not in screen)

        terminal.insists(":", on=lambda screen: "esc leaves" in screen)
        terminal.press("theme", "enter")
        terminal.sees("Search for themes", "owned")
        terminal.insists("escape", on=lambda screen: "Search for themes" not in screen)
        terminal.press("L")
        terminal.sees("Log of this run", "ChangeMessageVisibilityBatch")
        terminal.insists("enter", on=lambda screen: "scroll" in screen)
        terminal.insists("ctrl+c", on=lambda _: terminal.process.poll() is not None)
        assert terminal.wait() == 0
        assert terminal.complaints() == []
        assert obeyed(bytes(terminal.raw)) == []


@pytest.mark.parametrize(
    "policy",
    [
        pytest.param("[" * DEEP + "]" * DEEP, id="lists", marks=pytest.mark.thorough),
        pytest.param('{"a":' * DEEP + "1" + "}" * DEEP, id="objects"),
        pytest.param("[" * DEEP, id="unfinished", marks=pytest.mark.thorough),
    ],
)
def test_a_redrive_policy_that_is_nested_too_deep_is_one_that_is_unknown(policy: str, stub: SqsStub) -> None:
    stub.queue("orders", messages=[HALVES], attributes={"RedrivePolicy": policy})
    stub.on("ListDeadLetterSourceQueues", error("Hostile", TOLD))
    with Terminal([SLUICE, "--endpoint-url", stub.url], size=(140, 60)) as terminal:
        terminal.sees("Queues 1", "orders")
        terminal.press("enter")
        terminal.sees("Queue orders", "A look (p)")
        terminal.insists("p", on=lambda screen: "1 held for" in screen or "Look into" in screen)
        terminal.answers("Look into", "y")
        terminal.sees("1 held for")
        terminal.press("escape")
        terminal.sees("given back")
        terminal.insists("ctrl+c", on=lambda _: terminal.process.poll() is not None)
        assert terminal.wait() == 0
        assert obeyed(bytes(terminal.raw)) == []
    for what in ("queues", "messages orders"):
        ran = subprocess.run(
            [SLUICE, "get", *what.split(), "--endpoint-url", stub.url], capture_output=True, timeout=60
        )
        assert ran.returncode == 0, ran.stderr
        assert b"Traceback" not in ran.stderr
        assert obeyed(ran.stdout + ran.stderr) == []


@pytest.mark.parametrize(
    "broken", ["the listing", pytest.param("the identity", marks=pytest.mark.thorough), "every answer"]
)
def test_no_hostile_error_is_obeyed_by_a_real_terminal(broken: str, stub: SqsStub) -> None:
    stub.queue("orders")
    operation = {"the listing": "ListQueues", "the identity": "GetCallerIdentity", "every answer": "*"}[broken]
    if broken == "every answer":
        page = f"<html><title>{HOSTILE}</title><body>{HOSTILE}</body></html>".encode()
        stub.on(operation, Reply(body=page, status=502, content_type="text/html"))
    else:
        stub.on(operation, error(HOSTILE, HOSTILE, query_code="Hostile"))
    with Terminal([SLUICE, "--endpoint-url", stub.url], size=(140, 60)) as terminal:
        terminal.sees("unverified" if broken == "the identity" else "could not be listed")
        terminal.press("L")
        terminal.sees("Log of this run")
        terminal.press("enter")
        terminal.sees("scroll")
        terminal.insists("escape", on=lambda screen: "scroll" not in screen)
        terminal.insists("ctrl+c", on=lambda _: terminal.process.poll() is not None)
        assert terminal.wait() == 0
        assert obeyed(bytes(terminal.raw)) == []


@pytest.mark.parametrize("output", ["table", "json"])
def test_get_queues_prints_nothing_that_a_terminal_obeys(output: str, hostile: SqsStub) -> None:
    hostile.queue("broken")
    hostile.on("GetQueueAttributes", error("Hostile", HOSTILE), queue="broken")
    command = [SLUICE, "get", "queues", "--output", output, "--endpoint-url", hostile.url]
    with Terminal(command, size=(200, 45)) as terminal:
        assert terminal.wait() == 3  # one queue could not be read
        assert b"owned" in terminal.raw
        assert obeyed(bytes(terminal.raw)) == []


@pytest.fixture
def named(hostile: SqsStub) -> str:
    """The name of a queue with the messages of the hostile one; a command line can't hold a NUL."""
    name = NAME.replace("\x00", "")
    hostile.queue(name, dead_letter=NAME).messages = hostile.model.queues[NAME].messages
    return name


def test_get_messages_prints_a_table_that_no_terminal_obeys(hostile: SqsStub, named: str) -> None:
    hostile.on("ChangeMessageVisibilityBatch", partly_failed(*range(10), code=HOSTILE, message=TOLD))
    command = [SLUICE, "get", "messages", named, "--endpoint-url", hostile.url]
    with Terminal(command, size=(200, 45)) as terminal:
        assert terminal.wait(20) == 0
        assert f"{len(BODIES)} not given back".encode() in terminal.raw
        assert obeyed(bytes(terminal.raw)) == []


def test_get_messages_prints_json_that_no_terminal_obeys_and_that_keeps_every_character(
    hostile: SqsStub, named: str
) -> None:
    command = [SLUICE, "get", "messages", named, "--output", "json", "--endpoint-url", hostile.url]
    ran = subprocess.run(command, capture_output=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert obeyed(ran.stdout + ran.stderr) == []
    assert ran.stdout.isascii()
    records = json.loads(ran.stdout)
    assert [record["body"] for record in records] == [*BODIES.values()]
    for record, title in zip(records, BODIES, strict=True):
        assert record["message_id"].endswith(HOSTILE)
        assert record["group_id"] == record["system_attributes"][HOSTILE] == HOSTILE
        assert record["attributes"][HOSTILE] == {"type": HOSTILE, "value": HOSTILE}
        assert record["attributes"][HALF] == {"type": f"String.{HALF}", "value": HALVES}
        assert base64.b64decode(record["attributes"][title]["base64"]).decode() == HOSTILE
    assert records[-1]["attributes"]["no space"]["value"] == NO_SPACE


@pytest.mark.parametrize("option", ["--profile", "--region", "--endpoint-url", "--config"])
def test_what_was_typed_wrongly_is_told_without_being_obeyed(option: str, tmp_path: Path) -> None:
    typed = HOSTILE.replace("\x00", "")
    with Terminal([SLUICE, "get", "queues", option, typed], size=(200, 45)) as terminal:
        assert terminal.wait() == 2
        assert b"sluice: settings" in terminal.raw
        assert obeyed(bytes(terminal.raw)) == []
