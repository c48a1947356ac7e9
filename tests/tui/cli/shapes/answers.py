"""What services, proxies and STS answer, and botocore makes of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.support.wire import Reply, Request, error, text, web_page
from tests.tui.cli.shapes.shape import BASE, HERE, KEYS, ROLE, SECRET, STUB, Shape

# What a library says of them holds a secret.
ABROAD = f"[profile x]\nregion = eu-west-1\nendpoint_url = https://queues.invalid\n{KEYS}"
PROXY = f"http://me:{SECRET}@<stub>"
SECRET_BEARING = {
    "proxy that wants a password": Shape(
        ABROAD, ("TCP", "HTTP 407", "<url>"), environment={"HTTPS_PROXY": PROXY}, answer=text("", 407)
    ),
    "proxy that forbids": Shape(ABROAD, ("TCP", "HTTP 403"), environment={"HTTPS_PROXY": PROXY}, answer=web_page(403)),
    "proxy without a port": Shape(
        ABROAD, ("settings", "proxy's URL"), 2, environment={"HTTPS_PROXY": f"http://me:{SECRET}@127.0.0.1:99999"}
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


# The service refuses the credentials, in words of its own.
def refused(code: str, message: str, minutes: float | None = None) -> Callable[[Request], Reply]:
    """The answer of a server whose clock is `minutes` ahead of ours."""

    def reply(request: Request) -> Reply:
        if minutes is None:
            return error(code, message, 403)
        date = format_datetime(datetime.now(UTC) + timedelta(minutes=minutes), usegmt=True)
        return replace(error(code, message, 403), headers={"Date": date})

    return reply


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
        answer=refused("SignatureDoesNotMatch", EXPIRED, 14.2),
    ),
    "clock ahead": Shape(
        AT_STUB,
        ("credentials", "Signature not yet current", "clock is 3 h ahead"),
        answer=refused("InvalidSignatureException", "Signature not yet current: …", -180),
    ),
    "expired, with a clock that is wrong": Shape(
        AT_STUB,
        ("have expired", "clock is 2 days"),
        answer=refused("ExpiredToken", "old", 2880),
    ),
    "expired, with a clock that is right": Shape(
        AT_STUB,
        ("have expired", "old", "log in again"),
        answer=refused("ExpiredToken", "old", 0),
    ),
    "a date that is none": Shape(
        AT_STUB,
        ("check the profile and the clock",),
        answer=replace(error("InvalidClientTokenId", "no", 403), headers={"Date": "yesterday"}),
    ),
    "an escape sequence in its words": Shape(
        AT_STUB,
        ("does not accept", "red"),
        answer=refused("InvalidClientTokenId", "\x1b[31mred\x1b[0m\u202e"),
    ),
    "a role's source": Shape(
        ROLE + BASE,
        ("credentials", "security token is invalid"),
        environment=STUB,
        answer=refused("InvalidClientTokenId", "The security token is invalid"),
    ),
}
