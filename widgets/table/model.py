"""The rows of a table, without a terminal: records by key, order, filter, marks and cursor.

Two lists of keys carry everything: all rows in order, and of these the ones that the filter shows. Without a filter
they are one list. What happens often (a changed record, a cursor move) touches neither; what changes the order or the
filter builds them anew, in one pass.
"""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic

from widgets.table.columns import Column, R, in_order
from widgets.table.row_filter import RowFilter

__all__ = ["Changed", "Column", "TableModel"]


@dataclass(frozen=True, slots=True)
class Changed:
    """What a call changed. A record that equals the one already held is no change."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    moved: bool = False
    """Rows that were shown before stand in another place now, or are not shown any more."""

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.moved)


class TableModel(Generic[R]):
    """Records of type R, each known by the key that `key` gives.

    Rows keep their places: a changed one stays where it is and a new one goes to the end, until `resort()`. The cursor
    follows its key. Until someone moves it, it stays on the first row, whatever row that is.

    `filter_text` gives what the filter looks at. `own` is an order that is no column's, the list's own: it is never
    painted, and comes last when one goes through the sorts. `clock` counts seconds; only the limit on the time that a
    pattern may take asks it.
    """

    def __init__(
        self,
        columns: Sequence[Column[R]],
        key: Callable[[R], str],
        filter_text: Callable[[R], str],
        *,
        own: Column[R] | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.columns = tuple(columns)
        self.own = own
        self._columns = {column.key: column for column in (*columns, *([own] if own else ()))}
        self._key = key
        numbers = {column.key: column.sort for column in columns if column.descending_first and column.sort is not None}
        self._filter: RowFilter[R] = RowFilter(filter_text, numbers, clock)
        self._records: dict[str, R] = {}
        self._order: list[str] = []
        self._keeps_order = True  # the records stand in the order of all rows
        self._shown: list[str] = self._order  # the same list as long as there is no filter
        self._sort: Column[R] | None = None
        self._reverse = False
        self._marks: dict[str, None] = {}  # a set that keeps the order
        self._cursor: str | None = None  # None until someone moved it: the first row
        self._cursor_at = 0  # where the cursor's key was found last; a hint, checked before use

    # Rows

    @property
    def total(self) -> int:
        """Rows held."""
        return len(self._records)

    @property
    def shown(self) -> int:
        """Rows that the filter lets through."""
        return len(self._shown)

    def shown_keys(self, start: int = 0, stop: int | None = None) -> list[str]:
        """Keys of the shown rows from index `start` to before `stop`, in order."""
        return self._shown[start:stop]

    def row(self, index: int) -> tuple[str, R]:
        """Key and record of the shown row at `index`. Raises IndexError beyond the last."""
        key = self._shown[index]
        return key, self._records[key]

    def index(self, key: str) -> int | None:
        """Where the row is among the shown ones; None if it is not one. Looks through all: not for every line."""
        return self._shown.index(key) if self.is_shown(key) else None

    def is_shown(self, key: str) -> bool:
        """Whether the row exists and the filter lets it through."""
        return key in self._records and self._filter.shows(key, self._records[key])

    def get(self, key: str) -> R | None:
        """The record of a key, shown or not."""
        return self._records.get(key)

    def upsert(self, records: Iterable[R]) -> Changed:
        """Adds new records at the end and puts changed ones in the place of the old."""
        if not self._records:
            return self._fill(records)
        added: dict[str, None] = {}
        changed: dict[str, None] = {}
        flipped: set[str] = set()  # changed rows that come into the filter or leave it
        held, wanted, was_empty = self._records, self._filter, not self._shown
        looks_at_texts = wanted.looks_at_texts
        for record in records:
            key = self._key(record)
            if key not in held:
                added[key] = None
            elif held[key] == record:
                continue
            else:
                if key not in added:
                    changed[key] = None
                    if looks_at_texts and wanted.flips(key, held[key], record):
                        flipped ^= {key}
            held[key] = record
        self._order.extend(added)
        if wanted.texts.known:
            wanted.texts.add([self._text(key) for key in added])
        if wanted:
            if flipped:
                shown = flipped ^ set(self._shown)
                self._shown = [key for key in self._order if key in shown]
            self._shown.extend(key for key in added if wanted.decide(key, held[key]))
        if flipped or was_empty:
            self._place_cursor(self._order)
        return Changed(tuple(added), tuple(changed), moved=bool(flipped))

    def _fill(self, records: Iterable[R]) -> Changed:
        """The first rows of all, often the most that ever come at once: there is nothing to compare them with."""
        records = records if isinstance(records, list | tuple) else [*records]
        self._records = dict(zip(map(self._key, records), records, strict=True))
        self._keeps_order = True
        self._filter.texts.forget()
        self._order = list(self._records)
        self._shown = self._filter.passing(self._order, self._records)
        self._place_cursor(self._order)
        return Changed(tuple(self._order))

    def remove(self, keys: Iterable[str]) -> Changed:
        """Drops rows, their marks too. Unknown keys are passed over."""
        gone = {key: None for key in keys if key in self._records}
        if not gone:
            return Changed()
        before, shown = self._order, self._shown
        for key in gone:
            del self._records[key]
            self._marks.pop(key, None)
        self._filter.texts.forget()
        self._order = [key for key in before if key not in gone]
        self._shown = [key for key in shown if key not in gone] if self._filter else self._order
        self._place_cursor(before)
        return Changed(removed=tuple(gone), moved=len(self._shown) != len(shown))

    def replace(self, records: Iterable[R]) -> Changed:
        """Makes `records` the whole content, in the current sort's order, or as given where nothing is sorted."""
        old, before, shown = self._records, self._order, self._shown
        fresh = {self._key(record): record for record in records}
        changed = tuple(key for key, record in fresh.items() if key in old and old[key] != record)
        removed = tuple(key for key in before if key not in fresh)
        added = tuple(key for key in fresh if key not in old)
        for key in removed:
            self._marks.pop(key, None)
        self._records = fresh
        self._filter.texts.forget()
        self._keeps_order = self._sort is None
        self._order = list(fresh) if self._sort is None else self._sorted(fresh, self._sort)
        self._shown = self._filter.passing(self._order, self._records)
        self._place_cursor(before)
        moved = self._shown[: len(shown)] != shown
        return Changed(added, changed, removed, moved)

    def clear(self) -> Changed:
        """Drops every row. Filter and sort stay; the cursor goes back to the first row that comes."""
        changed = self.replace(())
        self._cursor = None
        return changed

    @property
    def is_untouched(self) -> bool:
        """Whether nobody moved the cursor, marked a row or filtered: then no row is under anybody's finger."""
        return self._cursor is None and not self._marks and not self._filter

    # Order

    @property
    def sort_column(self) -> str | None:
        """Key of the column that the rows were last sorted by."""
        return self._sort.key if self._sort else None

    @property
    def sort_reverse(self) -> bool:
        """Whether that sort was descending."""
        return self._reverse

    def resort(self) -> bool:
        """Puts the rows in the order of the current sort; whether any moved."""
        if self._sort is None:
            return False
        before = self._order
        order = self._sorted(before, self._sort)
        if order == before:
            return False
        self._order, self._keeps_order = order, False
        self._filter.texts.forget()
        shown = set(self._shown) if self._filter else None
        self._shown = order if shown is None else [key for key in order if key in shown]
        return True

    def sort_by(self, column: str, reverse: bool | None = None) -> bool:
        """Sorts by a column, in its own first direction unless `reverse` says otherwise; whether any row moved.

        Raises KeyError for a column that does not exist.
        """
        self._sort = self._columns[column]
        self._reverse = self._sort.descending_first if reverse is None else reverse
        return self.resort()

    def next_sort(self, among: Collection[str] | None = None) -> bool:
        """Sorts by the next column of those that can be sorted (and are in `among`); after the last comes the first."""
        keys = [column.key for column in self.columns if column.sortable and (among is None or column.key in among)]
        if keys and self.own is not None:
            keys.append(self.own.key)
        if not keys:
            return False
        at = keys.index(self._sort.key) if self._sort and self._sort.key in keys else -1
        return self.sort_by(keys[(at + 1) % len(keys)])

    def reverse_sort(self) -> bool:
        """Sorts by the same column in the other direction; by the first column where nothing was sorted yet."""
        if self._sort is None:
            return self.next_sort()
        return self.sort_by(self._sort.key, not self._reverse)

    def _sorted(self, keys: Iterable[str], column: Column[R]) -> list[str]:
        return in_order(keys, self._records.__getitem__, column, self._reverse)

    # Filter

    @property
    def filter_expression(self) -> str:
        """The expression that is in force: the last one that was valid."""
        return self._filter.expression

    @property
    def filter_error(self) -> str:
        """Why the last expression could not be used; empty if it could."""
        return self._filter.error

    def set_filter(self, expression: str) -> bool:
        """Shows only the rows that match; whether the expression could be used. If not, the last good one stays.

        `text` finds a part of the filter text without regard to case, `prefix:TEXT` its beginning, `re:PATTERN` a
        regular expression (without regard to case, anywhere in it); `!` before any of them turns it round. `KEY>5`
        compares a column that puts its largest on top first. Several are "and".
        """
        was_filtered = bool(self._filter)
        shown = self._filter.set(expression, self._order, self._records, self._all_texts)
        if shown is None:
            return False
        if was_filtered and not self._filter:
            self._cursor = self.cursor_key or self._cursor  # among all rows it stays on the match that it was on
        self._shown = shown
        self._place_cursor(self._order)
        return True

    def refilter(self) -> bool:
        """Lets the numbers of the filter decide anew; whether other rows are shown now."""
        if not self._filter.compares:
            return False
        before, self._shown = self._shown, self._filter.passing(self._order, self._records)
        self._place_cursor(self._order)
        return self._shown != before

    def is_past(self, record: R) -> bool:
        """Whether a row that is shown does not fit the numbers of the filter any more."""
        return self._filter.compares and not self._filter.fits(record)

    def _all_texts(self) -> Iterable[str]:
        """The filter texts of all rows in their order."""
        if self._keeps_order:  # in a fifth of the time that looking each up takes
            return map(self._filter.text_of, self._records.values())
        return map(self._text, self._order)

    def _text(self, key: str) -> str:
        return self._filter.text_of(self._records[key])

    # Marks

    @property
    def marks(self) -> tuple[str, ...]:
        """Keys of the marked rows, in the order in which they were marked, hidden ones included."""
        return tuple(self._marks)

    @property
    def mark_count(self) -> int:
        """How many rows are marked, hidden ones included."""
        return len(self._marks)

    @property
    def hidden_marks(self) -> int:
        """How many marked rows the filter hides: to act on them is to act on what nobody sees."""
        return sum(not self.is_shown(key) for key in self._marks) if self._filter else 0

    @property
    def all_marked(self) -> bool:
        """Whether there are shown rows and each of them is marked."""
        return bool(self._shown) and len(self._marks) >= len(self._shown) and all(map(self.is_marked, self._shown))

    def is_marked(self, key: str) -> bool:
        """Whether the row is marked."""
        return key in self._marks

    def toggle(self, key: str) -> bool:
        """Marks a row, or takes its mark away; whether it is marked now. Raises KeyError for an unknown key."""
        if key in self._marks:
            del self._marks[key]
            return False
        if key not in self._records:
            raise KeyError(key)
        self._marks[key] = None
        return True

    def mark_all(self) -> None:
        """Marks every shown row. Rows that the filter hides keep what they have."""
        self._marks.update(dict.fromkeys(self._shown))

    def mark_none(self) -> None:
        """Takes the mark from every shown row. Rows that the filter hides keep theirs."""
        for key in self._shown:
            self._marks.pop(key, None)

    def clear_marks(self) -> None:
        """Takes the mark from every row, hidden ones too."""
        self._marks.clear()

    # Cursor

    @property
    def cursor(self) -> int | None:
        """Index of the cursor's row among the shown ones; None where none is shown."""
        shown = self._shown
        if not shown:
            return None
        if self._cursor is None:
            return 0
        if self._cursor_at >= len(shown) or shown[self._cursor_at] != self._cursor:
            self._cursor_at = shown.index(self._cursor)
        return self._cursor_at

    @property
    def cursor_key(self) -> str | None:
        """Key of the cursor's row; None where no row is shown."""
        at = self.cursor
        return None if at is None else self._shown[at]

    @property
    def cursor_record(self) -> R | None:
        """Record of the cursor's row; None where no row is shown."""
        key = self.cursor_key
        return None if key is None else self._records[key]

    def move_to(self, index: int) -> None:
        """Puts the cursor on the shown row at `index`, or on the nearest there is."""
        if self._shown:
            self._cursor_at = max(0, min(index, len(self._shown) - 1))
            self._cursor = self._shown[self._cursor_at]

    def move_by(self, rows: int) -> None:
        """Moves the cursor down (up, if negative), as far as there are rows."""
        if (at := self.cursor) is not None:
            self.move_to(at + rows)

    def _place_cursor(self, before: list[str]) -> None:
        """After rows went away: where the cursor's row is not shown any more, the row that took its place gets it.

        `before` is the order that all rows had. Where nothing is shown the cursor's key is kept for when it comes back.
        """
        if self._cursor is None or not self._shown or self.is_shown(self._cursor):
            return
        shown = set(self._shown)
        at = before.index(self._cursor) if self._cursor in before else 0
        following = next((key for key in before[at:] if key in shown), None)
        if following is None:
            following = next((key for key in reversed(before[:at]) if key in shown), self._shown[0])
        self._cursor = following
