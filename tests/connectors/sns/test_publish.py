"""Publishing a message: what SNS would refuse, what goes over the wire, and an answer that never comes."""

import asyncio

import pytest

from connectors.aws.session import Timeouts
from connectors.errors import ConnectorError, OutcomeUnknown, Refused, Step
from connectors.open_context import OpenContext
from connectors.sns.connector import SnsConnector
from connectors.sns.models import PublishDraft, Published, Topic, TopicDetails
from connectors.sns.publish import attribute_faults, faults
from connectors.sqs.models import MessageAttribute
from tests.conftest import OpeningContexts
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import Answering, answer, denied, error, reset, silence

ORDERS = Topic("arn:aws:sns:us-east-1:123456789012:orders")
FIFO = Topic("arn:aws:sns:us-east-1:123456789012:payments.fifo")
KIB = 1024


def details(topic: Topic, **attributes: str) -> TopicDetails:
    return TopicDetails(topic, attributes, None, {}, None)


@pytest.mark.parametrize(
    ("draft", "topic", "known", "expected"),
    [
        (PublishDraft("x"), ORDERS, None, []),
        (PublishDraft("x", subject="ä" * 99, group_id="g"), ORDERS, None, []),
        (PublishDraft("x", group_id="g", deduplication_id="d"), FIFO, details(FIFO), []),
        (PublishDraft("x", group_id="g"), FIFO, details(FIFO, ContentBasedDeduplication="true"), []),
        (PublishDraft("x", group_id="g"), FIFO, None, []),
        (PublishDraft(""), ORDERS, None, ["the body is empty; SNS wants at least one character"]),
        (PublishDraft("x", subject="s" * 100), ORDERS, None, ["the subject has 100 characters; SNS takes 99"]),
        (
            PublishDraft("x", subject="a\nb"),
            ORDERS,
            None,
            ["the subject holds U+000A; it is one line without control characters"],
        ),
        (PublishDraft("x", subject="a\x9bb"), ORDERS, None, None),
        (PublishDraft("x" * 256 * KIB), ORDERS, None, []),
        (PublishDraft("x" * (256 * KIB + 1)), ORDERS, None, ["262,145 bytes; this topic takes 262,144"]),
        (PublishDraft("ä" * 128 * KIB + "x"), ORDERS, details(ORDERS), ["262,145 bytes; this topic takes 262,144"]),
        (PublishDraft("x" * 300 * KIB), ORDERS, details(ORDERS, MaximumMessageSize="1048576"), []),
        (
            PublishDraft("x", (MessageAttribute("a", "String", "v"),)),
            ORDERS,
            details(ORDERS, MaximumMessageSize="8"),
            ["9 bytes; this topic takes 8"],
        ),
        (PublishDraft("x"), FIFO, None, ["a FIFO topic wants a message group"]),
        (
            PublishDraft("x", group_id="g"),
            FIFO,
            details(FIFO),
            ["this topic has no content-based deduplication: give a deduplication id"],
        ),
        (PublishDraft("x", deduplication_id="d"), ORDERS, None, ["a standard topic takes no deduplication id"]),
        (PublishDraft("x", group_id="g" * 129), ORDERS, None, ["the message group has 129 characters; SNS takes 128"]),
        (PublishDraft("x", group_id="a b"), ORDERS, None, None),
    ],
)
def test_what_sns_would_refuse_is_said_before(
    draft: PublishDraft, topic: Topic, known: TopicDetails | None, expected: list[str] | None
) -> None:
    found = faults(draft, topic, known)
    assert found == expected if expected is not None else len(found) == 1


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ([("n", "Number.int", "1e3"), ("l", "String.Array", '["a", 1]'), ("a.b", "String", "v")], []),
        ([("l", "String.Array", "a")], ["'l': write the values as a JSON array, like [\"a\", 1, true]"]),
        ([("l", "String.Array", "[[1]]")], ["'l': write the values as a JSON array, like [\"a\", 1, true]"]),
        ([("n", "Number", "NaN")], ["'n': 'NaN' is no number"]),
        ([("a", "Text", "v")], ["attribute 'a' is of type 'Text'; SNS takes String, String.Array, Number, Binary"]),
        ([("a", "String", "")], ["attribute 'a' has no value"]),
        (
            [("AWS.a", "String", "v")],
            ["'AWS.a' is no attribute name (letters, digits, - _ . and not AWS. or Amazon. in front)"],
        ),
        ([("a", "String", "v"), ("a", "String", "v")], ["attribute 'a' stands twice"]),
    ],
)
def test_what_sns_would_refuse_of_attributes_is_said_before(
    attributes: list[tuple[str, str, str]], expected: list[str]
) -> None:
    assert attribute_faults([MessageAttribute(*each) for each in attributes]) == expected


async def publish(context: OpenContext, topic: Topic, draft: PublishDraft) -> Published:
    sns = context.connector(SnsConnector)
    change = sns.publishing(topic)
    return await sns.publish(change, context.guard.permit(change, "test"), topic, draft)


async def test_a_message_is_published_as_it_was_drafted(stub: SqsStub, open_context: OpeningContexts) -> None:
    topic = Topic(stub.sns.topic("orders"))
    context = await open_context(stub.url)
    attributes = (MessageAttribute("type", "String", "order"), MessageAttribute("b", "Binary", binary=b"\x00\xff"))
    published = await publish(context, topic, PublishDraft("hello ä", attributes, "A subject", "g", "d"))
    assert published.message_id
    (fields,) = stub.sns.published
    assert {name: value for name, value in fields.items() if name != "Version"} == {
        "TopicArn": topic.arn,
        "Message": "hello ä",
        "Subject": "A subject",
        "MessageGroupId": "g",
        "MessageDeduplicationId": "d",
        "MessageAttributes.entry.1.Name": "type",
        "MessageAttributes.entry.1.Value.DataType": "String",
        "MessageAttributes.entry.1.Value.StringValue": "order",
        "MessageAttributes.entry.2.Name": "b",
        "MessageAttributes.entry.2.Value.DataType": "Binary",
        "MessageAttributes.entry.2.Value.BinaryValue": "AP8=",
    }
    change = context.connector(SnsConnector).publishing(topic)
    assert change.command.startswith(f"aws sns publish --topic-arn {topic.arn}")
    assert "hello" not in context.guard.audit.path.read_text()


@pytest.mark.parametrize(
    "answering",
    [silence(), reset(), error("InternalError", "no", 500), answer(SequenceNumber="1")],
    ids=["silence", "reset", "500", "no message id"],
)
async def test_without_an_answer_the_outcome_is_unknown_and_it_is_never_published_again(
    answering: Answering, stub: SqsStub, open_context: OpeningContexts
) -> None:
    topic = Topic(stub.sns.topic("orders"))
    stub.on("Publish", answering, acting=True)
    context = await open_context(stub.url, timeouts=Timeouts(read=0.2))
    with pytest.raises(OutcomeUnknown):
        await publish(context, topic, PublishDraft("x"))
    assert len(stub.sent("Publish")) == len(stub.sns.published) == 1
    assert '"result":"unknown"' in context.guard.audit.path.read_text()


@pytest.mark.parametrize(
    ("answering", "step"),
    [
        (denied("SNS:Publish"), Step.PERMISSION),
        (error("NotFound", "Topic does not exist", 404), Step.NOT_FOUND),
        (error("KMSAccessDenied", "the key is not yours"), Step.PERMISSION),
        (error("Throttled", "Rate exceeded", 400), Step.THROTTLE),
        (error("Throttled", "Rate exceeded", 429), Step.THROTTLE),
        (error("InvalidParameter", "Invalid parameter: Message too long"), Step.REJECTED),
    ],
)
async def test_a_refusal_is_told_and_nothing_was_published(
    answering: Answering, step: Step, stub: SqsStub, open_context: OpeningContexts
) -> None:
    topic = Topic(stub.sns.topic("orders"))
    stub.on("Publish", answering)
    with pytest.raises(ConnectorError) as caught:
        await publish(await open_context(stub.url), topic, PublishDraft("x"))
    assert caught.value.step is step
    assert not isinstance(caught.value, OutcomeUnknown)
    assert len(stub.sent("Publish")) == 1


async def test_a_yes_for_one_topic_publishes_nowhere_else(stub: SqsStub, open_context: OpeningContexts) -> None:
    orders, audit = Topic(stub.sns.topic("orders")), Topic(stub.sns.topic("audit"))
    context = await open_context(stub.url)
    sns = context.connector(SnsConnector)
    change = sns.publishing(orders)
    with pytest.raises(Refused):
        await sns.publish(change, context.guard.permit(change, "test"), audit, PublishDraft("x"))
    read_only = await open_context(stub.url, read_only=True)
    with pytest.raises(Refused):
        read_only.guard.permit(read_only.connector(SnsConnector).publishing(orders), "test")
    assert stub.sent("Publish") == []


async def test_a_cancel_does_not_stop_it_half_way(stub: SqsStub, open_context: OpeningContexts) -> None:
    topic = Topic(stub.sns.topic("orders"))
    context = await open_context(stub.url)
    answers = stub.hold("Publish")
    publishing = asyncio.create_task(publish(context, topic, PublishDraft("x")))
    await until(lambda: stub.sent("Publish"))
    publishing.cancel()
    answers.release()
    await asyncio.gather(publishing, return_exceptions=True)
    await context.close()
    assert '"result":"done"' in context.guard.audit.path.read_text()
