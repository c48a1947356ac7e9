"""Searching on the screen: the field, the matches, and the line that tells about them."""

import json

import pytest

from tests.widgets.viewer.app import ViewerApp, ready, screen, status, styled, until

LOG = "\n".join(f"line {n} {'error' if n % 10 == 0 else 'fine'}" for n in range(200))


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
async def test_a_search_shows_its_matches_and_n_goes_through_them(size: tuple[int, int]) -> None:
    app = ViewerApp(LOG)
    async with app.run_test(size=size) as pilot:
        await ready(pilot, app)
        await pilot.press("slash", *"error", "enter")
        await until(pilot, lambda: app.searches == [(20, None)])
        assert status(app).startswith("match 1 of 20 · ")
        current, *others = styled(app, "error")
        assert "reverse" in current
        assert "bold" in current
        assert all("reverse" not in other and "underline" in other for other in others)

        await pilot.press("n")
        await pilot.pause()
        assert status(app).startswith("match 2 of 20 · ")
        assert ["reverse" in style for style in styled(app, "error")][:2] == [False, True]

        await pilot.press("N", "N")
        await pilot.pause()
        assert status(app).startswith("match 20 of 20 · ")
        assert any("line 190 error" in line for line in screen(app))
        assert "reverse" in styled(app, "error")[-1]


async def test_letters_typed_into_the_search_are_only_letters() -> None:
    app = ViewerApp(LOG)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        await pilot.press("slash", *"vwnNjkgGbhl", "space", "slash")
        await pilot.pause()
        assert screen(app)[-2] == "vwnNjkgGbhl /"
        assert (app.viewer.pretty, app.viewer.wrap, app.viewer.scroll_offset) == (True, True, (0, 0))
        assert app.searches == []


async def test_escape_puts_the_field_away_and_leaves_the_matches() -> None:
    app = ViewerApp(LOG)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        await pilot.press("slash", *"error", "enter", "n")
        await pilot.pause()
        assert screen(app)[-2] == "error"
        await pilot.press("escape")
        await pilot.pause()
        assert screen(app)[-2] != "error"
        assert status(app).startswith("match 2 of 20 · ")
        assert app.escapes == 0
        await pilot.press("n")
        await pilot.pause()
        assert status(app).startswith("match 3 of 20 · ")
        await pilot.press("escape")
        assert app.escapes == 1  # now it is the screen's key again


async def test_escape_while_typing_searches_nothing() -> None:
    app = ViewerApp(LOG)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        await pilot.press("slash", *"err", "escape", "j")
        await pilot.pause()
        assert app.searches == []
        assert app.escapes == 0
        assert app.viewer.scroll_offset.y == 1


async def test_a_bad_pattern_is_told_and_can_be_mended() -> None:
    app = ViewerApp(LOG)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        await pilot.press("slash", *"re:(error", "enter")
        await until(pilot, lambda: app.searches)
        assert app.searches[0][0] == 0
        assert status(app).startswith("bad pattern: missing )")
        await pilot.press(")", "enter")
        await until(pilot, lambda: len(app.searches) == 2)
        assert app.searches[1] == (20, None)
        assert status(app).startswith("match 1 of 20 · ")


async def test_an_empty_search_takes_the_matches_away() -> None:
    app = ViewerApp(LOG)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        await pilot.press("slash", *"error", "enter", "slash", "ctrl+u", "enter")
        await pilot.pause()
        assert status(app).startswith("text, 200 lines")
        assert styled(app, "error") == []


async def test_no_match_is_said() -> None:
    app = ViewerApp(LOG)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        app.viewer.search("nowhere")
        await until(pilot, lambda: app.searches == [(0, None)])
        assert status(app).startswith("no match · text")
        await pilot.press("n")


async def test_a_search_starts_at_the_place_that_is_shown() -> None:
    app = ViewerApp(LOG)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        await pilot.press("pagedown", "pagedown", "pagedown")
        app.viewer.search("error")
        await until(pilot, lambda: app.searches)
        assert status(app).startswith("match 8 of 20 · ")


async def test_a_match_far_to_the_right_is_brought_into_sight() -> None:
    app = ViewerApp("x" * 5000 + "needle" + "x" * 5000)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        await pilot.press("w")
        app.viewer.search("needle")
        await until(pilot, lambda: app.searches)
        assert "needle" in screen(app)[0]


async def test_a_match_across_two_rows_is_shown_on_both() -> None:
    app = ViewerApp("x" * 75 + "needle" + "y" * 200)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        app.viewer.search("needle")
        await until(pilot, lambda: app.searches)
        assert "reverse" in styled(app, "nee")[0]
        assert "reverse" in styled(app, "dle")[0]


async def test_the_search_goes_on_in_the_other_form_of_the_body() -> None:
    app = ViewerApp(json.dumps([{"name": f"n{n}"} for n in range(50)]))
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        app.viewer.search('"name": "n4')
        await until(pilot, lambda: app.searches == [(11, None)])
        await pilot.press("n", "v")
        await until(pilot, lambda: len(app.searches) == 2)
        assert status(app).startswith("match 2 of 11 · ")
        assert "raw" in status(app)
        assert '"name": "n40' in "".join(line.strip("┊ ") for line in screen(app))


async def test_a_search_that_ends_late_tells_nothing_about_the_body_shown_since() -> None:
    app = ViewerApp("x" * 300_000, pretty=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        app.viewer.search("re:x*y")
        assert app.viewer.state.searching
        app.pane.set_document("y")
        work = [worker for worker in app.workers if worker.group == "viewer.search"]
        await until(pilot, lambda: all(worker.is_finished for worker in work), "for the older search to end")
        assert app.searches == []
        assert status(app).startswith("text, 1 line")


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
async def test_only_the_latest_of_two_searches_is_told_and_nothing_is_left_of_the_other() -> None:
    app = ViewerApp("x" * 300_000 + "y")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        app.viewer.search("re:x*z")
        app.viewer.search("y")
        await until(pilot, lambda: app.searches)
        work = [worker for worker in app.workers if worker.group == "viewer.search"]
        await until(pilot, lambda: all(worker.is_finished for worker in work), "for the older search to end")
        assert app.searches == [(1, None)]
        assert status(app).startswith("match 1 of 1 · ")


async def test_keys_are_answered_while_a_slow_pattern_is_tried() -> None:
    app = ViewerApp("x" * 1_000_000)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        app.viewer.search("re:x*y")
        app.simulate_key("j")
        seen = await until(pilot, lambda: app.viewer.scroll_offset.y and app.viewer.state)
        assert seen.searching


async def test_a_pattern_without_end_is_given_up_and_said() -> None:
    app = ViewerApp("a" * 60 + "!")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        app.viewer.search("re:(a+)+$")
        await until(pilot, lambda: app.searches)
        assert status(app).startswith("the pattern is too slow at character 0; the rest was not searched")
