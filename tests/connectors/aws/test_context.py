import json
from pathlib import Path

import pytest

from connectors.aws.context import (
    Context,
    ContextRequest,
    check_endpoint_url,
    is_loopback,
    is_plain_http_abroad,
    is_real_key_id,
    resolve,
)
from connectors.aws.profiles import found_profiles
from connectors.errors import ConnectorError, Step
from connectors.sqs.queues import Queues
from tests.conftest import OpenSession
from tests.support.stub import SqsStub

LOCAL = "http://localhost:4566"


@pytest.fixture
def config(isolated_machine: Path) -> Path:
    path = isolated_machine / ".aws" / "config"
    path.write_text(
        """
[default]
region = eu-central-1

[profile prod]
region = eu-west-1
role_arn = arn:aws:iam::123456789012:role/Reader
source_profile = default

[profile laptop]
region = eu-north-1
endpoint_url = http://localhost:1111
services = laptop-services

[services laptop-services]
sqs =
    endpoint_url = http://localhost:2222

[profile bare]
region = us-west-2

[profile login]
sso_session = company

[profile nowhere]
aws_access_key_id = word
aws_secret_access_key = word
"""
    )
    return path


def context(**settings: object) -> Context:
    return resolve(ContextRequest(**settings), ["sqs"])[0]  # type: ignore[arg-type]


def refused(**settings: object) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        context(**settings)
    return caught.value


# -- what outranks what ---------------------------------------------------------------------------------------------


def test_the_option_outranks_the_environment_and_that_the_default_profile(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert context().profile == "default"
    monkeypatch.setenv("AWS_PROFILE", "bare")
    assert (context().profile, context().region) == ("bare", "us-west-2")
    assert (context(profile="prod").profile, context(profile="prod").region) == ("prod", "eu-west-1")


def test_aws_default_profile_counts_where_aws_profile_is_not_set(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_PROFILE", "prod")
    assert context().profile == "prod"
    monkeypatch.setenv("AWS_PROFILE", "bare")
    assert context().profile == "bare"


def test_the_region_comes_from_the_option_then_the_environment_then_the_profile(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert context(profile="prod").region == "eu-west-1"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-south-1")
    assert context(profile="prod").region == "ap-south-1"
    monkeypatch.setenv("AWS_REGION", "sa-east-1")
    assert context(profile="prod").region == "sa-east-1"
    assert context(profile="prod", region="ca-central-1").region == "ca-central-1"


def test_a_profile_that_was_picked_brings_its_own_region_and_lacks_none_that_the_environment_has(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.setenv(variable, "sa-east-1")
        assert context(profile="prod").region == "sa-east-1"
        assert context(profile="prod", own_region=True).region == "eu-west-1"
        assert context(profile="nowhere", own_region=True).region == "sa-east-1"
        assert context(profile="prod", own_region=True, region="ca-central-1").region == "ca-central-1"
        listed = {profile.name: profile.region for profile in found_profiles()}
        for name in listed:
            assert listed[name] == context(profile=name, own_region=True).region


def test_the_endpoint_comes_from_option_service_variable_variable_services_section_and_profile_in_this_order(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop = context(profile="laptop")
    assert laptop.endpoint("sqs") == "http://localhost:2222"  # the profile's services section
    assert laptop.endpoint("sts") == "http://localhost:1111"  # the profile
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:3333")
    assert context(profile="laptop").endpoints == (("sqs", "http://localhost:3333"), ("sts", "http://localhost:3333"))
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", "http://localhost:4444/")
    assert context(profile="laptop").endpoint("sqs") == "http://localhost:4444"
    assert context(profile="laptop").endpoint("sts") == "http://localhost:3333"
    assert context(profile="laptop", endpoint_url=LOCAL).endpoints == (("sqs", LOCAL), ("sts", LOCAL))


def test_the_ignore_flag_leaves_only_the_option(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:3333")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    assert context(profile="laptop").endpoints == ()
    assert context(profile="laptop", endpoint_url=LOCAL).endpoint("sqs") == LOCAL


def test_the_account_is_verifiable_only_where_sts_answers_for_the_endpoint_of_sqs(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert context(profile="bare").sts_answers_for("sqs")
    assert context(profile="bare", endpoint_url=LOCAL).sts_answers_for("sqs")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", LOCAL)
    assert not context(profile="bare").sts_answers_for("sqs")


# -- mistakes -------------------------------------------------------------------------------------------------------


def test_an_unknown_profile_names_the_nearest(config: Path) -> None:
    error = refused(profile="pord")
    assert error.step is Step.SETTINGS
    assert str(error) == "settings: there is no profile 'pord'. Try: prod"


def test_an_unknown_profile_of_the_environment_is_named_too(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "zzz")
    error = refused()
    assert "'zzz'" in error.title
    assert all(name in error.hint for name in ("default", "prod", "laptop", "bare"))


def test_without_any_profile_the_error_says_so() -> None:
    assert refused(profile="prod").hint.startswith("the AWS files hold none: `aws configure`")


def test_the_default_profile_may_be_asked_for_where_the_files_hold_none() -> None:
    assert context(profile="default", endpoint_url=LOCAL).profile == "default"


@pytest.mark.parametrize(("typed", "nearest"), [("eu-wset-1", "eu-west-1"), ("us-est-1", "us-east-1")])
def test_an_unknown_region_names_the_nearest(typed: str, nearest: str) -> None:
    error = refused(region=typed)
    assert error.title == f"there is no region {typed!r}"
    assert nearest in error.hint


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1", "cn-north-1"])
def test_the_regions_of_every_partition_are_known(region: str) -> None:
    assert context(region=region).region == region


def test_an_endpoint_of_ones_own_may_have_any_region_but_no_nonsense() -> None:
    assert context(region="garden", endpoint_url=LOCAL).region == "garden"
    assert "there is no region" in refused(region="a b/c", endpoint_url=LOCAL).title


def test_no_region_says_where_to_set_one(config: Path) -> None:
    error = refused(profile="nowhere")
    assert error.title == "no region is set for profile 'nowhere'"
    assert "--region" in error.hint


def test_an_emulator_on_this_machine_needs_no_region() -> None:
    assert context(endpoint_url=LOCAL).region == "us-east-1"


@pytest.mark.parametrize("broken", ["[default\nregion", "region = eu-west-1", "[profile x]\n\xff"])
def test_a_broken_config_file_is_named(config: Path, broken: str) -> None:
    config.write_bytes(broken.encode("latin-1"))
    error = refused(region="eu-west-1")
    assert error.step is Step.SETTINGS
    assert str(config) in str(error)
    with pytest.raises(ConnectorError, match=str(config)):
        found_profiles()


def test_a_broken_credentials_file_is_named(isolated_machine: Path) -> None:
    path = isolated_machine / ".aws" / "credentials"
    path.write_text("[default\n")
    assert str(path) in str(refused(region="eu-west-1"))


@pytest.mark.parametrize(
    "url",
    [
        "localhost:4566",
        "ftp://localhost",
        "http://",
        "http://localhost:99999",
        "http://localhost:0",
        "http://localhost:port",
        "http://local host",
        "http://localhost:4566\n",
        "http://[::1",
        "https://sqs.eu-west-1.amazonaws.com?region=x",
        "http://localhost#x",
        "http://\u202ehost",
        "",
        "4566",
    ],
)
def test_a_malformed_endpoint_url_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ConnectorError) as caught:
        check_endpoint_url(url)
    assert caught.value.step is Step.SETTINGS
    assert "http://localhost:4566" in caught.value.hint
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://user:hunter2@sqs.example",
        "https://user:hun/ter2@sqs.example",
        "https://user:hun@ter2@sqs.example",
        "https://user:hunter2@sqs.example:99999",
        "user:hunter2@sqs.example",
        "https://us er:hunter2@sqs.example",
        "https://user:hunter2@",
    ],
)
def test_a_password_in_an_endpoint_url_is_refused_and_never_shown(url: str) -> None:
    request = ContextRequest(endpoint_url=url, region="eu-west-1")
    with pytest.raises(ConnectorError) as caught:
        resolve(request, ["sqs"])
    shown = f"{caught.value!s} {caught.value!r} {caught.value.details()} {request!r}"
    assert "ter2" not in shown
    assert "hun" not in shown


def test_a_malformed_endpoint_of_the_environment_says_which_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", "localhost:4566")
    assert "AWS_ENDPOINT_URL_SQS" in refused(region="eu-west-1").title


# -- this machine and others ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["http://localhost:1", "http://LOCALHOST", "http://sqs.localhost:1", "http://127.1.2.3", "http://[::1]:1"],
)
def test_this_machine_is_known_by_name_and_address(url: str) -> None:
    assert is_loopback(url)
    assert not is_plain_http_abroad(url)


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1", "http://localhost.example.com", "http://127.0.0.1.nip.io", "http://mylocalhost"]
)
def test_names_that_only_look_like_this_machine_are_abroad(url: str) -> None:
    assert not is_loopback(url)
    assert is_plain_http_abroad(url)


def test_aws_itself_is_neither_loopback_nor_plain_http() -> None:
    assert not is_loopback(None)
    assert not is_plain_http_abroad(None)
    assert not is_plain_http_abroad("https://sqs.example")


def test_a_key_id_of_aws_is_told_from_the_words_used_with_emulators() -> None:
    assert is_real_key_id("AKIAIOSFODNN7EXAMPLE")
    assert is_real_key_id("ASIAIOSFODNN7EXAMPLE")
    assert not any(is_real_key_id(word) for word in ("test", "", "AKIA", "akiaiosfodnn7example", "000000000000"))


def test_dummy_credentials_are_for_this_machine_and_only_when_none_are_found(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert context(endpoint_url=LOCAL).dummy_credentials
    assert context(endpoint_url=LOCAL, profile="bare").dummy_credentials  # a profile that holds no credentials
    assert context(profile="laptop").dummy_credentials
    assert not context(endpoint_url=LOCAL, profile="prod").dummy_credentials
    assert not context(endpoint_url=LOCAL, profile="login").dummy_credentials
    assert not context(endpoint_url=LOCAL, profile="nowhere").dummy_credentials
    assert not context(endpoint_url="http://10.0.0.1:4566").dummy_credentials
    assert not context().dummy_credentials
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    assert not context(endpoint_url=LOCAL).dummy_credentials
    # beside a profile that was named, botocore does not look at keys in the environment: there are none
    assert context(endpoint_url=LOCAL, profile="bare").dummy_credentials


# -- the demo -------------------------------------------------------------------------------------------------------

POISON = {
    "AWS_PROFILE": "prod",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ENDPOINT_URL": "https://production.example",
    "AWS_ENDPOINT_URL_SQS": "nonsense",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "poison",
    "AWS_SESSION_TOKEN": "poison",
    "AWS_CA_BUNDLE": "/does/not/exist",
    "AWS_MAX_ATTEMPTS": "many",
    "AWS_RETRY_MODE": "never",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_DEFAULTS_MODE": "none",
    "AWS_STS_REGIONAL_ENDPOINTS": "none",
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": "big",
    "AWS_REQUEST_CHECKSUM_CALCULATION": "never",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "none",
    "AWS_DATA_PATH": "/does/not/exist",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "http_proxy": "http://127.0.0.1:1",
    "NO_PROXY": "",
    "no_proxy": "",
}


@pytest.fixture
def broken_config(isolated_machine: Path) -> Path:
    path = isolated_machine / "broken"
    path.write_text("[default\nbroken")
    return path


async def test_the_demo_works_whatever_the_environment_and_the_aws_files_say(
    broken_config: Path, monkeypatch: pytest.MonkeyPatch, stub: SqsStub, open_session: OpenSession
) -> None:
    for name, value in POISON.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(broken_config))
    stub.queue("orders")
    session = await open_session(stub.url, demo=True)
    assert (session.context.profile, session.context.region) == ("demo", "us-east-1")
    assert session.context.endpoints == (("sqs", stub.url), ("sns", stub.url), ("sts", stub.url))
    assert [queue.name async for page in Queues(session).pages() for queue in page.queues] == ["orders"]
    await session.identify()
    assert session.account_of("sqs") == "123456789012"
    sent = json.dumps([request.headers for request in stub.requests])
    assert "Credential=test/" in sent
    assert "AKIA" not in sent


def test_the_profiles_found_are_named_with_their_region_and_kind(config: Path) -> None:
    found = {profile.name: (profile.region, profile.kind) for profile in found_profiles()}
    assert list(found) == ["default", "prod", "laptop", "bare", "login", "nowhere"]
    assert found["prod"] == ("eu-west-1", "role")
    assert found["login"] == (None, "SSO")
    assert found["nowhere"] == (None, "keys")
    assert found["bare"] == ("us-west-2", "–")


def test_the_label_is_known_without_reading_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ContextRequest().label() == "default"
    assert ContextRequest(profile="prod").label({"AWS_PROFILE": "bare"}) == "prod"
    assert ContextRequest().label({"AWS_PROFILE": "bare"}) == "bare"
    assert ContextRequest(demo=True).label({"AWS_PROFILE": "bare"}) == "demo"
