"""Keys, mouse and messages of the table; and that cursor and viewport follow their rows."""

from dataclasses import replace

from textual.binding import Binding
from textual.events import MouseScrollDown

from tests.widgets.table.app import ListApp, cursor_line, lines, names
from tests.widgets.table.rows import queue, queues
from widgets.table.view import Table


async def test_keys_move_the_cursor() -> None:
    app = ListApp(queues(100))
    async with app.run_test(size=(80, 24)) as pilot:
        seen = []
        for key in ("j", "down", "k", "up", "pagedown", "ctrl+f", "ctrl+b", "pageup", "G", "home", "end", "g"):
            await pilot.press(key)
            assert app.table.cursor_key is not None
            seen.append(int(app.table.cursor_key.rpartition("-")[2]))
        assert seen == [1, 2, 1, 0, 22, 44, 22, 0, 99, 0, 99, 0]


async def test_a_page_moves_list_and_cursor_so_that_the_cursor_stays_on_its_line() -> None:
    app = ListApp(queues(100))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j", "j", "pagedown")
        await pilot.pause()
        assert cursor_line(app) == 3
        assert names(app)[0] == "queue-22"
        await pilot.press("pagedown", "pagedown", "pagedown", "pagedown")
        await pilot.pause()
        assert (app.table.cursor_key, names(app)[-1]) == ("url:queue-99", "queue-99")


async def test_the_list_scrolls_with_the_cursor() -> None:
    app = ListApp(queues(100))
    async with app.run_test(size=(80, 6)) as pilot:
        await pilot.press(*["j"] * 7)
        await pilot.pause()
        assert (cursor_line(app), names(app)) == (5, ["queue-3", "queue-4", "queue-5", "queue-6", "queue-7"])
        await pilot.press(*["k"] * 5)
        await pilot.pause()
        assert (cursor_line(app), names(app)[0]) == (1, "queue-2")


async def test_space_marks_and_goes_on_and_the_star_marks_all_or_none() -> None:
    app = ListApp(queues(4))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space", "j", "space")
        assert list(app.table.marks) == ["url:queue-0", "url:queue-2"]
        assert app.table.cursor_key == "url:queue-3"
        await pilot.press("space", "space")
        assert list(app.table.marks) == ["url:queue-0", "url:queue-2"]
        await pilot.press("*")
        await pilot.pause()
        assert [line[0] for line in lines(app)[1:5]] == ["●"] * 4
        await pilot.press("*")
        await pilot.pause()
        assert list(app.table.marks) == []
        assert [line[0] for line in lines(app)[1:5]] == [" "] * 4


async def test_marks_that_a_filter_hides_are_told() -> None:
    app = ListApp([queue("orders"), queue("emails")])
    async with app.run_test() as pilot:
        await pilot.press("*")
        await pilot.pause()
        assert [(said.count, said.hidden) for said in app.heard(Table.MarksChanged)] == [(2, 0)]
        app.table.set_filter("orders")
        await pilot.pause()
        assert [(said.count, said.hidden) for said in app.heard(Table.MarksChanged)] == [(2, 1)]
        app.table.remove_rows(["url:emails"])
        await pilot.pause()
        assert [(said.count, said.hidden) for said in app.heard(Table.MarksChanged)] == [(1, 0)]
        app.table.clear_marks()
        app.table.clear_marks()
        await pilot.pause()
        assert [(said.count, said.hidden) for said in app.heard(Table.MarksChanged)] == [(0, 0)]


async def test_o_sorts_by_the_next_column_on_the_screen_and_capital_o_sorts_back() -> None:
    app = ListApp(queues(3))
    async with app.run_test(size=(80, 24)) as pilot:
        headers = []
        for key in ("o", "O", "o", "o"):
            await pilot.press(key)
            await pilot.pause()
            headers.append((lines(app)[0].split(), names(app)))
        assert headers == [
            (["Name▲", "Visible"], ["queue-0", "queue-1", "queue-2"]),
            (["Name▼", "Visible"], ["queue-2", "queue-1", "queue-0"]),
            (["Name", "Visible▼"], ["queue-2", "queue-1", "queue-0"]),
            (["Name▲", "Visible"], ["queue-0", "queue-1", "queue-2"]),
        ]
        assert [(said.column, said.reverse) for said in app.heard(Table.SortChanged)] == [
            ("name", False),
            ("name", True),
            ("visible", True),
            ("name", False),
        ]


async def test_enter_opens_the_row_that_was_under_the_cursor_when_it_was_pressed() -> None:
    app = ListApp(queues(3))
    async with app.run_test() as pilot:
        await pilot.press("j", "enter")
        app.table.remove_rows(["url:queue-1"])
        await pilot.pause()
        (opened,) = app.heard(Table.Opened)
        assert opened.key == "url:queue-1"
        assert opened.control is app.table


async def test_a_row_that_was_opened_keeps_the_cursor_when_the_list_is_sorted() -> None:
    app = ListApp(queues(3))
    async with app.run_test() as pilot:
        await pilot.press("enter")
        app.table.sort_by("visible")
        assert app.table.cursor_key == "url:queue-0"


async def test_keys_do_nothing_in_an_empty_list() -> None:
    app = ListApp()
    async with app.run_test() as pilot:
        await pilot.press("j", "k", "g", "G", "pagedown", "pageup", "space", "*", "enter")
        await pilot.pause()
        assert app.said == []


async def test_a_click_moves_the_cursor_and_a_click_on_the_cursor_opens() -> None:
    app = ListApp(queues(100))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("pagedown")
        await pilot.click(app.table, offset=(5, 6))
        await pilot.pause()
        assert app.table.cursor_key == f"url:{names(app)[5]}"
        assert app.heard(Table.Opened) == []
        await pilot.click(app.table, offset=(30, 6))
        await pilot.pause()
        assert [said.key for said in app.heard(Table.Opened)] == [app.table.cursor_key]


async def test_a_double_click_opens() -> None:
    app = ListApp(queues(10))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(app.table, offset=(5, 4), times=2)
        await pilot.pause()
        assert [said.key for said in app.heard(Table.Opened)] == ["url:queue-3"]


async def test_a_click_below_the_rows_or_with_another_button_does_nothing() -> None:
    app = ListApp(queues(3))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(app.table, offset=(5, 12))
        await pilot.click(app.table, offset=(5, 2), button=3)
        await pilot.pause()
        assert app.table.cursor_key == "url:queue-0"
        assert app.heard(Table.Opened) == []


async def test_a_click_on_a_title_sorts_and_a_second_one_sorts_back() -> None:
    app = ListApp(queues(3))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(app.table, offset=(75, 0))
        assert (app.table.model.sort_column, app.table.model.sort_reverse) == ("visible", True)
        await pilot.click(app.table, offset=(75, 0))
        assert (app.table.model.sort_column, app.table.model.sort_reverse) == ("visible", False)


async def test_the_wheel_scrolls_and_leaves_the_cursor_on_its_row() -> None:
    app = ListApp(queues(100))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j")
        app.table.post_message(MouseScrollDown(app.table, 5, 5, 0, 0, 0, False, False, False))
        await pilot.pause()
        assert names(app)[0] != "queue-0"
        assert app.table.cursor_key == "url:queue-1"
        await pilot.press("j")
        await pilot.pause()
        assert names(app)[cursor_line(app) - 1] == "queue-2"


async def test_on_a_sort_the_cursor_keeps_its_row_and_its_line_on_the_screen() -> None:
    app = ListApp(queues(200))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.go_to("url:queue-60")
        await pilot.press("k", "k", "k")
        await pilot.pause()
        line = cursor_line(app)
        app.table.sort_by("visible")
        await pilot.pause()
        assert (cursor_line(app), names(app)[line - 1]) == (line, "queue-57")
        app.table.upsert([queue("queue-57", 5_000)])
        await pilot.pause()
        assert (cursor_line(app), names(app)[line - 1]) == (line, "queue-57")
        app.table.resort()
        await pilot.pause()
        assert (cursor_line(app), names(app)[0]) == (1, "queue-57")


async def test_rows_that_go_away_above_leave_the_cursor_on_its_line() -> None:
    app = ListApp(queues(100))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.go_to("url:queue-50")
        await pilot.pause()
        line = cursor_line(app)
        app.table.remove_rows([f"url:queue-{number}" for number in range(20)])
        await pilot.pause()
        assert (cursor_line(app), app.table.cursor_key) == (line, "url:queue-50")
        app.table.remove_rows(["url:queue-50"])
        await pilot.pause()
        assert (cursor_line(app), app.table.cursor_key) == (line, "url:queue-51")


async def test_with_the_cursor_out_of_sight_the_rows_that_are_looked_at_stay_where_they_are() -> None:
    app = ListApp(queues(100))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.scroll_to(y=50, animate=False)
        await pilot.pause()
        app.table.remove_rows(["url:queue-3", "url:queue-50"])
        await pilot.pause()
        assert names(app)[:3] == ["queue-49", "queue-51", "queue-52"]


async def test_a_filter_keeps_the_cursor_s_row_in_sight() -> None:
    app = ListApp(queues(100))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.go_to("url:queue-77")
        app.table.set_filter("7")
        await pilot.pause()
        assert names(app)[cursor_line(app) - 1] == "queue-77"
        assert not app.table.set_filter("re:[")
        assert app.table.model.filter_error.startswith("not a pattern")
        app.table.set_filter("nothing")
        app.table.set_filter("")
        await pilot.pause()
        assert names(app)[cursor_line(app) - 1] == "queue-77"
        assert not app.table.go_to("url:unknown")


async def test_a_list_that_is_loaded_again_page_by_page_has_the_cursor_s_row_in_sight() -> None:
    app = ListApp(queues(100))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.go_to("url:queue-77")
        await pilot.pause()
        app.table.replace(())
        app.table.upsert(queues(90))
        await pilot.pause()
        assert names(app)[cursor_line(app) - 1] == "queue-77"


async def test_what_is_seen_is_told_once_after_each_change() -> None:
    app = ListApp(queues(100))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        keys = [f"url:queue-{number}" for number in range(100)]
        assert [said.keys for said in app.heard(Table.ViewportChanged)] == [tuple(keys[:23])]
        await pilot.press("j")
        app.table.upsert([queue("queue-5", 9), queue("new")])
        await pilot.pause()
        assert app.heard(Table.ViewportChanged) == []
        app.table.scroll_to(y=10, animate=False)
        await pilot.pause()
        assert [said.keys for said in app.heard(Table.ViewportChanged)] == [tuple(keys[10:33])]
        await pilot.resize_terminal(80, 12)
        await pilot.pause()
        assert app.heard(Table.ViewportChanged)[-1].keys == app.table.visible_keys() == tuple(keys[10:21])
        app.table.set_filter("queue-9")
        await pilot.pause()
        assert app.heard(Table.ViewportChanged)[-1].keys == ("url:queue-9", *keys[90:])
        app.table.clear()
        await pilot.pause()
        assert app.heard(Table.ViewportChanged)[-1].keys == ()


async def test_a_burst_of_changes_is_told_as_one() -> None:
    app = ListApp(queues(100))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.said.clear()
        for top in range(1, 40):
            app.table.scroll_to(y=top, animate=False)
        await pilot.pause()
        assert [said.keys[0] for said in app.heard(Table.ViewportChanged)] == ["url:queue-39"]


async def test_the_cursor_s_moves_are_told_also_when_its_row_goes_away() -> None:
    app = ListApp(queues(3))
    async with app.run_test() as pilot:
        await pilot.press("j")
        app.table.remove_rows(["url:queue-1"])
        await pilot.pause()
        app.table.upsert([replace(queue("queue-2"), visible=8)])
        app.table.clear()
        await pilot.pause()
        assert [said.key for said in app.heard(Table.CursorMoved)] == [
            "url:queue-0",
            "url:queue-1",
            "url:queue-2",
            None,
        ]


def test_every_key_can_be_rebound_and_explained() -> None:
    bindings = [binding for binding in Table.BINDINGS if isinstance(binding, Binding)]
    assert len(bindings) == len(Table.BINDINGS)
    assert all(binding.id and binding.id.startswith("table.") for binding in bindings)
    assert all(binding.description and binding.tooltip and not binding.show for binding in bindings)
    assert len({binding.id for binding in bindings}) == len(bindings)
    keys = [key for binding in bindings for key in binding.key.split(",")]
    assert len(set(keys)) == len(keys)


async def test_a_rebound_key_takes_the_place_of_the_old_ones() -> None:
    app = ListApp(queues(5), keymap={"table.down": "n"})
    async with app.run_test() as pilot:
        await pilot.press("j", "down")
        assert app.table.cursor_key == "url:queue-0"
        await pilot.press("n")
        assert app.table.cursor_key == "url:queue-1"
