"""Pictures of the list of queues, and of what opens over every screen."""

import pytest

from tests.support.stub import SqsStub
from tests.support.wire import denied
from tests.tui.person import Person
from tests.tui.pictures.conftest import LooksAsBefore
from tests.tui.pictures.scenes import LARGE, both_sizes, sees_all_queues

pytestmark = pytest.mark.usefixtures("shop")


async def sees_who_it_is(person: Person) -> None:
    await sees_all_queues(person)
    await person.press("I")
    await person.is_shown("Who am I")


async def types_a_command(person: Person) -> None:
    await sees_all_queues(person)
    await person.press("colon", *"queue:orders-")
    await person.sees("queue:orders-dlq")


@both_sizes
def test_queues(looks_as_before: LooksAsBefore, size: tuple[int, int]) -> None:
    assert looks_as_before(sees_all_queues, size=size)


def test_queues_in_16_colours(looks_as_before: LooksAsBefore) -> None:
    assert looks_as_before(sees_all_queues, environ={"TERM": "screen"})


def test_queues_where_nothing_may_be_changed(looks_as_before: LooksAsBefore) -> None:
    assert looks_as_before(sees_all_queues, read_only=True, no_look=True)


def test_a_queue_that_cannot_be_read(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await sees_all_queues(person)
        await person.press("G")
        await person.reads("detail", "permission")

    assert looks_as_before(act)


def test_marked_and_sorted(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await sees_all_queues(person)
        await person.press("o", "space", "down", "space", "f")
        await person.reads("title", "2 marked")

    assert looks_as_before(act)


def test_filter(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await sees_all_queues(person)
        await person.press("slash", *"orders")
        await person.reads("title", "3 shown")

    assert looks_as_before(act)


def test_filter_without_text(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await sees_all_queues(person)
        await person.press("slash")
        await person.sees("prefix:P")

    assert looks_as_before(act)


def test_filter_without_a_match(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await sees_all_queues(person)
        await person.press("slash", *"nothing")
        await person.sees("No queue matches")

    assert looks_as_before(act)


def test_filter_that_is_no_pattern(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await sees_all_queues(person)
        await person.press("slash", *"re:[a")
        await person.reads("title", "filter:")

    assert looks_as_before(act)


def test_listing_denied(looks_as_before: LooksAsBefore, shop: SqsStub) -> None:
    shop.on("ListQueues", denied("sqs:listqueues"))

    async def act(person: Person) -> None:
        await person.reads("bar", "123456789012")
        await person.sees("the queues could not be listed")

    assert looks_as_before(act)


@both_sizes
def test_help(looks_as_before: LooksAsBefore, size: tuple[int, int]) -> None:
    async def act(person: Person) -> None:
        await sees_all_queues(person)
        await person.press("question_mark")
        await person.is_shown("Help")

    assert looks_as_before(act, size=size)


def test_identity(looks_as_before: LooksAsBefore) -> None:
    assert looks_as_before(sees_who_it_is)


def test_identity_on_a_large_screen(looks_as_before: LooksAsBefore) -> None:
    assert looks_as_before(sees_who_it_is, size=LARGE)


def test_command_line(looks_as_before: LooksAsBefore) -> None:
    assert looks_as_before(types_a_command)


def test_command_line_on_a_large_screen(looks_as_before: LooksAsBefore) -> None:
    assert looks_as_before(types_a_command, size=LARGE)


def test_command_line_without_text(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await sees_all_queues(person)
        await person.press("colon")
        await person.sees("completes")

    assert looks_as_before(act)


@both_sizes
def test_palette(looks_as_before: LooksAsBefore, size: tuple[int, int]) -> None:
    async def act(person: Person) -> None:
        await sees_all_queues(person)
        await person.press("ctrl+p")
        await person.sees("Filter", "Peek")

    assert looks_as_before(act, size=size)


def test_themes(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await sees_all_queues(person)
        await person.press("colon", *"theme", "enter")
        await person.sees("Search for themes", "catppuccin-latte", "flexoki")

    assert looks_as_before(act)
