"""Planted secrets: after a day's work, with errors and a crash in it, they stand nowhere."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tests.e2e.test_terminal import SLUICE
from tests.support.model import ROLE_KEY, ROLE_TOKEN
from tests.support.stub import SqsStub
from tests.support.wire import denied, error, expired_token, reset
from tests.tui.app.test_crash import CRASHING

KEY = "wJalrPlantedSecretKey0123456789abcdefXYZ"
TOKEN = "FwoGZXIvYXdzEPlantedSessionToken0123456789"
OF_THE_FILE = "fileSecretPlantedInTheProfile9876543210zz"
SECRETS = (KEY, TOKEN, OF_THE_FILE, ROLE_KEY, ROLE_TOKEN)
PART = 12
"""Characters of a secret that are one too many to be seen."""


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch, isolated_machine: Path) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY)
    monkeypatch.setenv("AWS_SESSION_TOKEN", TOKEN)
    monkeypatch.setenv("TMPDIR", str(isolated_machine / "tmp"))
    (isolated_machine / "tmp").mkdir()


def write_profiles(stub: SqsStub) -> set[Path]:
    """A profile with keys and one with a role; gives the files that hold the secrets by right."""
    file = Path(os.environ["AWS_CONFIG_FILE"])
    keys = f"aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = {OF_THE_FILE}\n"
    keys += f"aws_session_token = {TOKEN}\n"
    where = f"region = eu-west-1\nendpoint_url = {stub.url}\n"
    role = "role_arn = arn:aws:iam::123456789012:role/reader\nsource_profile = keys\n"
    file.write_text(f"[profile keys]\n{where}{keys}\n[profile role]\n{where}{role}")
    return {file}


def parts(secret: str) -> Iterator[bytes]:
    """A secret is found also where it was wrapped or shortened."""
    assert len(secret) >= 3 * PART, "a short secret has no parts to look for"
    for start in range(len(secret) - PART + 1):
        yield secret[start : start + PART].encode()


def found_in(text: bytes) -> set[bytes]:
    return {part for secret in SECRETS for part in parts(secret) if part in text}


def files_with_secrets(folder: Path, by_right: set[Path]) -> dict[str, set[bytes]]:
    files = [path for path in folder.rglob("*") if path.is_file() and path not in by_right]
    assert files, "nothing was written at all"
    found = {str(path): found_in(path.read_bytes() + path.name.encode()) for path in files}
    return {path: what for path, what in found.items() if what}


@pytest.mark.usefixtures("planted")
@pytest.mark.parametrize(
    "profile", [*(pytest.param(name, marks=pytest.mark.thorough) for name in (None, "keys")), "role"]
)
def test_a_day_of_work_leaves_no_secret_on_the_screen_or_in_a_file(
    profile: str | None, stub: SqsStub, isolated_machine: Path
) -> None:
    by_right = write_profiles(stub)
    stub.queue("orders", messages=["one", "two"])
    where = ["--profile", profile] if profile else ["--endpoint-url", stub.url, "--region", "eu-west-1"]
    with Terminal([SLUICE, "open", "queue:orders", *where], size=(140, 45)) as terminal:
        terminal.sees("Queue orders", "A look (p)", "123456789012")
        terminal.press(":", "identity", "enter")
        terminal.sees("Who am I", "arn:aws")
        terminal.insists("escape", on=lambda screen: "Who am I" not in screen)
        terminal.press("p")
        terminal.sees("2 held for")
        terminal.press("Y")
        terminal.press("d")
        terminal.sees("Delete messages?")
        terminal.answers("Delete messages?", "y")
        terminal.sees("1 of 1 deletes confirmed")
        replies = [denied("sqs:sendmessage"), error("InvalidClientTokenId", "x", 403), expired_token(), reset()]
        for reply in replies[2:] if profile else replies[:2]:
            stub.on("SendMessage", reply)
            terminal.insists("s", on=lambda screen: "Send to orders" in screen)
            terminal.press("a body", "ctrl+s")
            terminal.sees("Send this message?")
            terminal.answers("Send this message?", "y")
            terminal.sees("It did not work")
            terminal.insists("enter", on=lambda screen: "It did not work" not in screen)
            terminal.insists("escape", on=lambda screen: "Leave the message unsent?" in screen)
            terminal.answers("Leave the message unsent?", "y")
        stub.on("GetQueueAttributes", expired_token())
        terminal.press("r")
        terminal.sees("last reading failed: credentials")
        stub.heal()
        terminal.insists("L", on=lambda screen: "Log of this run" in screen)
        terminal.insists("enter", on=lambda screen: "scroll" in screen)
        terminal.insists("escape", on=lambda screen: "scroll" not in screen)
        terminal.press("ctrl+c", "ctrl+c")
        assert terminal.wait() == 0
        assert found_in(bytes(terminal.raw)) == set()
    assert files_with_secrets(isolated_machine, by_right) == {}
    assert all(found_in(json.dumps(request.params).encode()) == set() for request in stub.requests)
    # and those of the role were in use
    used = {request.headers.get("x-amz-security-token", "") for request in stub.sent("ReceiveMessage")}
    assert used == {ROLE_TOKEN if profile == "role" else TOKEN}


@pytest.mark.usefixtures("planted")
@pytest.mark.parametrize("output", ["table", "json"])
@pytest.mark.parametrize(
    "reply", [None, denied(), expired_token(), reset()], ids=["fine", "denied", "expired", "reset"]
)
def test_get_prints_no_secret(output: str, reply: object, stub: SqsStub, isolated_machine: Path) -> None:
    stub.queue("orders")
    if reply is not None:
        stub.on("*", reply)  # type: ignore[arg-type]
    ran = subprocess.run(
        [SLUICE, "get", "queues", "--output", output, "--endpoint-url", stub.url, "--region", "eu-west-1"],
        capture_output=True,
        timeout=60,
    )
    assert ran.stdout + ran.stderr
    assert found_in(ran.stdout + ran.stderr) == set()


@pytest.mark.usefixtures("planted")
@pytest.mark.parametrize("where", ["handler", "worker", "callback"])
def test_a_crash_in_a_real_terminal_prints_no_secret_and_leaves_it_clean(
    where: str, tmp_path: Path, isolated_machine: Path
) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN)
    program = tmp_path / "crashing.py"
    program.write_text(CRASHING.replace("app.run(headless=True)", "app.run()"))
    with Terminal([sys.executable, program, token, where], size=(140, 45)) as terminal:
        assert terminal.wait() == 1
        assert b"forced by a test" in terminal.raw
        assert found_in(bytes(terminal.raw)) == set()
        assert terminal.complaints() == []


@pytest.mark.usefixtures("planted")
async def test_a_picture_of_the_screen_holds_no_secret(stub: SqsStub, tmp_path: Path) -> None:
    from connectors.audit import AuditLog
    from tests.tui.person import at_work

    write_profiles(stub)
    stub.queue("orders")
    stub.on("ListQueues", expired_token())
    for profile in (None, "keys"):
        request = {"profile": profile} if profile else {"region": "eu-west-1"}
        async with at_work(None if profile else stub.url, audit=AuditLog(tmp_path / "audit"), **request) as person:
            await person.sees("could not be listed")
            pictures = [person.app.export_screenshot()]
            for key in ("i", "L", "c"):
                await person.press(key)
                pictures.append(person.app.export_screenshot())
                await person.press("escape")
            pictures += [f"{notice!r} {vars(notice.error)!r}" for notice in person.app.notices if notice.error]
            session = person.app.session
            assert session is not None
            pictures += [repr(session), repr(session.context), repr(session.log), repr(person.app.request)]
            assert found_in("".join(pictures).encode()) == set()
