"""The table on the screen: what is painted, and that only what changed is painted again."""

import random
from dataclasses import replace

import pytest
from rich.cells import cell_len
from textual.geometry import Region
from textual.widgets import Input, Static

from tests.widgets.table.app import ListApp, cursor_line, lines, names, repainted
from tests.widgets.table.rows import Queue, queue, queues
from widgets.table.columns import Column
from widgets.table.model import TableModel
from widgets.table.view import Table

SIZES = [(80, 24), (140, 45)]


async def test_at_80_cells_the_columns_for_80_are_painted_and_the_cursor_is_on_the_first_row() -> None:
    app = ListApp(queues(3))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert lines(app)[:4] == [
            "  Name" + " " * 64 + "  Visible",
            "  queue-0" + " " * 69 + "0",
            "  queue-1" + " " * 69 + "1",
            "  queue-2" + " " * 69 + "2",
        ]
        assert cursor_line(app) == 1


async def test_at_140_cells_there_are_more_columns() -> None:
    app = ListApp(queues(3))
    async with app.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        assert lines(app)[0].split() == ["Name", "Visible", "URL"]
        assert lines(app)[2].split() == ["queue-1", "1", "url:queue-1"]


@pytest.mark.parametrize("size", [*SIZES, (10, 5), (3, 3), (1, 1), (200, 2)])
async def test_every_line_is_as_wide_as_the_table_whatever_the_texts(size: tuple[int, int]) -> None:
    hostile = [
        "漢字" * 50,
        "a\u0301" * 90,
        "\x1b[31mred\x9b0m",
        "[@click=app.quit]x[/x]",
        "\u202ertl\ud800",
        "👩\u200d👧❤\ufe0f" * 9,
    ]
    app = ListApp([Queue(f"url{n}", name, n, "error") for n, name in enumerate(hostile)])
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for y in range(app.table.size.height):
            strip = app.table.render_line(y)
            assert sum(cell_len(segment.text) for segment in strip) == app.table.size.width == size[0]
        assert not any(character in line for line in lines(app) for character in "\x1b\x9b\u202e\ud800\u200d\ufe0f")
        if size in SIZES:
            assert "[@click=app.quit]x[/x]" in names(app)


async def test_columns_stay_aligned_under_wide_characters() -> None:
    app = ListApp([queue("漢字キュー", 5), queue("plain", 5), queue("naïve-e\u0301", 5), queue("漢" * 80, 5)])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        ends = {cell_len(line[: line.rindex("5") + 1]) for line in lines(app)[1:5]}
        assert ends == {79}


async def test_the_table_follows_the_terminal_s_size() -> None:
    app = ListApp(queues(100))
    async with app.run_test(size=(140, 45)) as pilot:
        app.table.go_to("url:queue-43")
        await pilot.resize_terminal(80, 12)
        await pilot.pause()
        assert cursor_line(app) == 11
        assert lines(app)[0].split() == ["Name", "Visible"]
        assert lines(app)[-1].split() == ["queue-43", "43"]
        assert cell_len(app.table.screen_lines[11]) == 80
        await pilot.resize_terminal(140, 45)
        await pilot.pause()
        assert len(names(app)) == 44
        assert lines(app)[0].split() == ["Name", "Visible", "URL"]
        assert lines(app)[-1].split() == ["queue-76", "76", "url:queue-76"]


async def test_the_table_gives_way_to_a_widget_beside_it() -> None:
    app = ListApp(queues(3))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        panel = Static("details")
        panel.styles.dock = "right"
        panel.styles.width = 40
        await app.mount(panel)
        await pilot.pause()
        assert lines(app)[1] == "  queue-0" + " " * 29 + "0"
        assert {cell_len(app.table.screen_lines[y]) for y in range(24)} == {40}


async def test_a_change_of_three_rows_paints_three_lines_and_a_hidden_one_none() -> None:
    rows = queues(1_000)
    app = ListApp(rows)
    async with app.run_test(size=(80, 24)) as pilot:
        changed = [replace(rows[at], visible=77) for at in (3, 8, 20)]
        assert await repainted(app, pilot, lambda: app.table.upsert(changed)) == [4, 9, 21]
        # All of the line, but not the scrollbar at its end.
        assert app.table.asked == [Region(0, y, 79, 1) for y in (4, 9, 21)]
        assert lines(app)[9].split() == ["queue-8", "77"]
        assert await repainted(app, pilot, lambda: app.table.upsert(rows[500:600])) == []
        elsewhere = [replace(row, visible=9) for row in rows[500:600]]
        assert await repainted(app, pilot, lambda: app.table.upsert(elsewhere)) == []
        assert await repainted(app, pilot, lambda: app.table.upsert([queue("new")])) == []


async def test_a_cursor_move_paints_two_lines() -> None:
    app = ListApp(queues(20))
    async with app.run_test(size=(80, 24)) as pilot:
        assert await repainted(app, pilot, app.table.action_down) == [1, 2]
        assert app.table.asked == [Region(0, 1, 80, 1), Region(0, 2, 80, 1)]
        assert await repainted(app, pilot, app.table.action_up) == [1, 2]
        assert await repainted(app, pilot, app.table.action_up) == []


async def test_the_scrollbar_follows_the_number_of_rows_shown() -> None:
    app = ListApp(queues(10))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert not app.table.show_vertical_scrollbar
        app.table.upsert(queues(100))
        await pilot.pause()
        assert app.table.show_vertical_scrollbar
        assert app.table.vertical_scrollbar.window_virtual_size == 101
        await pilot.press("G")
        await pilot.pause()
        assert app.table.vertical_scrollbar.position == 101 - 24
        app.table.upsert(queues(200))
        await pilot.pause()
        assert app.table.vertical_scrollbar.window_virtual_size == 201
        assert app.table.max_scroll_y == 201 - 24
        app.table.remove_rows([row.url for row in queues(150)])
        await pilot.pause()
        assert app.table.vertical_scrollbar.window_virtual_size == 51
        assert app.table.vertical_scrollbar.position == app.table.scroll_offset.y <= 51 - 24
        app.table.set_filter("queue-17")
        await pilot.pause()
        assert not app.table.show_vertical_scrollbar


async def test_new_rows_paint_only_the_lines_they_fill() -> None:
    app = ListApp(queues(5))
    async with app.run_test(size=(80, 24)) as pilot:
        more = [queue("a"), queue("b")]
        assert await repainted(app, pilot, lambda: app.table.upsert(more)) == [6, 7]
        assert await repainted(app, pilot, lambda: app.table.remove_rows(["url:a"])) == [6, 7]


async def test_nothing_is_painted_when_nothing_changed() -> None:
    app = ListApp(queues(50))
    async with app.run_test(size=(80, 24)) as pilot:
        assert await repainted(app, pilot, lambda: None) == []
        assert await repainted(app, pilot, app.table.resort) == []
        assert await repainted(app, pilot, lambda: app.table.replace(queues(50))) == []
        assert await repainted(app, pilot, app.table.restyle) == []


async def test_a_hundred_thousand_rows_are_asked_for_their_texts_only_where_they_are_seen() -> None:
    asked: list[str] = []

    def text(row: Queue) -> str:
        asked.append(row.name)
        return row.name

    columns = [Column("name", "Name", text, sort=lambda row: row.visible, width=12)]
    model = TableModel(columns, key=lambda row: row.url, filter_text=lambda row: row.name)
    app = ListApp(queues(100_000), model=model)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert len(set(asked)) == 23
        await pilot.press("G")
        await pilot.pause()
        assert names(app)[-1] == "queue-99999"
        app.table.set_filter("queue-777")
        await pilot.pause()
        app.table.sort_by("name", reverse=True)
        await pilot.pause()
        assert cursor_line(app) == 1
        assert names(app)[0] == "queue-77799"
        assert len(set(asked)) <= 4 * 23


async def test_texts_that_depend_on_more_than_the_record_are_painted_anew_on_request_where_they_differ() -> None:
    unknown: set[str] = set()
    columns = [Column[Queue]("visible", "Visible", lambda row: "–" if row.name in unknown else f"{row.visible}")]
    app = ListApp(queues(3), model=TableModel(columns, key=lambda row: row.url, filter_text=lambda row: row.name))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        unknown.add("queue-1")
        assert await repainted(app, pilot, app.table.restyle) == [2]
        assert lines(app)[1:4] == ["  0", "  –", "  2"]
        unknown.update(["queue-0", "queue-2"])
        unknown.remove("queue-1")
        assert await repainted(app, pilot, app.table.restyle) == [1, 2, 3]
        assert lines(app)[1:4] == ["  –", "  1", "  –"]


async def test_where_no_row_is_shown_the_table_says_why() -> None:
    app = ListApp(empty=lambda: f"no queue matches {app.table.model.filter_expression or 'yet'}\nesc shows all\x1b")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert lines(app)[1:4] == ["  no queue matches yet", "  esc shows all␛", ""]
        app.table.upsert(queues(3))
        await pilot.pause()
        assert names(app) == ["queue-0", "queue-1", "queue-2"]
        app.table.set_filter("nothing")
        await pilot.pause()
        assert lines(app)[1] == "  no queue matches nothing"
        app.table.empty = "gone"
        await pilot.pause()
        assert lines(app)[1:3] == ["  gone", ""]


async def test_why_no_row_is_shown_is_said_anew_on_request_and_not_forgotten_then() -> None:
    reasons = ["loading\nnames"]
    app = ListApp(empty=lambda: reasons[-1])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        reasons.append("there is none")
        assert await repainted(app, pilot, app.table.restyle) == [1, 2]
        assert lines(app)[1:3] == ["  there is none", ""]
        reasons.pop()
        assert await repainted(app, pilot, lambda: app.table.set_filter("x")) == [1, 2]
        assert lines(app)[1:3] == ["  loading", "  names"]


async def test_the_cursor_can_be_seen_without_colour_and_marks_too() -> None:
    app = ListApp(queues(3))
    app.theme = "ansi-dark"
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space")
        await pilot.pause()
        reversed_lines = [
            y for y in range(5) if all(segment.style and segment.style.reverse for segment in app.table.render_line(y))
        ]
        assert reversed_lines == [2]
        assert lines(app)[1].startswith("● queue-0")
        app.set_focus(None)
        await pilot.pause()
        assert all(segment.style and segment.style.reverse for segment in app.table.render_line(2))


async def test_a_change_of_theme_or_focus_repaints_in_the_new_styles() -> None:
    app = ListApp([queue("a", 1, "error"), queue("b", 2, "error")])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        before = [list(app.table.render_line(y)) for y in (1, 2)]
        app.theme = "textual-light"
        await pilot.pause()
        after = [list(app.table.render_line(y)) for y in (1, 2)]
        assert all(old != new for old, new in zip(before, after, strict=True))
        app.set_focus(None)
        await pilot.pause()
        assert list(app.table.render_line(1)) != after[0]
        assert list(app.table.render_line(2)) == after[1]
        app.screen.styles.background = "red"
        await pilot.pause()
        assert list(app.table.render_line(2)) != after[1]


@pytest.mark.parametrize("seed", range(6))
async def test_after_any_sequence_of_changes_the_screen_shows_what_the_model_holds(seed: int) -> None:
    chance = random.Random(seed)
    app = ListApp(queues(60))
    table = app.table

    def some(count: int) -> list[Queue]:
        return [queue(f"queue-{chance.randrange(120)}", chance.randrange(50)) for _ in range(count)]

    changes = [
        lambda: table.upsert(some(5)),
        lambda: table.remove_rows([row.url for row in some(9)]),
        lambda: table.replace(some(chance.choice([0, 10, 80]))),
        lambda: table.set_filter(chance.choice(["", "1", "12", "!3", "re:[02]$", "nothing"])),
        lambda: table.resort(),
        lambda: table.sort_by(chance.choice(["name", "visible"]), chance.choice([True, False])),
        lambda: table.go_to(chance.choice(some(1)).url),
        lambda: table.scroll_to(y=chance.randrange(60), animate=False),
        table.action_down,
        table.action_page_down,
        table.action_mark,
        table.action_mark_all,
        table.action_top,
        table.clear_marks,
    ]
    async with app.run_test(size=(80, 14)) as pilot:
        for _ in range(60):
            chance.choice(changes)()
            if chance.random() < 0.6:
                await pilot.pause()
                shown = dict(app.table.screen_lines)
                assert shown == {y: table.render_line(y).text for y in range(table.size.height)}


async def test_the_widget_itself_can_still_be_removed() -> None:
    app = ListApp(queues(3))
    async with app.run_test() as pilot:
        await app.table.remove()
        await pilot.pause()
        assert not app.query(Table)


async def test_a_table_takes_rows_before_it_is_on_the_screen_and_while_it_is_hidden() -> None:
    app = ListApp()
    app.table.upsert(queues(50))
    app.table.go_to("url:queue-40")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert names(app)[cursor_line(app) - 1] == "queue-40"
        app.table.display = False
        await app.mount(Input())
        app.table.replace(queues(45))
        app.table.sort_by("visible")
        await pilot.pause()
        app.table.display = True
        await pilot.pause()
        assert names(app)[cursor_line(app) - 1] == "queue-40"
