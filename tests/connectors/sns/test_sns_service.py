import pytest

from connectors.errors import ConnectorError, Refused, Step
from connectors.guard import Change
from tests.conftest import OpeningContexts, OpenSession
from tests.support.stub import SqsStub
from tests.support.wire import Reply, error

ORDERS = "arn:aws:sns:us-east-1:123456789012:orders"
PAYMENTS = "arn:aws:sns:us-east-1:123456789012:payments"


@pytest.mark.parametrize(
    ("answering", "step", "title"),
    [
        (error("NotFound", "Topic does not exist", 404), Step.NOT_FOUND, "Topic does not exist"),
        (error("AuthorizationError", "not authorized", 403), Step.PERMISSION, "GetTopicAttributes is denied"),
        (error("Throttled", "Rate exceeded", 429), Step.THROTTLE, "the service asks to slow down"),
        (error("Throttled", "Rate exceeded", 400), Step.THROTTLE, "the service asks to slow down"),
        (error("KMSOptInRequired", "opt in", 403), Step.PERMISSION, "the topic's KMS key refused"),
        (
            error("FilterPolicyLimitExceeded", "too many", 403),
            Step.REJECTED,
            "there are as many filter policies as SNS allows (FilterPolicyLimitExceeded): too many",
        ),
        (error("KMSThrottling", "Rate exceeded", 400), Step.THROTTLE, "the service asks to slow down"),
        (error("KMSDisabled", "the key is disabled", 400), Step.PERMISSION, "the topic's KMS key refused"),
        (error("InvalidParameter", "Invalid parameter: TopicArn", 400), Step.REJECTED, "Invalid parameter: TopicArn"),
        (error("QueueDoesNotExist", "no such thing", 400), Step.REJECTED, "no such thing"),
    ],
)
async def test_an_error_is_told_in_the_words_of_its_own_service(
    answering: Reply, step: Step, title: str, stub: SqsStub, open_session: OpenSession
) -> None:
    stub.on("GetTopicAttributes", answering)
    session = await open_session(stub.url)
    with pytest.raises(ConnectorError) as caught:
        await session.call("sns", "GetTopicAttributes", TopicArn=ORDERS)
    assert caught.value.step is step
    assert caught.value.title.startswith(title)


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"TopicArn": PAYMENTS},
        {"TargetArn": ORDERS},
        {"PhoneNumber": "+15550100"},
        {"TopicArn": ORDERS, "TargetArn": "x"},
    ],
    ids=["another topic", "a target", "a telephone", "both"],
)
async def test_what_was_agreed_for_one_topic_is_published_nowhere_else(
    elsewhere: dict[str, str], stub: SqsStub, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url)
    change = Change("sns", "Publish", context.aws.target("sns", "orders", {"TopicArn": ORDERS}), 1, "")
    async with context.guard.carry_out(change, context.guard.permit(change, "test")):
        with pytest.raises(Refused, match="no permit"):
            await context.aws.call("sns", "Publish", Message="x", **elsewhere)
        assert stub.requests == []
        stub.on("Publish", Reply(answer={"MessageId": "1"}))
        await context.aws.call("sns", "Publish", Message="x", TopicArn=ORDERS)
    assert [request.params["TopicArn"] for request in stub.sent("Publish")] == [ORDERS]
