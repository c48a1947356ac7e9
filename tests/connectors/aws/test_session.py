import asyncio
from pathlib import Path

import pytest

from connectors import __version__
from connectors.audit import AuditLog
from connectors.aws.call_log import CallMeter
from connectors.aws.session import Lane, Timeouts
from connectors.errors import ConnectorError, PlainHttp, Step
from connectors.sqs.models import Draft, MessageAttribute, Queue
from connectors.sqs.queues import Queues
from connectors.sqs.receiving import Messages
from tests.conftest import OpeningContexts, OpenSession
from tests.support.clock import LoopClock, ManualClock
from tests.support.stub import EVERY_OPERATION, SqsStub
from tests.support.waiting import until
from tests.support.wire import Reply, Request, answer, expired_token, silence

KEY_ID, SECRET, TOKEN = "AKIAIOSFODNN7EXAMPLE", "s3cr3t-access-key", "s3cr3t-session-token"


class AwsFiles:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def config(self, text: str) -> None:
        (self._folder / "config").write_text(text)

    def keys(self, key_id: str) -> None:
        (self._folder / "credentials").write_text(
            f"[default]\naws_access_key_id = {key_id}\naws_secret_access_key = {SECRET}\naws_session_token = {TOKEN}\n"
        )


@pytest.fixture
def files(isolated_machine: Path) -> AwsFiles:
    return AwsFiles(isolated_machine / ".aws")


# -- credentials ----------------------------------------------------------------------------------------------------


async def test_without_credentials_for_aws_the_error_names_the_profile(open_session: OpenSession) -> None:
    with pytest.raises(ConnectorError) as caught:
        await open_session(region="eu-west-1")
    assert caught.value.step is Step.CREDENTIALS
    assert "no credentials were found for profile 'default'" in caught.value.title


async def test_an_aws_context_opens_without_asking_anybody(files: AwsFiles, open_session: OpenSession) -> None:
    files.keys(KEY_ID)
    session = await open_session(region="eu-west-1")
    assert session.context.endpoints == ()
    assert session.meter.total == 0
    assert session.account_of("sqs") is None


async def test_requests_name_sluice_and_the_application_of_the_aws_files(
    files: AwsFiles, stub: SqsStub, open_session: OpenSession
) -> None:
    files.config("[default]\nsdk_ua_app_id = bastion\n")
    session = await open_session(endpoint_url=stub.url)
    await session.call("sqs", "ListQueues")
    sent = stub.sent("ListQueues")[0].headers["user-agent"].split()
    assert sent[0].startswith("aiobotocore/")
    assert {f"sluice/{__version__}", "app/bastion"} <= {*sent}


async def test_a_role_is_assumed_even_in_a_read_only_context(
    files: AwsFiles, stub: SqsStub, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.keys("word")
    files.config("[profile reader]\nregion=us-east-1\nrole_arn=arn:aws:iam::1:role/R\nsource_profile=default\n")
    monkeypatch.setenv("AWS_ENDPOINT_URL", stub.url)
    session = await open_session(profile="reader", read_only=True)
    await session.call("sqs", "ListQueues")
    assert stub.operations == ["AssumeRole", "ListQueues"]
    assert "Credential=ASIAROLEROLEROLEROLE/" in stub.sent("ListQueues")[0].headers["authorization"]


WEB_IDENTITY = "web_identity_token_file=<home>/token\n"


@pytest.mark.parametrize(
    ("source", "operation"), [("source_profile=default\n", "AssumeRole"), (WEB_IDENTITY, "AssumeRoleWithWebIdentity")]
)
async def test_a_role_is_assumed_where_the_sts_of_the_context_is(
    source: str,
    operation: str,
    files: AwsFiles,
    stub: SqsStub,
    open_session: OpenSession,
    isolated_machine: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (isolated_machine / "token").write_text("a web identity")
    files.keys(KEY_ID)
    role = "[profile reader]\nrole_arn=arn:aws:iam::1:role/R\n" + source.replace("<home>", str(isolated_machine))
    files.config(role)
    stub.on("AssumeRoleWithWebIdentity", Reply(answer=stub.model._AssumeRole({})))
    session = await open_session(stub.url, profile="reader", region="eu-west-1")
    await session.call("sqs", "ListQueues")
    assert (await session.identify()).method.startswith("assume-role")
    assert stub.operations == [operation, "ListQueues", "GetCallerIdentity"]
    if operation == "AssumeRole":
        assert "/eu-west-1/sts/" in stub.sent(operation)[0].headers["authorization"]
    with SqsStub() as other:
        other.on("AssumeRoleWithWebIdentity", Reply(answer=stub.model._AssumeRole({})))
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", other.url)
        monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", stub.url)
        await (await open_session(profile="reader", region="eu-west-1")).call("sqs", "ListQueues")
        assert other.operations == [operation]


async def test_the_keys_of_a_source_profile_do_not_go_to_an_sts_over_plain_http(
    files: AwsFiles, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.keys(KEY_ID)
    files.config("[profile reader]\nregion=eu-west-1\nrole_arn=arn:aws:iam::1:role/R\nsource_profile=default\n")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://sts.invalid:4566")
    with pytest.raises(PlainHttp, match=r"http://sts.invalid:4566 \(sts\)"):
        await open_session(profile="reader")


async def test_an_sts_that_is_silent_holds_up_nobody_for_minutes(
    files: AwsFiles, stub: SqsStub, open_session: OpenSession
) -> None:
    files.keys("word")
    files.config("[profile reader]\nregion=eu-west-1\nrole_arn=arn:aws:iam::1:role/R\nsource_profile=default\n")
    stub.on("AssumeRole", silence())
    session = await open_session(stub.url, profile="reader", timeouts=Timeouts(connect=0.5, read=0.3))
    with pytest.raises(ConnectorError):
        await session.call("sqs", "ListQueues")
    assert len(stub.sent("AssumeRole")) == 2


async def test_a_role_that_asks_for_an_mfa_code_fails_and_never_prompts_on_the_terminal(
    files: AwsFiles,
    stub: SqsStub,
    open_session: OpenSession,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    files.keys("word")
    files.config(
        "[profile careful]\nregion=us-east-1\nrole_arn=arn:aws:iam::1:role/R\nsource_profile=default\n"
        "mfa_serial=arn:aws:iam::1:mfa/me\n"
    )
    monkeypatch.setenv("AWS_ENDPOINT_URL", stub.url)
    session = await open_session(profile="careful")
    with pytest.raises(ConnectorError) as caught:
        await session.call("sqs", "ListQueues")
    assert caught.value.step is Step.CREDENTIALS
    assert "MFA code" in caught.value.title
    assert stub.requests == []
    assert capfd.readouterr() == ("", "")


async def test_a_missing_sso_login_says_how_to_log_in(
    files: AwsFiles, stub: SqsStub, open_session: OpenSession
) -> None:
    files.config(
        "[profile login]\nregion=us-east-1\nsso_session=company\nsso_account_id=1\nsso_role_name=R\n"
        "[sso-session company]\nsso_region=us-east-1\nsso_start_url=https://company.invalid/start\n"
    )
    session = await open_session(stub.url, profile="login")
    with pytest.raises(ConnectorError) as caught:
        await session.call("sqs", "ListQueues")
    assert caught.value.step is Step.CREDENTIALS
    assert "aws sso login" in caught.value.hint


async def test_a_credential_process_that_fails_is_named_as_credentials(
    files: AwsFiles, stub: SqsStub, open_session: OpenSession
) -> None:
    files.config("[profile helper]\nregion=us-east-1\ncredential_process=/bin/false\n")
    with pytest.raises(ConnectorError) as caught:
        await open_session(stub.url, profile="helper")
    assert caught.value.step is Step.CREDENTIALS


@pytest.mark.parametrize("profile", ["default", "reader"])
async def test_real_credentials_do_not_go_over_plain_http_to_another_host(
    profile: str, files: AwsFiles, open_session: OpenSession
) -> None:
    files.keys(KEY_ID)
    files.config("[profile reader]\nrole_arn=arn:aws:iam::1:role/R\nsource_profile=default\n")
    settings = {"profile": profile, "region": "us-east-1"}
    with pytest.raises(ConnectorError) as caught:
        await open_session("http://emulator.invalid:4566", **settings)
    assert caught.value.step is Step.GUARD
    assert "http://emulator.invalid:4566" in caught.value.title
    assert "--allow-http" in caught.value.hint
    await open_session("http://emulator.invalid:4566", allow_plain_http=True, **settings)
    await open_session("https://emulator.invalid:4566", **settings)


async def test_words_used_as_keys_may_go_to_an_emulator_elsewhere(files: AwsFiles, open_session: OpenSession) -> None:
    files.keys("test")
    await open_session("http://emulator.invalid:4566", region="us-east-1")


async def test_after_a_new_login_elsewhere_the_next_call_works(
    files: AwsFiles, stub: SqsStub, open_session: OpenSession
) -> None:
    def by_key(request: Request) -> Reply:
        return answer(QueueUrls=[]) if "Credential=NEW" in request.headers["authorization"] else expired_token()

    stub.on("ListQueues", by_key)
    files.keys("OLD")
    session = await open_session(stub.url)
    for _ in range(2):
        with pytest.raises(ConnectorError, match="expired"):
            await session.call("sqs", "ListQueues")
    files.keys("NEW")
    await session.call("sqs", "ListQueues")
    await session.call("sqs", "ListQueues", lane=Lane.LOOK)


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
