"""What the screen of a subscription says beside its rules."""

from connectors.errors import ConnectorError
from connectors.sns.filter_policy import CheckedPolicy
from connectors.sns.models import QueueReading
from connectors.sns.receivers import Receipt
from connectors.sns.subscriptions import SubscriptionState
from connectors.sqs.policy import Answer, MaySend
from tui.format.values import TROUBLE, UNKNOWN, count
from tui.sns.receiver_words import STYLES, WORDS, reasons_text
from widgets.facts import Fact

_STYLES = {Answer.YES: "", Answer.NO: "error", Answer.UNKNOWN: "warning"}


def subscription_facts(
    state: SubscriptionState, checked: CheckedPolicy | None, may_send: MaySend | None, receipt: Receipt | None
) -> list[Fact]:
    """Everything known, the most wanted first. `receipt` is the verdict on the test message, None without one."""
    subscription, details = state.subscription, state.details
    facts = []
    if receipt is not None:
        word = WORDS[receipt.verdict]
        why = reasons_text(receipt.reasons)
        facts.append(Fact("gets the message", f"{word}: {why}" if why else word, STYLES[word]))
    if state.is_pending:
        facts.append(Fact("pending", "nobody confirmed it: it gets nothing, and goes after three days", "warning"))
        facts.append(Fact("", "until then SNS lets nobody read it or take it away", "warning"))
    elif state.is_gone:
        facts.append(Fact("gone", "it is not there any more", "error"))
    elif state.error is not None:
        facts.append(Fact("failed", str(state.error), "error"))
    facts += _policy_facts(state, checked)
    if details is not None:
        facts.append(Fact("raw delivery", "yes: the body as it is" if details.raw_delivery else "no: in an envelope"))
    if subscription.queue_arn:
        facts += _queue_facts(state, may_send)
    if details is not None:
        facts.append(_dead_letters_fact(details.dead_letter_arn, state.dead_letters))
    facts.append(Fact("endpoint", f"{subscription.protocol} {subscription.endpoint}"))
    facts.append(Fact("ARN", subscription.arn if subscription.has_arn else f"{UNKNOWN} ({subscription.arn})"))
    return facts


def _policy_facts(state: SubscriptionState, checked: CheckedPolicy | None) -> list[Fact]:
    details = state.details
    if details is None:
        return []
    facts = [Fact("filters on", _scope(details.scope_text))] if details.filter_policy else []
    if checked is not None and checked.policy is None:
        facts += [Fact("bad filter", str(fault), "error") for fault in checked.faults[:3]]
    return facts


def _scope(scope: str) -> str:
    return {"MessageAttributes": "the message's attributes", "MessageBody": "the message's body"}.get(scope, scope)


def _queue_facts(state: SubscriptionState, may_send: MaySend | None) -> list[Fact]:
    facts = []
    if may_send is not None:
        text = "yes" if may_send.answer is Answer.YES else f"{may_send.answer}: {may_send.reason}"
        facts.append(Fact("lets this topic send", text, _STYLES[may_send.answer]))
    queue = state.queue
    key = queue.attributes.raw.get("KmsMasterKeyId", "") if queue is not None and queue.attributes is not None else ""
    if key:
        refused = ", managed by AWS: SNS may be refused" if "alias/aws/" in key else ""
        facts.append(Fact("queue's key", f"{key}{refused}", "warning" if refused else ""))
    facts.append(_queue_fact("queue", queue, state.subscription.queue_name))
    return facts


def _dead_letters_fact(arn: str, queue: QueueReading | None) -> Fact:
    if not arn:
        return Fact("dead letters to", "nowhere: what can't be delivered is lost")
    fact = _queue_fact("dead letters to", queue, arn.rsplit(":", 1)[-1])
    if queue is not None and queue.visible:
        return Fact(fact.label, f"{TROUBLE} {fact.value}", "error")
    return fact


def _queue_fact(label: str, queue: QueueReading | None, name: str) -> Fact:
    if queue is None:
        return Fact(label, f"{name}, not read yet")
    if queue.is_gone:
        return Fact(label, f"{name} is gone", "error")
    if queue.attributes is None:
        return Fact(label, f"{name}, {UNKNOWN} ({_why(queue.error)})", "warning")
    counts = queue.attributes.counts
    return Fact(label, f"{name}, {count(counts.visible)} visible, {count(counts.in_flight)} in flight")


def _why(error: ConnectorError | None) -> str:
    return error.title if error is not None else "not read"
