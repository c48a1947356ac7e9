"""Who would receive a message, as text: a line for each subscription, no first, each with its reasons."""

from collections.abc import Sequence

from connectors.sns.filter_policy import Reason
from connectors.sns.receivers import Delivery, Receipt
from widgets.facts import Fact
from widgets.line import Part

WORDS = {
    Delivery.UNREACHABLE: "no",
    Delivery.FILTERED: "no",
    Delivery.UNKNOWN: "can't tell",
    Delivery.DELIVER: "yes",
}
WHO = "Who would receive this"
STYLES = {"no": "error", "can't tell": "warning", "yes": "success"}
MOST_SHOWN = 40
"""Subscriptions with a line of their own; the others are counted."""
_MOST_REASONS = 4


def counts(receipts: Sequence[Receipt]) -> dict[str, int]:
    """How many say no, can't tell and yes."""
    found = dict.fromkeys(STYLES, 0)
    for receipt in receipts:
        found[WORDS[receipt.verdict]] += 1
    return found


def count_parts(receipts: Sequence[Receipt], *, complete: bool) -> list[Part]:
    """The line above them; `complete` says whether all subscriptions are listed."""
    parts = [Part(f" {WHO} ", "strong")]
    if not receipts:
        return [*parts, Part(" nobody is subscribed", "warning")]
    for word, number in counts(receipts).items():
        if number:
            parts.append(Part(f"  {number:,} {word}", STYLES[word]))
    so_far = Part("  of those listed so far", "warning")
    return [*parts, Part("  by AWS's rules", "muted") if complete else so_far]


def count_text(receipts: Sequence[Receipt]) -> str:
    """`2 yes, 1 can't tell, 3 no`."""
    found = counts(receipts)
    return ", ".join(f"{found[word]:,} {word}" for word in reversed(found) if found[word]) or "nobody is subscribed"


def receiver_facts(receipts: Sequence[Receipt]) -> list[Fact]:
    facts = []
    for receipt in receipts[:MOST_SHOWN]:
        word = WORDS[receipt.verdict]
        name = receipt.subscription.short_endpoint or receipt.subscription.protocol
        reasons = reasons_text(receipt.reasons)
        facts.append(Fact(word, f"{name}: {reasons}" if reasons else name, STYLES[word]))
    if len(receipts) > MOST_SHOWN:
        facts.append(Fact("", f"and {len(receipts) - MOST_SHOWN:,} more: {count_text(receipts[MOST_SHOWN:])}"))
    return facts


def reasons_text(reasons: Sequence[Reason]) -> str:
    text = "; ".join(str(reason) for reason in reasons[:_MOST_REASONS])
    return f"{text}; and {len(reasons) - _MOST_REASONS:,} more" if len(reasons) > _MOST_REASONS else text
