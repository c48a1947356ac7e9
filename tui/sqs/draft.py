"""Turns the text of the send form into a `Draft`, and names every fault in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.sqs.models import Draft
from tui.screens.typed_attributes import NOT_ALLOWED, read_attributes, twice
from widgets.writing import TypedAttribute

MOST_ATTRIBUTES = 10
LONGEST_DELAY = 900
DEFAULT_MAXIMUM = 1024 * 1024
TYPES = ("String", "Number", "Binary")


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was typed."""

    body: str
    attributes: Sequence[TypedAttribute]
    delay: str
    group: str
    deduplication: str


def read_form(typed: Typed, *, fifo: bool, content_based: bool | None, maximum: int | None) -> tuple[Draft, list[str]]:
    """The draft and every reason why it can't be sent; `content_based` is None where it is not known."""
    attributes, faults = read_attributes(typed.attributes, "SQS")
    faults += twice(attributes)
    if len(attributes) > MOST_ATTRIBUTES:
        faults.append(f"{len(attributes)} attributes; SQS takes {MOST_ATTRIBUTES}")
    delay, fault = _delay(typed.delay, fifo)
    faults += [fault] if fault else []
    if not typed.body:
        faults.append("the body is empty; SQS wants at least one character")
    elif found := NOT_ALLOWED.search(typed.body):
        faults.append(
            f"the body holds U+{ord(found.group()):04X} at character {found.start() + 1:,}, which SQS refuses"
        )
    if fifo and not typed.group:
        faults.append("a FIFO queue wants a message group")
    if fifo and not typed.deduplication and content_based is False:
        faults.append("this queue has no content-based deduplication: give a deduplication id")
    draft = Draft(
        body=typed.body,
        attributes=tuple(attributes),
        delay_seconds=delay,
        group_id=typed.group or None,
        deduplication_id=typed.deduplication or None,
    )
    limit = maximum if maximum is not None else DEFAULT_MAXIMUM
    if draft.size > limit:
        faults.append(f"{draft.size:,} bytes; this queue takes {limit:,}")
    return draft, faults


def _delay(text: str, fifo: bool) -> tuple[int | None, str]:
    if not text.strip():
        return None, ""
    if fifo:
        return None, "a FIFO queue takes no delay for a single message"
    digits = re.fullmatch(r"\s*0*([0-9]{1,3})\s*", text)  # Python refuses to convert very long digit strings
    if digits is None or int(digits.group(1)) > LONGEST_DELAY:
        return None, f"the delay is a number of seconds from 0 to {LONGEST_DELAY}"
    return int(digits.group(1)), ""
