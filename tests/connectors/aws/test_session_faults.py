"""Every way in which a call can fail: over real sockets, and what is said of it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.aws.session import AwsSession, Lane, Timeouts
from connectors.errors import ConnectorError, OutcomeUnknown, Step
from connectors.open_context import OpenContext
from tests.conftest import OpeningContexts, OpenSession
from tests.support.clock import HurryingClock, ManualClock
from tests.support.stub import EVERY_OPERATION, SqsStub, silent_port, unused_port
from tests.support.waiting import until
from tests.support.wire import (
    Answering,
    answer,
    closed,
    denied,
    error,
    expired_token,
    json_text,
    no_such_queue,
    redirect,
    reset,
    server_error,
    silence,
    text,
    throttled,
    truncated,
    unavailable,
    web_page,
)

SHORT = Timeouts(connect=0.5, read=0.3, close=1.0)

# One attempt only, so that no test waits for a retry.
ONCE = Lane.LOOK


async def failure(session: AwsSession, service: str = "sqs", operation: str = "ListQueues") -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        await session.call(service, operation, lane=ONCE)
    assert len(str(caught.value).splitlines()) == 1
    assert caught.value.operation == operation
    assert caught.value.hint or caught.value.step is Step.REJECTED  # where the service says itself what is wrong
    return caught.value


ANSWERS: dict[str, tuple[Answering, Step, str]] = {
    "access denied": (denied("sqs:listqueues"), Step.PERMISSION, "sqs:listqueues is denied"),
    "access denied without a word": (error("AccessDenied", "", 403), Step.PERMISSION, "ListQueues is denied"),
    "throttled": (throttled(), Step.THROTTLE, "slow down (RequestThrottled)"),
    "too many requests": (error("Whatever", "no", 429), Step.THROTTLE, "slow down"),
    "expired token": (expired_token(), Step.CREDENTIALS, "expired"),
    "wrong key": (error("InvalidClientTokenId", "x", 403), Step.CREDENTIALS, "does not accept the credentials"),
    "wrong clock": (error("RequestTimeTooSkewed", "x", 403), Step.CREDENTIALS, "does not accept the credentials"),
    "no such queue": (no_such_queue(), Step.NOT_FOUND, "does not exist"),
    "no such queue, older code": (
        error("AWS.SimpleQueueService.NonExistentQueue", "x"),
        Step.NOT_FOUND,
        "does not exist",
    ),
    "the key refused": (error("KmsAccessDenied", "no"), Step.PERMISSION, "KMS"),
    "the key is throttled": (error("KmsThrottled", "no"), Step.THROTTLE, "slow down"),
    "too many in flight": (error("OverLimit", "no"), Step.REJECTED, "in flight"),
    "unknown operation": (error("UnknownOperationException", "x"), Step.UNSUPPORTED, "does not know ListQueues"),
    "not implemented": (text("", 501), Step.UNSUPPORTED, "does not know ListQueues"),
    "rejected": (error("InvalidParameterValue", "Value 0 is invalid"), Step.REJECTED, "Value 0 is invalid"),
    "internal error": (server_error(), Step.SERVICE, "HTTP 500"),
    "unavailable": (unavailable(), Step.SERVICE, "HTTP 503"),
    "page instead of an answer": (web_page(200), Step.ANSWER, "a web page came"),
    "page without its type": (text("<html>"), Step.ANSWER, "a web page came"),
    "forbidden by a page": (web_page(403, "Blocked"), Step.ANSWER, "HTTP 403 and a web page instead of an answer: Bl"),
    "operation the emulator lacks": (web_page(500, "Oops"), Step.UNSUPPORTED, "HTTP 500 and a web page"),
    "bad gateway": (web_page(502, "Bad Gateway"), Step.SERVICE, "HTTP 502 and a web page"),
    "gateway without a backend": (web_page(503, "Unavailable"), Step.SERVICE, "HTTP 503 and a web page"),
    "another service": (json_text({"detail": "Not Found"}, 404), Step.ANSWER, "HTTP 404"),
    "redirect": (text("", 301), Step.ANSWER, "redirect"),
    "broken document": (text('{"QueueUrls": ["http://x'), Step.ANSWER, "half an answer"),
    "no document": (text(""), Step.ANSWER, "an empty answer"),
    "a list": (json_text([]), Step.ANSWER, "not one of this service"),
    "null": (text("null"), Step.ANSWER, "not one of this service"),
    "endless nesting": (text("[" * 100_000), Step.ANSWER, "half an answer"),
    "truncated": (truncated(answer(QueueUrls=[])), Step.ANSWER, "the middle of the answer"),
    "closed": (closed(), Step.ANSWER, "connection was closed before the answer"),
    "reset": (reset(), Step.ANSWER, "connection was reset before the answer"),
}


@pytest.mark.parametrize(("reply", "step", "words"), ANSWERS.values(), ids=ANSWERS.keys())
async def test_a_bad_answer_of_sqs_names_its_step(
    reply: Answering, step: Step, words: str, stub: SqsStub, open_session: OpenSession
) -> None:
    stub.on("ListQueues", reply)
    found = await failure(await open_session(stub.url))
    assert (found.step, words in found.title) == (step, True), found
    assert len(stub.sent("ListQueues")) == 1


STS_ANSWERS: dict[str, tuple[Answering, Step]] = {
    "page": (web_page(200), Step.ANSWER),
    "page with the wrong type": (text("<html><body/></html>", content_type="text/xml"), Step.ANSWER),
    "nothing": (text("", content_type="text/xml"), Step.ANSWER),
    "json": (text("{}"), Step.ANSWER),
    "half": (truncated(answer(Account="1")), Step.ANSWER),
    "forbidden by a page": (web_page(403), Step.ANSWER),
    "operation the emulator lacks": (web_page(500), Step.UNSUPPORTED),
    "internal error": (server_error(), Step.SERVICE),
    "expired token": (expired_token(), Step.CREDENTIALS),
    "denied": (denied("sts:GetCallerIdentity"), Step.PERMISSION),
}


@pytest.mark.parametrize(("reply", "step"), STS_ANSWERS.values(), ids=STS_ANSWERS.keys())
async def test_a_bad_answer_of_sts_names_its_step(
    reply: Answering, step: Step, stub: SqsStub, open_session: OpenSession
) -> None:
    stub.on("GetCallerIdentity", reply)
    assert (await failure(await open_session(stub.url), "sts", "GetCallerIdentity")).step is step


async def test_the_request_id_of_a_failure_is_kept(stub: SqsStub, open_session: OpenSession) -> None:
    stub.on("ListQueues", denied())
    found = await failure(await open_session(stub.url))
    assert found.request_id == "req-000001"
    assert ("request id", "req-000001") in found.details()


async def test_a_call_with_a_wrong_parameter_is_rejected_before_it_is_sent(
    stub: SqsStub, open_session: OpenSession
) -> None:
    session = await open_session(stub.url)
    with pytest.raises(ConnectorError, match="Colour") as caught:
        await session.call("sqs", "ListQueues", Colour="red")
    assert caught.value.step is Step.REJECTED
    assert stub.requests == []


# -- the way there --------------------------------------------------------------------------------------------------


async def test_a_refused_port_is_tcp(open_session: OpenSession) -> None:
    found = await failure(await open_session(f"http://127.0.0.1:{unused_port()}"))
    assert found.step is Step.TCP
    assert "server running" in found.hint


async def test_an_unknown_host_is_dns(open_session: OpenSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "word")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "word")
    found = await failure(await open_session("http://x.invalid", region="eu-west-1"))
    assert found.step is Step.DNS


async def test_tls_against_a_plain_server_is_tls(stub: SqsStub, open_session: OpenSession) -> None:
    found = await failure(await open_session(stub.url.replace("http:", "https:")))
    assert found.step is Step.TLS
    assert "http://" in found.hint


async def test_a_certificate_that_nobody_signed_is_tls_and_nothing_is_sent(open_session: OpenSession) -> None:
    with SqsStub(tls=True) as stub:
        found = await failure(await open_session(stub.url))
        assert found.step is Step.TLS
        assert "certificate verify failed" in found.title.lower()
        assert stub.requests == []


async def test_a_certificate_of_the_bundle_that_was_set_is_trusted(
    open_session: OpenSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SqsStub(tls=True) as stub:
        bundle = tmp_path / "bundle.pem"
        bundle.write_bytes(stub.certificate)
        monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
        session = await open_session(stub.url)
        await session.call("sqs", "ListQueues")
        assert [request.operation for request in stub.requests] == ["ListQueues"]


async def test_a_server_that_takes_the_call_and_says_nothing_is_a_timeout(
    stub: SqsStub, open_session: OpenSession
) -> None:
    stub.on("ListQueues", silence())
    found = await failure(await open_session(stub.url, timeouts=SHORT))
    assert found.step is Step.TIMEOUT


async def test_a_port_that_takes_connections_and_nothing_else_is_a_timeout(open_session: OpenSession) -> None:
    with silent_port() as url:
        assert (await failure(await open_session(url, timeouts=SHORT))).step is Step.TIMEOUT


async def test_a_port_that_takes_connections_and_speaks_no_tls_says_that_it_may_be_that(
    open_session: OpenSession,
) -> None:
    with silent_port() as url:
        found = await failure(await open_session(url.replace("http:", "https:"), timeouts=SHORT))
    assert found.step is Step.TCP
    assert "TLS" in found.title


async def test_a_missing_certificate_file_is_a_setting(
    stub: SqsStub, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "/does/not/exist.pem")
    found = await failure(await open_session(stub.url))
    assert found.step is Step.SETTINGS
    assert "AWS_CA_BUNDLE" in found.hint


async def test_a_setting_that_botocore_cannot_take_is_named_as_a_setting(
    stub: SqsStub, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULTS_MODE", "nonsense")
    session = await open_session(stub.url)
    with pytest.raises(ConnectorError) as caught:
        await session.call("sqs", "ListQueues")
    assert caught.value.step is Step.SETTINGS
    assert "nonsense" in caught.value.title


async def test_a_proxy_of_the_environment_has_no_business_with_this_machine(
    stub: SqsStub, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_port()}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name)
    session = await open_session(stub.url)
    assert await session.call("sqs", "ListQueues") == {"QueueUrls": []}


async def test_a_dead_proxy_is_named_as_the_proxy(open_session: OpenSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "word")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "word")
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused_port()}")
    found = await failure(await open_session("http://emulator.invalid", region="eu-west-1"))
    assert found.step is Step.TCP
    assert "proxy" in found.title


# -- what a change may claim ----------------------------------------------------------------------------------------

UNKNOWN: dict[str, Answering] = {
    "reset": reset(),
    "closed": closed(),
    "truncated": truncated(answer(MessageId="x")),
    "silence": silence(),
    "internal error": server_error(),
    "unavailable": unavailable(),
    "gateway": web_page(502),
    "gateway without a backend": web_page(503),
    "emulator's page": web_page(500),
    "page": web_page(200),
    "half a document": text('{"MessageId": "x'),
    "nothing": text(""),
    "another service": text("null"),
}


@pytest.mark.parametrize("reply", UNKNOWN.values(), ids=UNKNOWN.keys())
async def test_a_change_whose_answer_is_no_use_is_of_unknown_outcome_and_sent_once(
    reply: Answering, stub: SqsStub, open_context: OpeningContexts, carry_out: "CarryOut"
) -> None:
    stub.queue("orders")
    stub.on("SendMessage", reply)
    context = await open_context(stub.url, timeouts=Timeouts(read=1.5))
    with pytest.raises(OutcomeUnknown, match="unknown"):
        await carry_out(context, "SendMessage", MessageBody="x")
    assert len(stub.sent("SendMessage")) == 1


REFUSALS: dict[str, tuple[Answering, Step]] = {
    "denied": (denied("sqs:sendmessage"), Step.PERMISSION),
    "throttled": (throttled(), Step.THROTTLE),
    "rejected": (error("InvalidMessageContents", "no"), Step.REJECTED),
    "expired": (expired_token(), Step.CREDENTIALS),
    "a page that forbids": (web_page(403), Step.ANSWER),
}


@pytest.mark.parametrize(("reply", "step"), REFUSALS.values(), ids=REFUSALS.keys())
async def test_a_change_that_was_refused_did_not_happen_and_is_sent_once(
    reply: Answering, step: Step, stub: SqsStub, open_context: OpeningContexts, carry_out: "CarryOut"
) -> None:
    stub.queue("orders")
    stub.on("SendMessage", reply)
    context = await open_context(stub.url)
    with pytest.raises(ConnectorError) as caught:
        await carry_out(context, "SendMessage", MessageBody="x")
    assert not isinstance(caught.value, OutcomeUnknown)
    assert caught.value.step is step
    assert len(stub.sent("SendMessage")) == 1


async def test_a_change_that_found_no_server_did_not_happen(
    open_context: OpeningContexts, carry_out: "CarryOut"
) -> None:
    context = await open_context(f"http://127.0.0.1:{unused_port()}")
    with pytest.raises(ConnectorError) as caught:
        await carry_out(context, "SendMessage", MessageBody="x")
    assert not isinstance(caught.value, OutcomeUnknown)
    assert caught.value.step is Step.TCP


async def test_a_change_after_a_kept_connection_broke_is_of_unknown_outcome(
    stub: SqsStub, open_context: OpeningContexts, carry_out: "CarryOut"
) -> None:
    stub.queue("orders")
    context = await open_context(stub.url)
    await carry_out(context, "SendMessage", MessageBody="one")
    stub.on("SendMessage", reset())
    with pytest.raises(OutcomeUnknown):
        await carry_out(context, "SendMessage", MessageBody="two")
    assert len(stub.sent("SendMessage")) == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed_so_that_no_other_host_gets_the_body(
    status: int, stub: SqsStub, open_context: OpeningContexts, carry_out: "CarryOut"
) -> None:
    with SqsStub() as other:
        other.queue("orders")
        stub.queue("orders")
        stub.on("SendMessage", redirect(f"{other.url}/", status))
        with pytest.raises(ConnectorError) as caught:
            await carry_out(await open_context(stub.url), "SendMessage", MessageBody="x")
        assert caught.value.step is Step.ANSWER
        assert "redirect" in caught.value.title
        assert (len(stub.requests), other.requests) == (1, [])


# -- retries --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", [unavailable(), reset()], ids=["unavailable", "reset"])
async def test_a_read_is_tried_three_times(reply: Answering, stub: SqsStub, open_session: OpenSession) -> None:
    stub.on("ListQueues", reply)
    session = await open_session(stub.url, clock=HurryingClock())
    with pytest.raises(ConnectorError):
        await session.call("sqs", "ListQueues")
    assert len(stub.sent("ListQueues")) == 3
    assert session.meter.total == session.meter.per_minute == 3


async def test_a_read_that_works_at_the_second_try_is_fine_and_says_that_it_was_retried(
    stub: SqsStub, open_session: OpenSession
) -> None:
    stub.on("ListQueues", throttled(), times=1)
    clock = ManualClock()
    session = await open_session(stub.url, clock=clock)
    reading = asyncio.create_task(session.call("sqs", "ListQueues"))
    await until(lambda: clock.sleepers, what="the wait before the second try")
    assert len(stub.sent("ListQueues")) == 1
    await clock.advance(1)
    await reading
    assert session.log[-1].retries == 1
    assert session.log[-1].error is None


async def test_a_look_is_tried_once(stub: SqsStub, open_session: OpenSession) -> None:
    queue = stub.queue("orders")
    stub.on("ReceiveMessage", unavailable())
    session = await open_session(stub.url)
    with pytest.raises(ConnectorError):
        await session.call("sqs", "ReceiveMessage", lane=Lane.LOOK, QueueUrl=queue.url)
    assert len(stub.sent("ReceiveMessage")) == 1


async def test_a_failure_stands_in_the_log_with_its_target(stub: SqsStub, open_session: OpenSession) -> None:
    stub.on(EVERY_OPERATION, denied())
    session = await open_session(stub.url)
    with pytest.raises(ConnectorError) as caught:
        await session.call("sqs", "GetQueueUrl", QueueName="orders", target="orders")
    record = session.log[-1]
    assert (record.service, record.operation, record.target, record.error) == (
        "sqs",
        "GetQueueUrl",
        "orders",
        caught.value,
    )


CarryOut = Callable[..., Awaitable[Any]]


@pytest.fixture
def carry_out() -> CarryOut:
    """Sends one change to the queue `orders`, with everything that it needs."""
    from connectors.guard import Change

    async def carrying(context: OpenContext, operation: str, **params: Any) -> Any:
        session = context.aws
        url = f"{session.context.endpoint('sqs')}/123456789012/orders"
        change = Change("sqs", operation, session.target("sqs", "orders", {"QueueUrl": url}), 1, "")
        async with context.guard.carry_out(change, context.guard.permit(change, "test")):
            return await session.call("sqs", operation, lane=Lane.CHANGE, QueueUrl=url, **params)

    return carrying
