"""A question that asks for a number: what is typed, what it means, and when a yes counts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Static

from tests.support.waiting import until
from widgets.dialog import Question
from widgets.facts import Fact
from widgets.line import Line
from widgets.number import NumberField

FIELD = NumberField("visibility timeout in seconds", 30, 0, 43_200, lambda number: f"hidden for {number} s")


class Asking(App[None]):
    def __init__(self, must_type: str | None = None) -> None:
        super().__init__()
        self.question = Question("How long?", [Fact("queue", "orders")], yes="set", number=FIELD, must_type=must_type)
        self.answers: list[bool | None] = []

    def asks(self) -> None:
        self.push_screen(self.question, self.answers.append)


@asynccontextmanager
async def asked(must_type: str | None = None) -> AsyncIterator[tuple[Asking, Pilot[None]]]:
    app = Asking(must_type)
    async with app.run_test(size=(80, 24)) as pilot:
        app.asks()
        await until(lambda: app.question.armed)
        yield app, pilot


def meaning(app: Asking) -> str:
    return str(app.question.query_one("#dialog-meaning", Static).render())


async def test_the_number_that_stands_there_goes_with_a_yes() -> None:
    async with asked() as (app, pilot):
        assert meaning(app) == "hidden for 30 s"
        await pilot.press("y")
        assert (app.answers, app.question.chosen) == ([True], 30)


async def test_what_is_typed_takes_the_place_of_what_stood_there_and_its_meaning_follows() -> None:
    async with asked() as (app, pilot):
        await pilot.press(*"43200")
        await until(lambda: meaning(app) == "hidden for 43200 s")
        await pilot.press("y")
        assert (app.answers, app.question.chosen) == ([True], 43_200)


@pytest.mark.parametrize("typed", ["43201", "99999"])
async def test_a_number_out_of_bounds_is_no_answer_and_is_named(typed: str) -> None:
    async with asked() as (app, pilot):
        await pilot.press(*typed, "y")
        assert app.answers == []
        assert "a number from 0 to 43,200, please" in str(app.question.query_one("#dialog-keys", Line).text)
        assert meaning(app) == "not a number from 0 to 43,200"
        await pilot.press("backspace", "y")
        assert app.question.chosen == int(typed[:-1])


async def test_no_number_is_no_answer() -> None:
    async with asked() as (app, pilot):
        await pilot.press("backspace", "y")
        assert app.answers == []
        await pilot.press("0", "y")
        assert (app.answers, app.question.chosen) == ([True], 0)


async def test_letters_do_not_reach_the_field_and_enter_answers_nothing() -> None:
    async with asked() as (app, pilot):
        await pilot.press("5", "x", "minus", "full_stop", "٣", "enter")
        assert app.answers == []
        assert meaning(app) == "hidden for 5 s"
        await pilot.press("n")
        assert (app.answers, app.question.chosen) == ([False], None)


async def test_escape_leaves_without_a_number() -> None:
    async with asked() as (app, pilot):
        await pilot.press("7", "escape")
        assert (app.answers, app.question.chosen) == ([False], None)


async def test_what_was_typed_before_it_listens_neither_answers_nor_stays() -> None:
    app = Asking()
    async with app.run_test(size=(80, 24)) as pilot:
        app.asks()
        assert app._driver is not None
        for key in "99y":  # at once: a key press of the pilot may take longer than a question waits
            app._driver.send_message(Key(key, key))
        await until(lambda: app.question.armed)
        assert app.answers == []
        assert meaning(app) == "hidden for 30 s"
        await pilot.press("6", "0", "y")
        assert app.question.chosen == 60


async def test_with_a_name_to_type_both_are_needed() -> None:
    async with asked("orders") as (app, pilot):
        await pilot.press("shift+tab", *"99999", "tab", *"orders", "enter")
        assert app.answers == []
        await pilot.press("shift+tab", "ctrl+u", *"60", "tab", "enter")
        assert (app.answers, app.question.chosen) == ([True], 60)


async def test_the_meaning_is_asked_anew_while_time_passes() -> None:
    moments = iter(range(100))
    field = NumberField("seconds", 1, 0, 9, lambda number: f"at {next(moments)}")
    app = Asking()
    app.question = Question("How long?", [], yes="set", number=field)
    async with app.run_test():
        app.asks()
        await until(lambda: app.question.is_mounted)
        first = meaning(app)
        await until(lambda: meaning(app) != first)
        await asyncio.sleep(0)
