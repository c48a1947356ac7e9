"""The one place that translates the errors of botocore, aiohttp and the system into a `ConnectorError`."""

import asyncio
import errno
import json
import re
import socket
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from connectors.aws.responses import UnusableAnswer
from connectors.errors import ConnectorError, OutcomeUnknown, Step
from connectors.service import Service, plain_code

# Codes as `plain_code` makes them.
_DENIED = {"AccessDenied", "UnauthorizedOperation", "NotAuthorized", "AuthorizationError"}
_BAD_CREDENTIALS = {
    "InvalidClientTokenId",
    "UnrecognizedClient",
    "SignatureDoesNotMatch",
    "InvalidSignature",
    "MissingAuthenticationToken",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidToken",
    "RequestTimeTooSkewed",
}
_EXPIRED = {"ExpiredToken", "RequestExpired"}
_THROTTLED = {
    "Throttling",
    "Throttled",
    "RequestThrottled",
    "RequestLimitExceeded",
    "TooManyRequests",
    "SlowDown",
    "KmsThrottled",
    "KmsThrottling",
}
_UNSUPPORTED = {"UnsupportedOperation", "NotImplemented", "InvalidAction", "UnknownOperation"}
_DENIED_ACTION = re.compile(r"not authorized to perform:?\s+([A-Za-z0-9-]+:[A-Za-z0-9*]+)")
_TAGS = re.compile(r"<[^>]*>")
_CLOCKS_DIFFER = 60.0
"""Seconds by which two clocks differ that are not set alike. A signature is refused at 5 minutes."""
_RULE = re.compile(r"\n(?=(?:Invalid|Missing|Unknown|Must set) )")
_PARAMETER_VALUE = re.compile(
    r", value: .*(?=, (?:type: <class|valid min))|, value: (?!.*, (?:type: <class|valid min)).*", re.DOTALL
)
_CLASS = re.compile(r"<class '([\w.]+)'>")
_USER = re.compile(r"(?<=//).*@")


def translate(
    error: BaseException, *, operation: str = "", change: bool = False, service: Service | None = None
) -> ConnectorError:
    """The `ConnectorError` for an error of botocore, aiohttp or the system.

    `service` has words of its own for its error codes. With `change` an error that leaves open whether the service
    acted becomes `OutcomeUnknown`.
    """
    if isinstance(error, ConnectorError):
        return error
    import botocore.exceptions as bc

    if isinstance(error, bc.ClientError):
        return _client_error(error, operation, change, service)
    if isinstance(error, UnusableAnswer):
        return _failed_call(Step.ANSWER, error.title, error.hint, operation, unknown=change)
    if isinstance(error, bc.NoCredentialsError | bc.PartialCredentialsError):
        return ConnectorError(
            Step.CREDENTIALS,
            "no complete credentials were found" if isinstance(error, bc.NoCredentialsError) else str(error),
            "set AWS_PROFILE or --profile, or log in with the AWS CLI",
            operation=operation,
        )
    if isinstance(error, bc.UnauthorizedSSOTokenError | bc.SSOTokenLoadError | bc.TokenRetrievalError):
        return ConnectorError(
            Step.CREDENTIALS,
            "the SSO login of this profile has expired or is missing",
            "run `aws sso login` for the profile, then try again",
            operation=operation,
        )
    if isinstance(error, bc.RefreshWithMFAUnsupportedError):
        return ConnectorError(
            Step.CREDENTIALS,
            "the session got with an MFA code has ended",
            "get new credentials with the AWS CLI, then open this context again",
            operation=operation,
        )
    if isinstance(
        error, bc.CredentialRetrievalError | bc.MetadataRetrievalError | bc.LoginError | bc.InvalidConfigError
    ):
        return ConnectorError(
            Step.CREDENTIALS, str(error), "check the profile's settings in the AWS files", operation=operation
        )
    if isinstance(error, bc.ParamValidationError):
        return ConnectorError(Step.REJECTED, _broken_rules(error), operation=operation)
    if isinstance(error, bc.EndpointProviderError | bc.InvalidRegionError | bc.ProfileNotFound | bc.ConfigParseError):
        return ConnectorError(Step.SETTINGS, str(error), "mend the AWS settings named", operation=operation)
    return _connection_error(error, operation, change)


def _client_error(error: Any, operation: str, change: bool, service: Service | None) -> ConnectorError:
    answer = error.response
    code = str(answer.get("Error", {}).get("Code", ""))
    message = str(answer.get("Error", {}).get("Message", "")) or code
    status = int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    request_id = str(answer.get("ResponseMetadata", {}).get("RequestId", ""))
    # where no service spoke, botocore takes the status for the code
    nameless = not code or code.isdigit()
    if "#" in code:  # the JSON protocol may prefix the code with its namespace
        code = code.rsplit("#", 1)[-1]

    def found(step: Step, title: str, hint: str = "", retry_after: float | None = None) -> ConnectorError:
        return ConnectorError(
            step,
            title,
            hint,
            operation=operation,
            code=code,
            request_id=request_id,
            retry_after=retry_after,
        )

    plain = plain_code(code)
    words = service.error_words(plain, message) if service else None
    if words is not None:
        return found(words.step, words.title, words.hint, words.retry_after)
    if plain in _EXPIRED or plain in _BAD_CREDENTIALS:
        return found(Step.CREDENTIALS, *_refused_credentials(code, message, plain in _EXPIRED, _clock_ahead(answer)))
    if plain in _DENIED:
        action = _DENIED_ACTION.search(message)
        denied = action.group(1) if action else operation
        return found(
            Step.PERMISSION, f"{denied} is denied: {message}", f"ask for {denied}, or switch to another profile"
        )
    if plain in _THROTTLED or status == 429:
        return found(Step.THROTTLE, f"the service asks to slow down ({code})", "wait a moment; sluice slows down too")
    if plain in _UNSUPPORTED or status == 501:
        return found(Step.UNSUPPORTED, f"this endpoint does not know {operation}", "use another endpoint for this")
    if status >= 500 and change:
        return OutcomeUnknown(
            Step.SERVICE,
            f"the service failed with HTTP {status}; whether it carried out {operation} is unknown",
            "look before you do it again",
            operation=operation,
            code=code,
            request_id=request_id,
        )
    if nameless:
        return found(*_no_service(status, "" if message == code else message, operation))
    if status >= 500:
        return found(Step.SERVICE, f"HTTP {status}: {message}", "try again; the service may be in trouble")
    return found(Step.REJECTED, f"{message} ({code})")


def _refused_credentials(code: str, message: str, expired: bool, ahead: float | None) -> tuple[str, str]:
    """Title and hint. `ahead` is as `_clock_ahead` finds it."""
    what = "the credentials have expired" if expired else "the service does not accept the credentials"
    # what follows the first paragraph is the request as it was signed
    words = _first_words(message.partition("\n\n")[0], 300) if message != code else ""
    title = f"{what} ({code})" + (f": {words}" if words else "")
    if ahead is not None and abs(ahead) >= _CLOCKS_DIFFER:
        title = (
            f"{title.rstrip('.')}; this machine's clock is {_spelt(abs(ahead))} {'ahead' if ahead > 0 else 'behind'}"
        )
        return title, "set this machine's clock"
    if expired:
        return title, "log in again, then try again"
    if "region" in words:
        return title, "check the region, and the region of the endpoint"
    return title, "check the profile" if ahead is not None else "check the profile and the clock"


def _clock_ahead(answer: Any) -> float | None:
    """Seconds by which this machine's clock is ahead of that of the server, by the `Date` of `answer`."""
    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    try:
        return (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
    except (TypeError, ValueError):  # none, or none that can be read
        return None


def _spelt(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{round(minutes / 60)} h" if minutes < 48 * 60 else f"{round(minutes / 60 / 24)} days"


def _no_service(status: int, text: str, operation: str) -> tuple[Step, str, str]:
    """Step, title and hint for an answer that does not come from the service itself."""
    is_page = text.lstrip()[:1] == "<"
    if status == 500 and (is_page or not text):
        return (
            Step.UNSUPPORTED,
            f"this endpoint answers {operation} with HTTP 500 and {'a web page' if is_page else 'no word'}",
            "it may lack the operation, or not be the service: check the endpoint URL",
        )
    what = f"HTTP {status} and {'a web page' if is_page else 'something else'} instead of an answer"
    words = _first_words(text)
    title = f"{what}: {words}" if words else what
    if status >= 500:
        return Step.SERVICE, title, "a gateway in between, or the service itself, is in trouble; try again"
    if 300 <= status < 400:
        return Step.ANSWER, f"HTTP {status}: a redirect instead of an answer", "check the endpoint URL and its region"
    return Step.ANSWER, title, "check the endpoint URL; a proxy or a login page may stand in between"


def _failed_call(step: Step, title: str, hint: str, operation: str, *, unknown: bool) -> ConnectorError:
    """With `unknown` the request may have been acted upon."""
    if not unknown:
        return ConnectorError(step, title, hint, operation=operation)
    return OutcomeUnknown(
        step,
        f"{title}; whether {operation or 'the change'} was carried out is unknown",
        "look before you do it again",
        operation=operation,
    )


def _connection_error(error: BaseException, operation: str, change: bool) -> ConnectorError:
    import aiohttp
    import botocore.exceptions as bc
    import botocore.parsers

    cause = _innermost(error)

    def found(step: Step, title: str, hint: str, *, sent: bool) -> ConnectorError:
        return _failed_call(step, title, hint, operation, unknown=change and sent)

    if isinstance(cause, socket.gaierror) or "DNS" in type(cause).__name__:
        return found(
            Step.DNS,
            f"the host's name is not known: {cause}",
            "check the endpoint, the region and the network",
            sent=False,
        )
    if isinstance(error, bc.SSLError) or isinstance(cause, ssl.SSLError):
        return found(
            Step.TLS,
            f"no trusted connection: {cause}",
            "check the clock and AWS_CA_BUNDLE; http:// in place of https:// for an emulator",
            sent=not isinstance(error, bc.SSLError),  # botocore's own is a handshake that failed
        )
    if isinstance(cause, FileNotFoundError | PermissionError | IsADirectoryError):
        return found(
            Step.SETTINGS,
            f"the file of trusted certificates can't be read: {cause}",
            "check AWS_CA_BUNDLE, and ca_bundle in the profile",
            sent=False,
        )
    if type(cause).__name__ == "LocationParseError":  # urllib3's; the endpoint's URL was looked at before
        return found(Step.SETTINGS, "the proxy's URL is none", "check HTTPS_PROXY and HTTP_PROXY", sent=False)
    if isinstance(error, bc.ProxyConnectionError):
        return found(Step.TCP, _of_proxy(error, cause), "check HTTPS_PROXY and NO_PROXY", sent=False)
    if isinstance(error, bc.ConnectTimeoutError):
        if str(error.kwargs.get("endpoint_url", "")).startswith("https:"):
            title, hint = "no connection in time, or no TLS on it", "check the network, VPN, port and https://"
        else:
            title, hint = "nobody answered at the endpoint's address", "check the network or VPN"
        return found(Step.TCP, title, hint, sent=False)
    # botocore's EndpointConnectionError also covers a connection that broke after the request had gone out
    if _never_connected(error):
        return found(
            Step.TCP, f"no connection: {cause}", "is the endpoint's server running and the port right?", sent=False
        )
    if isinstance(error, bc.ReadTimeoutError | TimeoutError | asyncio.TimeoutError):
        return found(Step.TIMEOUT, "the server accepted the call and did not answer in time", "try again", sent=True)
    if isinstance(error, botocore.parsers.ResponseParserError | json.JSONDecodeError):
        return found(
            Step.ANSWER,
            f"the answer is not one of this service: {_first_words(str(cause))}",
            "check the endpoint URL; it may lack the operation",
            sent=True,
        )
    if isinstance(error, bc.HTTPClientError | bc.ConnectionError | aiohttp.ClientError | OSError):
        return found(
            Step.ANSWER,
            _how_it_broke(cause),
            "try again; check what stands between here and the endpoint",
            sent=True,
        )
    if _is_of_the_parser(error):
        return found(
            Step.ANSWER, "the answer has another form than this service's", "check the endpoint URL", sent=True
        )
    return found(Step.SERVICE, f"{type(error).__name__}: {error}", "try again; if it stays so, report it", sent=True)


def _broken_rules(error: Any) -> str:
    """Which parameters break which rules. botocore's report prints their values, a password too."""
    report = str(error.kwargs.get("report", ""))
    rules = [_CLASS.sub(r"\1", _PARAMETER_VALUE.sub("", rule)) for rule in _RULE.split(report) if rule.strip()]
    return _first_words("; ".join(rules) or "a parameter is not as the operation wants it", 400)


def _of_proxy(error: Any, cause: BaseException) -> str:
    """What went wrong at the proxy, in our own words: aiohttp's name its URL with the password in it."""
    url = str(error.kwargs.get("proxy_url", ""))
    proxy = f"the proxy {_USER.sub('', url)}".rstrip()
    status = getattr(cause, "status", None)
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return f"{proxy} wants a user name and a password, or others (HTTP 407)"
    if status:
        return f"{proxy} refused with HTTP {status}"
    return f"{proxy} can't be reached: {getattr(cause, 'strerror', None) or type(cause).__name__}"


def _is_of_the_parser(error: BaseException) -> bool:
    """Whether botocore's parser failed in the middle of an answer: it takes the form of the XML for granted."""
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_globals.get("__name__") == "botocore.parsers":
            return True
        traceback = traceback.tb_next
    return False


def _how_it_broke(cause: BaseException) -> str:
    """In our own words: the texts of the libraries are dumps of their objects."""
    import aiohttp

    if isinstance(cause, aiohttp.ClientPayloadError):
        return "the connection ended in the middle of the answer"
    if isinstance(cause, ConnectionResetError) or getattr(cause, "errno", None) == errno.ECONNRESET:
        return "the connection was reset before the answer"
    if isinstance(cause, aiohttp.ClientConnectionError):
        return "the connection was closed before the answer"
    return f"the connection broke before the answer ({type(cause).__name__})"


def _never_connected(error: BaseException) -> bool:
    import aiohttp

    kwargs = getattr(error, "kwargs", None)
    wrapped = kwargs.get("error") if isinstance(kwargs, dict) else None
    return isinstance(wrapped or error, aiohttp.ClientConnectorError | ConnectionRefusedError)


def _innermost(error: BaseException) -> BaseException:
    """The error that botocore and aiohttp wrapped, as deep as they name one."""
    for _ in range(6):
        kwargs = getattr(error, "kwargs", None)
        inner = kwargs.get("error") if isinstance(kwargs, dict) else None
        inner = inner or getattr(error, "os_error", None) or getattr(error, "certificate_error", None)
        if not isinstance(inner, BaseException):
            break
        error = inner
    return error


def _first_words(text: str, limit: int = 120) -> str:
    """The start of a foreign text without tags, on one line."""
    words = " ".join(_TAGS.sub(" ", text).split())
    return words if len(words) <= limit else words[: limit - 1] + "…"
