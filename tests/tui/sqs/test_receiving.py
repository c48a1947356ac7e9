"""Looking at messages: what it costs, when it is asked, and what the list says about each message."""

import json

import pytest

from tests.support.clock import ManualClock
from tests.support.moto import boto_client, fresh_name
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import denied
from tests.tui.conftest import AtWork
from tests.tui.person import Person

COST = "adds 1 to the receive count of up to 10 messages"


async def test_the_cost_stands_there_before_anybody_looks(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one"], dead_letter="orders-dlq", max_receive_count=5)
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p) adds 1 receive to each message; after 5 they go to orders-dlq.")
        assert "No message looked at yet. p looks at up to 10." in person.screen
        assert stub.sent("ReceiveMessage") == []


async def test_the_first_look_on_a_queue_with_a_redrive_policy_asks(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["body one"], dead_letter="orders-dlq", max_receive_count=5)
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "after 5 they go")
        await person.press("p")
        facts = await person.is_asked("Look into orders?")
        assert COST in facts
        assert "after 5 receives a message goes to orders-dlq" in facts
        assert "hidden from their consumers until you leave" in facts
        await person.says("n")
        assert stub.sent("ReceiveMessage") == []
        await person.press("p")
        await person.is_asked("Look into orders?")
        await person.says("y")
        await person.sees("1/5", "body one")


@pytest.mark.parametrize("opened", ["by its name", "from the list"])
async def test_a_look_asked_for_before_the_queue_is_read_follows_with_its_question(
    stub: SqsStub, sluice: AtWork, opened: str
) -> None:
    stub.queue("orders", messages=["body one"], dead_letter="orders-dlq", max_receive_count=5)
    if opened == "by its name":
        reading = stub.hold("GetQueueUrl")
    async with sluice(stub.url, view="queues" if opened == "from the list" else "queue:orders") as person:
        if opened == "from the list":
            await until(lambda: person.row("orders"))
            reading = stub.hold("GetQueueAttributes")
            await person.press("enter")
        await person.reads("title", "reading…")
        await person.press("p")
        await person.sees("The queue is being read; the look follows.")
        reading.release()
        assert "after 5 receives a message goes to orders-dlq" in await person.is_asked("Look into orders?")
        await person.says("y")
        await person.sees("1/5", "body one")


async def test_a_number_of_messages_asked_for_before_the_queue_is_read_is_remembered(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders", messages=["body one"])
    reading = stub.hold("GetQueueUrl")
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("title", "reading…")
        await person.types(":peek 30")
        await person.press("enter")
        await person.sees("the look follows")
        reading.release()
        await person.is_asked("Walk through orders?")
        await person.sees("│ 30 ")


@pytest.mark.parametrize("keys", [("escape",), ("question_mark", "escape"), ("slash",), ("colon", "escape")])
async def test_whoever_does_something_else_before_the_queue_is_read_does_not_look(
    stub: SqsStub, sluice: AtWork, keys: tuple[str, ...]
) -> None:
    stub.queue("orders", messages=["body one"])
    reading = stub.hold("GetQueueUrl")
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("title", "reading…")
        await person.press("p")
        await person.sees("the look follows")
        await person.press(*keys)
        await person.no_longer_sees("the look follows")
        reading.release()
        await person.sees("1 visible" if keys != ("escape",) else "Queues 1")
        await until(lambda: person.nothing_is_under_way)
        await person.pilot.pause()
        assert stub.sent("ReceiveMessage") == []


@pytest.mark.parametrize(("key", "then"), [("s", "Send to orders"), ("P", "Purge this queue?")])
async def test_a_change_asked_for_before_the_queue_is_known_follows_with_its_form_or_question(
    stub: SqsStub, sluice: AtWork, key: str, then: str
) -> None:
    stub.queue("orders", messages=["body one"])
    reading = stub.hold("GetQueueUrl")
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("title", "reading…")
        await person.press(key)
        await person.sees("The queue is being read; what you asked for follows.")
        reading.release()
        await person.sees(then)
        assert stub.sent("SendMessage") == stub.sent("PurgeQueue") == []


async def test_where_the_queue_cannot_be_read_a_look_asked_for_before_is_said_not_to_be_done(
    stub: SqsStub, sluice: AtWork
) -> None:
    reading = stub.hold("GetQueueUrl")
    async with sluice(stub.url, view="queue:gone") as person:
        await person.reads("title", "reading…")
        await person.press("p")
        await person.sees("the look follows")
        reading.release()
        await person.reads("hints", "the queue could not be read, so nothing else was done")
        assert stub.sent("ReceiveMessage") == []


async def test_whoever_agreed_to_the_cost_is_not_asked_again_on_that_queue(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=["body one"], dead_letter="orders-dlq", max_receive_count=5)
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "after 5 they go")
        await person.press("p")
        await person.is_asked("Look into orders?")
        await person.says("y")
        await person.reads("cost", "1 held")
        await person.press("escape")
        await until(lambda: not orders.messages[0].in_flight)
        await until(lambda: person.row("orders"))
        await person.press("enter", "p")
        await person.sees("2/5", "body one")


async def test_a_queue_without_redrive_policy_is_looked_into_without_a_question(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["body one"])
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "no redrive policy")
        await person.press("p")
        await person.sees("body one")
        [look] = stub.sent("ReceiveMessage")
        assert look.params["MaxNumberOfMessages"] == 10
        assert look.params["VisibilityTimeout"] == 30
        assert look.params["MessageSystemAttributeNames"] == ["All"]
        assert look.params["MessageAttributeNames"] == ["All"]


async def test_a_look_is_counted_in_flight_without_waiting_for_the_next_refresh(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one"])
    async with sluice(stub.url, view="queue:orders", clock=ManualClock()) as person:
        await person.reads("title", "1 visible  0 in flight")
        await person.press("p")
        await person.reads("title", "0 visible  1 in flight")


async def test_a_small_limit_asks_each_time_and_says_that_it_may_be_the_last_look(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders", messages=["one"], dead_letter="orders-dlq", max_receive_count=3)
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "after 3 they go")
        for question in ("Look into orders?", "Walk through orders?"):
            await person.press("p")
            assert "the limit of 3 is small" in await person.is_asked(question)
            before = len(stub.sent("ReceiveMessage"))
            await person.says("y")
            await until(lambda before=before: len(stub.sent("ReceiveMessage")) > before)  # type: ignore[misc]
            await person.reads("cost", "1 held")


async def test_in_a_read_only_context_every_look_asks(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["body one"])
    async with sluice(stub.url, view="queue:orders", read_only=True) as person:
        await person.reads("cost", "no redrive policy")
        for question in ("Look into orders?", "Walk through orders?"):
            await person.press("p")
            assert "a look changes receive counts" in await person.is_asked(question)
            before = len(stub.sent("ReceiveMessage"))
            await person.says("y")
            await until(lambda before=before: len(stub.sent("ReceiveMessage")) > before)  # type: ignore[misc]
            await person.reads("cost", "1 held")


async def test_where_the_redrive_policy_is_unknown_it_asks(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one"])
    stub.on("GetQueueAttributes", denied("sqs:getqueueattributes").after(0.3), queue="orders")
    async with sluice(stub.url) as person:
        await person.sees("orders")
        await person.press("enter", "p")
        assert "the redrive policy could not be read" in await person.is_asked("Look into orders?")
        await person.says("n")
        assert stub.sent("ReceiveMessage") == []


async def test_no_look_refuses_and_receives_nothing(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one"])
    async with sluice(stub.url, view="queue:orders", no_look=True) as person:
        await person.reads("title", "1 visible")
        await person.reads("cost", "Looking is switched off in this context.")
        assert "looks at up to 10" not in person.screen
        await person.press("p")
        await person.reads("hints", "peeking is switched off by --no-look")
        assert stub.sent("ReceiveMessage") == []


async def test_each_message_shows_its_receives_against_the_limit_and_the_last_one_is_marked(
    moto_url: str, sluice: AtWork
) -> None:
    sqs = boto_client(moto_url)
    name, dead = fresh_name("orders"), fresh_name("dead")
    dead_arn = sqs.get_queue_attributes(
        QueueUrl=sqs.create_queue(QueueName=dead)["QueueUrl"], AttributeNames=["QueueArn"]
    )["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 5})
    url = sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": policy})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="often seen")
    for _ in range(2):
        sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)
    async with sluice(moto_url, view=f"queue:{name}") as person:
        await person.reads("cost", f"after 5 they go to {dead}")
        await person.press("p")
        await person.is_asked(f"Look into {name}?")
        await person.says("y")
        await person.sees("3/5", "often seen")
        assert person.row("3/5")
        for shown in ("4/5", "▲ 5/5"):
            sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=_handle(person), VisibilityTimeout=0)
            await person.press("p")
            await person.is_asked(f"Walk through {name}?")
            await person.says("y")
            await person.sees(shown)
            await person.reads("cost", "1 held")


def _handle(person: Person) -> str:
    """The receipt handle that sluice holds: the consumer's side gives the message back so that it comes again."""
    return str(person.under_cursor.message.receipt_handle)


async def test_on_a_fifo_queue_it_says_that_the_groups_wait(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("pay.fifo", messages=["one"], dead_letter="pay-dlq.fifo", max_receive_count=5)
    async with sluice(stub.url, view="queue:pay.fifo") as person:
        assert (await person.reads("cost", "after 5")).endswith("Groups wait.")
        await person.press("p")
        assert "the message groups touched wait" in await person.is_asked("Look into pay.fifo?")
        await person.says("y")
        assert (await person.reads("cost", "1 held")).endswith("Consumers wait.")


async def test_a_look_that_brings_nothing_does_not_call_the_queue_empty(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", visible=12)
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("title", "12 visible")
        await person.press("p")
        await person.sees("That does not prove the queue empty")


async def test_a_look_that_fails_says_why_and_the_next_one_works(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["body one"])
    stub.on("ReceiveMessage", denied("sqs:receivemessage"), times=1)
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "no redrive policy")
        await person.press("p")
        assert "sqs:receivemessage is denied" in (await person.is_shown("It did not work")).lower()
        await person.press("escape", "p")
        await person.sees("body one")


async def test_the_lease_counts_down_and_its_end_says_peek_again(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", messages=["body one", "body two"])
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await person.reads("cost", "no redrive policy")
        await person.press("p")
        await person.reads("cost", "2 held for 30 s more; given back when you leave.")
        clock.jump(12)
        await person.reads("cost", "2 held for 18 s more")
        await person.press("enter")
        await person.reads("title", "lease 18 s")
        clock.jump(18)
        await person.reads("title", "lease ended: peek again to delete")
        await person.press("escape")
        await person.reads("cost", "No lease is held any more: look again (p) before you delete.")
        await person.press("d")
        assert "the lease of what you chose has ended" in await person.is_shown("Refused")
        assert stub.sent("DeleteMessageBatch") == []


async def test_pressing_p_many_times_looks_once_at_a_time(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["body one"])
    answers = stub.hold("ReceiveMessage")
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "no redrive policy")
        await person.types("ppppp")
        await person.sees("looking…")
        await until(lambda: stub.sent("ReceiveMessage"), what="the first look")
        answers.release()
        await person.sees("body one")
        assert len(stub.sent("ReceiveMessage")) == 1


@pytest.mark.parametrize("key", ["p", "enter"])
async def test_keys_typed_before_a_question_listens_do_not_answer_it(stub: SqsStub, sluice: AtWork, key: str) -> None:
    stub.queue("orders", messages=["one"], dead_letter="orders-dlq", max_receive_count=5)
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "after 5 they go")
        await person.types("pyyyyyyy")
        await person.is_asked("Look into orders?")
        await person.press(key)
        assert stub.sent("ReceiveMessage") == []
        await person.says("y")
        await person.sees("1/5")
