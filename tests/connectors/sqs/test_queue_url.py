"""A queue that is given by its URL, which may be one of another account; never another queue of the same name."""

import pytest

from connectors.aws.session import AwsSession
from connectors.errors import ConnectorError, Step
from connectors.sqs.models import Queue
from connectors.sqs.queues import Queues
from tests.conftest import OpenSession
from tests.support.stub import SqsStub

AWS = "https://sqs.us-east-1.amazonaws.com/999999999999/orders"


async def test_a_url_is_taken_as_it_is_without_asking_for_the_name(stub: SqsStub, open_session: OpenSession) -> None:
    session = await open_session(stub.url)
    for url in (stub.queue("orders").url, f"{stub.url}/999999999999/orders", "http://sqs.local:9324/queue/orders"):
        assert await Queues(session).find(url) == Queue(url)
    assert stub.requests == []


@pytest.mark.parametrize(
    ("url", "account"),
    [(AWS, "999999999999"), ("http://x/queue/orders", ""), ("http://x/000000000000/o/", "000000000000")],
)
def test_the_account_stands_in_the_url(url: str, account: str) -> None:
    assert Queue(url).account == account


@pytest.mark.parametrize(
    "url", ["https://host", "https://host/orders", "http://host/1/orders?x=1", "http://u:pw@host/a#b"]
)
async def test_what_is_no_url_of_a_queue_is_refused_without_repeating_it(
    stub: SqsStub, open_session: OpenSession, url: str
) -> None:
    with pytest.raises(ConnectorError) as caught:
        await Queues(await open_session(stub.url)).find(url)
    assert caught.value.step is Step.SETTINGS
    assert "pw" not in str(caught.value)


async def test_a_url_of_aws_does_not_open_the_queue_of_its_name_on_an_emulator(
    stub: SqsStub, open_session: OpenSession
) -> None:
    stub.queue("orders")
    with pytest.raises(ConnectorError, match="the URL is one of AWS, and this context asks http://127"):
        await Queues(await open_session(stub.url)).find(AWS)


@pytest.mark.parametrize(
    "url",
    [
        "https://sqs.eu-west-1.amazonaws.com/999999999999/orders",
        "https://eu-west-1.queue.amazonaws.com/999999999999/orders",
        "https://sqs.eu-west-1.api.aws/999999999999/orders",
        "https://sqs.cn-north-1.amazonaws.com.cn/999999999999/orders",
    ],
)
async def test_a_url_of_another_region_is_refused_with_the_region(
    open_session: OpenSession, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    session = await _on_aws(open_session, monkeypatch)
    with pytest.raises(ConnectorError, match="this context is in us-east-1") as caught:
        await Queues(session).find(url)
    assert caught.value.hint in ("--region eu-west-1", "--region cn-north-1")


async def test_a_url_of_this_region_is_taken_and_one_of_an_emulator_is_not(
    open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await _on_aws(open_session, monkeypatch)
    for url in (AWS, "https://queue.amazonaws.com/999999999999/orders"):
        assert await Queues(session).find(url) == Queue(url)
    with pytest.raises(ConnectorError, match="the URL is on localhost, and this context asks AWS"):
        await Queues(session).find("http://localhost:4566/000000000000/orders")


async def _on_aws(open_session: OpenSession, monkeypatch: pytest.MonkeyPatch) -> AwsSession:
    """A session on AWS, of which nothing is asked."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    return await open_session(None, region="us-east-1")
