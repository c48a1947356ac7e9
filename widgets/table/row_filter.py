"""The filter in force of a table: its words, and the numbers that rows are compared by."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic

from widgets.table.columns import R
from widgets.table.filter import Filter, FilterError, FilterTexts, TextFilter, parse_words, words_of
from widgets.table.numbers import NumberFilter, parse_number

_ANY_TEXT = TextFilter("", prefix=False, negated=False)


class RowFilter(Generic[R]):
    """Which rows are shown. A text decides at once, also when it changes. A number decides when the filter is set, when
    a row comes, and at `decide_anew`: a row whose number no longer fits stays until then.

    `text_of` gives what words look at, `numbers` by name the values that can be compared; `clock` counts seconds.
    """

    def __init__(
        self,
        text_of: Callable[[R], str],
        numbers: Mapping[str, Callable[[R], float | None]],
        clock: Callable[[], float],
    ) -> None:
        self.text_of = text_of
        self.texts = FilterTexts()
        self.expression = ""
        """The one that is in force: the last one that was valid."""
        self.error = ""
        """Why the last expression could not be used; empty if it could."""
        self._number_of = numbers
        self._clock = clock
        self._wanted: Filter | None = None
        self._numbers: tuple[NumberFilter, ...] = ()
        self._fitting: set[str] = set()
        """The keys whose numbers fitted when that was decided last."""

    def __bool__(self) -> bool:
        """Whether any row may be hidden."""
        return self._wanted is not None

    @property
    def looks_at_texts(self) -> bool:
        return self._wanted is not None or self.texts.known

    @property
    def compares(self) -> bool:
        """Whether numbers are compared."""
        return bool(self._numbers)

    def shows(self, key: str, record: R) -> bool:
        """Whether a row that is held is shown."""
        if self._wanted is None:
            return True
        return (not self._numbers or key in self._fitting) and self._wanted.accepts(self.text_of(record))

    def fits(self, record: R) -> bool:
        """Whether the numbers of a row fit now."""
        return all(number.accepts(self._number_of[number.name](record)) for number in self._numbers)

    def decide(self, key: str, record: R) -> bool:
        """Whether a row that came is shown."""
        if self._numbers:
            self._note(key, self.fits(record))
        return self.shows(key, record)

    def _note(self, key: str, fits: bool) -> None:
        if fits:
            self._fitting.add(key)
        else:
            self._fitting.discard(key)

    def flips(self, key: str, before: R, after: R) -> bool:
        """Whether words judge a row that changes otherwise than before, which takes another text."""
        old, new = self.text_of(before), self.text_of(after)
        if old == new:
            return False
        self.texts.forget()
        if self._wanted is None or (self._numbers and key not in self._fitting):
            return False
        return self._wanted.accepts(old) != self._wanted.accepts(new)

    def passing(self, keys: list[str], records: Mapping[str, R]) -> list[str]:
        """Those of `keys` that are shown, decided anew."""
        if self._wanted is None:
            return keys
        shown = self._fit_of(keys, records) if self._numbers else keys
        if self._wanted is _ANY_TEXT:
            return list(shown)
        accepts, text_of = self._wanted.accepts, self.text_of
        return [key for key in shown if accepts(text_of(records[key]))]

    def _fit_of(self, keys: Sequence[str], records: Mapping[str, R]) -> Sequence[str]:
        """Those of `keys` whose numbers fit now; all others do not from now on."""
        for number in self._numbers:
            value_of = self._number_of[number.name]
            keys = number.select(keys, lambda key, value_of=value_of: value_of(records[key]))  # type: ignore[misc]
        self._fitting = set(keys)
        return keys

    def set(
        self, expression: str, keys: list[str], records: Mapping[str, R], texts: Callable[[], Iterable[str]]
    ) -> list[str] | None:
        """The keys that are shown with another expression; None where it can't be used, and the last one stays.
        `texts` gives the texts of all rows in the order of `keys`."""
        try:
            words: list[str] = []
            numbers: list[NumberFilter] = []
            for word in words_of(expression):
                number = parse_number(word, [*self._number_of])
                if number is None:
                    words.append(word)
                else:
                    numbers.append(number)
            wanted = parse_words(words)
            shown: Sequence[str] = keys
            if wanted is not None:
                shown = self.texts.select(wanted, keys, texts, self._clock)
        except FilterError as error:
            self.error = str(error)
            return None
        self.expression, self.error = expression, ""
        self._numbers = tuple(numbers)
        self._wanted = wanted if wanted is not None or not numbers else _ANY_TEXT
        if not numbers:
            return keys if wanted is None else list(shown)
        return list(self._fit_of(shown, records))
