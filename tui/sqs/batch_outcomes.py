"""The outcomes of a batch as text: a line a message if they are few, else numbers.

Nobody can read thousands of lines, and a panel would take seconds to paint them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from connectors.sqs.models import EntryOutcome
from connectors.sqs.returned import Returned
from connectors.sqs.wire import GONE
from widgets.facts import Fact

MOST_LINES = 20
"""Messages that are named one by one on a terminal or in the log."""
MOST_FACTS = 50
"""Messages that are named one by one in a panel."""


def most_frequent_reason(outcomes: Iterable[EntryOutcome]) -> str:
    """Why it failed; where there are several reasons, the one of most messages, and how many others there are."""
    [(reason, _), *others] = Counter(outcome.reason for outcome in outcomes).most_common()
    more = f" (and {len(others)} other reason{'' if len(others) == 1 else 's'})" if others else ""
    return reason + more


def lost_lines(returned: Sequence[Returned]) -> list[str]:
    """What could not be given back, and when it returns by itself: a line a message, or where they are more than
    `MOST_LINES` a line a queue."""
    if sum(len(part.lost) for part in returned) <= MOST_LINES:
        return [
            f"not given back: {outcome.message_id}, visible again in {part.returns_in:.0f} s: {outcome.reason}"
            for part in returned
            for outcome in part.lost
        ]
    return [
        f"{len(lost):,} of {queue.name} not given back, visible again within {part.returns_in:.0f} s: "
        f"{most_frequent_reason(lost)}"
        for part in returned
        for queue, lost in part.lost_by_queue().items()
    ]


def given_back_word(returned: Returned, place: str = "") -> str:
    """`2 of 3 messages given back, 1 gone or received by others`: for what was given back where nothing was lost.
    `place` says from where."""
    total, gone = len(returned.outcomes), returned.gone
    messages = f"{total:,} message{'' if total == 1 else 's'}" + (f" of {place}" if place else "")
    if not gone:
        return f"{messages} given back"
    if gone == total:
        return f"{messages}: {GONE}"
    return f"{total - gone:,} of {messages} given back, {gone:,} {GONE}"


def outcome_facts(outcomes: Sequence[EntryOutcome], done: str) -> list[Fact]:
    """What became of each message of a change; `done` is the word for one that was confirmed. Where they are more than
    `MOST_FACTS`, how many were, and the first of the others."""
    if len(outcomes) <= MOST_FACTS:
        return [
            Fact(outcome.message_id, done) if outcome.confirmed else Fact(outcome.message_id, outcome.reason, "error")
            for outcome in outcomes
        ]
    failed = [outcome for outcome in outcomes if not outcome.confirmed]
    facts = [Fact(done, f"{len(outcomes) - len(failed):,} of {len(outcomes):,}")]
    facts += [Fact(outcome.message_id, outcome.reason, "error") for outcome in failed[:MOST_FACTS]]
    if (more := len(failed) - MOST_FACTS) > 0:
        facts.append(Fact("and", f"{more:,} more: {most_frequent_reason(failed[MOST_FACTS:])}"))
    return facts
