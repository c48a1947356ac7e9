"""The rows of a table without a terminal: order, filter, marks and cursor follow keys."""

import subprocess
import sys
from dataclasses import replace

import pytest

from tests.widgets.table.rows import COLUMNS, Queue, cursor_name, names, queue, queue_model, queues
from widgets.table.columns import Column
from widgets.table.model import Changed, TableModel


def test_the_model_works_without_textual_or_rich() -> None:
    program = "import sys, widgets.table.model; print([m for m in ('textual', 'rich') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


# Rows


def test_a_changed_row_stays_in_its_place_and_a_new_one_goes_to_the_end() -> None:
    model = queue_model([queue("b"), queue("c")])
    changed = model.upsert([queue("a"), queue("b", 5)])
    assert names(model) == ["b", "c", "a"]
    assert changed == Changed(added=("url:a",), changed=("url:b",))
    assert model.get("url:b") == queue("b", 5)


def test_an_equal_record_is_no_change() -> None:
    model = queue_model(queues(3))
    assert not model.upsert(queues(3))
    assert not model.remove(["url:unknown"])
    assert not model.replace(queues(3))


def test_a_row_that_comes_twice_in_one_page_is_one_row_with_the_later_record() -> None:
    model = queue_model()
    assert model.upsert([queue("a", 1), queue("a", 2)]) == Changed(added=("url:a",))
    assert (model.total, model.get("url:a")) == (1, queue("a", 2))
    assert model.upsert([queue("a", 3), queue("a", 4)]) == Changed(changed=("url:a",))


def test_replace_makes_the_given_rows_the_whole_content_in_their_order() -> None:
    model = queue_model([queue("a"), queue("b"), queue("c")])
    changed = model.replace([queue("d"), queue("c", 9), queue("a")])
    assert names(model) == ["d", "c", "a"]
    assert changed == Changed(added=("url:d",), changed=("url:c",), removed=("url:b",), moved=True)


def test_replace_keeps_the_sort() -> None:
    model = queue_model(queues(3))
    model.sort_by("visible")
    model.replace([queue("x", 4), queue("y", 8)])
    assert names(model) == ["y", "x"]


def test_clear_empties_the_list_and_the_cursor_starts_again_on_the_first_row() -> None:
    model = queue_model(queues(5))
    model.move_to(3)
    model.toggle("url:queue-1")
    model.clear()
    assert (model.total, model.shown, model.marks, model.cursor, model.cursor_key) == (0, 0, (), None, None)
    model.upsert(queues(5))
    assert cursor_name(model) == "queue-0"


# Order


def test_names_sort_by_their_numbers_and_without_regard_to_case() -> None:
    model = queue_model(queue(name) for name in ["q10", "Q9", "q2", "a", "q02b"])
    model.sort_by("name")
    assert names(model) == ["a", "q2", "q02b", "Q9", "q10"]


def test_rows_with_unknown_values_stand_last_in_both_directions() -> None:
    model = queue_model([queue("gone", None), queue("few", 1), queue("odd", float("nan")), queue("many", 7)])
    model.sort_by("visible")
    assert names(model) == ["many", "few", "gone", "odd"]
    model.reverse_sort()
    assert names(model) == ["few", "many", "gone", "odd"]


def test_rows_with_equal_values_keep_their_order_in_both_directions() -> None:
    model = queue_model([queue("b", 1), queue("a", 1), queue("c", 2)])
    model.sort_by("visible", reverse=False)
    assert names(model) == ["b", "a", "c"]
    model.sort_by("visible", reverse=True)
    assert names(model) == ["c", "b", "a"]


def test_nothing_moves_until_the_rows_are_sorted_again() -> None:
    model = queue_model(queues(3))
    model.sort_by("visible")
    model.upsert([queue("queue-0", 100), queue("new", 50)])
    assert names(model) == ["queue-2", "queue-1", "queue-0", "new"]
    assert model.resort()
    assert names(model) == ["queue-0", "new", "queue-2", "queue-1"]
    assert not model.resort()


def test_the_next_sort_goes_round_the_sortable_columns_each_in_its_own_first_direction() -> None:
    columns = (*COLUMNS, Column[Queue]("spark", "Trend", lambda row: "▁▂", sortable=False))
    model = TableModel(columns, key=lambda row: row.url, filter_text=lambda row: row.name)
    model.upsert(queues(3))
    seen = []
    for _ in range(4):
        model.next_sort()
        seen.append((model.sort_column, model.sort_reverse))
    assert seen == [("name", False), ("visible", True), ("url", False), ("name", False)]


def test_columns_that_are_not_on_the_screen_are_passed_over() -> None:
    model = queue_model(queues(3))
    model.next_sort({"visible"})
    model.next_sort({"visible"})
    assert model.sort_column == "visible"
    assert not model.next_sort(())


def test_reversing_an_unsorted_list_sorts_it_by_the_first_column() -> None:
    model = queue_model([queue("b"), queue("a")])
    model.reverse_sort()
    assert names(model) == ["a", "b"]


def test_an_unknown_sort_column_is_an_error() -> None:
    with pytest.raises(KeyError):
        queue_model().sort_by("colour")


# Filter in force


def test_the_filter_hides_rows_and_new_ones_obey_it() -> None:
    model = queue_model(queue(name) for name in ["orders", "emails", "orders-dlq"])
    assert model.set_filter("ORDERS")
    model.upsert([queue("orders-v2"), queue("thumbnails")])
    assert names(model) == ["orders", "orders-dlq", "orders-v2"]
    assert (model.shown, model.total) == (3, 5)
    model.set_filter("")
    assert names(model) == ["orders", "emails", "orders-dlq", "orders-v2", "thumbnails"]


def test_a_row_whose_text_changes_comes_into_the_filter_at_its_own_place() -> None:
    model = queue_model(queue(name) for name in ["a", "b", "c"])
    model.set_filter("!b")
    changed = model.upsert([replace(queue("b"), name="now this"), replace(queue("c"), name="b")])
    assert changed == Changed(changed=("url:b", "url:c"), moved=True)
    assert names(model) == ["a", "now this"]


def test_a_changed_count_is_no_reason_to_judge_the_row_again() -> None:
    model = queue_model(queues(3))
    model.set_filter("queue")
    assert not model.upsert([queue("queue-1", 99)]).moved


def test_an_expression_that_is_no_pattern_leaves_the_last_good_filter_and_says_why() -> None:
    model = queue_model([queue("orders"), queue("emails")])
    model.set_filter("ord")
    assert not model.set_filter("re:(")
    assert names(model) == ["orders"]
    assert (model.filter_expression, model.filter_error) == (
        "ord",
        "not a pattern: missing ), unterminated subpattern",
    )
    assert model.set_filter("em")
    assert (names(model), model.filter_error) == (["emails"], "")


def test_typing_on_looks_only_at_what_is_still_shown() -> None:
    looked_at: list[str] = []

    class Text(str):
        def casefold(self) -> str:
            return self

        def __contains__(self, needle: object) -> bool:
            looked_at.append(self)
            return super().__contains__(str(needle))

    model = TableModel[str]((), key=str, filter_text=Text)
    model.upsert(f"ß-queue-{number}" for number in range(100))
    model.set_filter("queue-1")
    looked_at.clear()
    model.set_filter("queue-12")
    assert len(looked_at) == 11
    model.set_filter("queue-2")
    assert model.shown_keys() == ["ß-queue-2", *(f"ß-queue-{number}" for number in range(20, 30))]


@pytest.mark.parametrize("kind", ["", "re:"])
def test_typing_on_asks_no_row_for_its_text_again(kind: str) -> None:
    asked: list[str] = []

    def filter_text(row: str) -> str:
        asked.append(row)
        return row

    model = TableModel[str]((), key=str, filter_text=filter_text)
    model.upsert(f"queue-{number}" for number in range(100))
    model.set_filter(f"{kind}queue-1")
    assert len(asked) == 100
    model.set_filter(f"{kind}queue-12")
    model.set_filter(f"{kind}queue-2")
    assert len(asked) == 100
    assert model.shown_keys() == ["queue-2", *(f"queue-{number}" for number in range(20, 30))]


def test_the_sort_goes_on_under_a_filter() -> None:
    model = queue_model(queues(30))
    model.set_filter("queue-1")
    model.sort_by("visible")
    assert names(model)[:3] == ["queue-19", "queue-18", "queue-17"]
    model.set_filter("")
    assert names(model)[0] == "queue-29"


# Marks


def test_marks_keep_the_order_in_which_they_were_set() -> None:
    model = queue_model(queues(4))
    assert model.toggle("url:queue-3")
    assert model.toggle("url:queue-0")
    assert model.toggle("url:queue-2")
    assert not model.toggle("url:queue-0")
    assert list(model.marks) == ["url:queue-3", "url:queue-2"]
    with pytest.raises(KeyError):
        model.toggle("url:unknown")


def test_all_and_none_mean_the_rows_that_are_shown_and_hidden_marks_are_counted() -> None:
    model = queue_model(queue(name) for name in ["orders", "emails", "orders-dlq"])
    model.toggle("url:emails")
    model.set_filter("orders")
    assert (model.mark_count, model.hidden_marks, model.all_marked) == (1, 1, False)
    model.mark_all()
    assert list(model.marks) == ["url:emails", "url:orders", "url:orders-dlq"]
    assert (model.hidden_marks, model.all_marked) == (1, True)
    model.mark_none()
    assert list(model.marks) == ["url:emails"]
    model.clear_marks()
    assert (model.mark_count, model.hidden_marks) == (0, 0)


def test_a_row_that_is_removed_loses_its_mark_for_good() -> None:
    model = queue_model(queues(3))
    model.mark_all()
    model.remove(["url:queue-1"])
    model.upsert(queues(3))
    assert list(model.marks) == ["url:queue-0", "url:queue-2"]
    model.replace([queue("queue-2")])
    assert list(model.marks) == ["url:queue-2"]


# Cursor


def test_the_cursor_stops_at_both_ends() -> None:
    model = queue_model(queues(3))
    model.move_by(-5)
    assert model.cursor == 0
    model.move_by(50)
    assert (model.cursor, cursor_name(model)) == (2, "queue-2")


def test_until_it_is_moved_the_cursor_stays_on_the_first_row_whatever_row_that_is() -> None:
    model = queue_model(queues(3))
    model.sort_by("visible")
    assert cursor_name(model) == "queue-2"


def test_once_moved_the_cursor_follows_its_row() -> None:
    model = queue_model(queues(3))
    model.move_to(0)
    model.sort_by("visible")
    assert (model.cursor, cursor_name(model)) == (2, "queue-0")


def test_when_the_cursor_s_row_goes_away_the_row_that_took_its_place_has_the_cursor() -> None:
    model = queue_model(queues(5))
    model.move_to(2)
    model.remove(["url:queue-2", "url:queue-3"])
    assert (model.cursor, cursor_name(model)) == (2, "queue-4")
    model.remove(["url:queue-4"])
    assert cursor_name(model) == "queue-1"
    model.replace(queues(1))
    assert cursor_name(model) == "queue-0"


def test_when_the_filter_hides_the_cursor_s_row_the_next_one_shown_has_the_cursor() -> None:
    model = queue_model(queue(name) for name in ["orders", "emails", "shipping", "orders-dlq"])
    model.move_to(1)
    model.set_filter("orders")
    assert cursor_name(model) == "orders-dlq"


def test_when_the_filter_goes_the_cursor_stays_on_the_match_that_it_was_on() -> None:
    model = queue_model(queue(name) for name in ["emails", "orders", "shipping"])
    model.set_filter("ord")
    model.set_filter("")
    assert (cursor_name(model), model.is_untouched) == ("orders", False)


def test_a_filter_that_hides_everything_does_not_lose_the_cursor_s_row() -> None:
    model = queue_model(queues(5))
    model.move_to(3)
    model.set_filter("nothing like it")
    assert (model.cursor, model.cursor_key, model.cursor_record) == (None, None, None)
    model.set_filter("")
    assert cursor_name(model) == "queue-3"


def test_a_row_that_comes_into_an_empty_list_has_the_cursor() -> None:
    model = queue_model(queues(2))
    model.move_to(1)
    model.remove(["url:queue-0", "url:queue-1"])
    model.upsert([queue("new")])
    assert cursor_name(model) == "new"


def test_among_a_hundred_thousand_rows_three_changes_and_a_move_touch_no_other_row() -> None:
    compared: list[str] = []
    texts: list[str] = []

    class Key(str):
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            compared.append(self)
            return super().__eq__(other)

    class Counted(Queue):
        def __eq__(self, other: object) -> bool:
            compared.append(self.url)
            return isinstance(other, Queue) and other.visible == self.visible

    def filter_text(row: Queue) -> str:
        texts.append(row.url)
        return row.name

    def row(number: int, visible: int) -> Counted:
        return Counted(Key(f"url:{number}"), f"queue-{number}", visible)

    model = TableModel(COLUMNS, key=lambda row: row.url, filter_text=filter_text)
    model.upsert(row(number, number) for number in range(100_000))
    model.set_filter("queue")
    model.move_to(50_000)
    compared.clear()
    texts.clear()
    model.upsert(row(number, 7) for number in range(50_000, 50_003))
    model.move_by(1)
    assert (model.cursor, model.cursor_key) == (50_001, "url:50001")
    assert len(compared) + len(texts) < 30
