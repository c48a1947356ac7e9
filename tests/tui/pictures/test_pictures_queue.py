"""Pictures of one queue, its messages, and the questions before something is done to them."""

import pytest

from tests.support.stub import SqsStub
from tests.support.wire import denied
from tests.tui.person import Person
from tests.tui.pictures.conftest import LONG_NAME, LooksAsBefore
from tests.tui.pictures.scenes import (
    SMALL,
    both_sizes,
    is_asked_before_a_look,
    looks_into_the_dlq,
    opens_a_message,
    opens_the_dlq,
)

pytestmark = pytest.mark.usefixtures("shop")
DLQ = "queue:orders-dlq"
TINY = (40, 10)
any_size = pytest.mark.parametrize("size", [SMALL, TINY], ids=["80x24", "40x10"])


@both_sizes
def test_queue(looks_as_before: LooksAsBefore, size: tuple[int, int]) -> None:
    assert looks_as_before(looks_into_the_dlq, size=size, view=DLQ)


def test_queue_before_a_look(looks_as_before: LooksAsBefore) -> None:
    assert looks_as_before(opens_the_dlq, view=DLQ)


def test_fifo_queue(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await person.reads("bar", "123456789012")
        await person.reads("cost", "Groups wait")
        await person.sees("no queue")

    assert looks_as_before(act, view="queue:payments.fifo")


@any_size
def test_question_before_a_look(looks_as_before: LooksAsBefore, size: tuple[int, int]) -> None:
    assert looks_as_before(is_asked_before_a_look, size=size, view=DLQ)


@both_sizes
def test_question_before_a_walk(looks_as_before: LooksAsBefore, size: tuple[int, int]) -> None:
    async def act(person: Person) -> None:
        await looks_into_the_dlq(person)
        await person.press("p")
        await person.is_asked("Walk through orders-dlq?")

    assert looks_as_before(act, size=size, view=DLQ)


@any_size
def test_question_before_a_purge(looks_as_before: LooksAsBefore, size: tuple[int, int]) -> None:
    async def act(person: Person) -> None:
        await opens_the_dlq(person)
        await person.press("P")
        await person.is_asked("Purge this queue?")

    assert looks_as_before(act, size=size, view=DLQ)


def test_a_wrong_name_for_the_purge(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await opens_the_dlq(person)
        await person.press("P")
        await person.is_asked("Purge this queue?")
        await person.press(*"orders", "enter")
        await person.sees("the name is not the same")

    assert looks_as_before(act, view=DLQ)


def test_question_before_a_delete(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await looks_into_the_dlq(person)
        await person.press("space", "d")
        await person.is_asked("Delete messages?")

    assert looks_as_before(act, view=DLQ)


def test_question_before_the_end(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await looks_into_the_dlq(person)
        await person.press("ctrl+q")
        await person.is_asked("Quit?")

    assert looks_as_before(act, view=DLQ)


@both_sizes
def test_error_panel(looks_as_before: LooksAsBefore, shop: SqsStub, size: tuple[int, int]) -> None:
    shop.on("ReceiveMessage", denied("sqs:receivemessage"))

    async def act(person: Person) -> None:
        await is_asked_before_a_look(person)
        await person.says("y")
        await person.is_shown("It did not work")

    assert looks_as_before(act, size=size, view=DLQ)


def test_a_change_refused_in_a_read_only_context(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await opens_the_dlq(person)
        await person.press("P")
        await person.reads("hints", "read-only")

    assert looks_as_before(act, view=DLQ, read_only=True)


@both_sizes
def test_message(looks_as_before: LooksAsBefore, size: tuple[int, int]) -> None:
    assert looks_as_before(opens_a_message, size=size, view=DLQ)


@both_sizes
def test_message_on_its_last_receive_in_16_colours(looks_as_before: LooksAsBefore, size: tuple[int, int]) -> None:
    async def act(person: Person) -> None:
        await looks_into_the_dlq(person)
        await person.press("G", "enter")
        await person.sees("ORD-104402", "5 of 5 LAST")

    assert looks_as_before(act, size=size, view=DLQ, environ={"TERM": "screen"})


def test_message_as_it_is(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await opens_a_message(person)
        await person.press("v")
        await person.sees("raw")

    assert looks_as_before(act, view=DLQ)


def test_attributes_of_a_message(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await opens_a_message(person)
        await person.press("a")
        await person.sees("89 50 4e 47")

    assert looks_as_before(act, view=DLQ)


def test_search_in_a_message(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await opens_a_message(person)
        await person.press("slash", *"er", "enter")
        await person.sees("1 of")

    assert looks_as_before(act, view=DLQ)


def test_question_before_a_purge_of_a_long_name_on_a_tiny_screen(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await person.reads("bar", "123456789012")
        await person.reads("cost", "A look (p)")
        await person.press("P")
        await person.is_asked("Purge this queue?")

    assert looks_as_before(act, size=TINY, view=f"queue:{LONG_NAME}")
