"""The model against a naive one that works everything out anew, over random sequences of what can happen to a list."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.widgets.table.rows import Queue, queue_model
from widgets.table.model import TableModel


def pieces(name: str) -> list[int | str]:
    return [int(piece) if piece.isdigit() else piece for piece in re.split("([0-9]+)", name.casefold())]


def accepted(expression: str, name: str) -> bool:
    negated, rest = expression.startswith("!"), expression.removeprefix("!")
    if rest.startswith("re:"):
        found = bool(re.search(rest[3:], name, re.IGNORECASE))
    elif rest.startswith("prefix:"):
        found = name.lower().startswith(rest[7:].lower())
    else:
        found = rest.lower() in name.lower()
    return found != negated


@dataclass
class Naive:
    rows: list[Queue] = field(default_factory=list)
    expression: str = ""
    sort: tuple[str, bool] | None = None
    marked: list[str] = field(default_factory=list)
    cursor: str | None = None  # the key someone put it on

    def shown(self) -> list[Queue]:
        return [row for row in self.rows if accepted(self.expression, row.name)]

    def cursor_key(self) -> str | None:
        keys = [row.url for row in self.shown()]
        return None if not keys else self.cursor or keys[0]

    def after(self, before: list[Queue]) -> None:
        """Puts the cursor on the row that took its place, as `before` had them in order."""
        keys, order = [row.url for row in self.shown()], [row.url for row in before]
        self.marked = [key for key in self.marked if key in [row.url for row in self.rows]]
        if self.cursor is None or not keys or self.cursor in keys:
            return
        if self.cursor in order:
            at = order.index(self.cursor)
            near = [key for key in order[at:] if key in keys] or [key for key in reversed(order[:at]) if key in keys]
        else:
            near = []
        self.cursor = (near or keys)[0]

    def upsert(self, rows: list[Queue]) -> None:
        for row in rows:
            at = next((at for at, old in enumerate(self.rows) if old.url == row.url), None)
            if at is None:
                self.rows.append(row)
            else:
                self.rows[at] = row
        self.after(self.rows)

    def remove(self, keys: list[str]) -> None:
        before = self.rows
        self.rows = [row for row in before if row.url not in keys]
        self.after(before)

    def replace(self, rows: list[Queue]) -> None:
        before = self.rows
        self.rows = list({row.url: row for row in rows}.values())
        self.resort()
        self.after(before)

    def set_filter(self, expression: str) -> None:
        self.expression = expression
        self.after(self.rows)

    def resort(self) -> None:
        if self.sort is None:
            return
        column, reverse = self.sort
        if column == "visible":
            known = [row for row in self.rows if row.visible is not None]
            known.sort(key=lambda row: row.visible or 0, reverse=reverse)
            self.rows = known + [row for row in self.rows if row.visible is None]
        else:
            self.rows = sorted(self.rows, key=lambda row: pieces(row.name), reverse=reverse)

    def sort_by(self, column: str, reverse: bool) -> None:
        self.sort = (column, reverse)
        self.resort()

    def toggle(self, key: str) -> None:
        if key in self.marked:
            self.marked.remove(key)
        elif any(row.url == key for row in self.rows):
            self.marked.append(key)

    def mark_all(self) -> None:
        self.marked += [row.url for row in self.shown() if row.url not in self.marked]

    def mark_none(self) -> None:
        keys = [row.url for row in self.shown()]
        self.marked = [key for key in self.marked if key not in keys]

    def move_to(self, index: int) -> None:
        if keys := [row.url for row in self.shown()]:
            self.cursor = keys[max(0, min(index, len(keys) - 1))]


keys = st.sampled_from([f"url{number}" for number in range(12)])
rows = st.lists(st.builds(Queue, keys, st.text("abAB019", max_size=4), st.none() | st.integers(0, 3)), max_size=8)
expressions = st.sampled_from(
    ["", "a", "ab", "AB", "1", "!a", "!ab", "prefix:a", "prefix:ab", "!prefix:b", "re:a.*1", "!re:^b", "none of them"]
)
steps = st.one_of(
    st.tuples(st.just("upsert"), rows),
    st.tuples(st.just("remove"), st.lists(keys, max_size=4)),
    st.tuples(st.just("replace"), rows),
    st.tuples(st.just("set_filter"), expressions),
    st.tuples(st.just("sort_by"), st.sampled_from(["name", "visible"]), st.booleans()),
    st.tuples(st.just("resort")),
    st.tuples(st.just("toggle"), keys),
    st.tuples(st.just("mark_all")),
    st.tuples(st.just("mark_none")),
    st.tuples(st.just("move_to"), st.integers(-1, 14)),
)


def perform(model: TableModel[Queue], name: str, arguments: tuple[object, ...]) -> None:
    if name == "toggle" and model.get(str(arguments[0])) is None:
        return
    call: Callable[..., object] = getattr(model, name)
    call(*arguments)


@given(st.lists(steps, max_size=30))
@settings(deadline=None, max_examples=250)
def test_whatever_happens_to_a_list_it_shows_what_a_naive_list_would(happenings: list[tuple[object, ...]]) -> None:
    model, naive = queue_model(), Naive()
    for name, *arguments in happenings:
        perform(model, str(name), tuple(arguments))
        getattr(naive, str(name))(*arguments)
        shown = naive.shown()
        assert [model.get(key) for key in model.shown_keys()] == shown
        assert (model.shown, model.total) == (len(shown), len(naive.rows))
        assert list(model.marks) == naive.marked
        assert model.hidden_marks == len(set(naive.marked) - {row.url for row in shown})
        assert model.cursor_key == naive.cursor_key()
        for index, row in enumerate(shown):
            assert (model.index(row.url), model.row(index)) == (index, (row.url, row))
            assert model.is_shown(row.url)


@given(st.lists(steps, max_size=15), rows)
@settings(deadline=None)
def test_what_a_call_says_it_changed_is_what_changed(happenings: list[tuple[object, ...]], fresh: list[Queue]) -> None:
    for method in ("upsert", "replace", "remove"):
        model = queue_model()
        for name, *arguments in happenings:
            perform(model, str(name), tuple(arguments))
        before = {key: model.get(key) for key in (f"url{number}" for number in range(12))}
        shown = model.shown_keys()
        changed = getattr(model, method)([row.url for row in fresh] if method == "remove" else fresh)
        after = {key: model.get(key) for key in before}
        assert set(changed.added) == {key for key in before if before[key] is None and after[key] is not None}
        assert set(changed.removed) == {key for key in before if before[key] is not None and after[key] is None}
        assert {key for key in before if before[key] and after[key] and before[key] != after[key]} <= set(
            changed.changed
        )
        if not changed.moved:
            assert model.shown_keys()[: len(shown)] == shown
