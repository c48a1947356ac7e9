"""What a rule of a filter policy says of a value."""

from enum import Enum


class Match(Enum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "can't tell"
    """Published rules and what was recorded on AWS leave it open."""

    def reverse(self) -> "Match":
        return _REVERSE[self]


_REVERSE = {Match.YES: Match.NO, Match.NO: Match.YES, Match.UNKNOWN: Match.UNKNOWN}


def best(matches: list[Match]) -> Match:
    """What several say of which one must be true."""
    if Match.YES in matches:
        return Match.YES
    return Match.UNKNOWN if Match.UNKNOWN in matches else Match.NO
