"""One queue: its facts with units, redrive both ways, tags, and what happens when a part of it can't be read."""

import pytest

from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import Reply, denied, error, web_page
from tests.tui.conftest import AtWork


async def test_the_settings_stand_with_their_units(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue(
        "orders",
        visible=1500,
        in_flight=2,
        attributes={
            "VisibilityTimeout": "7200",
            "MessageRetentionPeriod": "1209600",
            "DelaySeconds": "45",
            "MaximumMessageSize": "262144",
            "KmsMasterKeyId": "alias/orders",
        },
        tags={"team": "checkout", "env": "prod"},
    )
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("title", "1,500 visible  2 in flight  0 delayed")
        await until(lambda: "env=prod" in person.facts)
        assert "visibility timeout: 7,200 s (2 h)" in person.facts
        assert "retention: 1,209,600 s (14 d)" in person.facts
        assert "delivery delay: 45 s" in person.facts
        assert "maximum size: 256 KiB (262,144 bytes)" in person.facts
        assert "encryption: KMS key alias/orders" in person.facts
        assert "tags: env=prod, team=checkout" in person.facts
        assert f"URL: {stub.url}/123456789012/orders" in person.facts


async def test_redrive_is_shown_both_ways(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", dead_letter="failed", max_receive_count="5")
    stub.queue("returns", dead_letter="failed", max_receive_count=2)
    stub.queue("failed")
    async with sluice(stub.url) as person:
        await person.reads("title", "Queues 3")
        await person.press("enter")
        await person.sees("DLQ of              orders, returns", "nowhere: no redrive policy")
        await person.press("escape", "j", "enter")
        await person.sees("dead letters to     failed, after 5 receives", "DLQ of              no queue")


async def test_a_queue_that_vanished_says_so(stub: SqsStub, sluice: AtWork) -> None:
    async with sluice(stub.url, view="queue:gone") as person:
        await person.reads("title", "reading failed: not found")
        assert "error: the queue does not exist" in person.facts
        await person.press("p")
        await person.reads("hints", "the queue is not known yet")
        assert stub.sent("ReceiveMessage") == []


async def test_the_last_good_reading_stays_when_the_next_one_fails(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", visible=41)
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("title", "41 visible")
        stub.on("GetQueueAttributes", denied("sqs:getqueueattributes"))
        await person.press("r")
        await person.reads("title", "last reading failed: permission")
        assert "41 visible" in person.line("title")
        assert "visibility timeout: 30 s" in person.facts


async def test_an_endpoint_without_tags_and_sources_loses_only_those(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", visible=41)
    stub.on("ListQueueTags", error("UnknownOperationException"))
    stub.on("ListDeadLetterSourceQueues", error("UnknownOperationException"))
    async with sluice(stub.url, view="queue:orders") as person:
        await until(lambda: "tags: – (not supported by this endpoint)" in person.facts)
        assert "DLQ of: – (not supported by this endpoint)" in person.facts
        assert "41 visible" in person.line("title")
        before = len(stub.sent("GetQueueAttributes", "orders"))
        await person.press("question_mark", "escape")
        await until(lambda: len(stub.sent("GetQueueAttributes", "orders")) > before)
        await until(lambda: person.nothing_is_under_way)
        assert len(stub.sent("ListQueueTags")) == 1
        stub.heal()
        await person.press("r")
        await until(lambda: "tags: none" in person.facts)


NO_SOURCES = {
    "missing": error("UnknownOperationException"),
    "moto": web_page(500, "Internal Server Error"),
    "denied": denied("sqs:listdeadlettersourcequeues"),
}


@pytest.mark.parametrize("fault", NO_SOURCES.values(), ids=NO_SOURCES)
async def test_where_the_sources_cannot_be_asked_for_the_list_says_which_of_its_queues_they_are(
    stub: SqsStub, sluice: AtWork, fault: Reply
) -> None:
    stub.queue("a-dlq")
    stub.queue("orders", dead_letter="a-dlq")
    stub.queue("returns", dead_letter="a-dlq")
    stub.queue("emails", dead_letter="another-dlq")
    stub.on("ListDeadLetterSourceQueues", fault)
    async with sluice(stub.url) as person:
        await until(lambda: "0" in person.row("returns").split())
        await person.press("enter")
        await until(lambda: "DLQ of: of the queues listed: orders, returns" in person.facts.splitlines())
        await person.press("escape", "j", "enter")
        await until(lambda: "DLQ of: of the queues listed: none" in person.facts.splitlines())


async def test_sources_of_which_only_some_were_read_are_a_partial_list_and_say_so(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("a-dlq")
    stub.queue("orders", dead_letter="a-dlq")
    stub.queue("returns", dead_letter="a-dlq")
    stub.on("ListDeadLetterSourceQueues", error("UnknownOperationException"))
    stub.on("GetQueueAttributes", denied("sqs:getqueueattributes"), queue="orders")
    async with sluice(stub.url) as person:
        await person.sees("orders  (permission)")
        await until(lambda: "0" in person.row("returns").split())
        await person.press("enter")
        await until(lambda: "DLQ of: of the queues listed: returns; 1 not read" in person.facts.splitlines())


async def test_a_wide_terminal_has_the_facts_beside_the_messages(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url, view="queue:orders", size=(140, 45)) as person:
        screen = await person.sees("visibility timeout", "No message looked at yet")
        together = [line for line in screen.splitlines() if "No message looked at yet" in line]
        assert "DLQ of" in together[0] or "dead letters to" in together[0]
