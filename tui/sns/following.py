"""Where a subscription leads: its queue, and that of what can't be delivered."""

from connectors.sns.models import QueueReading
from connectors.sns.subscriptions import SubscriptionState
from connectors.sqs.models import arn_parts
from tui.format.values import UNKNOWN, cell
from tui.screens.host import Lead


def queues_of(state: SubscriptionState) -> list[Lead]:
    """The queue of the endpoint and the dead-letter queue, those that were read and are there."""
    found = [(state.queue, ""), (state.dead_letters, " (dead letters)")]
    return [
        Lead(f"queue:{_address(queue)}", f"{queue.name}{what}, {_visible(queue)} visible")
        for queue, what in found
        if queue is not None and not queue.is_gone and (queue.attributes is not None or _is_own(queue, state))
    ]


def no_queue(state: SubscriptionState) -> str:
    """Why there is no queue to follow to."""
    subscription = state.subscription
    if not subscription.queue_arn:
        return f"{subscription.protocol or 'this subscription'} leads to no queue"
    if state.queue is not None and state.queue.is_gone:
        return f"the queue {state.queue.name} is gone"
    if state.queue is not None:
        return f"the queue {state.queue.name} of another account can't be read"
    return "the queue is not read yet"


def _is_own(queue: QueueReading, state: SubscriptionState) -> bool:
    """Whether the queue is of the topic's account, so that its name alone finds it."""
    return arn_parts(queue.arn)[1] == arn_parts(state.subscription.topic_arn)[1]


def _address(queue: QueueReading) -> str:
    """Its URL where it is known: a queue may be another account's."""
    return queue.attributes.queue.url if queue.attributes is not None else queue.name


def _visible(queue: QueueReading) -> str:
    return "0" if queue.visible == 0 else cell(queue.visible) or UNKNOWN
