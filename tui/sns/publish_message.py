"""`sluice publish`: one message to one topic, after a yes."""

import sys

from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.errors import ConnectorError, Step
from connectors.open_context import OpenContext
from connectors.sns.connector import SnsConnector
from connectors.sns.models import PublishDraft, Topic
from connectors.sns.publish import attribute_faults, faults
from connectors.sns.service import SERVICE
from tui.config.file import audit_path
from tui.console.agree import NobodyToAsk, agree
from tui.console.options import FAILURE, NO_ANSWER, complain
from tui.console.output import patience
from tui.format.values import size
from widgets.text import printable


async def publish_message(
    request: ContextRequest, *, name: str, draft: PublishDraft, yes: bool, allow_plain_http: bool
) -> int:
    """Publishes `draft` to the topic `name` and prints the message's id. Returns the exit code: `NO_ANSWER` where
    nobody is there to agree to it. What SNS would refuse is refused before."""
    context = await OpenContext.open(
        request, audit=AuditLog(audit_path()), services=(SERVICE,), allow_plain_http=allow_plain_http
    )
    sns = context.connector(SnsConnector)
    try:
        async with patience(context.aws, "sns"):
            topic = await sns.find(name)
            await _check(sns, topic, draft)
            await _identify(context)
        change = sns.publishing(topic)
        attributes = len(draft.attributes)
        facts = [("message", f"{size(draft.size)}, {attributes or 'no'} attribute{'' if attributes == 1 else 's'}")]
        permit = agree(context.guard, change, yes=yes, facts=facts)
        if permit is None:
            complain("nothing was published")
            return FAILURE
        async with patience(context.aws, "sns"):
            published = await sns.publish(change, permit, topic, draft)
    except NobodyToAsk:
        return NO_ANSWER
    finally:
        left = await context.close()
        for line in left.undone:
            print(f"sluice: {printable(line, limit=300)}", file=sys.stderr)
    print(printable(published.message_id))
    return 0


async def _check(sns: SnsConnector, topic: Topic, draft: PublishDraft) -> None:
    """Raises `ConnectorError` where the topic is gone, or with the faults of `draft`, as far as the topic's attributes
    may be read."""
    details = await sns.details(topic)
    if details.is_gone and details.attributes_error is not None:
        raise details.attributes_error
    found = attribute_faults(draft.attributes) + faults(draft, topic, details)
    if found:
        raise ConnectorError(Step.SETTINGS, "; ".join(found))


async def _identify(context: OpenContext) -> None:
    """Has the account verified for the audit log and the question; without it they say that it is not."""
    try:
        await context.aws.identify()
    except ConnectorError:
        return
