"""What became of a message that was sent, and of what SQS would take it for a duplicate, as text."""

from connectors.sqs.models import Duplicate, Earlier, Sent
from widgets.facts import Fact


def _ago(earlier: Earlier, now: float) -> str:
    """`12 s ago`."""
    return f"{now - earlier.at:,.0f} s ago"


def duplicate_warning(earlier: Earlier, now: float) -> str:
    """What to say before a message is sent whose deduplication id was sent within the last 5 minutes. `now` is on the
    monotonic scale."""
    if not earlier.message_id:
        return f"this deduplication id was sent {_ago(earlier, now)} without an answer: if that came, nothing is added"
    return f"this deduplication id was sent {_ago(earlier, now)} ({earlier.message_id}): SQS will add nothing"


def sent_title(sent: Sent) -> str:
    match sent.duplicate:
        case Duplicate.YES:
            return "Nothing was added"
        case Duplicate.MAYBE:
            return "Sent, maybe for nothing"
        case _:
            return "Sent"


def sent_facts(sent: Sent, queue: str, now: float) -> list[Fact]:
    """`now` is on the monotonic scale."""
    facts = [Fact("queue", queue)]
    when = f", sent {_ago(sent.earlier, now)}" if sent.earlier else ""
    match sent.duplicate:
        case Duplicate.YES:
            told = f"taken for a duplicate of {sent.message_id}{when}: nothing was added"
            facts.append(Fact("duplicate", told, "warning"))
            facts.append(Fact("", "send it with another deduplication id, or 5 minutes after the first", "warning"))
        case Duplicate.MAYBE if sent.earlier:
            told = f"it has the deduplication id of {sent.earlier.message_id}{when}: it may not have been added"
            facts += [Fact("message id", sent.message_id), Fact("duplicate", told, "warning")]
        case _:
            facts.append(Fact("message id", sent.message_id))
    facts += [Fact("sequence number", sent.sequence_number)] if sent.sequence_number else []
    return [*facts, Fact("request id", sent.request_id)]
