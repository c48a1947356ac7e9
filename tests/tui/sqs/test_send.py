"""Sending: what is typed reaches the queue as it was typed, faults are named, and no answer is no success."""

import pytest
from textual import events

from tests.support.moto import boto_client, fresh_name
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import Answering, closed, reset, server_error
from tests.tui.conftest import AtWork
from tests.tui.person import Person
from widgets.dialog import Question


async def opens_form(person: Person, queue: str) -> None:
    await person.reads("cost", "A look (p)")
    await person.press("s")
    await person.sees(f"Send to {queue}")


async def fills_row(person: Person, name: str, value: str, *, downs: int = 0) -> None:
    """From the name of an attribute row to its value; `downs` steps down in the list of types."""
    await person.types(name)
    await person.press("tab")
    if downs:
        await person.press("enter", *["down"] * downs, "enter")
    await person.press("tab")
    await person.types(value)


async def sends(person: Person) -> None:
    await person.press("ctrl+s")
    await person.is_asked("Send this message?")
    await person.says("y")


async def test_body_delay_and_attributes_of_all_types_reach_the_queue(moto_url: str, sluice: AtWork) -> None:
    sqs, name = boto_client(moto_url), fresh_name("orders")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    body = '{"order": 1,\n  "note": "“ü” \\u001b"}'
    async with sluice(moto_url, view=f"queue:{name}") as person:
        await person.sees("123456789012")  # who this is was asked of STS
        await opens_form(person, name)
        await person.pastes(body)
        await person.press("tab")
        await person.types("customer-7")
        await person.press("tab", "tab", "tab")
        await fills_row(person, "tenant", "nordlicht")
        await person.press("ctrl+n")
        await fills_row(person, "attempt", "-3.5e2", downs=1)
        await person.press("ctrl+n")
        await fills_row(person, "digest", "00 ff 1b", downs=2)
        await person.press("f10")
        facts = await person.is_asked("Send this message?")
        assert "3 attributes" in facts
        assert f"queue: {name}" in facts
        assert "region: us-east-1" in facts
        assert f"endpoint: {moto_url}" in facts
        assert "account: 123456789012" in facts
        await person.says("y")
        sent = await person.is_shown("Sent")
        [received] = sqs.receive_message(
            QueueUrl=url, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"]
        )["Messages"]
        assert received["Body"] == body
        assert f"message id: {received['MessageId']}" in sent
        assert received["MessageAttributes"] == {
            "tenant": {"StringValue": "nordlicht", "DataType": "String"},
            "attempt": {"StringValue": "-3.5e2", "DataType": "Number"},
            "digest": {"BinaryValue": b"\x00\xff\x1b", "DataType": "Binary"},
        }
        await person.press("escape")
        await person.reads("title", f"Queue {name}")


async def test_the_delay_is_the_one_that_was_typed(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_form(person, "orders")
        await person.types("hello")
        await person.press("tab", "tab", "tab")
        await person.types("90")
        await sends(person)
        await person.is_shown("Sent")
        [request] = stub.sent("SendMessage")
        assert request.params["DelaySeconds"] == 90
        assert request.params["MessageBody"] == "hello"
        assert set(request.params) == {"QueueUrl", "MessageBody", "DelaySeconds"}


async def test_group_and_dedup_id_reach_a_fifo_queue_and_the_sequence_number_comes_back(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("pay.fifo")
    async with sluice(stub.url, view="queue:pay.fifo") as person:
        await opens_form(person, "pay.fifo")
        await person.types("hello")
        await person.press("tab")
        await person.types("customer-7")
        await person.press("tab")
        await person.types("once-only")
        await sends(person)
        assert "sequence number: 1887" in await person.is_shown("Sent")
        [request] = stub.sent("SendMessage")
        assert request.params["MessageGroupId"] == "customer-7"
        assert request.params["MessageDeduplicationId"] == "once-only"
        assert "DelaySeconds" not in request.params


async def test_a_fifo_queue_wants_group_and_dedup_id_and_nothing_is_sent_without(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("pay.fifo", attributes={"ContentBasedDeduplication": "false"})
    async with sluice(stub.url, view="queue:pay.fifo") as person:
        await opens_form(person, "pay.fifo")
        await person.types("hello")
        await person.reads("state", "a FIFO queue wants a message group")
        await person.press("ctrl+s")
        faults = await person.is_shown("This can't be sent yet")
        assert "a FIFO queue wants a message group" in faults
        assert "give a deduplication id" in faults
        assert stub.sent("SendMessage") == []


async def test_every_fault_is_named_at_once_and_what_was_typed_stays(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", attributes={"MaximumMessageSize": "1024"})
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_form(person, "orders")
        await person.pastes("x" * 1100)
        await person.press("tab", "tab", "tab")
        await person.types("901")
        await person.press("tab")
        await fills_row(person, "AWS.mine", "zz", downs=2)
        await person.press("ctrl+s")
        faults = await person.is_shown("This can't be sent yet")
        assert "the delay is a number of seconds from 0 to 900" in faults
        assert "'AWS.mine'" in faults
        assert "1,100 bytes" in faults or "1,114 bytes" in faults
        assert "this queue takes 1,024" in faults
        await person.press("escape")
        await person.sees("Send to orders", "AWS.mine", "901")
        assert stub.sent("SendMessage") == []


async def test_the_size_is_counted_in_bytes_against_the_queue_s_limit(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", attributes={"MaximumMessageSize": "2048"})
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_form(person, "orders")
        await person.reads("title", "0 of 2,048 bytes")
        await person.types("aü€")
        await person.reads("title", "6 of 2,048 bytes")
        await person.press("tab", "tab", "tab", "tab")
        await fills_row(person, "name", "12345")
        await person.reads("title", f"{6 + len('name' + 'String' + '12345')} of 2,048 bytes")


async def test_escape_asks_only_when_something_was_written(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_form(person, "orders")
        await person.press("escape")
        await person.reads("title", "Queue orders")
        await person.press("s")
        await person.sees("Send to orders")
        await person.types("half a thought")
        await person.press("escape")
        await person.is_asked("Leave the message unsent?")
        await person.says("n")
        await person.sees("half a thought")
        await person.press("escape")
        await person.is_asked("Leave the message unsent?")
        await person.says("y")
        await person.reads("title", "Queue orders")
        assert stub.sent("SendMessage") == []


@pytest.mark.parametrize("answering", [reset(), closed(), server_error(500)], ids=["reset", "hang-up", "HTTP 500"])
async def test_where_no_answer_comes_the_outcome_is_unknown_and_it_is_sent_only_once(
    stub: SqsStub, sluice: AtWork, answering: Answering
) -> None:
    stub.queue("orders")
    stub.on("SendMessage", answering, acting=True)
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_form(person, "orders")
        await person.types("hello")
        await sends(person)
        await until(lambda: "unknown" in person.facts)
        assert "look before you" in person.facts
        await person.press("escape")
        await person.sees("Send to orders", "hello")
        assert len(stub.sent("SendMessage")) == 1


async def test_enter_in_the_question_sends_nothing(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_form(person, "orders")
        await person.types("hello")
        await person.press("ctrl+s")
        await person.is_asked("Send this message?")
        await person.press("enter", "space", "ctrl+s")
        await person.sees("Send this message?")
        assert stub.sent("SendMessage") == []
        await person.says("escape")
        await person.sees("Send to orders", "hello")


async def test_keys_typed_on_past_the_submit_key_do_not_answer_the_question(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_form(person, "orders")
        await person.types("hello")
        person.sends_key("ctrl+s")
        await until(lambda: isinstance(person.app.screen, Question))  # `press` may return when it listens already
        await person.types("yyyyyyyy")
        await person.is_asked("Send this message?")
        assert stub.sent("SendMessage") == []
        await person.says("y")
        await person.is_shown("Sent")
        assert len(stub.sent("SendMessage")) == 1


async def test_pressing_send_twice_sends_once(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    answer = stub.hold("SendMessage")
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_form(person, "orders")
        await person.types("hello")
        await sends(person)
        await until(lambda: stub.sent("SendMessage"))
        await person.press("ctrl+s", "ctrl+s")
        answer.release()
        await person.is_shown("Sent")
        assert len(stub.sent("SendMessage")) == 1


async def test_a_tenth_attribute_is_sent_and_an_eleventh_is_refused(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_form(person, "orders")
        await person.types("hello")
        for _ in range(9):
            await person.press("ctrl+n")
        await fills_row(person, "tenth", "x")
        await person.press("ctrl+n")
        await person.reads("hints", "SQS takes 10 attributes")
        await sends(person)
        await person.is_shown("Sent")
        [request] = stub.sent("SendMessage")
        assert request.params["MessageAttributes"] == {"tenth": {"DataType": "String", "StringValue": "x"}}


@pytest.mark.parametrize("way", ["1", "command line", "context"])
async def test_no_way_out_of_the_form_loses_what_was_written_without_asking(
    stub: SqsStub, sluice: AtWork, way: str
) -> None:
    stub.queue("orders")
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_form(person, "orders")
        await person.types("half a thought")
        await person.press("tab", "tab", "tab", "tab", "tab")  # on the list of types, which takes no letters
        if way == "command line":
            await person.press("colon")
            await person.types("queues")
            await person.press("enter")
        elif way == "context":
            await person.press("c")
            await person.sees("Contexts")
            await person.press("ctrl+s")
        else:
            await person.press(way)
        await person.is_asked("Switch the context?" if way == "context" else "Leave the message unsent?")
        await person.says("n")
        if way == "context":
            await person.press("escape")
        await person.sees("Send to orders", "half a thought")


async def test_a_fast_typist_loses_no_character_of_what_is_sent(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders")
    async with sluice(stub.url, view="queue:orders") as person:
        await opens_form(person, "orders")
        keys = [events.Key(character, character) for character in "typed at once"]
        for key in (*keys, events.Key("ctrl+s", None)):
            person.app._driver.send_message(key)  # type: ignore[union-attr]
        await person.is_asked("Send this message?")
        await person.says("y")
        await person.is_shown("Sent")
        assert [message.body for message in orders.messages] == ["typed at once"]
