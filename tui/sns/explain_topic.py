"""`sluice explain TOPIC`: who would receive a message, and why the others would not."""

from typing import Any

from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.errors import ConnectorError, Step
from connectors.open_context import OpenContext
from connectors.sns.connector import SnsConnector
from connectors.sns.models import PublishDraft
from connectors.sns.publish import attribute_faults
from connectors.sns.receivers import Delivery, Receipt
from connectors.sns.service import SERVICE
from connectors.sqs.service import SERVICE as SQS
from tui.config.file import audit_path
from tui.console.options import PARTLY_READ
from tui.console.output import aligned, patience, print_list
from tui.sns.get_subscriptions import read_all
from widgets.text import printable


def _record(receipt: Receipt) -> dict[str, Any]:
    """One verdict under the keys that never change."""
    subscription = receipt.subscription
    return {
        "arn": subscription.arn if subscription.has_arn else None,
        "protocol": subscription.protocol,
        "endpoint": subscription.endpoint,
        "verdict": receipt.verdict.value,
        "reasons": [
            {"path": reason.path, "rule": reason.rule, "value": reason.value, "text": reason.text}
            for reason in receipt.reasons
        ],
    }


def _table(receipts: list[Receipt]) -> str:
    rows = [["VERDICT", "PROTOCOL", "ENDPOINT", "REASONS"]]
    for receipt in receipts:
        subscription = receipt.subscription
        reasons = "; ".join(reason.text for reason in receipt.reasons)
        texts = (subscription.protocol, subscription.short_endpoint, reasons)
        rows.append([receipt.verdict.value, *(printable(text, limit=500) for text in texts)])
    return aligned(rows, right=())


async def explain_topic(
    request: ContextRequest, *, name: str, draft: PublishDraft, as_json: bool, allow_plain_http: bool
) -> int:
    """Prints a verdict for each subscription of the topic `name`. The exit code is `PARTLY_READ` where one is
    unknown. Raises `ConnectorError` where SNS would refuse the attributes: nobody receives such a message."""
    if found := attribute_faults(draft.attributes):
        raise ConnectorError(Step.SETTINGS, "; ".join(found))
    context = await OpenContext.open(
        request, audit=AuditLog(audit_path()), services=(SERVICE, SQS), allow_plain_http=allow_plain_http
    )
    try:
        async with patience(context.aws, "sns"):
            sns = context.connector(SnsConnector)
            topic = await sns.find(name)
            states = await read_all(context.aws, sns.subscriptions(topic))
    finally:
        await context.close()
    receipts = sns.receivers(topic).judge(states, draft)
    print_list([_record(receipt) for receipt in receipts], lambda _: _table(receipts), "subscriptions", as_json=as_json)
    return PARTLY_READ if any(receipt.verdict is Delivery.UNKNOWN for receipt in receipts) else 0
