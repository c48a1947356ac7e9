"""Comparing a number of a row: `dlq>0`, `visible>=1000`."""

import operator
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from widgets.table.filter import FilterError

_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_TERM = re.compile(r"([^\W\d]\w*)(>=|<=|!=|>|<|=)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class NumberFilter:
    """Compares the number `name` of a row."""

    name: str
    operator: str
    limit: float

    def accepts(self, value: float | None) -> bool:
        """Whether a row with this number is shown. What is unknown fits no comparison."""
        return value is not None and _OPERATORS[self.operator](value, self.limit)

    def select(self, keys: Sequence[str], value_of: Callable[[str], float | None]) -> list[str]:
        """The accepted ones of `keys`, by their values."""
        compare, limit = _OPERATORS[self.operator], self.limit
        return [key for key in keys if (value := value_of(key)) is not None and compare(value, limit)]


def parse_number(word: str, names: Collection[str]) -> NumberFilter | None:
    """The comparison that `word` is; None where it is a text, or where its number is not typed yet.

    Raises FilterError where the rows have no number of that name, or what it is compared with is none.
    """
    found = _TERM.fullmatch(word) if names else None
    if found is None:
        return None
    name, sign, limit = found.groups()
    known = next((known for known in names if known.replace("_", "") == name.casefold().replace("_", "")), None)
    if known is None:
        raise FilterError(f"no number is called {name[:20]!r}; there are {', '.join(names)}")
    if not limit:
        return NumberFilter(known, ">=", float("-inf"))
    try:
        return NumberFilter(known, sign, float(limit.replace(",", "")))
    except ValueError:
        raise FilterError(f"{limit[:20]!r} is no number") from None
