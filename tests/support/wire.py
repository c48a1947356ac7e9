"""What goes over the wire between a client and the stub: one request, one reply, and every way a reply can go wrong."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Ending = Literal["whole", "truncated", "reset", "closed", "silence"]


@dataclass(frozen=True)
class Request:
    """One request that arrived. `params` are as the client sent them; `at` is on the clock of `time.monotonic`."""

    operation: str
    params: dict[str, Any]
    headers: dict[str, str]
    path: str
    at: float

    @property
    def is_query(self) -> bool:
        """Whether it speaks the older form-encoded protocol, which answers in XML (STS)."""
        return "x-amz-target" not in self.headers

    @property
    def queue(self) -> str:
        """The name of the queue it is about, empty where it is about none."""
        return str(self.params.get("QueueUrl") or self.params.get("QueueName") or "").rstrip("/").rsplit("/", 1)[-1]


@dataclass(frozen=True)
class ServiceError(Exception):
    """An error as a service answers it. `query_code` is the older name that SQS sends in a header beside the code."""

    code: str
    message: str = ""
    status: int = 400
    query_code: str = ""


@dataclass(frozen=True)
class Reply:
    """What the stub answers. One of `answer`, `error` and `body` says what; `ending` how far it gets."""

    answer: dict[str, Any] | None = None
    error: ServiceError | None = None
    body: bytes = b""
    status: int = 200
    content_type: str = "application/x-amz-json-1.0"
    ending: Ending = "whole"
    delay: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)

    def after(self, seconds: float) -> "Reply":
        return replace(self, delay=seconds)


Answering = Reply | Callable[[Request], Reply]


# -- answers of the service itself --------------------------------------------------------------------------------


def answer(**members: Any) -> Reply:
    """A canned answer: `answer(QueueUrls=[...])`."""
    return Reply(answer=members)


def error(code: str, message: str = "", status: int = 400, query_code: str = "") -> Reply:
    return Reply(error=ServiceError(code, message, status, query_code))


def denied(action: str = "sqs:listqueues", resource: str = "*") -> Reply:
    """Access denied in SQS's own words, the action in lower case as it sends it."""
    text = (
        f"User: arn:aws:sts::123456789012:assumed-role/Reader/me is not authorized to perform: {action} on resource: "
        f"{resource} because no identity-based policy allows the {action} action"
    )
    return error("AccessDeniedException", text, 403, "AccessDenied")


def throttled() -> Reply:
    return error("RequestThrottled", "Request is throttled.", 400, "RequestThrottled")


def unavailable() -> Reply:
    return error("ServiceUnavailable", "The request has failed due to a temporary failure of the server.", 503)


def server_error(status: int = 500) -> Reply:
    return error("InternalError", "We encountered an internal error. Please try again.", status)


def no_such_queue() -> Reply:
    return error(
        "QueueDoesNotExist", "The specified queue does not exist.", 400, "AWS.SimpleQueueService.NonExistentQueue"
    )


def expired_token() -> Reply:
    return error("ExpiredToken", "The security token included in the request is expired", 403)


def partly_failed(*positions: int, code: str = "InternalError", message: str = "try again") -> Answering:
    """A batch of which the entries at `positions` fail inside an HTTP 200 and all others succeed."""

    def reply(request: Request) -> Reply:
        entries = request.params["Entries"]
        failed = [
            {"Id": entry["Id"], "SenderFault": False, "Code": code, "Message": message}
            for position, entry in enumerate(entries)
            if position in positions
        ]
        succeeded = [{"Id": entry["Id"]} for position, entry in enumerate(entries) if position not in positions]
        return Reply(answer={"Successful": succeeded, "Failed": failed})

    return reply


# -- what stands in between ---------------------------------------------------------------------------------------


def web_page(status: int = 200, title: str = "Sign in to the network") -> Reply:
    page = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Reply(body=page.encode(), status=status, content_type="text/html; charset=utf-8")


def redirect(url: str, status: int = 307) -> Reply:
    return Reply(status=status, headers={"Location": url})


def text(body: str, status: int = 200, content_type: str = "application/x-amz-json-1.0") -> Reply:
    return Reply(body=body.encode(), status=status, content_type=content_type)


def json_text(value: Any, status: int = 200) -> Reply:
    return text(json.dumps(value), status)


def truncated(reply: Reply) -> Reply:
    """`reply` cut in the middle of its body, with the length of the whole announced; then the connection ends."""
    return replace(reply, ending="truncated")


def reset() -> Reply:
    """The connection is reset (RST) before any answer."""
    return Reply(ending="reset")


def closed() -> Reply:
    """The connection is closed (FIN) before any answer."""
    return Reply(ending="closed")


def silence() -> Reply:
    """The request is taken and never answered."""
    return Reply(ending="silence")
