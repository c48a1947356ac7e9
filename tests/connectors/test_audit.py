import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from connectors.audit import AuditLog
from connectors.errors import ConnectorError, OutcomeUnknown, Refused
from connectors.sqs.models import Draft, MessageAttribute, Queue
from connectors.sqs.receiving import Messages
from tests.conftest import OpeningContexts
from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.wire import Request, denied, partly_failed, reset


@pytest.fixture
def queue(stub: SqsStub) -> Queue:
    return Queue(stub.queue("orders", messages=["body-0", "body-1", "body-2"]).url)


def entries(audit: AuditLog) -> list[dict[str, Any]]:
    """Oldest first."""
    return [*audit.tail()][::-1]


@pytest.fixture
def on_disk(audit: AuditLog, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The entries that a power cut would leave: those in the log at its last `fsync`."""
    kept: list[dict[str, Any]] = []
    fsync = os.fsync

    def observed(descriptor: int) -> None:
        fsync(descriptor)
        if os.path.samestat(os.fstat(descriptor), audit.path.stat()):
            kept[:] = entries(audit)

    monkeypatch.setattr(os, "fsync", observed)
    return kept


async def test_the_intent_is_on_disk_before_the_request_and_the_outcome_after_it(
    stub: SqsStub,
    queue: Queue,
    open_context: OpeningContexts,
    audit: AuditLog,
    clock: ManualClock,
    on_disk: list[dict[str, Any]],
) -> None:
    context = await open_context(stub.url, clock=clock)
    await context.aws.identify()
    seen: list[list[dict[str, Any]]] = []
    stub.on_request = lambda request: seen.append([*on_disk])
    connector = Messages(context)
    change = connector.sending(queue)
    sent = await connector.send(change, context.guard.permit(change, "dialog"), queue, Draft("hello"))
    assert [entry["entry"] for entry in seen[0]] == ["intent"]
    assert on_disk == entries(audit)
    intent, outcome = on_disk
    common = {
        "time": "2026-03-14T03:00:00.000+00:00",
        "change": change.id,
        "account": "123456789012",
        "profile": "default",
        "region": "us-east-1",
        "endpoint": stub.url,
        "operation": "SendMessage",
        "target": "orders",
        "count": 1,
        "command": change.command,
    }
    assert intent == {**common, "entry": "intent", "given_by": "dialog"}
    assert outcome == {
        **common,
        "entry": "outcome",
        "result": "done",
        "confirmed": 1,
        "failed": 0,
        "unknown": 0,
        "request_ids": [sent.request_id],
        "error": None,
    }


async def test_the_log_is_for_its_owner_only_even_where_it_was_open_before(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts, audit: AuditLog
) -> None:
    audit.append({"entry": "first"})
    assert stat.S_IMODE(audit.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(audit.path.parent.stat().st_mode) == 0o700
    audit.path.chmod(0o644)
    audit.append({"entry": "second"})
    assert stat.S_IMODE(audit.path.stat().st_mode) == 0o600
    assert [entry["entry"] for entry in entries(audit)] == ["first", "second"]


async def test_neither_bodies_nor_attribute_values_nor_receipt_handles_are_written_down(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts, audit: AuditLog
) -> None:
    context = await open_context(stub.url)
    connector = Messages(context)
    messages = (await connector.look(queue)).messages
    sending = connector.sending(queue)
    draft = Draft("the-body", (MessageAttribute("token", "String", "the-value"),), group_id="the-group")
    await connector.send(sending, context.guard.permit(sending, "test"), queue, draft)
    deleting = connector.deleting(queue, messages)
    await connector.delete(deleting, context.guard.permit(deleting, "test"), queue, messages)
    written = audit.path.read_text()
    assert len(written.splitlines()) == 4
    for secret in ("the-body", "the-value", "the-group", "body-0", messages[0].receipt_handle):
        assert secret not in written


async def test_what_came_of_a_change_is_told_apart(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts, audit: AuditLog
) -> None:
    context = await open_context(stub.url)
    connector = Messages(context)

    async def send() -> None:
        change = connector.sending(queue)
        await connector.send(change, context.guard.permit(change, "test"), queue, Draft("x"))

    stub.on("SendMessage", denied("sqs:sendmessage"), times=1)
    with pytest.raises(ConnectorError):
        await send()
    stub.on("SendMessage", reset(), times=1)
    with pytest.raises(OutcomeUnknown):
        await send()
    messages = (await connector.look(queue)).messages
    stub.on("DeleteMessageBatch", partly_failed(1), times=1)
    deleting = connector.deleting(queue, messages)
    await connector.delete(deleting, context.guard.permit(deleting, "test"), queue, messages)
    told = [
        (entry["result"], entry["confirmed"], entry["failed"], entry["error"])
        for entry in entries(audit)
        if entry["entry"] == "outcome"
    ]
    assert told == [
        ("failed", None, 0, "permission: AccessDenied"),
        ("unknown", None, 0, "answer: OutcomeUnknown"),
        ("partly failed", 2, 1, None),
    ]


async def test_a_change_whose_intent_cannot_be_written_is_refused_and_nothing_is_sent(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    context = await open_context(stub.url, audit=AuditLog(tmp_path / "file" / "audit.jsonl"))
    connector = Messages(context)
    change = connector.sending(queue)
    with pytest.raises(Refused, match="can't be written"):
        await connector.send(change, context.guard.permit(change, "test"), queue, Draft("x"))
    assert stub.requests == []


async def test_an_outcome_that_cannot_be_written_does_not_hide_that_the_change_happened(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts, audit: AuditLog
) -> None:
    context = await open_context(stub.url)
    lost: list[tuple[dict[str, Any], ConnectorError]] = []
    context.guard.on_lost_record = lambda entry, error: lost.append((entry, error))

    def take_the_log_away(request: Request) -> None:
        audit.path.rename(audit.path.with_suffix(".kept"))
        audit.path.mkdir()

    stub.on_request = take_the_log_away
    connector = Messages(context)
    change = connector.sending(queue)
    sent = await connector.send(change, context.guard.permit(change, "test"), queue, Draft("x"))
    assert sent.message_id
    ((entry, error),) = lost
    assert context.guard.lost_records == [entry]
    assert (entry["operation"], entry["result"], entry["request_ids"]) == ("SendMessage", "done", [sent.request_id])
    assert "can't be written" in error.title


async def test_a_failure_stays_that_failure_where_its_outcome_cannot_be_written(
    stub: SqsStub, queue: Queue, open_context: OpeningContexts, audit: AuditLog
) -> None:
    context = await open_context(stub.url)

    def take_the_log_away(request: Request) -> None:
        audit.path.unlink()
        audit.path.mkdir()

    stub.on_request = take_the_log_away
    stub.on("SendMessage", reset())
    connector = Messages(context)
    change = connector.sending(queue)
    with pytest.raises(OutcomeUnknown):
        await connector.send(change, context.guard.permit(change, "test"), queue, Draft("x"))
    assert context.guard.lost_records[0]["result"] == "unknown"


def test_a_damaged_line_is_passed_over_and_a_missing_file_is_empty(audit: AuditLog) -> None:
    assert entries(audit) == []
    audit.append({"number": 1})
    with audit.path.open("ab") as log:
        log.write(b'{"number": \xff\n[1]\n{"cut')
    audit.append({"number": 2, "text": "a\nb\u2028"})
    assert [entry["number"] for entry in entries(audit)] == [1, 2]
    assert len(audit.path.read_bytes().splitlines()) == 5
    assert [entry["number"] for entry in audit.tail(1)] == [2]


def test_a_full_disk_refuses_and_leaves_the_next_entry_readable(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    program = """
import resource, signal, sys
from pathlib import Path
from connectors.audit import AuditLog
from connectors.errors import Refused
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
log = AuditLog(Path(sys.argv[1]))
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
try:
    log.append({"number": 1, "text": "x" * 200})
except Refused as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
log.append({"number": 2})
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=20, env={**os.environ}
    )
    assert done.stderr == ""
    assert f"the audit log {path} can't be written" in done.stdout
    assert json.loads(path.read_text().splitlines()[-1]) == {"number": 2}
