"""The cost of receiving as text: before a look, in the question, during a walk and after it."""

from collections.abc import Sequence

from connectors.sqs.dead_letters import Moved
from connectors.sqs.models import LAST_RECEIVES_ASK
from connectors.sqs.receiving import LEASE_SECONDS
from connectors.sqs.walk import MOST_BYTES, Ending, Progress
from tui.format.values import number, size
from tui.sqs.queue_facts import QueueKnowledge
from widgets.facts import Fact
from widgets.line import Part, Yield


def cost_parts(knowledge: QueueKnowledge, peek_key: str) -> list[Part]:
    """What a look at this queue costs, in one line, before anybody looks; where it is narrow only a name is cut.
    `peek_key` is what looks."""
    attributes = knowledge.attributes
    if attributes is None:
        text = " A look adds 1 to the receive count of each message; the redrive policy is not known yet."
        return [Part(text, "muted", Yield.SHORTEN)]
    fifo = attributes.queue.is_fifo
    start = f" A look ({peek_key}) adds 1 receive to each" + ("" if fifo else " message")
    end = ". Groups wait." if fifo else "."
    if attributes.redrive is None:
        return [Part(f"{start}; no redrive policy{end}", "muted")]
    limit, name = number(attributes.redrive.max_receive_count), attributes.redrive.dead_letter_name
    then = f"; after {limit} to " if fifo else f"; after {limit} they go to "
    return [Part(start + then, "muted"), Part(name, "muted", Yield.SHORTEN), Part(end, "muted")]


def reasons_to_ask(knowledge: QueueKnowledge, read_only: bool, *, agreed: bool, at_limit: int = 0) -> Sequence[Fact]:
    """What to say in the question before a look; empty where it may go ahead without one.

    Asked: on a queue with a redrive policy where nobody `agreed` yet to its cost, each time where the limit is small or
    unknown or known messages are `at_limit`, and each time in a read-only context.
    """
    _, is_unknown, is_small = _limit(knowledge)
    has_policy = knowledge.attributes is not None and knowledge.attributes.redrive is not None
    if not (read_only or is_unknown or is_small or at_limit or (has_policy and not agreed)):
        return ()
    return [
        Fact("cost", "adds 1 to the receive count of up to 10 messages; SQS knows no look without it"),
        Fact("lease", "they are hidden from their consumers until you leave this queue, and then given back"),
        *_careful(knowledge, read_only),
        *_at_limit(knowledge, at_limit),
    ]


def walk_facts(
    knowledge: QueueKnowledge, read_only: bool, *, can_give_back: bool | None, at_limit: int
) -> Sequence[Fact]:
    """What the question before a walk says. `at_limit` counts the known messages that one more receive moves to the
    dead-letter queue."""
    attributes = knowledge.attributes
    facts: list[Fact] = []
    if can_give_back is False:
        stays = f"giving back is denied here: what is looked at stays hidden for {LEASE_SECONDS} s, leave or not"
        facts += [Fact("careful", stays, "error"), Fact("", "so the walk ends before the first lease does")]
    visible = attributes.counts.visible if attributes else None
    there = "how many are visible is unknown" if visible is None else f"about {visible:,} are visible"
    facts.append(Fact("cost", f"adds 1 to the receive count of each message seen; {there}"))
    if can_give_back is not False:
        facts.append(Fact("lease", "they are hidden from their consumers until you leave, and then given back"))
    return [*facts, *_careful(knowledge, read_only), *_at_limit(knowledge, at_limit)]


def _at_limit(knowledge: QueueKnowledge, count: int) -> list[Fact]:
    redrive = knowledge.attributes.redrive if knowledge.attributes else None
    where = redrive.dead_letter_name if redrive else "the dead-letter queue"
    return [Fact("last receive", f"{count:,} seen at the limit: seen once more, moved to {where}", "error")][
        : count > 0
    ]


def moved_word(moved: Moved, what: str = "this peek") -> str:
    """What a look moved to the dead-letter queue; empty where nothing speaks for it."""
    if moved.about:
        return f"{what} moved about {moved.about:,} to {moved.name}"
    if moved.maybe:
        return f"{moved.maybe:,} at the limit did not come: moved to {moved.name}, or held by others"
    return ""


def _limit(knowledge: QueueKnowledge) -> tuple[int | None, bool, bool]:
    """The maxReceiveCount, whether it is unknown, and whether it is so small that one look may be the last."""
    attributes = knowledge.attributes
    redrive = attributes.redrive if attributes else None
    limit = redrive.max_receive_count if redrive else None
    is_unknown = attributes is None or (redrive is not None and limit is None)
    return limit, is_unknown, limit is not None and limit <= LAST_RECEIVES_ASK


def _careful(knowledge: QueueKnowledge, read_only: bool) -> list[Fact]:
    """Who else feels it: the dead-letter queue, the groups of a FIFO queue, a context that nothing should change."""
    attributes = knowledge.attributes
    limit, is_unknown, is_small = _limit(knowledge)
    facts: list[Fact] = []
    if attributes is not None and attributes.redrive is not None:
        goes = f"after {number(limit)} receives a message goes to {attributes.redrive.dead_letter_name}"
        facts.append(Fact("limit", goes, "warning"))
    if is_small:
        facts.append(Fact("careful", f"the limit of {limit} is small: this look may be a message's last", "error"))
    if is_unknown:
        facts.append(Fact("careful", "the redrive policy could not be read: a look may be a message's last", "error"))
    if attributes is not None and attributes.queue.is_fifo:
        facts.append(Fact("groups", "the message groups touched wait until the messages are given back", "warning"))
    if read_only:
        facts.append(Fact("read-only", "a look changes receive counts, so it is asked each time", "warning"))
    return facts


def empty_text(
    *, is_looking: bool, waiting: str, is_filtered: bool, has_looked: bool, moved: str, peek_key: str
) -> str:
    """What stands in the table while it shows no message. `waiting` is the action that waits for the reading of the
    queue, `moved` is `moved_word`, and `peek_key` is empty where looking is switched off."""
    if is_looking:
        return "looking…"
    if waiting:
        what = "the look" if waiting.startswith("peek") else "what you asked for"
        return f"The queue is being read; {what} follows."
    if is_filtered:
        return "No message matches the filter."
    if moved:
        return f"The look brought no message.\n{moved[:1].upper()}{moved[1:]}."
    if has_looked:
        return f"The look brought no message.\nThat does not prove the queue empty; {peek_key} looks again."
    return "No message looked at yet." + (f" {peek_key} looks at up to 10." if peek_key else "")


def walk_parts(seen: int, most: int, visible: int | None, stop_key: str, cancel_key: str) -> list[Part]:
    """`1,240 of about 2,000 seen; p stops, esc gives them back`. `visible` is the count before the walk, None where it
    is unknown."""
    if visible is None or visible >= most:
        total = f"up to {most:,}" if visible is None else f"{most:,}"
    else:
        total = f"about {max(visible, seen):,}"
    return [
        Part(f" {seen:,} of {total} seen", "strong"),
        Part(f"; {stop_key} stops, {cancel_key} gives them back", "muted"),
    ]


def held_parts(held: int, seconds: float, *, fifo: bool, why_not_extended: str) -> list[Part]:
    """What is held, and for how long still."""
    time = f" for {max(0, seconds):.0f} s more; "
    parts = [Part(f" {held:,} held", "warning")]
    if why_not_extended:
        parts += [Part(time, "muted"), Part(why_not_extended, "warning", Yield.SHORTEN), Part(". ")]
    else:
        parts.append(Part(f"{time}given back when you leave. ", "muted"))
    if fifo:
        parts.append(Part("Consumers wait.", "warning"))
    return parts


def walk_word(last: Progress, *, fifo: bool) -> str:
    """What came of a walk that ended."""
    seen = f"{last.seen:,} {'message' if last.seen == 1 else 'messages'} seen"
    match last.ending:
        case Ending.EMPTY if fifo:
            return f"{seen}; more of a group waits while messages of it are in flight"
        case Ending.EMPTY if not last.seen:
            return f"{seen}: several looks brought nothing"
        case Ending.EMPTY:
            return f"{seen}; after that several looks brought nothing"
        case Ending.BYTES:
            return f"{seen}, then stopped: {size(MOST_BYTES)} of messages are held, which is the most"
        case Ending.LEASES:
            return f"{seen}, then stopped: the first lease is about to end"
        case Ending.STOPPED:
            return f"{seen}, then stopped"
        case Ending.CANCELLED:
            return f"{seen}, then cancelled: they are given back"
        case Ending.FAILED:
            return f"{seen}, then a look failed"
        case _:
            return f"{seen}, as many as asked for"
