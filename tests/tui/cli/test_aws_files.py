"""Shapes of the AWS files, as `sluice get queues` meets them: one line, an exit code, and no secret.

They run in the test's own process: the command takes a second to start, and there are many shapes.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha1
from pathlib import Path

import pytest

from tests.support.command import one_line, run, run_here
from tests.support.stub import EVERY_OPERATION, SqsStub, unused_port
from tests.support.wire import Reply, error, text, web_page

SECRET = "hunter2PlantedSecret"
"""Stands in every place of these shapes that may hold a secret."""
KEYS = f"aws_access_key_id = word\naws_secret_access_key = {SECRET}\n"


@dataclass(frozen=True)
class Shape:
    """`config` and `credentials` are the AWS files, `files` others by name. In all of them, in `environment` and in
    `words` stand `<url>` for the stub's URL, `<stub>` for its host and port, `<nobody>` for the URL of a port where
    nobody listens, and `<home>` for the home folder."""

    config: str
    words: tuple[str, ...]
    code: int = 1
    credentials: str = ""
    files: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ("--profile", "x")
    answer: Reply | None = None
    """What the stub answers to every request, if not what was asked for."""


SSO = (
    "[profile x]\nregion = eu-west-1\nsso_session = company\nsso_account_id = 1\nsso_role_name = R\n"
    "[sso-session company]\nsso_region = eu-west-1\nsso_start_url = https://company.invalid/start\n"
)
ROLE = "[profile x]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/Reader\nsource_profile = base\n"
BASE = f"[profile base]\n{KEYS}"
STUB = {"AWS_ENDPOINT_URL": "<url>"}
SSO_CACHE = f".aws/sso/cache/{sha1(b'company').hexdigest()}.json"
WEB = "[profile x]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/Reader\nweb_identity_token_file = <home>/token\n"


def sso_token(**changes: object) -> dict[str, str]:
    token = {"accessToken": SECRET, "expiresAt": "2021-01-01T00:00:00Z", "region": "eu-west-1", "startUrl": "x"}
    return {SSO_CACHE: json.dumps(token | changes)}


# What botocore logs with a traceback.
LOGGED = {
    "expired SSO login": Shape(SSO, ("credentials", "SSO login"), environment=STUB, files=sso_token()),
    "role with an MFA code": Shape(
        ROLE + "mfa_serial = arn:aws:iam::1:mfa/me\n" + BASE, ("credentials", "MFA code"), environment=STUB
    ),
    "no token file": Shape(WEB, ("<home>/token",), 2, environment=STUB),
    "STS unreachable": Shape(ROLE + BASE, ("TCP",), environment={**STUB, "AWS_ENDPOINT_URL_STS": "<nobody>"}),
}

# What a library says of them holds a secret.
ABROAD = f"[profile x]\nregion = eu-west-1\nendpoint_url = https://queues.invalid\n{KEYS}"
PROXY = f"http://me:{SECRET}@<stub>"
SECRET_BEARING = {
    "proxy that wants a password": Shape(
        ABROAD, ("TCP", "HTTP 407", "<url>"), environment={"HTTPS_PROXY": PROXY}, answer=text("", 407)
    ),
    "proxy that forbids": Shape(ABROAD, ("TCP", "HTTP 403"), environment={"HTTPS_PROXY": PROXY}, answer=web_page(403)),
    "proxy without a port": Shape(
        ABROAD, ("ListQueues failed",), environment={"HTTPS_PROXY": f"http://me:{SECRET}@127.0.0.1:99999"}
    ),
    "proxy that is not there": Shape(
        ABROAD, ("TCP", "can't be reached"), environment={"HTTPS_PROXY": f"me:{SECRET}@127.0.0.1:1"}
    ),
    "signature with its canonical request": Shape(
        f"[profile x]\nregion = eu-west-1\nendpoint_url = <url>\n{KEYS}aws_session_token = {SECRET}",
        ("credentials", "SignatureDoesNotMatch"),
        answer=error(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match. The canonical string should have been\n\n"
            f"'POST\n/\n\nhost:127.0.0.1\nx-amz-security-token:{SECRET}\n'",
            403,
        ),
    ),
}


# A value is a section: lines that are indented below `name =`.
def section(key: str) -> str:
    return f"{key} =\n    {SECRET} = {SECRET}\n"


SECTIONS = {
    key: Shape(f"[profile x]\n{section(key)}", ("settings", key, "profile 'x'", "is a section"), 2)
    for key in (
        *("region", "endpoint_url", "services", "role_arn", "source_profile", "credential_process", "sso_session"),
        *("web_identity_token_file", "login_session", "aws_access_key_id", "mfa_serial", "max_attempts", "data_path"),
        *("use_fips_endpoint", "sts_regional_endpoints", "ignore_configured_endpoint_urls"),
    )
} | {
    "of the default profile": Shape(f"[default]\n{section('region')}", ("region", "'default'"), 2, options=()),
    "of the profile that the environment names": Shape(
        f"[profile y]\n{section('region')}", ("region", "profile 'y'"), 2, environment={"AWS_PROFILE": "y"}, options=()
    ),
    "of a source profile": Shape(ROLE + f"[profile base]\n{section('aws_access_key_id')}", ("'base'", "section"), 2),
    "of an SSO session": Shape(
        SSO.replace("sso_region = eu-west-1\n", section("sso_region")), ("sso_region", "sso-session 'company'"), 2
    ),
    "of the credentials file": Shape(
        "[profile x]\nregion = eu-west-1\n",
        ("aws_secret_access_key of profile 'x'",),
        2,
        credentials=f"[x]\naws_access_key_id = word\n{section('aws_secret_access_key')}",
    ),
}
FILES = {
    "without a section": Shape("region = eu-west-1\n", ("settings", "<home>/.aws/config"), 2),
    "with half a section": Shape("[profile x\nregion = eu-west-1\n", ("<home>/.aws/config",), 2),
    "with half a subsection": Shape("[profile x]\ns3 =\n  half\n", ("<home>/.aws/config",), 2),
    "with a profile twice": Shape("[profile x]\n[profile x]\n", ("<home>/.aws/config",), 2),
    "in another encoding": Shape("[profile x]\n# \udce9\n", ("<home>/.aws/config",), 2),
    "empty": Shape("", ("there is no profile 'x'",), 2),
    "without a region": Shape("[profile x]\n", ("no region is set for profile 'x'",), 2),
    "with an escape sequence for a region": Shape("[profile x]\nregion = \x1b[31mred\n", ("there is no region",), 2),
    "with a cut credentials file": Shape("", ("<home>/.aws/credentials",), 2, credentials="[x"),
}

# What was meant to choose the target has another name or form: calls meant for an emulator would go to AWS.
HERE = f"[profile x]\nregion = eu-west-1\n{KEYS}"
LOCAL = f"{HERE}services = local\n[services local]\n"
TARGETS = {
    "services section that is not there": Shape(
        f"{HERE}services = locl\n[services local]\nsqs =\n  endpoint_url = <url>\n",
        ("profile 'x'", "section 'locl', which does not exist", "services = local"),
        2,
    ),
    "services section without a name": Shape(f"{HERE}services =\n", ("section ''", "does not exist"), 2),
    "services section that is empty": Shape(LOCAL, ("section 'local', which is empty",), 2),
    "services section on one line": Shape(f"{LOCAL}sqs = <url>\n", ("sqs of", "'local' is a value", "endpoint_url"), 2),
    "unknown key in a services section": Shape(
        f"{LOCAL}sqs =\n  endpoint = <url>\n", ("'endpoint' of sqs", "'local' is unknown", "endpoint_url"), 2
    ),
    "empty URL in a services section": Shape(f"{LOCAL}sqs =\n  endpoint_url =\n", ("'local' is empty",), 2),
    "misspelt service": Shape(f"{LOCAL}sqss =\n  endpoint_url = <url>\n", ("'sqss' of", "not read", "'sqs'"), 2),
    "section of the profile itself": Shape(
        f"{HERE}sqs =\n  endpoint_url = <url>\n", ("'sqs' of profile 'x' is not read", "[services NAME]"), 2
    ),
    "misspelt endpoint": Shape(f"{HERE}endpoint-url = <url>\n", ("'endpoint-url' of profile 'x'", "endpoint_url"), 2),
    "short endpoint": Shape(f"{HERE}endpoint = <url>\n", ("'endpoint' of profile 'x'", "endpoint_url"), 2),
    "misspelt region": Shape("[profile x]\nregoin = eu-west-1\n", ("'regoin' of profile 'x'", "'region'"), 2),
    "misspelt services": Shape(f"{HERE}service = local\n", ("'service' of profile 'x'", "'services'"), 2),
    "empty endpoint": Shape(f"{HERE}endpoint_url =\n", ("endpoint_url of profile 'x' is empty",), 2),
    "switch that is neither": Shape(
        f"{HERE}endpoint_url = <url>\nignore_configured_endpoint_urls = fasle\n", ("'fasle'", "true or false"), 2
    ),
    "switch of the environment": Shape(
        HERE, ("AWS_USE_FIPS_ENDPOINT", "'1'"), 2, environment={"AWS_USE_FIPS_ENDPOINT": "1"}
    ),
    "misspelt variable": Shape(
        HERE, ("'AWS_ENDPOINT_URL_SQSS'", "'AWS_ENDPOINT_URL_SQS'"), 2, environment={"AWS_ENDPOINT_URL_SQSS": "<url>"}
    ),
    "endpoint without a scheme": Shape(f"{HERE}endpoint_url = <stub>\n", ("endpoint_url of the profile", "<stub>"), 2),
}


# The service refuses the credentials, in words of its own.
def refused(code: str, message: str, date: str = "") -> Reply:
    return replace(error(code, message, 403), headers={"Date": date} if date else {})


def minutes_from_now(minutes: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(minutes=minutes), usegmt=True)


EXPIRED = "Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z"
AT_STUB = f"{HERE}endpoint_url = <url>\n"
REFUSED = {
    "region of the signature": Shape(
        AT_STUB,
        ("credentials", "Credential should be scoped to a valid region", "check the region"),
        answer=refused("SignatureDoesNotMatch", "Credential should be scoped to a valid region."),
    ),
    "clock behind": Shape(
        AT_STUB,
        ("credentials", EXPIRED, "clock is 14 min behind", "set this machine's clock"),
        answer=refused("SignatureDoesNotMatch", EXPIRED, minutes_from_now(14.2)),
    ),
    "clock ahead": Shape(
        AT_STUB,
        ("credentials", "Signature not yet current", "clock is 3 h ahead"),
        answer=refused("InvalidSignatureException", "Signature not yet current: …", minutes_from_now(-180)),
    ),
    "expired, with a clock that is wrong": Shape(
        AT_STUB, ("have expired", "clock is 2 days"), answer=refused("ExpiredToken", "old", minutes_from_now(2880)),
    ),
    "expired, with a clock that is right": Shape(
        AT_STUB, ("have expired", "old", "log in again"), answer=refused("ExpiredToken", "old", minutes_from_now(0)),
    ),
    "a date that is none": Shape(
        AT_STUB, ("check the profile and the clock",), answer=refused("InvalidClientTokenId", "no", "yesterday"),
    ),
    "an escape sequence in its words": Shape(
        AT_STUB, ("does not accept", "red"), answer=refused("InvalidClientTokenId", "\x1b[31mred\x1b[0m\u202e"),
    ),
    "a role's source": Shape(
        ROLE + BASE, ("credentials", "security token is invalid"), environment=STUB,
        answer=refused("InvalidClientTokenId", "The security token is invalid"),
    ),
}  # fmt: skip

SHAPES = {**LOGGED, **SECRET_BEARING, **SECTIONS, **FILES, **TARGETS, **REFUSED}


def lay_out(shape: Shape, stub: SqsStub, home: Path, patch: pytest.MonkeyPatch) -> list[str]:
    """Writes the files and sets the variables of `shape`. Gives its words."""
    places = {
        "<url>": stub.url,
        "<stub>": f"127.0.0.1:{stub.port}",
        "<nobody>": f"http://127.0.0.1:{unused_port()}",
        "<home>": str(home),
    }

    def filled(text: str) -> str:
        for name, value in places.items():
            text = text.replace(name, value)
        return text

    for name, content in {".aws/config": shape.config, ".aws/credentials": shape.credentials, **shape.files}.items():
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(filled(content), errors="surrogateescape")
        file.chmod(0o700)
    if shape.answer is not None:
        stub.on(EVERY_OPERATION, shape.answer)
    nowhere = {"HTTPS_PROXY": "<nobody>", "HTTP_PROXY": "<nobody>"}  # whatever is asked, nothing leaves this machine
    for name, value in (nowhere | shape.environment).items():
        patch.setenv(name, filled(value))
    return [filled(word) for word in shape.words]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_a_shape_of_the_aws_files_takes_one_line_that_names_it(
    shape: Shape, stub: SqsStub, isolated_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = lay_out(shape, stub, isolated_machine, monkeypatch)
    ran = run_here("get", "queues", *shape.options)
    line = one_line(ran, shape.code)
    assert all(word in line for word in words), line
    assert not {"\x1b", "\u202e"} & {*line}
    assert "Traceback" not in line
    assert SECRET not in line
    if shape.code == 2:
        assert stub.requests == []


def test_what_libraries_log_stays_off_the_terminal(
    stub: SqsStub, isolated_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(LOGGED["expired SSO login"], stub, isolated_machine, monkeypatch)
    assert "SSO login" in one_line(run("get", "queues", "--profile", "x"), 1)
