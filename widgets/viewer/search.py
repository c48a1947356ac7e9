"""Search for plain text or a regular expression, in short steps, whatever the pattern does.

Both ignore case unless the query has an upper-case letter (in a pattern: one that is not an escape such as `\\S`).
`^` and `$` mean the start and end of a line. Matches of no length are not counted.

A pattern is tried on windows of at most 1 KiB, which end at a line end where there is one. So a match that would cross
from one window into the next is missed; and in a line longer than a window, a match is cut at half a KiB past the
window's end, where `$` matches too. A pattern that takes too long on one window is given up, with the reason, and what
it had found is kept: see `interrupt`.
"""

import re
import time
import warnings
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import partial

from widgets.text import printable
from widgets.viewer.interrupt import TookTooLong, within
from widgets.viewer.steps import Steps

PATTERN_PREFIX = "re:"
MAX_MATCHES = 10_000
MAX_QUERY = 1_000
"""Characters in a query."""
MATCH_SECONDS = 0.05
"""The longest that a pattern may take on one window."""
SEARCH_SECONDS = 10.0
"""The longest that one search may take, waiting not counted."""

_TEXT_WINDOW = 64 * 1024
_PATTERN_WINDOW = 1024
_PATTERN_OVERLAP = 512
_ESCAPE = re.compile(r"\\.", re.DOTALL)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for, parsed; good for any text."""

    source: str
    pattern: re.Pattern[str]
    is_pattern: bool


@dataclass(frozen=True, slots=True)
class BadQuery:
    """Why nothing can be searched for, in one printable line."""

    reason: str


class Matches:
    """The matches found so far, in order and not overlapping, as offsets of the first character and past the last."""

    def __init__(self) -> None:
        self._starts = array("I")
        self._ends = array("I")
        self.complete = False
        """Whether the search is over."""
        self.capped = False
        """Whether there are more than `MAX_MATCHES`."""
        self.stopped: str | None = None
        """Why the rest of the text was not searched, in one line."""

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index: int) -> Span:
        return self._starts[index], self._ends[index]

    def add(self, start: int, end: int) -> None:
        self._starts.append(start)
        self._ends.append(end)

    def touching(self, start: int, end: int) -> range:
        """The indexes of the matches that have a character from `start` to `end` (excluded)."""
        return range(bisect_right(self._ends, start), bisect_left(self._starts, end))

    def at_or_after(self, offset: int) -> int:
        """The index of the first match that starts at `offset` or later; the number of matches if there is none."""
        return bisect_left(self._starts, offset)

    @property
    def count(self) -> str:
        """How many, as it is shown: "17", or "10,000+" where there may be more."""
        exact = self.complete and not self.capped and self.stopped is None
        return f"{len(self):,}" if exact else f"{len(self):,}+"


def parse(typed: str) -> Query | BadQuery:
    """A query as it was typed: plain text, or a regular expression after `re:`."""
    if len(typed) > MAX_QUERY:
        return BadQuery(f"a search is at most {MAX_QUERY:,} characters long")
    is_pattern = typed.startswith(PATTERN_PREFIX)
    source = typed.removeprefix(PATTERN_PREFIX)
    if not source:
        return BadQuery("nothing to search for")
    letters = _ESCAPE.sub("", source) if is_pattern else source
    flags = re.MULTILINE | (re.IGNORECASE if letters == letters.lower() else re.NOFLAG)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a warning about a doubtful pattern would be written over the screen
            pattern = re.compile(source if is_pattern else re.escape(source), flags)
    except (re.error, RecursionError, OverflowError) as error:
        return BadQuery("bad pattern: " + printable(str(error), limit=100))
    return Query(source, pattern, is_pattern)


def search_steps(text: str, query: Query, matches: Matches) -> Steps[None]:
    """Adds what is found in `text` to `matches`, in steps of a millisecond or two, at worst of `MATCH_SECONDS`."""
    start = 0
    spent = 0.0
    while start < len(text) and not matches.capped and matches.stopped is None:
        began = time.perf_counter()
        core_end, end = _window(text, start, query)
        find = partial(_find, query.pattern, text, start, core_end, end, MAX_MATCHES - len(matches) + 1)
        try:
            found = within(MATCH_SECONDS, find) if query.is_pattern else find()
        except TookTooLong:
            matches.stopped = f"the pattern is too slow at character {start:,}; the rest was not searched"
            break
        for span in found:
            if len(matches) >= MAX_MATCHES:
                matches.capped = True
                break
            matches.add(*span)
        start = max(core_end, found[-1][1] if found else 0)
        spent += time.perf_counter() - began
        if spent > SEARCH_SECONDS:
            matches.stopped = f"stopped at character {start:,} after {SEARCH_SECONDS:.0f} s"
        yield
    matches.complete = True


def _find(pattern: re.Pattern[str], text: str, start: int, core_end: int, end: int, limit: int) -> list[Span]:
    """The matches that start before `core_end`, seeing nothing at or after `end`."""
    found: list[Span] = []
    for match in pattern.finditer(text, start, end):
        span = match.span()
        if span[0] >= core_end or len(found) >= limit:
            break
        if span[1] > span[0]:
            found.append(span)
    return found


def _window(text: str, start: int, query: Query) -> tuple[int, int]:
    """Where a match must start before, and where the text that it may see ends."""
    if not query.is_pattern:
        # A long query takes longer at each place, in the worst case; the windows shrink so that the steps stay short.
        length = len(query.source)
        core_end = min(start + max(_TEXT_WINDOW * 8 // max(length, 8), 2048), len(text))
        return core_end, min(core_end + length - 1, len(text))
    if len(text) - start <= _PATTERN_WINDOW:
        return len(text), len(text)
    newline = text.rfind("\n", start, start + _PATTERN_WINDOW)
    if newline >= 0:
        return newline + 1, newline + 1
    core_end = start + _PATTERN_WINDOW
    return core_end, min(core_end + _PATTERN_OVERLAP, len(text))
