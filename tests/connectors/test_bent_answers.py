"""Every member of every answer that is read may be of another type, null or absent: no call fails for it with anything
but a `ConnectorError`, what can't be read is unknown, and what was received is given back."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from connectors.errors import ConnectorError, OutcomeUnknown, Step
from connectors.open_context import OpenContext
from connectors.sns.topics import read_topics
from connectors.sqs.models import Draft, Message, MessageAttribute, Queue
from connectors.sqs.queues import Queues
from connectors.sqs.receiving import Messages
from connectors.sqs.snapshot import snapshot
from connectors.sqs.state import QueueState, read_state
from tests.conftest import OpeningContexts
from tests.support.bending import WRONG_JSON, WRONG_XML, Bend, Path, bent_answer, paths
from tests.support.clock import HurryingClock
from tests.support.stub import SqsStub
from tests.support.wire import Reply, Request, answer, json_text, text

_T = TypeVar("_T")
BINARY = {"DataType": "Binary", "BinaryValue": "AAEC/w=="}


@pytest.fixture
def queue(stub: SqsStub) -> Queue:
    """A queue with messages that have everything, a dead-letter queue, a source and tags."""
    stub.queue("upstream", dead_letter="orders")
    made = stub.queue("orders", messages=["one", "two"], dead_letter="orders-dlq", tags={"team": "pay"})
    stub.queue("orders-dlq")
    for message in made.messages:
        message.attributes = {"n": {"DataType": "Number", "StringValue": "3"}, "b": dict(BINARY)}
        message.system |= {"MessageGroupId": "g", "ApproximateFirstReceiveTimestamp": "1767225600000"}
    return Queue(made.url)


@pytest.fixture
async def context(stub: SqsStub, open_context: OpeningContexts) -> OpenContext:
    return await open_context(stub.url, clock=HurryingClock())


def answers_of(stub: SqsStub, operation: str, **params: Any) -> dict[str, Any]:
    reply = (stub.sns if operation.startswith("List") and "Queue" not in operation else stub.model).reply(
        Request(operation, params, {}, "/", 0.0)
    )
    assert reply.answer
    return reply.answer


def hide_nothing(stub: SqsStub) -> None:
    for message in stub.model.queues["orders"].messages:
        message.hidden_until = 0.0
        message.receive_count = 0


def in_flight(stub: SqsStub) -> list[str]:
    return [message.body for message in stub.model.queues["orders"].messages if message.in_flight]


def read_all(message: Message) -> None:
    """Everything that is asked of a message."""
    for name in ("SentTimestamp", "ApproximateFirstReceiveTimestamp"):
        message.moment(name)
    assert message.receive_count is None or isinstance(message.receive_count, int)
    assert isinstance(message.size + message.held_bytes, int)
    texts = [message.message_id, message.receipt_handle, message.body, *message.system_attributes.values()]
    for attribute in message.attributes:
        texts += [attribute.name, attribute.data_type, attribute.text or ""]
        assert attribute.binary is None or isinstance(attribute.binary, bytes)
    assert all(isinstance(shown, str) for shown in texts)
    assert message.message_id


async def test_what_a_receive_brought_is_given_back_whatever_is_bent_in_it(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    messages = Messages(context)
    every = answers_of(stub, "ReceiveMessage", QueueUrl=queue.url, MaxNumberOfMessages=10, **asking_for_all())
    hide_nothing(stub)
    for path in paths(every):
        for name, bend in WRONG_JSON.items():
            case = (path, name)
            stub.heal()
            stub.on("ReceiveMessage", bent_answer(stub, path, bend))
            look, failed = await attempt(messages.look(queue))
            if look is None:
                assert failed is not None
                assert (failed.step, path) == (Step.ANSWER, ("Messages",)), case
                assert "visible again within 30 s" in failed.hint
                hide_nothing(stub)
                continue
            for message in look.messages:
                read_all(message)
            outcomes = await messages.give_back(look.messages)
            assert len(outcomes) == len(look.messages), case
            if path[-1] == "ReceiptHandle" or path in {("Messages",), ("Messages", 0)}:
                assert "two" not in in_flight(stub) or path == ("Messages",), case
            else:
                assert in_flight(stub) == [], case
                assert [message.receipt_handle for message in look.messages if not message.receipt_handle] == [], case
            hide_nothing(stub)


def asking_for_all() -> dict[str, Any]:
    return {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]}


async def test_a_number_where_a_text_is_wanted_is_shown_as_its_text(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    entry = {
        "MessageId": 7,
        "ReceiptHandle": "h-1",
        "Body": {"order": 7},
        "MessageAttributes": {
            "flag": {"DataType": "String", "StringValue": True},
            "nothing": None,
            "number": {"DataType": "Number", "StringValue": 3},
            "torn": {"DataType": "Binary", "BinaryValue": "A"},
        },
        "Attributes": {"ApproximateReceiveCount": 2, "SentTimestamp": 1767225600123, "MessageGroupId": None},
    }
    stub.on("ReceiveMessage", answer(Messages=[entry, None, 5]))
    (message,) = (await Messages(context).look(queue)).messages
    assert (message.message_id, message.body, message.receive_count) == ("7", '{"order": 7}', 2)
    assert message.attributes == (
        MessageAttribute("flag", "String", "true"),
        MessageAttribute("nothing", ""),
        MessageAttribute("number", "Number", "3"),
        MessageAttribute("torn", "Binary"),
    )
    assert message.group_id is None
    assert message.moment("SentTimestamp") is not None


async def test_messages_without_an_id_are_held_apart_and_one_without_a_handle_spoils_no_other(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    def without(request: Request) -> Reply:
        reply = stub.model.reply(request)
        assert reply.answer
        for entry in reply.answer["Messages"]:
            del entry["MessageId"]
        return answer(
            Messages=[*reply.answer["Messages"], {"MessageId": "m-3", "Body": "three", "ReceiptHandle": None}]
        )

    stub.on("ReceiveMessage", without)
    look = await Messages(context).look(queue)
    assert len({message.message_id for message in look.messages}) == 3
    outcomes = await Messages(context).give_back(look.messages)
    assert in_flight(stub) == []
    assert [outcome.reason for outcome in outcomes] == ["", "", "it came without a receipt handle"]
    assert "" not in [
        entry["ReceiptHandle"] for entry in stub.sent("ChangeMessageVisibilityBatch")[0].params["Entries"]
    ]


async def attempt(call: Awaitable[_T]) -> tuple[_T | None, ConnectorError | None]:
    """What `call` came to, or the error with which it failed."""
    try:
        return await call, None
    except ConnectorError as error:
        return None, error


async def no_crash(stub: SqsStub, operation: str, every: dict[str, Any], wrong: dict[str, Bend], call: Any) -> int:
    """Runs `call` against each bent answer; how often it failed, always with a `ConnectorError` at step answer."""
    failures = 0
    for path in paths(every):
        for name, bend in wrong.items():
            stub.heal()
            stub.on(operation, bent_answer(stub, path, bend))
            try:
                _, failed = await attempt(call(path))
            except Exception as error:
                raise AssertionError(f"{operation} with {name} at {path}") from error
            if failed is not None:
                failures += 1
                assert failed.step in (Step.ANSWER, Step.NOT_FOUND), (path, name, failed)
                assert len(str(failed).splitlines()) == 1
    return failures


@pytest.mark.parametrize("operation", ["ListQueues", "GetQueueAttributes", "GetQueueUrl"])
async def test_queues_are_read_whatever_is_bent(
    stub: SqsStub, queue: Queue, context: OpenContext, operation: str
) -> None:
    async def read(path: Path) -> None:
        if operation == "GetQueueAttributes":
            states = [await read_state(context.aws, QueueState(queue))]
        else:
            states, _ = await snapshot(context.aws)
        for state in states:
            for number in (state.visible, state.in_flight, state.delayed, state.max_receive_count):
                assert number is None or isinstance(number, int)
            assert all(isinstance(shown, str) for shown in (state.queue.name, state.dead_letter_name or ""))
            if state.attributes:
                state.attributes.seconds("VisibilityTimeout")
                state.attributes.moment("CreatedTimestamp")
                assert isinstance(state.attributes.content_based_deduplication, bool)
        await Queues(context.aws).find("orders")

    params = {"QueueUrl": queue.url, "QueueName": "orders"}
    every = answers_of(stub, operation, **({} if operation == "ListQueues" else params))
    await no_crash(stub, operation, every, WRONG_JSON, read)


@pytest.mark.parametrize("operation", ["ListQueueTags", "ListDeadLetterSourceQueues"])
async def test_tags_and_sources_are_read_whatever_is_bent(
    stub: SqsStub, queue: Queue, context: OpenContext, operation: str
) -> None:
    async def read(path: Path) -> None:
        assert all(isinstance(value, str) for value in (await Queues(context.aws).tags(queue)).values())
        names = [source.name async for page in Queues(context.aws).sources(queue) for source in page.queues]
        assert all(isinstance(name, str) for name in names)

    every = answers_of(stub, operation, QueueUrl=queue.url)
    await no_crash(stub, operation, every, WRONG_JSON, read)


async def test_a_list_of_another_type_is_no_empty_list(stub: SqsStub, context: OpenContext) -> None:
    for wrong in ("orders", {"a": 1}, [None], [[]]):
        stub.on("ListQueues", answer(QueueUrls=wrong))
        with pytest.raises(ConnectorError, match="QueueUrls") as caught:
            await snapshot(context.aws)
        assert caught.value.step is Step.ANSWER


async def test_the_outcome_of_a_change_is_confirmed_or_not_whatever_is_bent(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    messages = Messages(context)

    async def send(path: Path) -> None:
        change = messages.sending(queue)
        try:
            sent = await messages.send(change, context.guard.permit(change, "test"), queue, Draft("x"))
        except OutcomeUnknown:
            assert path == ("MessageId",)
        else:
            assert sent.message_id
            assert sent.sequence_number is None or isinstance(sent.sequence_number, str)

    every = answers_of(stub, "SendMessage", QueueUrl=queue.url, MessageBody="x")
    await no_crash(stub, "SendMessage", every | {"SequenceNumber": "1"}, {}, send)
    await no_crash(stub, "SendMessage", every, WRONG_JSON, send)

    async def delete(path: Path) -> None:
        made = stub.queue("orders", messages=["x", "y"])
        (one, two) = (await messages.look(Queue(made.url))).messages
        change = messages.deleting(one.queue, [one, two])
        try:
            outcomes = await messages.delete(change, context.guard.permit(change, "test"), one.queue, [one, two])
        except OutcomeUnknown:
            assert path[0] in ("Successful", "Failed")
        else:
            assert [outcome.message_id for outcome in outcomes] == [one.message_id, two.message_id]
            assert outcomes[1].confirmed or path[0] == "Successful"

    outcome = {"Successful": [{"Id": "0"}, {"Id": "1"}], "Failed": []}
    await no_crash(stub, "DeleteMessageBatch", outcome, WRONG_JSON, delete)


async def test_what_was_not_given_back_is_named_whatever_is_bent(
    stub: SqsStub, queue: Queue, context: OpenContext
) -> None:
    messages = Messages(context)

    async def give_back(path: Path) -> None:
        hide_nothing(stub)
        (one, two) = (await messages.look(queue)).messages
        outcomes = await messages.give_back([one, two])
        assert [outcome.message_id for outcome in outcomes] == [one.message_id, two.message_id]
        assert all(outcome.confirmed or outcome.reason for outcome in outcomes)
        extension = await messages.extend([one, two], 60)
        assert len(extension.renewed) + len(extension.failed) == 2

    failed = {"Id": "9", "SenderFault": True, "Code": "InternalError", "Message": "again"}
    outcome = {"Successful": [{"Id": "0"}], "Failed": [failed]}
    for path in paths(outcome):
        for bend in WRONG_JSON.values():
            stub.heal()
            bent = json.loads(json.dumps(outcome))
            parent: Any = bent
            for key in path[:-1]:
                parent = parent[key]
            bend(parent, path[-1])
            stub.on("ChangeMessageVisibilityBatch", Reply(answer=bent))
            await give_back(path)


async def test_who_one_is_is_read_or_unverified_whatever_is_bent(stub: SqsStub, context: OpenContext) -> None:
    async def identify(path: Path) -> None:
        identity = await context.aws.identify()
        assert all(isinstance(shown, str) for shown in (identity.account, identity.arn, identity.user_id))
        assert identity.account

    every = answers_of(stub, "GetCallerIdentity")
    assert await no_crash(stub, "GetCallerIdentity", every, WRONG_XML, identify) >= 3


@pytest.mark.parametrize("operation", ["ListTopics", "ListSubscriptions"])
async def test_topics_are_read_whatever_is_bent(stub: SqsStub, context: OpenContext, operation: str) -> None:
    orders = stub.sns.topic("orders")
    stub.sns.topic("payments")
    stub.sns.subscribe(orders, "sqs", "arn:aws:sqs:us-east-1:123456789012:orders")

    async def read(path: Path) -> None:
        reading = await read_topics(context.aws)
        for topic in reading.topics:
            assert topic.name
            tally = reading.tally(topic)
            assert tally is None or all(isinstance(protocol, str) and protocol for protocol in tally.protocols)
        assert reading.error is None or reading.error.step is Step.ANSWER

    await no_crash(stub, operation, answers_of(stub, operation), WRONG_XML, read)


ERRORS: list[Any] = [
    5,
    "no",
    None,
    [],
    ["x"],
    {},
    {"__type": 5, "message": None},
    {"__type": None, "message": ["x"]},
    {"__type": {"a": 1}, "message": {"b": 2}},
    {"__type": ["x"], "Message": 7},
    {"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": {"b": 2}},
]
XML_ERRORS = [
    "<ErrorResponse/>",
    "<ErrorResponse><Error>no</Error></ErrorResponse>",
    "<ErrorResponse><Error><Code><a>x</a></Code><Message/></Error><RequestId><b/></RequestId></ErrorResponse>",
    "<ErrorResponse><Error><Code>A</Code><Code>B</Code></Error><Error>no</Error></ErrorResponse>",
    "<ErrorResponse><RequestId>1</RequestId><RequestId>2</RequestId></ErrorResponse>",
    "<ErrorResponse>",
]
XML_ANSWERS = [
    "<GetCallerIdentityResponse/>",
    "<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>",
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult>"
    "<ResponseMetadata><RequestId>1</RequestId><RequestId>2</RequestId></ResponseMetadata></GetCallerIdentityResponse>",
    "<GetCallerIdentityResponse>cut",
]


@pytest.mark.parametrize("status", [400, 500])
async def test_an_error_of_another_form_is_one_line_at_a_step(stub: SqsStub, context: OpenContext, status: int) -> None:
    async def fails(call: Callable[[], Awaitable[object]]) -> ConnectorError:
        with pytest.raises(ConnectorError) as caught:
            await call()
        assert len(str(caught.value).splitlines()) == 1
        assert "report it" not in str(caught.value)
        return caught.value

    for document in ERRORS:
        stub.on("ListQueues", json_text(document, status))
        await fails(lambda: context.aws.call("sqs", "ListQueues"))
    for body in XML_ERRORS:
        stub.on("GetCallerIdentity", text(body, status, "text/xml"))
        await fails(context.aws.identify)
    for body in XML_ANSWERS:
        stub.on("GetCallerIdentity", text(body, 200, "text/xml"))
        assert (await fails(context.aws.identify)).step is Step.ANSWER
