import time

import pytest
from hypothesis import given

from connectors.errors import ConnectorError, Step
from connectors.redaction import HIDDEN, without_secrets
from tests.support.texts import ANY_TEXT

SECRET = "hunter2PlantedSecret"
KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TOKEN = "FwoGZXIvYXdzEJr1" * 10

HOLDING: dict[str, str] = {
    "URL": f"407, message='no', url='http://u:{SECRET}@127.0.0.1:3128/'",
    "URL whose password has / and @": f"to http://u:{SECRET}/x@{SECRET}@127.0.0.1:3128 failed",
    "URL with a user only": f"https://{SECRET}@proxy.example/path",
    "URL without a scheme": f"proxy u:{SECRET}@127.0.0.1:3128 is gone",
    "header of a proxy": f"Proxy-Authorization: Basic {SECRET}=",
    "header as JSON": f'{{"Authorization": "Bearer {SECRET}"}}',
    "basic alone": f"sent Basic {SECRET}=",
    "canonical request": f"host:x\nx-amz-security-token:{SECRET}\n",
    "setting": f"aws_secret_access_key = {SECRET}",
    "quoted setting": f'password="{SECRET} and more"',
    "query": f"GET /?X-Amz-Security-Token={SECRET}&x=1",
    "JSON": f'{{"SecretAccessKey": "{SECRET}"}}',
    "JSON as Python prints it": f"{{'sessionToken': '{SECRET}'}}",
    "secret key alone": f"the key {KEY} is no good",
    "session token alone": f"the token {TOKEN} is no good",
    "JSON web token": f"got eyJhbGciOiJub25lIn0.{SECRET}.sig instead",
}


@pytest.mark.parametrize("text", HOLDING.values(), ids=HOLDING.keys())
def test_a_secret_is_taken_out_of_a_foreign_text(text: str) -> None:
    shown = str(ConnectorError(Step.SERVICE, text, text).details())
    assert HIDDEN in shown
    for secret in (SECRET, KEY, TOKEN):
        assert secret[:12] not in shown


@pytest.mark.parametrize(
    "text",
    [
        "no connection: [Errno 111] Connect call failed ('127.0.0.1', 4566)",
        "User: arn:aws:sts::123456789012:assumed-role/Reader/me@example.com is not authorized: sqs:listqueues",
        "could not connect to https://sqs.eu-west-1.amazonaws.com/123456789012/orders-dlq.fifo",
        f"the queue {'a-long-name-of-a-queue-' * 3}-dlq does not exist",
        "ExpiredToken: the security token included in the request is expired",
        "basic authentication is not supported; the bearer token was refused",
        "/home/someone/.aws/sso/cache/da39a3ee5e6b4b0d3255bfef95601890afd80709.json can't be read",
        "Credential should be scoped to a valid region.",
        "Signature expired: 20261128T140000Z is now earlier than 20261128T141000Z (20261128T141500Z - 5 min.)",
        "req-7f0a1b2c-3d4e-5f60-7182-93a4b5c6d7e8",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert without_secrets(text) == text


def test_what_the_environment_holds_is_known_by_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:pass%20word@proxy.example:3128")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "short-secret")
    shown = without_secrets("the proxy heard 'pass word' and pass%20word, the signer short-secret")
    assert shown == f"the proxy heard '{HIDDEN}' and {HIDDEN}, the signer {HIDDEN}"


@given(text=ANY_TEXT)
def test_any_text_can_be_read(text: str) -> None:
    without_secrets(text)


def test_a_long_text_takes_no_time() -> None:
    began = time.process_time()
    for part in ("a:", "http://", "token=", "=", "x" * 39 + " ", "1A", "'token':'", "authorization:basic "):
        assert len(without_secrets(part * 200_000)) < 5000
    assert time.process_time() - began < 2
