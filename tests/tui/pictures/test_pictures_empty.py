"""Pictures of screens with nothing on them: each says why."""

from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.tui.person import Person
from tests.tui.pictures.conftest import LooksAsBefore


def test_no_queues(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await person.reads("bar", "123456789012")
        await person.sees("There are no queues in us-east-1")
        await person.press("question_mark", "escape")
        await person.reads("hints", "2 calls/min")

    assert looks_as_before(act)


def test_a_queue_that_is_not_there(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await person.reads("bar", "123456789012")
        await person.reads("title", "reading failed")

    assert looks_as_before(act, view="queue:orders")


def test_a_look_that_brought_nothing(looks_as_before: LooksAsBefore, stub: SqsStub) -> None:
    stub.queue("orders")

    async def act(person: Person) -> None:
        await person.reads("bar", "123456789012")
        await person.reads("cost", "A look (p)")
        await until(lambda: "DLQ of: no queue" in person.facts)
        await person.press("p")
        await person.sees("The look brought no message")

    assert looks_as_before(act, view="queue:orders")


def test_nothing_looked_at_yet(looks_as_before: LooksAsBefore, stub: SqsStub) -> None:
    stub.queue("orders")

    async def act(person: Person) -> None:
        await person.reads("bar", "123456789012")
        await person.reads("cost", "A look (p)")
        await until(lambda: "DLQ of: no queue" in person.facts)

    assert looks_as_before(act, view="queue:orders")
