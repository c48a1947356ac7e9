"""The viewer on a screen: what is painted, keys, wrap, resize, and what comes too late."""

import json

import pytest
from rich.cells import cell_len
from textual.geometry import Offset
from textual.selection import Selection

from tests.widgets.viewer.app import ViewerApp, ready, rows, screen, status, styled, until
from tests.widgets.viewer.texts import HOSTILE, terminal_obeys
from widgets.viewer.keys import PANE_KEYS, VIEWER_KEYS

SIZES = [(80, 24), (140, 45)]
ORDER = '{"id":"a\\u001b[31m","total":1.0,"tags":["x","\\/"],"ok":true,"note":null}'
BIG_JSON = json.dumps([{"n": n, "text": "lorem ipsum"} for n in range(25_000)])


@pytest.mark.parametrize("size", SIZES)
async def test_json_is_shown_indented_with_its_escapes_as_they_are(size: tuple[int, int]) -> None:
    app = ViewerApp(ORDER)
    async with app.run_test(size=size) as pilot:
        await ready(pilot, app)
        assert rows(app)[:11] == [
            " {",
            '   "id": "a\\u001b[31m",',
            '   "total": 1.0,',
            '   "tags": [',
            '     "x",',
            '     "\\/"',
            "   ],",
            '   "ok": true,',
            '   "note": null',
            " }",
            "",
        ]
        assert status(app) == f"JSON, {len(ORDER)} bytes · line 1 of 10 · pretty · wrap"
        assert app.viewer.original == ORDER
        assert json.loads(app.viewer.shown_text) == json.loads(ORDER)


async def test_v_shows_the_body_as_it_came_and_back() -> None:
    app = ViewerApp(ORDER)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        await pilot.press("v")
        await pilot.pause()
        assert rows(app)[0] == " " + ORDER
        assert "raw" in status(app)
        assert app.viewer.shown_text == ORDER
        await pilot.press("v")
        await pilot.pause()
        assert rows(app)[0] == " {"


async def test_v_says_why_a_body_cannot_be_shown_indented() -> None:
    app = ViewerApp("hello")
    async with app.run_test(size=(100, 24)) as pilot:
        await ready(pilot, app)
        assert status(app) == "text, 1 line, 5 bytes · line 1 of 1 · raw · wrap"
        await pilot.press("v")
        await pilot.pause()
        assert "bytes · not JSON: line 1, column 1: expected a value, found hello · line" in status(app)


async def test_json_that_breaks_off_says_where_without_being_asked() -> None:
    app = ViewerApp('{"a": [1, 2')
    async with app.run_test(size=(100, 24)) as pilot:
        await ready(pilot, app)
        assert rows(app)[0] == ' {"a": [1, 2'
        assert "not JSON: line 1, column 12: expected ',' or ], found the end" in status(app)


async def test_keys_strings_numbers_and_literals_look_different() -> None:
    app = ViewerApp(ORDER)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        looks = [styled(app, text)[0] for text in ('"total"', '"x"', "1.0", "true", "{")]
        assert len(set(looks)) == len(looks)
        app.theme = "ansi-dark"
        await pilot.pause()
        ansi = [styled(app, text)[0] for text in ('"total"', '"x"', "1.0", "true", "{")]
        assert len(set(ansi)) == len(ansi)
        assert not set(ansi) & set(looks)


async def test_text_that_is_not_json_is_not_coloured() -> None:
    app = ViewerApp('level=info msg="{1}" true')
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        assert styled(app, 'level=info msg="{1}" true')


@pytest.mark.parametrize("size", SIZES)
async def test_long_lines_wrap_with_a_mark_in_front_of_what_goes_on(size: tuple[int, int]) -> None:
    app = ViewerApp("first\n" + "x" * 300 + "\nlast")
    width = size[0] - 2  # the mark in front, the scrollbar behind
    async with app.run_test(size=size) as pilot:
        await ready(pilot, app)
        lines = rows(app)
        assert lines[:3] == [" first", " " + "x" * width, "┊" + "x" * width]
        assert sum(line.count("x") for line in lines) == 300


async def test_w_puts_each_line_on_one_row_and_l_and_h_move_along_it() -> None:
    line = "".join(f"{n:4d}" for n in range(100))
    app = ViewerApp(f"{line}\nshort\n{'漢' * 60}")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        await pilot.press("w")
        await pilot.pause()
        assert rows(app)[:3] == [line[:79], "short", "漢" * 39]
        await pilot.press("right")
        await pilot.pause()
        assert rows(app)[:3] == [line[8:87], "", "漢" * 39]
        await pilot.press("right", "right", "left")
        await pilot.pause()
        assert rows(app)[0] == line[16:95]
        await pilot.press("w")
        await pilot.pause()
        assert rows(app)[0].startswith(" ")
        assert status(app).endswith("raw · wrap")


async def test_a_wide_character_at_the_edge_is_not_half_painted() -> None:
    app = ViewerApp("a" + "漢" * 100)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        await pilot.press("w", "right")
        await pilot.pause()
        row = app.viewer.render_line(0).text
        assert cell_len(row) == 79
        assert row == " " + "漢" * 39


async def test_turning_wrap_off_and_on_keeps_the_place_in_a_huge_line() -> None:
    text = "".join(f"<{n:06d}>" for n in range(20_000))
    app = ViewerApp(text)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        await pilot.press(*["pagedown"] * 5)
        await pilot.pause()
        top = rows(app)[0].strip("┊ ")
        await pilot.press("w")
        await pilot.pause()
        assert rows(app)[0].startswith(top)
        await pilot.press("w")
        await pilot.pause()
        assert top in rows(app)[0]


async def test_the_keys_page_and_reach_both_ends() -> None:
    app = ViewerApp("\n".join(f"line {n}" for n in range(200)))
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)

        async def top_after(*keys: str) -> str:
            await pilot.press(*keys)
            await pilot.pause()
            return rows(app)[0].strip()

        assert await top_after("j", "down") == "line 2"
        assert await top_after("k") == "line 1"
        assert await top_after("pagedown") == "line 23"  # one row of the page before stays
        assert await top_after("pagedown") == "line 45"
        assert await top_after("ctrl+b", "pageup") == "line 1"
        assert await top_after("G") == "line 177"
        assert rows(app)[22].strip() == "line 199"
        assert status(app) == "text, 200 lines, 1,689 bytes · line 178 of 200 · 100 % · raw · wrap"
        assert await top_after("g") == "line 0"
        assert await top_after("end", "home") == "line 0"


async def test_a_resize_paints_to_the_new_width_and_keeps_the_top_row() -> None:
    app = ViewerApp("\n".join(f"{n} " + "x" * 200 for n in range(100)))
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        await pilot.press("ctrl+f", "pagedown", "j")
        await pilot.pause()
        assert rows(app)[0].startswith(" 15 xx")
        for size in ((140, 45), (61, 20), (100, 30), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert rows(app)[0].startswith(" 15 xx")
            assert len(rows(app)[0]) == size[0] - 1


async def test_the_end_stays_in_sight_when_the_terminal_grows_narrow() -> None:
    app = ViewerApp("x" * 5000 + "END")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        await pilot.press("G")
        await pilot.resize_terminal(50, 24)
        await pilot.pause()
        assert rows(app)[22].endswith("END")


@pytest.mark.parametrize("keys", [(), ("v",), ("w",), ("w", "right")])
@pytest.mark.parametrize("text", [HOSTILE, json.dumps([HOSTILE], ensure_ascii=False), json.dumps({HOSTILE: HOSTILE})])
async def test_nothing_that_a_terminal_obeys_is_painted(text: str, keys: tuple[str, ...]) -> None:
    app = ViewerApp(text)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        await pilot.press(*keys)
        await pilot.pause()
        assert not terminal_obeys("".join(screen(app)))
        assert app.viewer.original == text


async def test_markup_in_a_body_is_only_text() -> None:
    app = ViewerApp("[@click=app.quit]x[/x] [/] [red]y[/red]")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        assert rows(app)[0] == " [@click=app.quit]x[/x] [/] [red]y[/red]"


async def test_a_stand_in_looks_different_from_the_same_character_in_the_body() -> None:
    app = ViewerApp("\x1b ␛")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        assert styled(app, "␛") != styled(app, " ␛")


BODIES = {
    "nothing": "",
    "a newline": "\n",
    "a mebibyte in one line": "x" * (1 << 20),
    "a mebibyte of wide characters": "漢字かな" * 87_381,
    "a mebibyte of escapes": "\x1b" * (1 << 18),
    "marks without end": "\u0301" * 200_000,
    "characters without width": "\u1161" * 200_000,
    "JSON ten thousand deep": "[" * 10_000 + "]" * 10_000,
    "JSON that never closes": '{"a":' * 10_000,
    "newlines only": "\n" * 100_000,
    "carriage returns": "a\r\nb\r" * 1000,
    "tabs": "\ta\t漢\t" * 20_000,
    "broken surrogates": "\ud800\udc00\ud83d" * 1000,
    "a string without an end": '"' + "\\" * 99_999,
}


@pytest.mark.parametrize("body", BODIES)
async def test_any_body_can_be_shown_paged_searched_and_turned(body: str) -> None:
    app = ViewerApp("before")
    async with app.run_test(size=(80, 24)) as pilot:
        app.pane.set_document(BODIES[body])
        await ready(pilot, app)
        for key in ("pagedown", "v", "G", "w", "right", "G", "n", "N", "v", "w", "pageup", "g"):
            await pilot.press(key)
        app.viewer.search("a")
        await until(pilot, lambda: app.searches, "for the search")
        assert not terminal_obeys("".join(screen(app)))
        assert all(cell_len(app.viewer.render_line(y).text) == 79 for y in range(app.viewer.size.height))
        assert app.viewer.original == BODIES[body]


async def test_a_body_given_before_the_pane_is_on_the_screen_is_shown() -> None:
    app = ViewerApp("first")
    app.pane.set_document("second")
    app.viewer.search("con")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        assert rows(app)[0] == " second"
        assert status(app).startswith("match 1 of 1")


async def test_a_big_body_is_seen_and_can_be_paged_before_it_is_ready() -> None:
    app = ViewerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.pane.set_document(BIG_JSON)
        assert app.viewer.state.loading
        app.simulate_key("pagedown")
        seen = await until(pilot, lambda: app.viewer.scroll_offset.y and app.viewer.state)
        assert seen.loading
        await ready(pilot, app)
        assert status(app).startswith("JSON, ")
        assert '"n":' in "".join(screen(app))


async def test_the_end_asked_for_before_the_body_is_ready_is_the_end_of_all_of_it() -> None:
    app = ViewerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.pane.set_document(BIG_JSON)
        app.viewer.action_bottom()
        assert app.viewer.state.loading
        await ready(pilot, app)
        assert rows(app)[22] == " ]"


async def test_a_body_that_gets_ready_late_does_not_replace_the_one_shown_since() -> None:
    app = ViewerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.pane.set_document(BIG_JSON)
        assert app.viewer.state.loading
        app.pane.set_document("the later one")
        work = [worker for worker in app.workers if worker.group == "viewer.prepare"]
        await until(pilot, lambda: all(worker.is_finished for worker in work), "for the older work to end")
        assert rows(app)[:2] == [" the later one", ""]
        assert app.viewer.original == "the later one"
        assert status(app).startswith("text, 1 line")


async def test_showing_raw_and_indented_in_turn_keeps_the_place() -> None:
    app = ViewerApp(BIG_JSON)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        app.viewer.search("12345")
        await until(pilot, lambda: app.searches)
        for _ in range(4):
            await pilot.press("v")
            await pilot.pause()
            assert "12345" in "".join(line.strip("┊ ") for line in rows(app))


async def test_a_selection_gives_what_is_shown_without_the_marks_of_wrapping() -> None:
    app = ViewerApp("a\x1b" + "x" * 100 + "\n\tsecond")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        everything = app.viewer.get_selection(Selection(None, None))
        assert everything == ("a␛" + "x" * 100 + "\n\tsecond", "\n")
        part = app.viewer.get_selection(Selection(Offset(1, 0), Offset(4, 2)))
        assert part == ("␛" + "x" * 100 + "\n\tsec", "\n")


@pytest.mark.parametrize("wrap", [True, False])
async def test_the_mouse_finds_the_place_in_the_text_under_it(wrap: bool) -> None:
    app = ViewerApp("漢字abc" + "x" * 100 + "\nsecond")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        app.viewer.wrap = wrap
        await pilot.pause()
        at = 1 if wrap else 0
        assert app.screen.get_widget_and_offset_at(at + 5, 0) == (app.viewer, Offset(3, 0))
        assert app.screen.get_widget_and_offset_at(at + 3, at + 1)[1] == Offset(3, at + 1)


async def test_what_is_selected_is_seen() -> None:
    app = ViewerApp("abcdef")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        before = styled(app, "abcdef")
        app.screen.selections = {app.viewer: Selection(Offset(1, 0), Offset(3, 0))}
        await pilot.pause()
        assert styled(app, "bc")
        assert styled(app, "bc") != before


def test_every_key_has_an_id_a_description_and_a_tooltip() -> None:
    keys = [*VIEWER_KEYS, *PANE_KEYS]
    assert all(key.id and key.id.startswith("viewer.") and key.description and key.tooltip for key in keys)
    assert len({key.id for key in keys}) == len(keys)
    pressed = [key for binding in keys for key in binding.key.split(",")]
    assert len(set(pressed)) == len(pressed)
