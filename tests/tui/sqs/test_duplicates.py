"""A FIFO queue drops what it takes for a duplicate and answers as if it was sent: it is warned of, and not "Sent"."""

import json

import pytest

from tests.support.clock import ManualClock
from tests.support.moto import boto_client, fresh_name
from tests.support.stub import SqsStub
from tests.support.wire import reset
from tests.tui.conftest import AtWork
from tests.tui.person import Person

NOTHING = "nothing was added"


async def fills(person: Person, body: str = "hello", group: str = "g", deduplication: str = "once") -> None:
    await person.reads("cost", "A look (p)")
    await person.press("s")
    await person.sees("Send to ")
    await person.types(body)
    await person.press("tab")
    await person.types(group)
    await person.press("tab")
    await person.types(deduplication)


async def sends(person: Person) -> str:
    """Answers yes; gives the facts of the question."""
    await person.press("ctrl+s")
    facts = await person.is_asked("Send this message?")
    await person.says("y")
    return facts


async def sends_first(person: Person, **fields: str) -> str:
    """Gives the message's id."""
    await fills(person, **fields)
    assert "duplicate" not in await sends(person)
    facts = await person.is_shown("Sent")
    await person.press("escape")
    return next(line.removeprefix("message id: ") for line in facts.splitlines() if line.startswith("message id"))


async def test_the_second_send_of_a_deduplication_id_is_warned_of_and_told_as_nothing_added(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    pay = stub.queue("pay.fifo")
    async with sluice(stub.url, view="queue:pay.fifo", clock=clock) as person:
        first = await sends_first(person)
        clock.jump(12)
        await fills(person, body="other words")
        facts = await sends(person)
        assert f"s ago ({first}): SQS will add nothing" in facts
        told = await person.is_shown("Nothing was added")
        assert f"taken for a duplicate of {first}, sent 1" in told
        assert NOTHING in told
        await person.press("escape")
        await person.sees("Send to pay.fifo", "other words")  # the draft is not lost
        assert len(pay.messages) == 1
        record = [json.loads(line) for line in person.app.audit.path.read_text().splitlines()][-1]
        assert record["confirmed"] == 0


async def test_the_same_body_is_a_duplicate_where_the_queue_makes_the_id_of_it(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("pay.fifo", attributes={"ContentBasedDeduplication": "true"})
    async with sluice(stub.url, view="queue:pay.fifo") as person:
        first = await sends_first(person, deduplication="")
        await fills(person, deduplication="")
        assert "SQS will add nothing" in await sends(person)
        assert f"taken for a duplicate of {first}" in await person.is_shown("Nothing was added")


async def test_in_a_queue_that_deduplicates_by_group_another_group_is_no_duplicate(
    stub: SqsStub, sluice: AtWork
) -> None:
    pay = stub.queue("pay.fifo", attributes={"DeduplicationScope": "messageGroup"})
    async with sluice(stub.url, view="queue:pay.fifo") as person:
        await sends_first(person, group="g")
        await sends_first(person, group="h")
        assert len(pay.messages) == 2
        await fills(person, group="g")
        assert "SQS will add nothing" in await sends(person)
        await person.is_shown("Nothing was added")


async def test_after_five_minutes_it_is_no_duplicate_any_more(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    pay = stub.queue("pay.fifo")
    async with sluice(stub.url, view="queue:pay.fifo", clock=clock) as person:
        await sends_first(person)
        clock.jump(301)
        pay.deduplication.clear()
        await sends_first(person)
        assert len(pay.messages) == 2


async def test_what_is_sent_again_after_no_answer_is_warned_of_as_safe(stub: SqsStub, sluice: AtWork) -> None:
    pay = stub.queue("pay.fifo")
    async with sluice(stub.url, view="queue:pay.fifo") as person:
        stub.on("SendMessage", reset(), acting=True, times=1)
        await fills(person)
        await sends(person)
        await person.sees("look before you do it again")
        await person.press("escape")
        assert "without an answer: if that came, nothing is added" in await sends(person)
        await person.is_shown("Sent")
        assert len(pay.messages) == 1


async def test_an_endpoint_that_answers_with_a_new_id_is_not_believed(moto_url: str, sluice: AtWork) -> None:
    sqs, name = boto_client(moto_url), fresh_name("pay") + ".fifo"
    url = sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true"})["QueueUrl"]
    async with sluice(moto_url, view=f"queue:{name}") as person:
        first = await sends_first(person)
        await fills(person)
        await sends(person)
        told = await person.is_shown("Sent, maybe for nothing")
        assert f"it has the deduplication id of {first}" in told
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        assert attributes["ApproximateNumberOfMessages"] == "1"


@pytest.mark.parametrize("deduplication", ["", "once"])
async def test_a_standard_queue_knows_no_duplicates(stub: SqsStub, sluice: AtWork, deduplication: str) -> None:
    orders = stub.queue("orders")
    async with sluice(stub.url, view="queue:orders") as person:
        await sends_first(person, group="", deduplication=deduplication)
        await sends_first(person, group="", deduplication=deduplication)
        assert len(orders.messages) == 2
