"""Purging asks for the queue's name, remembers the cooldown, and never says "done"."""

import pytest

from tests.support.clock import ManualClock
from tests.support.moto import boto_client, fresh_name
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import error
from tests.tui.conftest import AtWork


async def test_the_right_name_starts_a_purge(moto_url: str, sluice: AtWork) -> None:
    sqs, name = boto_client(moto_url), fresh_name("orders")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    for number in range(3):
        sqs.send_message(QueueUrl=url, MessageBody=f"{number}")
    async with sluice(moto_url, view=f"queue:{name}") as person:
        await person.reads("title", "3 visible")
        await person.press("P")
        facts = await person.is_asked("Purge this queue?")
        assert "about 3 visible, 0 in flight, 0 delayed" in facts
        assert f"queue: {name}" in facts
        assert "those that arrive while the purge runs" in facts
        assert "This can't be undone." in person.screen
        await person.types(name)
        await person.says("enter")
        await person.reads("hints", "purge started")
        await person.reads("title", "0 visible")
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        assert answer["Attributes"]["ApproximateNumberOfMessages"] == "0"


async def test_a_purge_takes_the_messages_looked_at_along(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["first", "second"])
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.reads("cost", "2 held")
        await person.press("P")
        await person.is_asked("Purge this queue?")
        await person.types("orders")
        await person.says("enter")
        await person.no_longer_sees("second")
        await person.reads("cost", "A look (p)")
        await person.press("escape")
        await person.reads("title", "Queues")
        await until(lambda: person.nothing_is_under_way)
        assert stub.sent("ChangeMessageVisibilityBatch") == []


@pytest.mark.parametrize("typed", ["", "order", "Orders", "orders-dlq", "y"])
async def test_another_name_does_nothing(stub: SqsStub, sluice: AtWork, typed: str) -> None:
    stub.queue("orders", messages=["one"])
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("title", "1 visible")
        await person.press("P")
        await person.is_asked("Purge this queue?")
        await person.types(typed)
        await person.press("enter")
        await person.sees("the name is not the same")
        await person.says("escape")
        await until(lambda: person.nothing_is_under_way)
        assert stub.sent("PurgeQueue") == []


async def test_a_name_and_enter_that_were_typed_before_the_dialog_listens_do_nothing(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders", messages=["one"])
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("title", "1 visible")
        await person.press("P")
        await person.types("orders")
        await person.press("enter")
        await person.is_asked("Purge this queue?")
        await person.press("enter")
        await person.sees("Purge this queue?")
        assert stub.sent("PurgeQueue") == []


async def test_a_second_purge_within_a_minute_is_refused_with_the_seconds_left(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", messages=["one"])
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await person.reads("title", "1 visible")
        await person.press("P")
        await person.is_asked("Purge this queue?")
        await person.types("orders")
        await person.says("enter")
        await person.reads("title", "purge started, again in 60 s")
        await clock.advance(18)
        await person.reads("title", "purge started, again in 42 s")
        await person.press("P")
        await person.reads("hints", "purged less than 60 s ago: again in 42 s")
        await person.press("escape")
        await person.reads("title", "Queues")
        await person.press("colon")
        await person.types("queue:orders")
        await person.press("enter")
        await person.reads("title", "purge started, again in 42 s")
        await person.press("P")
        await person.reads("hints", "purged less than 60 s ago: again in 42 s")
        assert len(stub.sent("PurgeQueue")) == 1
        await clock.advance(42)
        await person.press("P")
        await person.is_asked("Purge this queue?")
        await person.says("escape")


async def test_a_purge_that_somebody_else_started_starts_the_cooldown_here(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one"])
    stub.on("PurgeQueue", error("PurgeQueueInProgress", "Only one PurgeQueue operation is allowed", 403))
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("title", "1 visible")
        await person.press("P")
        await person.is_asked("Purge this queue?")
        await person.types("orders")
        await person.says("enter")
        assert "a purge was started within the last 60 s" in await person.is_shown("It did not work")
        await person.press("escape", "P")
        await person.reads("hints", "purged less than 60 s ago")
        assert len(stub.sent("PurgeQueue")) == 1


async def test_a_purge_from_the_list_takes_the_queue_that_was_under_the_cursor(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("aaa", messages=["one"])
    stub.queue("bbb", messages=["two"])
    async with sluice(stub.url) as person:
        await person.reads("title", "Queues 2")
        await person.press("j", "P")
        assert "queue: bbb" in await person.is_asked("Purge this queue?")
        await person.types("bbb")
        await person.says("enter")
        await until(lambda: stub.sent("PurgeQueue"))
        assert [request.queue for request in stub.sent("PurgeQueue")] == ["bbb"]
        assert len(stub.model.queues["aaa"].messages) == 1
