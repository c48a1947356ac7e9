"""Who would receive a message: a verdict for each subscription of a topic, with reasons.

It goes by AWS's rules; an emulator may be laxer. Pure: it takes what was read and calls nothing. What was not read is
never a yes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from connectors.errors import ConnectorError, Step
from connectors.sns.filter_policy import CheckedPolicy, FilterMessage, Reason, Scope, Verdict, check_policy
from connectors.sns.models import PublishDraft, QueueReading, Subscription
from connectors.sns.subscriptions import SubscriptionState
from connectors.sqs.policy import Answer, MaySend, lets_send

RAW_ATTRIBUTES = 10
"""Attributes that a message of SQS has room for: with more of them raw delivery drops the message."""
NOT_READ_YET = "not read yet"
NOT_ALLOWED = "not allowed to read"
_OPEN_ENDPOINTS = ("http", "https", "email", "email-json")
"""Protocols whose endpoint agreed by confirming: nothing else decides whether SNS sends to it."""
_AWS_MANAGED_KEYS = ("alias/aws/sqs", "aws/sqs")


class Delivery(StrEnum):
    DELIVER = "deliver"
    FILTERED = "filtered"
    """The filter policy keeps this message away."""
    UNREACHABLE = "unreachable"
    """No message of this kind arrives, whatever the filter policy says."""
    UNKNOWN = "unknown"


_ORDER = {Delivery.UNREACHABLE: 0, Delivery.FILTERED: 0, Delivery.UNKNOWN: 1, Delivery.DELIVER: 2}


@dataclass(frozen=True, slots=True)
class Receipt:
    """The verdict for one subscription. The reasons are empty for `DELIVER`; what keeps the message away comes before
    what is not known."""

    subscription: Subscription
    verdict: Delivery
    reasons: tuple[Reason, ...]


class Receivers:
    """Judges messages to the subscriptions of one topic. It keeps what it made of their policies, so that a message is
    judged again at each key press."""

    def __init__(self) -> None:
        self._filters: dict[str, tuple[tuple[str, str], CheckedPolicy | None]] = {}
        self._queue_policies: dict[str, tuple[tuple[str, str, str], MaySend]] = {}

    def judge(self, states: Iterable[SubscriptionState], draft: PublishDraft) -> list[Receipt]:
        """The receipts: no first, then can't tell, then yes, each as `states` come."""
        message = draft.filter_message
        receipts = [self.receipt(state, draft, message) for state in states]
        return sorted(receipts, key=lambda receipt: _ORDER[receipt.verdict])

    def receipt(self, state: SubscriptionState, draft: PublishDraft, message: FilterMessage) -> Receipt:
        """The verdict for one subscription. `message` is the `filter_message` of `draft`, made once for all of them."""
        subscription = state.subscription
        if state.is_gone:
            return _unreachable(subscription, "the subscription is gone")
        if state.is_pending:
            return _unreachable(subscription, "pending: not confirmed")
        unreachable, unknown = self._queue_reasons(state, draft)
        if state.details is None:
            unknown.insert(0, Reason(f"filter policy: {_unread(state.error)}"))
            return _receipt(subscription, unreachable, [], unknown)
        filtered: list[Reason] = []
        checked = self.checked(state)
        if checked is None:
            unknown.insert(0, Reason(f"the filter policy has a scope that is not known: {state.details.scope_text}"))
        elif checked.policy is None:
            unknown.insert(0, Reason(f"the filter policy is none that SNS takes: {checked.faults[0]}"))
        else:
            judgement = checked.policy.judge(message)
            if judgement.verdict is Verdict.FILTERED:
                filtered += judgement.reasons
            elif judgement.verdict is Verdict.UNKNOWN:
                unknown = [*judgement.reasons, *unknown]
        return _receipt(subscription, unreachable, filtered, unknown)

    def checked(self, state: SubscriptionState) -> CheckedPolicy | None:
        """The checked filter policy of a subscription that was read; None where its scope is not known."""
        if state.details is None or (scope := state.details.scope) is None:
            return None
        return self._checked(state.subscription.key, state.details.filter_policy, scope)

    def _checked(self, key: str, text: str, scope: Scope) -> CheckedPolicy | None:
        source = (text, scope.value)
        kept = self._filters.get(key)
        if kept is None or kept[0] != source:
            kept = self._filters[key] = (source, check_policy(text, scope))
        return kept[1]

    def may_send(self, state: SubscriptionState) -> MaySend | None:
        """Whether the queue of a subscription lets its topic send; None where it has no queue, or that was not read."""
        queue = state.queue
        if queue is None or queue.attributes is None:
            return None
        source = (queue.attributes.raw.get("Policy", ""), state.subscription.topic_arn, queue.arn)
        kept = self._queue_policies.get(state.subscription.key)
        if kept is None or kept[0] != source:
            kept = self._queue_policies[state.subscription.key] = (source, lets_send(*source))
        return kept[1]

    def _queue_reasons(self, state: SubscriptionState, draft: PublishDraft) -> tuple[list[Reason], list[Reason]]:
        """What of the endpoint keeps the message away, and what of it is not known."""
        protocol, queue = state.subscription.protocol, state.queue
        if protocol in _OPEN_ENDPOINTS:
            return [], []
        if protocol != "sqs":
            return [], [Reason(f"whether {protocol or 'the endpoint'} lets this topic send is not read")]
        if queue is not None and queue.is_gone:
            return [Reason("queue is gone")], []
        unreachable: list[Reason] = []
        if state.details is not None and state.details.raw_delivery and len(draft.attributes) > RAW_ATTRIBUTES:
            many = f"{len(draft.attributes)} attributes: raw delivery carries {RAW_ATTRIBUTES}"
            unreachable.append(Reason(many))
        may_send = self.may_send(state)
        if queue is None or may_send is None:
            return unreachable, [Reason(f"queue: {_unread(queue.error if queue else None)}")]
        if may_send.answer is Answer.NO:
            unreachable.append(Reason(may_send.reason))
        unknown = [Reason(may_send.reason)] if may_send.answer is Answer.UNKNOWN else []
        unreachable += _too_large(queue, draft)
        return unreachable, unknown + _of_key(queue)


def _too_large(queue: QueueReading, draft: PublishDraft) -> list[Reason]:
    limit = queue.attributes.maximum_message_size if queue.attributes else None
    if limit is None or draft.size <= limit:
        return []
    return [Reason(f"{draft.size:,} bytes: the queue takes {limit:,}")]


def _of_key(queue: QueueReading) -> list[Reason]:
    """A queue with a key of KMS loses what SNS may not encrypt with it, and the key's policy is not read."""
    key = queue.attributes.raw.get("KmsMasterKeyId", "") if queue.attributes else ""
    if not key:
        return []
    if key.endswith(_AWS_MANAGED_KEYS):
        return [Reason(f"queue key {key}: managed by AWS, SNS may be refused")]
    return [Reason(f"queue key {key}: whether SNS may use it is not read")]


def _unread(error: ConnectorError | None) -> str:
    if error is None:
        return NOT_READ_YET
    if error.step is Step.PERMISSION:
        return NOT_ALLOWED
    return f"not read ({error.title})"


def _unreachable(subscription: Subscription, why: str) -> Receipt:
    return Receipt(subscription, Delivery.UNREACHABLE, (Reason(why),))


def _receipt(
    subscription: Subscription, unreachable: list[Reason], filtered: list[Reason], unknown: list[Reason]
) -> Receipt:
    if unreachable:
        verdict = Delivery.UNREACHABLE
    elif filtered:
        verdict = Delivery.FILTERED
    else:
        verdict = Delivery.UNKNOWN if unknown else Delivery.DELIVER
    return Receipt(subscription, verdict, (*unreachable, *filtered, *unknown))
