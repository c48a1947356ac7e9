"""What somebody does before a picture is drawn: each ends when the screen says all it has to say."""

import pytest

from tests.support.waiting import until
from tests.tui.person import Person
from tui.sqs.queues import QueuesScreen

SMALL, LARGE = (80, 24), (140, 45)
both_sizes = pytest.mark.parametrize(
    "size", [pytest.param(SMALL, id="80x24"), pytest.param(LARGE, id="140x45", marks=pytest.mark.thorough)]
)


async def sees_all_queues(person: Person) -> None:
    await person.reads("bar", "123456789012")
    screen = person.app.screen
    assert isinstance(screen, QueuesScreen)
    watch = (await until(lambda: screen.rows)).watch
    await until(lambda: watch.complete and all(state.known or state.error for state in watch.states.values()))
    # the calls per minute are shown every few seconds, and at once when the list comes back to the front
    await person.press("question_mark", "escape")
    assert person.app.session is not None
    await person.reads("hints", f"{person.app.session.meter.total} calls/min")


async def opens_the_dlq(person: Person) -> None:
    """With `view="queue:orders-dlq"`."""
    await person.reads("bar", "123456789012")
    await person.reads("cost", "A look (p)")
    await until(lambda: "team=checkout" in person.facts)


async def is_asked_before_a_look(person: Person) -> None:
    await opens_the_dlq(person)
    await person.press("p")
    await person.is_asked("Look into orders-dlq?")


async def looks_into_the_dlq(person: Person) -> None:
    await is_asked_before_a_look(person)
    await person.says("y")
    await person.reads("cost", "3 held for 30 s")
    await person.press("r")
    await person.reads("title", "0 visible  3 in flight")


async def opens_a_message(person: Person) -> None:
    await looks_into_the_dlq(person)
    await person.press("enter")
    await person.sees("ORD-104400", "pretty")


async def hides_all_for_ten_minutes(person: Person) -> None:
    await looks_into_the_dlq(person)
    await person.press("asterisk", "h")
    await person.is_asked("Hide for a time?")
    await person.press(*"600")
    await person.says("y")
    await person.reads("cost", "3 kept hidden until 03:10:00")
