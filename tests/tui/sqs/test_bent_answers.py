"""Members of an answer that have another type, are null or absent: screens and `sluice get` show what can be read."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from connectors.sqs.models import Queue
from connectors.sqs.queues import Queues
from connectors.sqs.receiving import Messages
from connectors.sqs.state import QueueState, read_state
from tests.conftest import OpeningContexts
from tests.support.bending import WRONG_JSON, Bend, everywhere
from tests.support.clock import HurryingClock
from tests.support.command import run
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import Reply, Request, answer
from tests.tui.conftest import AtWork
from tui.sqs import queue_rows
from tui.sqs.message_facts import all_facts, head_line
from tui.sqs.message_rows import MessageRow, columns
from tui.sqs.queue_facts import QueueKnowledge, queue_facts
from tui.sqs.queue_rows import QueueRow
from widgets.facts import Facts

NOW = datetime(2026, 3, 14, 3, 0, tzinfo=UTC)
BENT: dict[str, dict[str, Any]] = {
    "a number as text": {"MessageAttributes": {"n": {"DataType": "Number", "StringValue": 3}}},
    "nothing as attribute": {"MessageAttributes": {"n": None}},
    "a type that is a list": {"MessageAttributes": {"n": {"DataType": [1], "StringValue": "x"}}},
    "bytes that are none": {"MessageAttributes": {"n": {"DataType": "Binary", "BinaryValue": 5}}},
    "attributes as a list": {"MessageAttributes": ["n"], "Attributes": "x"},
    "system attributes as numbers": {"Attributes": {"ApproximateReceiveCount": 4, "SentTimestamp": 253402300799000}},
    "a body that is an object": {"Body": {"order": 7}},
    "no body": {"Body": None},
    "no id": {"MessageId": None},
    "a number as id": {"MessageId": 7},
}


def bent_messages(stub: SqsStub) -> None:
    """Ten messages in `orders`, each with something of another type."""
    stub.queue("orders", messages=[f"body {number}" for number in range(len(BENT))])
    changes = [*BENT.values()]

    def receive(request: Request) -> Reply:
        reply = stub.model.reply(request)
        assert reply.answer is not None
        entries = reply.answer.get("Messages", [])
        return answer(Messages=[entry | change for entry, change in zip(entries, changes, strict=False)])

    stub.on("ReceiveMessage", receive)


def in_flight(stub: SqsStub) -> int:
    return sum(message.in_flight for message in stub.model.queues["orders"].messages)


async def test_a_look_at_bent_messages_is_shown_and_given_back(stub: SqsStub, sluice: AtWork) -> None:
    bent_messages(stub)
    async with sluice(stub.url, view="queue:orders", size=(140, 45)) as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.reads("cost", "10 held")
        facts: list[str] = []
        for _ in BENT:
            await person.press("enter")
            await person.reads("title", "Message of orders")
            facts.append(person.app.screen.query_one("#attributes", Facts).text)
            await person.press("escape")
            await person.reads("title", "Queue orders")
            await person.press("j")
        told = "\n".join(facts)
        for line in ("n: 3   (Number)", "n: –   (–)", "n: x   ([1])", "n: –   (Binary)", "receives: 4"):
            assert line in told, (line, told)
        await person.press("escape")
        await until(lambda: in_flight(stub) == 0)


def test_get_messages_prints_bent_messages_and_gives_them_back(stub: SqsStub) -> None:
    bent_messages(stub)
    ran = run("get", "messages", "orders", "--output", "json", "--endpoint-url", stub.url)
    assert ran.returncode == 0
    assert ran.stderr.splitlines()[-1] == "sluice: all 10 given back"
    assert in_flight(stub) == 0
    printed = json.loads(ran.stdout)
    assert [message["attributes"] for message in printed[:2]] == [
        {"n": {"type": "Number", "value": "3"}},
        {"n": {"type": "", "value": None}},
    ]
    assert {message["body"] for message in printed[6:8]} == {'{"order": 7}', ""}


def test_get_queues_shows_a_count_that_can_not_be_read_as_unknown(stub: SqsStub) -> None:
    bent = {"ApproximateNumberOfMessages": 7, "ApproximateNumberOfMessagesNotVisible": None}
    rows = {"orders": bent, "payments": {"ApproximateNumberOfMessages": [7], "ApproximateNumberOfMessagesDelayed": "x"}}
    for name, attributes in rows.items():
        stub.queue(name)
        stub.on("GetQueueAttributes", answer(Attributes=attributes), queue=name)
    ran = run("get", "queues", "--endpoint-url", stub.url)
    assert (ran.returncode, ran.stderr) == (0, "")
    shown = [" ".join(line.split()) for line in ran.stdout.splitlines()[1:]]
    assert shown == ["orders 7 – – standard", "payments – – – standard"]


async def test_every_word_on_a_message_can_be_made_of_bent_members(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    made = stub.queue("orders", messages=["one"])
    made.messages[0].attributes = {"n": {"DataType": "Number", "StringValue": "3"}}
    made.messages[0].system |= {"MessageGroupId": "g", "ApproximateFirstReceiveTimestamp": "1767225600000"}
    messages = Messages(await open_context(stub.url))
    for bend in WRONG_JSON.values():
        stub.heal()
        stub.on("ReceiveMessage", bent_everywhere(stub, bend))
        made.messages[0].hidden_until = 0.0
        for message in (await messages.look(Queue(made.url))).messages:
            row = MessageRow(message, 3)
            facts = [*head_line(row, NOW), *all_facts(row, NOW, "1 receive")]
            assert all(isinstance(fact.value, str) for fact in facts)
            for column in columns(fifo=True, lease=lambda message: "held", now=lambda: NOW):
                assert isinstance(column.text(row), str)
                if column.sort is not None:
                    column.sort(row)


async def test_every_word_on_a_queue_can_be_made_of_bent_members(stub: SqsStub, open_context: OpeningContexts) -> None:
    made = stub.queue("orders.fifo", dead_letter="orders-dlq", tags={"team": "pay"})
    queue = Queue(made.url)
    session = (await open_context(stub.url, clock=HurryingClock())).aws
    for bend in WRONG_JSON.values():
        stub.heal()
        for operation in ("GetQueueAttributes", "ListQueueTags", "ListDeadLetterSourceQueues"):
            stub.on(operation, bent_everywhere(stub, bend))
        row = QueueRow(await read_state(session, QueueState(queue)))
        assert all(isinstance(column.text(row), str) for column in queue_rows.COLUMNS)
        async for known in QueueKnowledge("orders.fifo", queue).renewals(Queues(session)):
            assert all(isinstance(fact.value, str) for fact in queue_facts(known, NOW))


def bent_everywhere(stub: SqsStub, bend: Bend) -> Callable[[Request], Reply]:
    def answering(request: Request) -> Reply:
        members = copy.deepcopy(stub.model.reply(request).answer)
        everywhere(members, bend)
        return Reply(answer=members)

    return answering
