"""A look from a screen: the questions before it and before a walk, and what is said of the messages that it moved."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace

from connectors.open_context import OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.dead_letters import BeforeLook
from connectors.sqs.walk import MOST_MESSAGES
from tui.screens.host import Host
from tui.sqs.queue_facts import QueueKnowledge
from tui.sqs.receive_cost import moved_word, reasons_to_ask, walk_facts
from widgets.dialog import Question
from widgets.number import NumberField

Sleep = Callable[[float], Awaitable[None]]


def _as_of(knowledge: QueueKnowledge, before: BeforeLook) -> QueueKnowledge:
    """`knowledge` with what was read of the queue right before the look."""
    return replace(knowledge, attributes=before.attributes) if before.attributes is not None else knowledge


def question_before_look(
    knowledge: QueueKnowledge, before: BeforeLook, read_only: bool, *, agreed: bool, sleep: Sleep
) -> Question | None:
    """None where the look may go ahead without a question. `agreed` says whether somebody agreed to its cost, on facts
    that hold still."""
    facts = reasons_to_ask(_as_of(knowledge, before), read_only, agreed=agreed, at_limit=before.at_limit_count)
    return Question(f"Look into {knowledge.name}?", facts, yes="look", sleep=sleep) if facts else None


def question_before_walk(
    knowledge: QueueKnowledge,
    before: BeforeLook,
    read_only: bool,
    most: int,
    *,
    can_give_back: bool | None,
    sleep: Sleep,
) -> Question:
    """It asks for the number of messages, too, and suggests `most`."""
    facts = walk_facts(
        _as_of(knowledge, before), read_only, can_give_back=can_give_back, at_limit=before.at_limit_count
    )
    number = NumberField("How many messages", min(most, MOST_MESSAGES), 1, MOST_MESSAGES)
    return Question(f"Walk through {knowledge.name}?", facts, yes="look", number=number, sleep=sleep)


async def tell_moved(
    host: Host,
    context: OpenContext,
    before: BeforeLook,
    came: Collection[str],
    full: bool,
    what: str,
    show: Callable[[str], None],
) -> None:
    """Finds out what the look after `before` moved to the dead-letter queue, tells it and has the screen `show` it.
    `came` and `full` are as in `DeadLetters.after_look`, `what` names the look: `this peek`."""
    sqs = context.connector(SqsConnector)
    moved = await sqs.dead_letters.after_look(before, came, held=sqs.leases.hidden_ids(before.queue), full=full)
    if word := moved_word(moved, what):
        host.tell(word, severe=True)
        show(word)
