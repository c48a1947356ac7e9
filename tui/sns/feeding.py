"""The topics that feed a queue, by the last pass over the subscriptions of this account."""

from connectors.open_context import OpenContext
from connectors.sns.connector import SnsConnector
from connectors.sns.models import Subscription, Topic
from tui.screens.host import Lead
from widgets.facts import Fact

_MOST_NAMED = 10


def feeding_facts(context: OpenContext, queue: str) -> list[Fact]:
    """A line with the topics of the queue with the ARN `queue`; none while the subscriptions were not listed."""
    found = context.connector(SnsConnector).feeding(queue)
    if not found:
        return []
    names = [_name(subscription) for subscription in found]
    more = f", and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return [Fact("fed by", f"{', '.join(names[:_MOST_NAMED])}{more} (SNS)")]


def feeding_leads(context: OpenContext, queue: str) -> list[Lead]:
    """The same topics, to be opened."""
    found = context.connector(SnsConnector).feeding(queue) or ()
    names = {subscription.topic_arn: _name(subscription) for subscription in found}
    return [Lead(f"topic:{arn}", f"{name} (SNS)") for arn, name in names.items()]


def _name(subscription: Subscription) -> str:
    return Topic(subscription.topic_arn).name + (" (pending)" if subscription.is_pending else "")
