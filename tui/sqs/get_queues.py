"""`sluice get queues`: the list of queues on standard output."""

import sys
from typing import Any

from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.open_context import OpenContext
from connectors.sqs.service import SERVICE
from connectors.sqs.snapshot import snapshot
from connectors.sqs.state import QueueState
from tui.config.file import audit_path
from tui.console.options import PARTLY_READ
from tui.console.output import aligned, patience, print_list
from tui.format.values import UNKNOWN
from widgets.text import printable


def _record(state: QueueState, dead_letters: dict[str, QueueState]) -> dict[str, Any]:
    """One queue under the keys that never change; an unknown count is None."""
    dead_letter = dead_letters.get(state.dead_letter_arn or "")
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
    """The queues as a table: `UNKNOWN` for a count that was not read, nothing for a queue without a DLQ."""
    header = ["NAME", "VISIBLE", "IN FLIGHT", "DELAYED", "DLQ", "IN DLQ", "TYPE"]
    rows = [header]
    for record in records:
        counts = [UNKNOWN if record[key] is None else str(record[key]) for key in ("visible", "in_flight", "delayed")]
        in_dlq = (
            "" if record["dlq"] is None else UNKNOWN if record["dlq_visible"] is None else str(record["dlq_visible"])
        )
        rows.append([printable(record["name"]), *counts, printable(record["dlq"] or ""), in_dlq, record["type"]])
    return aligned(rows, right={1, 2, 3, 5})


async def queues(request: ContextRequest, *, prefix: str, as_json: bool, allow_plain_http: bool) -> int:
    """Prints the queues whose name starts with `prefix`. A count that could not be read is unknown in the list, stderr
    has the reason, and the exit code is `PARTLY_READ`."""
    context = await OpenContext.open(
        request, audit=AuditLog(audit_path()), services=(SERVICE,), allow_plain_http=allow_plain_http
    )
    try:
        session = context.aws
        async with patience(session, "sqs"):
            states, dead_letters = await snapshot(session, prefix)
    finally:
        await context.close()
    records = [_record(state, dead_letters) for state in states]
    print_list(records, _table, "queues", as_json=as_json)
    read = {state.queue: state for state in (*states, *dead_letters.values())}
    failed = [(queue.name, error) for queue, state in read.items() if (error := state.error) is not None]
    for name, error in failed:
        print(f"sluice: {printable(name)}: {printable(str(error), limit=300)}", file=sys.stderr)
    return PARTLY_READ if failed else 0
