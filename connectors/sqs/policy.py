"""May a topic send to a queue? What the queue's policy says of it, as IAM reads a policy."""

from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "can't tell"


@dataclass(frozen=True, slots=True)
class MaySend:
    """`reason` is empty for a yes."""

    answer: Answer
    reason: str = ""
