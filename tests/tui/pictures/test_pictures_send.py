"""Pictures of the form for a new message."""

import pytest

from tests.tui.person import Person
from tests.tui.pictures.conftest import LooksAsBefore
from tests.tui.pictures.scenes import both_sizes

pytestmark = pytest.mark.usefixtures("shop")


async def opens_the_form(person: Person) -> None:
    await person.reads("bar", "123456789012")
    await person.reads("cost", "A look (p)")
    await person.press("s")
    await person.reads("title", "Send to")


async def writes_a_message(person: Person) -> None:
    await opens_the_form(person)
    await person.types('{"order_id":"ORD-104400"}')
    await person.press("tab", "tab", "tab", "tab", *"error", "tab", "tab", *"PaymentTimeout", "ctrl+n")
    await person.reads("title", "50 of")


def test_form(looks_as_before: LooksAsBefore) -> None:
    assert looks_as_before(opens_the_form, view="queue:orders")


@both_sizes
def test_form_with_a_message(looks_as_before: LooksAsBefore, size: tuple[int, int]) -> None:
    assert looks_as_before(writes_a_message, size=size, view="queue:orders")


def test_form_of_a_fifo_queue_with_a_fault(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await opens_the_form(person)
        await person.types("one")
        await person.reads("state", "group")

    assert looks_as_before(act, view="queue:payments.fifo")


def test_what_cannot_be_sent(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await opens_the_form(person)
        await person.types("one")
        await person.press("ctrl+s")
        await person.is_shown("This can't be sent yet")

    assert looks_as_before(act, view="queue:payments.fifo")


def test_question_before_a_send(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await writes_a_message(person)
        await person.press("ctrl+s")
        await person.is_asked("Send this message?")

    assert looks_as_before(act, view="queue:orders")


def test_question_before_a_draft_is_lost(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await writes_a_message(person)
        await person.press("escape")
        await person.is_asked("Leave the message unsent?")

    assert looks_as_before(act, view="queue:orders")


def test_question_before_a_switch_of_the_context_loses_a_draft(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await opens_the_form(person)
        await person.types("half a thought")
        await person.press("tab", "tab", "tab", "tab", "tab", "c")  # on the list of types, which takes no letters
        await person.sees("Contexts")
        await person.press("ctrl+s")
        await person.is_asked("Switch the context?")

    assert looks_as_before(act, view="queue:orders")
