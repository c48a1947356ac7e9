"""Where credentials come from: botocore's providers, and what they ask."""

import asyncio
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors import __version__
from connectors.aws import credential_process
from connectors.aws.session import Lane, Timeouts
from connectors.errors import ConnectorError, PlainHttp, Step
from tests.conftest import OpenSession
from tests.connectors.aws.conftest import KEY_ID, AwsFiles
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import Reply, Request, answer, denied, expired_token, silence

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
    session = await open_session(stub.url, profile="reader", timeouts=Timeouts(read=1.5))
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
    for _ in range(3):  # also when botocore takes the first attempt for a success
        with pytest.raises(ConnectorError) as caught:
            await session.call("sqs", "ListQueues")
        assert caught.value.step is Step.CREDENTIALS
        assert "'careful' asks for an MFA code" in caught.value.title
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


async def test_calls_that_wait_for_the_same_role_fetch_it_once(
    files: AwsFiles, stub: SqsStub, open_session: OpenSession
) -> None:
    files.keys("word")
    files.config("[profile reader]\nregion=eu-west-1\nrole_arn=arn:aws:iam::1:role/R\nsource_profile=default\n")
    session = await open_session(stub.url, profile="reader")
    stub.on("AssumeRole", denied("sts:AssumeRole"), times=1)
    failed = await asyncio.gather(*(session.call("sqs", "ListQueues") for _ in range(10)), return_exceptions=True)
    assert {getattr(failure, "step", failure) for failure in failed} == {Step.CREDENTIALS}
    assert stub.operations == ["AssumeRole"]
    await asyncio.gather(*(session.call("sqs", "ListQueues") for _ in range(10)))
    assert len(stub.sent("AssumeRole")) == 2


# -- helpers --------------------------------------------------------------------------------------------------------

GOOD = '{"Version": 1, "AccessKeyId": "word", "SecretAccessKey": "word"}'


@pytest.fixture
def home(isolated_machine: Path) -> Path:
    return isolated_machine


def install(home: Path, files: AwsFiles, script: str) -> None:
    """A profile `helped` whose helper runs `script`. Each run adds its process id to the file `runs`."""
    helper = home / "helper"
    helper.write_text(f"#!/bin/sh\ncd {home}\necho $$ >> runs\n{script}\n")
    helper.chmod(0o700)
    files.config(f"[profile helped]\nregion=eu-west-1\ncredential_process={helper}\n")


def runs(home: Path) -> list[int]:
    """The process ids of the helpers that were started."""
    file = home / "runs"
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def is_there(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_helper_has_no_terminal_and_a_session_of_its_own(
    home: Path, files: AwsFiles, stub: SqsStub, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GPG_TTY", "/dev/pts/0")
    install(home, files, f"(read line; echo \"$?:$line:$GPG_TTY:\"; cat /proc/$$/stat) > saw\necho '{GOOD}'")
    session = await open_session(stub.url, profile="helped")
    await session.call("sqs", "ListQueues")
    asked, stat = (home / "saw").read_text().splitlines()
    assert asked == "1:::"
    _, _, _, group, of_session, terminal, *_ = stat.split()[1:]
    assert {group, of_session} == {str(runs(home)[0])}
    assert terminal == "0"


async def test_what_a_helper_leaves_running_holds_up_nobody(
    home: Path, files: AwsFiles, stub: SqsStub, open_session: OpenSession
) -> None:
    install(home, files, f"sleep 8 & echo '{GOOD}'")
    began = time.monotonic()
    await open_session(stub.url, profile="helped")
    assert time.monotonic() - began < 7


async def test_a_helper_that_never_answers_is_ended_with_all_that_it_started(
    home: Path, files: AwsFiles, stub: SqsStub, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credential_process, "PATIENCE", 0.3)
    install(home, files, "sleep 60 & sleep 60")
    with pytest.raises(
        ConnectorError, match=r"gave no answer in \d+ s and was ended; it may ask for something"
    ) as caught:
        await open_session(stub.url, profile="helped")
    assert caught.value.step is Step.CREDENTIALS
    assert caught.value.hint == f"run it once in a shell: {home}/helper"
    await until(lambda: not is_there(runs(home)[0]))


async def test_who_stops_waiting_for_a_helper_ends_it(
    home: Path, files: AwsFiles, stub: SqsStub, open_session: OpenSession
) -> None:
    install(home, files, "sleep 60")
    opening = asyncio.create_task(open_session(stub.url, profile="helped"))
    await until(lambda: runs(home))
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    await until(lambda: not is_there(runs(home)[0]))


async def test_closing_a_context_ends_a_helper_that_gets_new_keys(
    home: Path, files: AwsFiles, stub: SqsStub, open_session: OpenSession
) -> None:
    soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    keys = f'{GOOD[:-1]}, "Expiration": "{soon}"}}'
    install(home, files, f"[ -e once ] && sleep 60\ntouch once\necho '{keys}'")
    session = await open_session(stub.url, profile="helped")
    call = asyncio.create_task(session.call("sqs", "ListQueues"))
    await until(lambda: len(runs(home)) == 2)
    assert is_there(runs(home)[1])
    await session.aclose()
    with pytest.raises(ConnectorError, match="closed"):
        await call
    await until(lambda: not is_there(runs(home)[1]))
    assert stub.requests == []
