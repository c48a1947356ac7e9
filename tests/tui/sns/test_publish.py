"""Publishing: the form says who would receive it, what is agreed to reaches the topic, and nothing is sent twice."""

import pytest

from connectors.emulator.kinds import MINISTACK
from connectors.emulator.process import Emulator
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import Answering, closed, server_error
from tests.tui.conftest import AtWork
from tests.tui.person import Person
from tests.tui.sns.scene import order_events, subscribed_queue
from tui.services import SEEDS


async def opens_form(person: Person, topic: str = "order-events") -> None:
    await person.reads("title", f"Topic {topic}")
    await person.press("p")
    await person.reads("title", f"Publish to {topic}")


async def agrees(person: Person) -> str:
    await person.press("ctrl+s")
    facts = await person.is_asked("Publish this message?")
    await person.says("y")
    return facts


def receivers(person: Person) -> str:
    """What the panel below the form says."""
    found = person.app.screen.query("#receivers")
    return str(found.first().text) if found else ""  # type: ignore[attr-defined]


async def test_the_main_job_takes_at_most_twelve_keys_beside_the_text_on_the_demo(sluice: AtWork) -> None:
    keys = 0
    async with await Emulator.start(MINISTACK, seeds=SEEDS) as emulator:
        await emulator.wait_seeded()
        async with sluice(emulator.url) as person:

            async def press(*names: str) -> None:
                nonlocal keys
                keys += len(names)
                await person.press(*names)

            await person.reads("title", "Queues 49")
            await press("2")
            await person.reads("title", "Topics 14")
            await press("slash", "o", "r", "d", "enter")
            await person.reads("title", "1 shown")
            await press("enter")
            await person.reads("title", "Topic order-events  Subscriptions 5  trouble first")
            await person.sees("▲ pending")
            await press("p")
            await person.reads("title", "Publish to order-events")
            await person.pastes('{"order_id": "ORD-104400"}')
            await press("tab")
            await person.types("type")
            await press("tab", "tab")
            await person.types("order_paid")
            for line in (
                'no: billing-invoice-created: type: "order_paid" is not "order_completed"',
                "no: 127.0.0.1: pending: not confirmed",
                "yes: shipping",
                "yes: analytics-events",
            ):
                await until(lambda line=line: line in receivers(person).splitlines(), what=line)
            assert "no: fulfilment-returns: queue policy: aws:SourceArn is …:order-events-v1" in receivers(person)
            assert keys <= 12
            assert "would receive it: 2 yes, 3 no" in await agrees(person)
            await person.is_shown("Published")
            await person.press("escape")
            await person.reads("title", "Topic order-events")
            await person.press("G", "greater_than_sign")
            await person.reads("title", "Queue shipping  1 visible")
            await person.reads("cost", "A look (p)")
            await person.press("p")
            await person.sees("ORD-104400")


async def test_what_is_agreed_to_reaches_the_topic(stub: SqsStub, sluice: AtWork) -> None:
    order_events(stub)
    async with sluice(stub.url, view="topic:order-events") as person:
        await person.sees("123456789012")
        await opens_form(person)
        await person.types('{"order": 104400}\ttype\t\torder-placed')
        await until(lambda: "yes: shipping" in receivers(person))
        facts = await agrees(person)
        assert "topic: order-events" in facts
        assert "account: 123456789012" in facts
        assert "message id: " in await person.is_shown("Published")
    [published] = stub.sns.published
    assert published["Message"] == '{"order": 104400}'
    assert published["MessageAttributes.entry.1.Name"] == "type"
    assert published["MessageAttributes.entry.1.Value.StringValue"] == "order-placed"


async def test_all_that_is_typed_reaches_a_fifo_topic(stub: SqsStub, sluice: AtWork) -> None:
    stub.sns.topic("pay.fifo", attributes={"ContentBasedDeduplication": "false"})
    async with sluice(stub.url, view="topic:pay.fifo") as person:
        await person.reads("head", "dedup by content off")
        await opens_form(person, "pay.fifo")
        await person.types("hello")
        await person.reads("state", "a FIFO topic wants a message group")
        await person.press("ctrl+s")
        assert "give a deduplication id" in await person.is_shown("This can't be published yet")
        await person.press("escape", "tab")
        await person.types("tags")
        await person.press("tab", "enter", "down", "down", "enter", "tab")
        await person.types('["a", "b"')
        await person.press("tab")
        await person.types("about\tcustomer-7\tonce-only")
        await person.reads("state", 'write the array as JSON, like ["a", "b"]')
        await person.press("shift+tab", "shift+tab", "shift+tab")
        await person.press("end")
        await person.types("]")
        await person.reads("title", "31 of 262,144 bytes")
        await agrees(person)
        await person.is_shown("Published")
    [published] = stub.sns.published
    assert {name: published[name] for name in ("Subject", "MessageGroupId", "MessageDeduplicationId")} == {
        "Subject": "about",
        "MessageGroupId": "customer-7",
        "MessageDeduplicationId": "once-only",
    }
    assert published["MessageAttributes.entry.1.Value.DataType"] == "String.Array"


@pytest.mark.parametrize("answering", [closed(), server_error(500)], ids=["hang-up", "HTTP 500"])
async def test_without_an_answer_the_outcome_is_unknown_and_it_is_published_only_once(
    stub: SqsStub, sluice: AtWork, answering: Answering
) -> None:
    order_events(stub)
    stub.on("Publish", answering, acting=True)
    async with sluice(stub.url, view="topic:order-events") as person:
        await opens_form(person)
        await person.types("hello")
        await agrees(person)
        await until(lambda: "unknown" in person.facts)
        await person.press("escape")
        await person.sees("Publish to order-events", "hello")
        assert len(stub.sent("Publish")) == 1


async def test_read_only_refuses_the_form_and_still_explains(stub: SqsStub, sluice: AtWork) -> None:
    order_events(stub)
    async with sluice(stub.url, view="topics", read_only=True) as person:
        await person.reads("title", "trouble first")
        assert "Publish" not in person.line("hints")
        await person.press("g", "p")
        await person.reads("hints", "this context is read-only")
        await person.press("e")
        await person.reads("title", "Test message for order-events")
        await person.types("{}\ttype\t\torder-paid")
        await until(lambda: "yes: shipping" in receivers(person))
        await person.press("ctrl+s", "f10")
        await person.press("escape")
        await person.reads("title", "Topic order-events")
    assert stub.sent("Publish") == []


async def test_what_was_written_is_kept_for_the_topic_and_quitting_asks(stub: SqsStub, sluice: AtWork) -> None:
    order_events(stub)
    async with sluice(stub.url, view="topic:order-events") as person:
        await opens_form(person)
        await person.types("half a thought")
        await person.press("escape")
        await person.reads("hints", "kept for this topic")
        await person.press("e")
        await person.sees("Test message for", "half a thought")
        await person.press("escape", "p")
        await person.sees("Publish to", "half a thought")
        await person.types("!")
        await person.press("ctrl+q")
        await person.is_asked("Quit")
        assert "a message to order-events is written and not sent" in person.facts
        await person.says("n")


async def test_what_was_not_read_is_never_a_yes_and_news_reach_the_form(stub: SqsStub, sluice: AtWork) -> None:
    topic = stub.sns.topic("orders")
    subscribed_queue(stub, topic, "audit")
    held = stub.hold("GetSubscriptionAttributes")
    async with sluice(stub.url, view="topic:orders") as person:
        await opens_form(person, "orders")
        await person.types("hello")
        await until(lambda: "can't tell: audit: filter policy: not read yet" in receivers(person))
        held.release()
        await until(lambda: receivers(person) == "yes: audit")
