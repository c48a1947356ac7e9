"""`sluice get`: the data of the screens on standard output."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any

from connectors.audit import AuditLog
from connectors.context import ContextRequest
from connectors.session import AwsSession
from connectors.sqs.state import QueueState
from connectors.sqs.survey import survey
from tui.config.file import audit_path
from widgets.text import printable

_PATIENCE_SECONDS = 3.0
"""Without a result, until somebody at a terminal is told what it waits for."""


def _record(state: QueueState, by_name: dict[str, QueueState]) -> dict[str, Any]:
    """One queue with the stable keys; an unknown count is None."""
    dead_letter = by_name.get(state.dead_letter_name or "")
    return {
        "name": state.queue.name,
        "url": state.queue.url,
        "type": state.queue.type,
        "visible": state.visible,
        "in_flight": state.in_flight,
        "delayed": state.delayed,
        "dlq": state.dead_letter_name,
        "dlq_visible": dead_letter.visible if dead_letter else None,
        "max_receive_count": state.max_receive_count,
    }


def _table(records: list[dict[str, Any]]) -> str:
    """Aligned columns; `–` is unknown, empty means that there is none."""
    header = ["NAME", "VISIBLE", "IN FLIGHT", "DELAYED", "DLQ", "IN DLQ", "TYPE"]
    rows = [header]
    for record in records:
        counts = ["–" if record[key] is None else str(record[key]) for key in ("visible", "in_flight", "delayed")]
        in_dlq = "" if record["dlq"] is None else "–" if record["dlq_visible"] is None else str(record["dlq_visible"])
        rows.append([printable(record["name"]), *counts, printable(record["dlq"] or ""), in_dlq, record["type"]])
    return aligned(rows, right={1, 2, 3, 5})


def aligned(rows: Sequence[Sequence[str]], *, right: Collection[int]) -> str:
    """`rows` in columns as wide as they need to be; those numbered in `right` end together."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if index in right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


@asynccontextmanager
async def patience(session: AwsSession) -> AsyncIterator[None]:
    """Where what happens inside takes long, whoever sits at a terminal is told once what it waits for."""
    waiting = asyncio.create_task(_say_what_for(session), name="say what it waits for") if sys.stderr.isatty() else None
    try:
        yield
    finally:
        if waiting is not None:
            waiting.cancel()


async def _say_what_for(session: AwsSession) -> None:
    await session.clock.sleep(_PATIENCE_SECONDS)
    what = "still reading from" if session.log else "waiting for an answer from"
    where = session.context.endpoint("sqs") or f"SQS in {session.context.region}"
    print(f"sluice: {what} {printable(where)} ({_PATIENCE_SECONDS:.0f} s so far)", file=sys.stderr, flush=True)


async def queues(request: ContextRequest, *, prefix: str, as_json: bool, allow_plain_http: bool) -> None:
    """Prints the queues; what could not be read is named on stderr and stays unknown in the list."""
    session = await AwsSession.open(request, audit=AuditLog(audit_path()), allow_plain_http=allow_plain_http)
    try:
        async with patience(session):
            states, by_name = await survey(session, prefix)
    finally:
        await session.aclose()
    records = [_record(state, by_name) for state in states]
    if as_json:
        print(json.dumps(records, indent=2))
    elif records:
        print(_table(records))
    else:
        print("no queues", file=sys.stderr)
    for state in states:
        if state.error is not None:
            print(f"sluice: {printable(state.queue.name)}: {printable(str(state.error), limit=300)}", file=sys.stderr)
