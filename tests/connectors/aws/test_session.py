import asyncio

import pytest

from connectors.audit import AuditLog
from connectors.aws.call_log import CallMeter
from connectors.aws.session import Timeouts
from connectors.errors import ConnectorError, Step
from connectors.sqs.models import Draft, MessageAttribute, Queue
from connectors.sqs.queues import Queues
from connectors.sqs.receiving import Messages
from tests.conftest import OpeningContexts, OpenSession
from tests.connectors.aws.conftest import KEY_ID, AwsFiles
from tests.support.clock import LoopClock, ManualClock
from tests.support.stub import EVERY_OPERATION, SqsStub
from tests.support.waiting import until
from tests.support.wire import answer, expired_token, silence

# -- identity -------------------------------------------------------------------------------------------------------


async def test_the_account_is_known_once_sts_of_the_same_endpoint_answered(
    stub: SqsStub, open_session: OpenSession
) -> None:
    session = await open_session(stub.url)
    assert session.account_of("sqs") is None
    identity = await session.identify()
    assert (identity.account, identity.arn, identity.method, identity.expires) == (
        "123456789012",
        "arn:aws:iam::123456789012:user/reader",
        "dummy",
        None,
    )
    assert session.account_of("sqs") == "123456789012"
    assert session.target("sqs", "orders", {"QueueUrl": "url"}).account_label == "123456789012"


async def test_an_account_that_another_endpoint_named_stays_unverified(
    stub: SqsStub, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SqsStub() as other:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", stub.url)
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", other.url)
        session = await open_session()
        assert (await session.identify()).account == "123456789012"
        assert session.account_of("sqs") is None
        assert session.target("sqs", "orders", {"QueueUrl": "url"}).account_label == "unverified"


async def test_dummy_credentials_never_go_to_the_sts_of_aws(
    stub: SqsStub, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", stub.url)
    session = await open_session()
    with pytest.raises(ConnectorError) as caught:
        await session.identify()
    assert caught.value.step is Step.GUARD
    assert session.meter.total == 0


async def test_an_identity_without_an_account_is_no_identity(stub: SqsStub, open_session: OpenSession) -> None:
    stub.on("GetCallerIdentity", answer(Arn="arn:x"))
    session = await open_session(stub.url)
    with pytest.raises(ConnectorError) as caught:
        await session.identify()
    assert caught.value.step is Step.ANSWER
    assert session.identity is None


# -- calls ----------------------------------------------------------------------------------------------------------


async def test_a_queue_url_with_an_unreachable_host_still_goes_to_the_configured_endpoint(
    stub: SqsStub, open_session: OpenSession
) -> None:
    stub.queue("orders", visible=7)
    session = await open_session(stub.url)
    elsewhere = Queue("http://sqs.internal.invalid:9324/000000000000/orders")
    assert (await Queues(session).attributes(elsewhere)).counts.visible == 7
    assert stub.sent("GetQueueAttributes")[0].params["QueueUrl"] == elsewhere.url


async def test_the_meter_counts_the_last_minute(stub: SqsStub, open_session: OpenSession, clock: ManualClock) -> None:
    session = await open_session(stub.url, clock=clock)
    for _ in range(3):
        await session.call("sqs", "ListQueues")
    assert session.meter.per_minute == 3
    await clock.advance(61)
    assert session.meter.per_minute == 0
    assert session.meter.total == 3


def test_the_rate_of_calls_is_known_after_two_bursts_and_stays_the_same(clock: ManualClock) -> None:
    meter = CallMeter(clock)
    for burst in range(20):
        clock.jump(5.0)
        for _ in range(40):
            meter.count()
        expected = 40 if burst == 0 else 480
        assert meter.rate == pytest.approx(expected, rel=0.01)
    clock.jump(30.0)
    assert meter.rate < 300
    clock.jump(31.0)
    assert meter.rate == 0


def test_a_first_burst_over_a_slow_line_is_no_rate_of_thousands(clock: ManualClock) -> None:
    meter = CallMeter(clock)
    for _ in range(49):
        meter.count()
        clock.jump(2 / 49)
    assert 49 <= meter.rate <= 12 * 49


async def test_a_client_that_could_not_be_made_is_tried_anew(
    stub: SqsStub, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await open_session(stub.url)
    monkeypatch.setenv("AWS_DEFAULTS_MODE", "nonsense")
    with pytest.raises(ConnectorError):
        await session.call("sqs", "ListQueues")
    monkeypatch.delenv("AWS_DEFAULTS_MODE")
    await session.call("sqs", "ListQueues")


async def test_a_cancelled_call_ends_at_the_server_and_stands_in_the_log_as_cancelled(
    stub: SqsStub, open_session: OpenSession
) -> None:
    stub.on("ListQueues", silence())
    session = await open_session(stub.url)
    call = asyncio.create_task(session.call("sqs", "ListQueues"))
    await until(lambda: stub.in_flight)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await until(lambda: not stub.in_flight)
    error = session.log[-1].error
    assert error is not None
    assert "cancelled" in error.title


async def test_dummy_credentials_are_sent_to_the_emulator_only(
    stub: SqsStub, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", stub.url)
    session = await open_session()
    await session.call("sqs", "ListQueues")
    with pytest.raises(ConnectorError, match="dummy credentials are not sent to AWS's own SNS"):
        await session.call("sns", "ListTopics")
    assert stub.operations == ["ListQueues"]


# -- closing --------------------------------------------------------------------------------------------------------


async def test_closing_with_a_server_that_hangs_stays_within_its_budget(
    stub: SqsStub, open_context: OpeningContexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.on(EVERY_OPERATION, silence())
    queue = stub.queue("orders")
    hours, longer = 10 * 3600, 1000 * 3600  # as the clock of the event loop goes, which is moved on
    timeouts = Timeouts(connect=longer, read=longer, close=0.25 * hours)
    monkeypatch.setattr("connectors.open_context.CLOSE_BUDGET", 0.75 * hours)
    context = await open_context(stub.url, timeouts=timeouts)
    session = context.aws
    reads = [asyncio.create_task(session.call("sqs", "ListQueues")) for _ in range(3)]
    look = asyncio.create_task(Messages(context).look(Queue(queue.url)))
    await until(lambda: stub.in_flight == 4)
    look.cancel()
    clock = LoopClock(monkeypatch)
    closing = asyncio.create_task(context.close())
    await clock.advance(0.7 * hours)
    assert not closing.done()  # the look may come to its end yet
    await clock.advance(0.3 * hours, until=closing.done)
    await until(closing.done, what="the end of closing, now that the budget is used up")
    assert (await closing).undone == ["a look into orders had no end: what it took is visible again within 30 s"]
    for _ in range(200):  # turns of the event loop, in which the calls end: none waits for another try
        await asyncio.sleep(0)
    assert all(read.done() for read in reads)
    for failure in await asyncio.gather(*reads, return_exceptions=True):
        assert isinstance(failure, ConnectorError)
        assert failure.title == "this context was closed"
    await until(lambda: not stub.in_flight)
    assert len(stub.sent("ListQueues")) == 3


async def test_a_closed_session_refuses_calls_and_closes_twice(stub: SqsStub, open_session: OpenSession) -> None:
    session = await open_session(stub.url)
    await session.call("sqs", "ListQueues")
    await session.aclose()
    await session.aclose()
    with pytest.raises(ConnectorError, match="closed"):
        await session.call("sqs", "ListQueues")
    assert len(stub.requests) == 1


async def test_closing_while_the_first_client_is_made_fails_the_call_and_cancels_nobody(
    stub: SqsStub, open_session: OpenSession
) -> None:
    session = await open_session(stub.url)
    call = asyncio.create_task(session.call("sqs", "ListQueues"))
    await asyncio.sleep(0)
    await session.aclose()
    with pytest.raises(ConnectorError, match="closed"):
        await call


# -- secrets --------------------------------------------------------------------------------------------------------


async def test_no_secret_stands_in_the_text_of_anything(
    files: AwsFiles, stub: SqsStub, open_context: OpeningContexts, audit: AuditLog
) -> None:
    files.keys(KEY_ID)
    queue = Queue(stub.queue("orders", messages=["s3cr3t-body"]).url)
    context = await open_context(stub.url)
    session = context.aws
    connector = Messages(context)
    identity = await session.identify()
    look = await connector.look(queue)
    draft = Draft("s3cr3t-body", (MessageAttribute("token", "String", "s3cr3t-value"),))
    sending = connector.sending(queue)
    permit = context.guard.permit(sending, "test")
    sent = await connector.send(sending, permit, queue, draft)
    deleting = connector.deleting(queue, look.messages)
    outcomes = await connector.delete(deleting, context.guard.permit(deleting, "test"), queue, look.messages)
    stub.on("ListQueues", expired_token())
    with pytest.raises(ConnectorError) as caught:
        await session.call("sqs", "ListQueues")
    everything = [
        context,
        session,
        session.context,
        context.guard,
        *session.log,
        identity,
        look,
        *look.messages,
        draft,
        sending,
    ]
    everything += [permit, sent, deleting, *outcomes, caught.value, caught.value.details(), *audit.tail()]
    shown = " ".join(f"{thing!s} {thing!r}" for thing in everything)
    assert "s3cr3t" not in shown
    assert KEY_ID not in shown
    assert look.messages[0].receipt_handle not in shown
