"""`sluice get subscriptions`: the subscriptions of the account, or of one topic, on standard output."""

import sys
from typing import Any

from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.aws.session import AwsSession
from connectors.concurrency import as_they_end
from connectors.errors import ConnectorError
from connectors.open_context import OpenContext
from connectors.sns.connector import SnsConnector
from connectors.sns.models import DELETED, Subscription, Topic
from connectors.sns.service import SERVICE
from connectors.sns.subscriptions import SubscriptionSource, SubscriptionState
from connectors.sns.topics import subscription_pages
from connectors.sqs.service import SERVICE as SQS
from tui.config.file import audit_path
from tui.console.options import PARTLY_READ
from tui.console.output import aligned, patience, print_list
from tui.format.values import UNKNOWN
from widgets.text import printable

_PENDING, _CONFIRMED = "pending", "confirmed"


def _record(state: SubscriptionState) -> dict[str, Any]:
    """One subscription under the keys that never change; what was not read is None."""
    subscription, details = state.subscription, state.details
    return {
        "arn": subscription.arn if subscription.has_arn else None,
        "topic": subscription.topic_arn,
        "protocol": subscription.protocol,
        "endpoint": subscription.endpoint,
        "state": _PENDING if state.is_pending else _CONFIRMED,
        "owner": subscription.owner,
        "filter_policy": details.filter_policy if details else None,
        "filter_policy_scope": details.scope_text if details else None,
        "raw": details.raw_delivery if details else None,
        "dlq": details.dead_letter_arn if details else None,
    }


def _table(records: list[dict[str, Any]]) -> str:
    rows = [["TOPIC", "PROTOCOL", "STATE", "ENDPOINT"]]
    rows += [
        [printable(Topic(record["topic"]).name), *(printable(record[key]) for key in ("protocol", "state", "endpoint"))]
        for record in records
    ]
    return aligned(rows, right=())


def _topic_table(records: list[dict[str, Any]]) -> str:
    rows = [["PROTOCOL", "STATE", "RAW", "ENDPOINT", "FILTER"]]
    for record in records:
        raw = UNKNOWN if record["raw"] is None else "yes" if record["raw"] else "no"
        policy = UNKNOWN if record["filter_policy"] is None else " ".join(record["filter_policy"].split())
        texts = [printable(text, limit=300) for text in (record["endpoint"], policy)]
        rows.append([printable(record["protocol"]), record["state"], raw, *texts])
    return aligned(rows, right=())


async def subscriptions(request: ContextRequest, *, name: str, as_json: bool, allow_plain_http: bool) -> int:
    """Prints the subscriptions of this account, or of the topic `name` with their settings. Where one could not be
    read its settings are unknown, stderr has the reason, and the exit code is `PARTLY_READ`."""
    context = await OpenContext.open(
        request, audit=AuditLog(audit_path()), services=(SERVICE, SQS), allow_plain_http=allow_plain_http
    )
    try:
        async with patience(context.aws, "sns"):
            if name:
                sns = context.connector(SnsConnector)
                states = await read_all(context.aws, sns.subscriptions(await sns.find(name)))
            else:
                states = [SubscriptionState(each) for each in await _listed(context.aws)]
    finally:
        await context.close()
    records = [_record(state) for state in states]
    print_list(records, _topic_table if name else _table, "subscriptions", as_json=as_json)
    failed = [(state.subscription, state.error) for state in states if state.error is not None]
    return tell_unread(failed)


async def _listed(session: AwsSession) -> list[Subscription]:
    listed = [each async for page in subscription_pages(session) for each in page if each.arn != DELETED]
    return sorted(listed, key=lambda each: (each.topic_arn, each.protocol, each.endpoint))


async def read_all(session: AwsSession, source: SubscriptionSource) -> list[SubscriptionState]:
    """All subscriptions of a topic, each read once, sorted by protocol and endpoint. One that vanished while they were
    read is left out."""
    listed = [each async for page in source.pages() for each in page.resources]
    reading = (source.read(source.unread(each)) for each in listed)
    states = [state async for state in as_they_end(reading, lambda: session.pace.limit) if not state.is_gone]
    return sorted(states, key=lambda state: (state.subscription.protocol, state.subscription.endpoint))


def tell_unread(failed: list[tuple[Subscription, ConnectorError]]) -> int:
    """Says on stderr what could not be read, and why; the exit code that follows."""
    for subscription, error in failed:
        endpoint = printable(subscription.short_endpoint)
        print(f"sluice: {endpoint}: {printable(str(error), limit=300)}", file=sys.stderr)
    return PARTLY_READ if failed else 0
