"""`sluice get topics`: the list of topics on standard output."""

import sys
from typing import Any

from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.open_context import OpenContext
from connectors.sns.models import Topic, TopicsReading
from connectors.sns.service import SERVICE
from connectors.sns.topics import read_topics
from tui.config.file import audit_path
from tui.console.options import PARTLY_READ
from tui.console.output import aligned, patience, print_list
from tui.format.values import UNKNOWN
from widgets.text import printable


def _record(topic: Topic, reading: TopicsReading) -> dict[str, Any]:
    """One topic under the keys that never change; what is unknown is None."""
    tally = reading.tally(topic)
    return {
        "arn": topic.arn,
        "name": topic.name,
        "type": topic.type,
        "subscriptions": tally.total if tally else None,
        "pending": tally.pending if tally else None,
        "protocols": list(tally.protocols) if tally else None,
    }


def _table(records: list[dict[str, Any]]) -> str:
    rows = [["NAME", "TYPE", "SUBSCRIPTIONS", "PENDING", "PROTOCOLS"]]
    for record in records:
        counts = [UNKNOWN if record[key] is None else str(record[key]) for key in ("subscriptions", "pending")]
        protocols = UNKNOWN if record["protocols"] is None else " ".join(map(printable, record["protocols"]))
        rows.append([printable(record["name"]), record["type"], *counts, protocols])
    return aligned(rows, right={2, 3})


async def topics(request: ContextRequest, *, as_json: bool, allow_plain_http: bool) -> int:
    """Prints the topics. Where the subscriptions could not be read they are unknown, stderr has the reason, and the
    exit code is `PARTLY_READ`."""
    context = await OpenContext.open(
        request, audit=AuditLog(audit_path()), services=(SERVICE,), allow_plain_http=allow_plain_http
    )
    try:
        async with patience(context.aws, "sns"):
            reading = await read_topics(context.aws)
    finally:
        await context.close()
    records = [_record(topic, reading) for topic in reading.topics]
    print_list(records, _table, "topics", as_json=as_json)
    if reading.error is None:
        return 0
    print(f"sluice: subscriptions: {printable(str(reading.error), limit=300)}", file=sys.stderr)
    return PARTLY_READ
