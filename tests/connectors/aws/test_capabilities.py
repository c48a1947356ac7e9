"""A receipt handle lets whoever has it delete a message: no text of an error keeps one, however the service says it."""

import base64
from urllib.parse import quote

import pytest

from connectors.aws.session import Lane
from connectors.errors import ConnectorError
from connectors.open_context import OpenContext
from connectors.sqs.models import Message, Queue
from connectors.sqs.receiving import Messages
from tests.conftest import OpeningContexts
from tests.support.stub import SqsStub
from tests.support.wire import Answering, Reply, Request, error

HANDLE = "AQEB" + base64.b64encode(bytes(range(180))).decode()
MASKED = "[ReceiptHandle]"
TEXTS = {
    "AWS": "Value {} for parameter ReceiptHandle is invalid. Reason: The receipt handle is not yours.",
    "quoted": 'The input receipt handle "{}" is not a valid receipt handle.',
    "cut": "Bad handle: {cut}…",
    "for a URL": "GET /?ReceiptHandle={quoted}&x=1 failed",
    "another's": "Value AQEBsomebodyElses/+= for parameter ReceiptHandle is invalid.",
}


def text_of(form: str) -> str:
    return TEXTS[form].format(HANDLE, cut=HANDLE[:60], quoted=quote(HANDLE, safe=""))


@pytest.fixture
async def context(stub: SqsStub, open_context: OpeningContexts) -> OpenContext:
    return await open_context(stub.url)


@pytest.fixture
def held(stub: SqsStub) -> Message:
    return Message(Queue(stub.queue("orders", messages=["one"]).url), "id-1", HANDLE, "x", (), {}, 1e12)


def refusing_each(message: str) -> Answering:
    def reply(request: Request) -> Reply:
        failed = [
            {"Id": entry["Id"], "SenderFault": True, "Code": "InvalidParameterValue", "Message": message}
            for entry in request.params["Entries"]
        ]
        return Reply(answer={"Successful": [], "Failed": failed})

    return reply


def keeps_nothing(said: str) -> None:
    assert "AQEB" not in said
    assert quote(HANDLE, safe="")[-20:] not in said
    assert HANDLE[-20:] not in said
    assert MASKED in said


@pytest.mark.parametrize("form", TEXTS)
async def test_a_call_that_fails_as_a_whole(stub: SqsStub, context: OpenContext, held: Message, form: str) -> None:
    stub.on("ChangeMessageVisibilityBatch", error("InvalidParameterValue", text_of(form)))
    [outcome] = await Messages(context).give_back([held])
    keeps_nothing(outcome.reason)
    record = context.aws.log[-1]
    assert record.error is not None
    keeps_nothing(str(record.error))
    keeps_nothing(record.error.title)
    keeps_nothing(record.error.args[0])


@pytest.mark.parametrize("form", TEXTS)
async def test_an_entry_that_fails_in_a_batch(stub: SqsStub, context: OpenContext, held: Message, form: str) -> None:
    stub.on("ChangeMessageVisibilityBatch", refusing_each(text_of(form)))
    [outcome] = await Messages(context).give_back([held])
    keeps_nothing(outcome.reason)


async def test_a_parameter_beside_the_entries(stub: SqsStub, context: OpenContext, held: Message) -> None:
    stub.on("ChangeMessageVisibility", error("InvalidParameterValue", text_of("AWS")))
    with pytest.raises(ConnectorError) as caught:
        await context.aws.call(
            "sqs",
            "ChangeMessageVisibility",
            lane=Lane.LOOK,
            QueueUrl=held.queue.url,
            ReceiptHandle=HANDLE,
            VisibilityTimeout=0,
        )
    keeps_nothing(str(caught.value))


async def test_what_else_an_error_says_stays_as_it_is(stub: SqsStub, context: OpenContext, held: Message) -> None:
    stub.on("ChangeMessageVisibilityBatch", error("InvalidParameterValue", "Value 99999 for VisibilityTimeout is bad."))
    [outcome] = await Messages(context).give_back([held])
    assert "Value 99999 for VisibilityTimeout is bad. (InvalidParameterValue)" in outcome.reason
