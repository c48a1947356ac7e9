"""Pictures of messages that are held, hidden by hand or given back, and of a walk that brings more of them."""

import pytest

from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import partly_failed
from tests.tui.person import Person
from tests.tui.pictures.conftest import BODY, LooksAsBefore
from tests.tui.pictures.scenes import both_sizes, hides_all_for_ten_minutes, looks_into_the_dlq, opens_the_dlq

pytestmark = pytest.mark.usefixtures("shop")
DLQ = "queue:orders-dlq"


@both_sizes
def test_question_before_visibility_is_changed(looks_as_before: LooksAsBefore, size: tuple[int, int]) -> None:
    async def act(person: Person) -> None:
        await looks_into_the_dlq(person)
        await person.press("space", "space", "h")
        await person.is_asked("Hide for a time?")
        await person.press(*"600")
        await person.sees("Hidden from consumers until 03:10:00")

    assert looks_as_before(act, size=size, view=DLQ)


@both_sizes
def test_messages_kept_hidden(looks_as_before: LooksAsBefore, size: tuple[int, int]) -> None:
    assert looks_as_before(hides_all_for_ten_minutes, size=size, view=DLQ)


@both_sizes
def test_messages_whose_lease_has_ended(
    looks_as_before: LooksAsBefore, clock: ManualClock, size: tuple[int, int]
) -> None:
    async def act(person: Person) -> None:
        await looks_into_the_dlq(person)
        clock.jump(31)
        await person.reads("cost", "No lease is held any more")
        await until(lambda: " ".join(person.screen.split()).count(" ended 72d") == 3)

    assert looks_as_before(act, size=size, view=DLQ, clock=clock)


@both_sizes
def test_receives_of_a_message(
    looks_as_before: LooksAsBefore, shop: SqsStub, clock: ManualClock, size: tuple[int, int]
) -> None:
    for message in shop.model.queues["orders-dlq"].messages:
        message.receive_count = 2

    async def act(person: Person) -> None:
        await looks_into_the_dlq(person)
        await person.press("escape")
        await person.reads("hints", "3 messages given back")
        await person.press("r")  # the last count of the minute, for the trend
        await until(lambda: person.row("orders-dlq").startswith("orders-dlq 3 ·") and person.nothing_is_under_way)
        clock.jump(90)
        await person.press("colon", *"queue:orders-dlq", "enter")
        await opens_the_dlq(person)
        await person.press("p")
        await person.reads("cost", "3 held for 30 s")
        await person.press("i")
        await person.is_shown("Receives of this message")

    assert looks_as_before(act, size=size, view=DLQ, clock=clock)


@both_sizes
def test_a_walk_under_way(looks_as_before: LooksAsBefore, shop: SqsStub, size: tuple[int, int]) -> None:
    bodies = [BODY.format(104400 + number) for number in range(40)]
    # counts of their own: how many are in flight when they are read differs from run to run
    shop.queue("returns-dlq", messages=bodies, visible=30, in_flight=10)

    async def act(person: Person) -> None:
        await person.reads("cost", "A look (p)")
        await until(lambda: "DLQ of: no queue" in person.facts)
        await person.press("p")
        await person.reads("cost", "10 held for 30 s")
        shop.hold("ReceiveMessage", when=lambda _: len(shop.sent("ReceiveMessage")) > 2)
        await person.press("p")
        await person.is_asked("Walk through returns-dlq?")
        await person.says("y")
        await person.reads("cost", "10 of about 30 seen")
        await person.reads("hints", "esc Cancel")
        await until(lambda: person.table.model.total == 20 and "20 by sluice" in person.facts)

    assert looks_as_before(act, size=size, view="queue:returns-dlq")


def test_messages_that_were_not_released(looks_as_before: LooksAsBefore, shop: SqsStub) -> None:
    async def act(person: Person) -> None:
        await looks_into_the_dlq(person)
        shop.on("ChangeMessageVisibilityBatch", partly_failed(1))
        await person.press("H")
        await person.is_shown("Not all were released")

    assert looks_as_before(act, view=DLQ)


def test_messages_that_were_not_deleted(looks_as_before: LooksAsBefore, shop: SqsStub) -> None:
    shop.on("DeleteMessageBatch", partly_failed(1, code="InternalError", message="We failed; try again"))

    async def act(person: Person) -> None:
        await looks_into_the_dlq(person)
        await person.press("asterisk", "d")
        await person.is_asked("Delete messages?")
        await person.says("y")
        await person.is_shown("Not all were deleted")

    assert looks_as_before(act, view=DLQ)
