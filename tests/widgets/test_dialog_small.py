"""Dialogs on small screens: whatever else has to give way, what answers them stays in sight."""

from collections.abc import Callable

import pytest
from textual.app import App
from textual.pilot import Pilot

from tests.support.waiting import until
from widgets.dialog import Panel, Question
from widgets.facts import Fact
from widgets.line import Line
from widgets.number import NumberField

FACTS = [
    Fact("messages", "all: about 3 visible, 0 in flight, 0 delayed", "error"),
    Fact("also", "those that arrive while the purge runs, up to 60 s", "warning"),
    Fact("queue", "orders-dlq"),
    Fact("account", "123456789012"),
]
WARNING = "This can't be undone."
MEANING = "Hidden from consumers until 2026-03-14 03:00:45, also when you leave; H gives back."


def name() -> Question:
    return Question("Purge?", FACTS, yes="purge", warning=WARNING, must_type="orders-dlq")


def number() -> Question:
    field = NumberField(
        "New visibility timeout in seconds, 0 to release",
        30,
        0,
        43_200,
        lambda seconds: MEANING if seconds else "Given back.",
    )
    return Question("Hide?", FACTS, yes="set", number=field)


def lines(app: App[None]) -> list[str]:
    return [strip.text.strip("│ ") for strip in app.screen._compositor.render_strips()]


async def shown(app: App[None], pilot: Pilot[None], question: Question) -> None:
    await app.push_screen(question)
    await until(lambda: question.armed)
    await pilot.pause()


@pytest.mark.parametrize("size", [(40, 10), (40, 7), (40, 5), (30, 10), (30, 7)], ids=str)
@pytest.mark.parametrize(("ask", "field", "keys"), [(name, "orders-dlq", "enter purge"), (number, "30", "y set")])
async def test_field_and_keys_stay_in_sight(
    size: tuple[int, int], ask: Callable[[], Question], field: str, keys: str
) -> None:
    app: App[None] = App()
    async with app.run_test(size=size) as pilot:
        await shown(app, pilot, ask())
        assert lines(app)[-2] == f"{keys}   esc cancel"
        if ask is name:
            assert field not in lines(app)  # it starts empty
            await pilot.press(*"orders")
            field = "orders"
        await until(lambda: field in lines(app))
        assert lines(app)[1].startswith("messages")


async def test_a_screen_that_shrinks_and_grows_again_shows_all_again() -> None:
    app: App[None] = App()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, name())
        await pilot.press(*"orders")
        await until(lambda: "orders" in lines(app))
        before = lines(app)
        await pilot.resize_terminal(40, 6)
        await until(lambda: lines(app)[-3:-1] == ["orders", "enter purge   esc cancel"])
        await pilot.resize_terminal(80, 24)
        await until(lambda: lines(app) == before)


async def test_what_a_number_means_is_seen_in_full_before_a_second_line_of_the_facts() -> None:
    app: App[None] = App()
    async with app.run_test(size=(40, 10)) as pilot:
        await shown(app, pilot, number())
        await pilot.press("0")
        await until(lambda: lines(app)[-3] == "Given back.")
        await pilot.press("backspace", *"600")
        await until(lambda: " ".join(lines(app)[5:8]) == MEANING)
        assert lines(app)[2].startswith("New visibility timeout")


@pytest.mark.parametrize(("ask", "typed"), [(name, ("o", "enter")), (number, ("backspace", "backspace", "y"))])
async def test_what_was_typed_wrongly_is_said_without_hiding_the_way_out(
    ask: Callable[[], Question], typed: tuple[str, ...]
) -> None:
    app: App[None] = App()
    async with app.run_test(size=(40, 10)) as pilot:
        await shown(app, pilot, ask())
        await pilot.press(*typed)
        line = app.screen.query_one("#dialog-keys", Line)
        await until(lambda: "…" in line.text)
        assert line.text.endswith("   esc cancel")


async def test_a_panel_keeps_its_keys() -> None:
    app: App[None] = App()
    async with app.run_test(size=(40, 6)) as pilot:
        await app.push_screen(Panel("It did not work", FACTS * 5, is_error=True))
        await pilot.pause()
        assert lines(app)[-2] == "esc close   y copy   j k scroll"
