"""The filter line of a list: `text`, `prefix:TEXT`, `re:PATTERN`, and `!` before any of them; several are "and".

Python's pattern engine tries alternatives one after the other, so a pattern like `(a+)+x` can hold the processor for
hours, and nothing can interrupt it. Two rules keep a typed pattern from freezing the screen: one that repeats a choice
without limit is refused, and for the others the length of the texts is bounded so that even the worst of them ends in
about a third of a second. A pass over many rows is bounded by the clock.
"""

import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, islice
from math import comb
from operator import not_
from typing import TypeAlias

WORST_STEPS = 35_000_000
"""Steps of the engine on one text, about 10 ns each. Leaves four repeats for names of up to 80 characters."""

LONGEST_TEXT = 10_000
"""Characters that a pattern is tried on at most, however simple it is."""

PASS_SECONDS = 0.5
"""A pass over all rows that takes longer is given up."""

STEPS_AT_A_TIME = 1_000_000
"""Steps that all rows between two looks at the clock take at most, where one row alone does not take more."""

_EVERYTHING = re.compile(r"(?:\.\*\??)+(?![*+?{])")
_TIMES = re.compile(r"\{(\d*)(?:(,)(\d*))?\}")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]?", re.DOTALL)
_COMMENT = re.compile(r"\(\?#[^)]*\)?")
_PLAIN = re.compile(r"\^?([a-z0-9 _/:@,=%;&<>!~`\"'-]*)", re.IGNORECASE | re.ASCII)
"""What a pattern begins with and means as it stands."""


class FilterError(ValueError):
    """The expression can't be used; the text says why, in a few words for the person who typed it."""


@dataclass(frozen=True, slots=True)
class TextFilter:
    """Finds a plain text without regard to case, anywhere in texts or only at their beginning."""

    needle: str
    """What to find, case-folded."""
    prefix: bool
    negated: bool

    def accepts(self, text: str) -> bool:
        """Whether a row with this text is shown."""
        folded = text.casefold()
        found = folded.startswith(self.needle) if self.prefix else self.needle in folded
        return found != self.negated

    def select(self, folded: Sequence[str]) -> list[bool]:
        """Which of the case-folded texts are accepted."""
        needle, negated = self.needle, self.negated
        if self.prefix:
            return [text.startswith(needle) != negated for text in folded]
        if negated:
            return [needle not in text for text in folded]
        return [needle in text for text in folded]

    def narrows(self, other: "TextFilter") -> bool:
        """Whether every text that this filter accepts was accepted by `other` too."""
        if self.negated or other.negated or self.prefix != other.prefix:
            return False
        return self.needle.startswith(other.needle) if self.prefix else other.needle in self.needle


@dataclass(frozen=True, slots=True)
class PatternFilter:
    """Finds a regular expression in texts as they are."""

    pattern: re.Pattern[str]
    repeats: int
    """How many places of the pattern can match more or less of a text."""
    reach: int
    """Characters of a text that the pattern may be tried on."""
    negated: bool
    plain: str
    """In small letters: what an ASCII text must hold to be found, which is known in a fifth of the time."""
    is_plain: bool
    """Whether that is all that it must."""

    def accepts(self, text: str) -> bool:
        """Whether a row with this text is shown. A text beyond the pattern's reach is judged by its beginning."""
        return (self.pattern.search(text[: self.reach]) is None) == self.negated

    def select(
        self, keys: Sequence[str], texts: Sequence[str], folded: Sequence[str], clock: Callable[[], float]
    ) -> list[str]:
        """The accepted ones of `keys`, by their `texts`, which are given case-folded too; `clock` counts seconds.

        Raises FilterError when a text is too long for this pattern, or the pass takes longer than PASS_SECONDS.
        """
        longest = max(map(len, texts), default=0)
        if longest > self.reach:
            raise FilterError(f"too many repeats for a text of {longest:,} characters")
        at_a_time = max(1, STEPS_AT_A_TIME // worst_steps(longest, self.repeats))
        deadline = clock() + PASS_SECONDS
        accepted: list[str] = []
        for start in range(0, len(keys), at_a_time):
            if clock() > deadline:
                raise FilterError("this pattern takes too long on so many rows")
            part = slice(start, start + at_a_time)
            found = self._find(texts[part], folded[part])
            accepted += compress(keys[part], map(not_, found) if self.negated else found)
        return accepted

    def _find(self, texts: Sequence[str], folded: Sequence[str]) -> list[bool]:
        """Which texts the pattern is found in."""
        search, plain = self.pattern.search, self.plain
        if not (plain or self.is_plain) or not all(map(str.isascii, texts)):
            return [search(text) is not None for text in texts]
        if self.is_plain:
            return [plain in text for text in folded]
        return [plain in small and search(text) is not None for text, small in zip(texts, folded, strict=True)]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Finds what each of its filters finds."""

    filters: tuple[TextFilter | PatternFilter, ...]

    def accepts(self, text: str) -> bool:
        """Whether a row with this text is shown."""
        return all(wanted.accepts(text) for wanted in self.filters)


Filter: TypeAlias = TextFilter | PatternFilter | AllOf


def words_of(expression: str) -> list[str]:
    """The parts of an expression, each a filter of its own. A pattern may hold spaces, so it goes on to the end."""
    words: list[str] = []
    rest = expression.lstrip(" ")
    while rest:
        is_pattern = rest.removeprefix("!").startswith("re:")
        word, _, rest = (rest, "", "") if is_pattern else rest.partition(" ")
        words.append(word)
        rest = rest.lstrip(" ")
    return words


def parse(expression: str) -> Filter | None:
    """The filter that `expression` stands for, or None where it lets everything through (also `!`, `re:`, `prefix:`).

    Raises FilterError for a pattern that is not valid, or that could run for a very long time.
    """
    return parse_words(words_of(expression))


def parse_words(words: Iterable[str]) -> Filter | None:
    """As `parse`, for the parts of an expression."""
    filters = tuple(wanted for word in words if (wanted := _parse_word(word)) is not None)
    return AllOf(filters) if len(filters) > 1 else filters[0] if filters else None


def _parse_word(expression: str) -> TextFilter | PatternFilter | None:
    negated = expression.startswith("!")
    rest = expression[negated:]
    if rest.startswith("re:"):
        return _parse_pattern(rest.removeprefix("re:"), negated)
    needle = rest.removeprefix("prefix:").casefold()
    return TextFilter(needle, rest.startswith("prefix:"), negated) if needle else None


def _parse_pattern(source: str, negated: bool) -> PatternFilter | None:
    if not source:
        return None
    # A search finds `x` wherever `.*x` would; without the `.*` it does so in one step a character.
    lead = _EVERYTHING.match(source)
    needed = source[lead.end() :] if lead else source
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "possible nested set": Python would print it over the screen
            pattern = re.compile(needed, re.IGNORECASE)
    except re.error as error:
        raise FilterError(f"not a pattern: {error.msg}") from None
    except (OverflowError, RecursionError):
        raise FilterError("not a pattern: too large") from None
    except ValueError:  # flags that do not go together
        raise FilterError("not a pattern: bad flags") from None
    repeats = _count_repeats(needed)
    reach = LONGEST_TEXT
    while worst_steps(reach, repeats) > WORST_STEPS:
        reach = reach * 99 // 100
    return PatternFilter(pattern, repeats, reach, negated, *_plain_part(needed))


def _plain_part(pattern: str) -> tuple[str, bool]:
    """The fields `plain` and `is_plain` of a valid pattern."""
    begins = _PLAIN.match(pattern)
    rest = pattern[begins.end() :] if begins else pattern
    if begins is None or "|" in rest:
        return "", False
    plain = begins[1].lower()
    may_be_absent = rest[:1] in ("*", "?", "{")  # its last character
    return plain[:-1] if may_be_absent else plain, not rest and not pattern.startswith("^")


def worst_steps(length: int, repeats: int) -> int:
    """Steps that a pattern with so many repeats takes at most on a text of `length` characters: the ways to share the
    text out among the repeats, for every place where a match could start."""
    return comb(length + repeats + 1, repeats + 1)


def _count_repeats(pattern: str) -> int:
    """How many places of a valid pattern can match more or less of a text: the power of its worst running time.

    A group that is repeated n times counts n times. Raises FilterError where such a group is repeated without limit,
    since the time then doubles with every character.
    """
    # For each open group: its repeats, and the alternatives in it, which matter only if the group is repeated.
    groups = [(0, 0)]
    inside = 0  # repeats and alternatives of the group that was just closed
    at = 0
    while at < len(pattern):
        character = pattern[at]
        step = 1
        times = _TIMES.match(pattern, at) if character == "{" else None
        if character == "\\":
            step, inside = 2, 0
        elif character == "[" and (charset := _CLASS.match(pattern, at)):
            step, inside = len(charset.group()), 0
        elif comment := _COMMENT.match(pattern, at):
            step = len(comment.group())
        elif character == "(":
            groups.append((0, 0))
            step = 2 if pattern.startswith("(?", at) else 1
        elif character == ")" and len(groups) > 1:
            repeats, choices = groups.pop()
            inside = repeats + choices
            groups[-1] = (groups[-1][0] + repeats, groups[-1][1] + choices)
        elif character == "|":
            groups[-1] = (groups[-1][0], groups[-1][1] + 1)
            inside = 0
        elif character in "*+?" or times:
            step = len(times.group()) if times else 1
            least, most = _bounds(character, times)
            if inside and most is None:
                raise FilterError("a repeat or a choice inside a repeat could run for hours")
            more = inside * ((most or 1) - 1) + (least != most)
            groups[-1] = (groups[-1][0] + more, groups[-1][1])
            step += pattern.startswith(("?", "+"), at + step)  # lazy or possessive
            inside = 0
        elif not character.isspace():  # a verbose pattern may have spaces before a repeat
            inside = 0
        at += step
    return sum(repeats for repeats, _ in groups)


def _bounds(character: str, times: re.Match[str] | None) -> tuple[int, int | None]:
    """How often a quantifier repeats, at least and at most."""
    if times is None:
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[character]
    least, comma, most = times.groups()
    if not comma:
        return int(least or 1), int(least or 1)
    return int(least or 0), int(most) if most else None


class FilterTexts:
    """The texts of all rows in their order, kept from one key press to the next."""

    def __init__(self) -> None:
        self._texts: list[str] | None = None
        self._folded: list[str] | None = None
        # The last plain filter, and the keys and folded texts that it left: typing on looks at no others.
        self._left: tuple[TextFilter, list[str], list[str]] | None = None

    @property
    def known(self) -> bool:
        """Whether texts are kept: they must be told of what changes."""
        return self._texts is not None or self._folded is not None

    def select(
        self, wanted: Filter, keys: Sequence[str], texts: Callable[[], Iterable[str]], clock: Callable[[], float]
    ) -> list[str]:
        """The accepted ones of `keys`, which are those of all rows; `texts` gives the texts of all, where they are not
        known. Raises FilterError as `PatternFilter.select`."""
        if isinstance(wanted, AllOf):
            found = [set(self.select(part, keys, texts, clock)) for part in wanted.filters]
            every = set.intersection(*found)
            return [key for key in keys if key in every]
        if isinstance(wanted, PatternFilter):
            if self._texts is None:
                self._texts = list(texts())
            if self._folded is None:
                self._folded = fold(self._texts)
            return wanted.select(keys, self._texts, self._folded, clock)
        if self._folded is None:
            self._folded = fold(texts())
        candidates: tuple[Sequence[str], list[str]] = (keys, self._folded)
        if self._left is not None and wanted.narrows(self._left[0]):
            candidates = self._left[1:]
        accepted = wanted.select(candidates[1])
        shown, left = (list(compress(those, accepted)) for those in candidates)
        self._left = (wanted, shown, left)
        return list(shown)

    def add(self, texts: list[str]) -> None:
        """For rows that came to the end."""
        self._left = None
        if self._folded is not None:
            self._folded += fold(texts)
        if self._texts is not None:
            self._texts += texts

    def forget(self) -> None:
        """For when texts are others, or stand in another order."""
        self._texts = self._folded = self._left = None


_AT_ONCE = 1000
_SHORT = 100
"""Characters of a text, on average, up to which joining pays."""


def fold(texts: Iterable[str]) -> list[str]:
    """The case-folded `texts`.

    Names are folded many at once, which takes a fifth of the time. Not so with long texts, nor where one of them holds
    more than ASCII, which would make all those beside it slow and wide.
    """
    folded: list[str] = []
    coming = iter(texts)
    while part := list(islice(coming, _AT_ONCE)):
        is_short = sum(map(len, part)) <= _SHORT * len(part)
        folded += _folded_together(part) if is_short else [text.casefold() for text in part]
    return folded


def _folded_together(texts: list[str]) -> list[str]:
    together = "\n".join(texts)
    if together.isascii():
        lowered = together.casefold()
        if lowered == together:
            return texts
        lines = lowered.split("\n")
        if len(lines) == len(texts):
            return lines
    return [text.casefold() for text in texts]
