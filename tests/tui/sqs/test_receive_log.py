"""What sluice received itself in this run: of a message, of a queue, and what became of the leases."""

from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.tui.conftest import AtWork
from tests.tui.person import Person


async def looks(person: Person, held: int = 1) -> None:
    await person.reads("cost", "A look (p)")
    await person.press("p")
    await person.reads("cost", f"{held} held")


async def test_a_message_names_each_receive_of_this_run_and_the_rest_of_its_count(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    orders = stub.queue("orders", messages=["first"])
    orders.messages[0].receive_count = 2
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await clock.advance(12)
        await looks(person)
        await person.press("escape")
        await person.reads("hints", "1 message given back")
        await clock.advance(60)
        await person.press("colon")
        await person.types("queue:orders")
        await person.press("enter")
        await looks(person)
        await person.press("i")
        facts = await person.is_shown("Receives of this message")
        assert "by sluice: 2 times in this run" in facts
        assert "03:00:12: count 3, given back" in facts
        assert "03:01:12: count 4, held until 03:01:42" in facts
        assert "others: 2 times: by other consumers, or before this run" in facts
        assert "the queue: receives: 2 by sluice in this run, of 1 message" in facts
        await person.press("escape", "enter", "a")
        await person.sees("2 times in this run: 03:00:12 (count 3, given back)")
        await person.press("i")
        await person.is_shown("Receives of this message")


async def test_the_queue_says_how_much_of_its_traffic_was_sluice(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["first", "second"])
    async with sluice(stub.url, view="queue:orders") as person:
        await person.sees("none by sluice in this run")
        await looks(person, 2)
        await person.press("z", "z")
        await person.sees("2 by sluice in this run, of 2 messages")


async def test_what_was_given_back_from_elsewhere_is_seen_on_the_message(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["first"])
    async with sluice(stub.url, view="queue:orders", size=(140, 45)) as person:
        await looks(person)
        await person.press("enter")
        await person.sees("once in this run: ", "(count 1, held")
        await person.press("H")
        await person.reads("title", "lease ended: peek again to delete")
        await person.sees("(count 1, given")
        await person.press("d")
        assert "the lease of what you chose has ended" in await person.is_shown("Refused")
        assert stub.sent("DeleteMessageBatch") == []


async def test_the_ledger_outlives_a_switch_of_the_context_and_knows_places_apart(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders", messages=["first"])
    with SqsStub() as other:
        other.queue("orders", messages=["another"])
        async with sluice(stub.url, view="queue:orders") as person:
            await looks(person)
            for url, said in ((other.url, "none by sluice in this run"), (stub.url, "1 by sluice in this run")):
                await person.press("c", "tab", "tab", "tab", "ctrl+u")
                await person.types(url)
                await person.press("enter")
                await person.sees("Queue orders", said)


async def test_without_a_message_it_says_where_the_identity_is(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("bar", "123456789012")
        await person.press("i")
        await person.reads("hints", "no message is under the cursor")
        await person.press("I")
        await person.is_shown("Who am I")
