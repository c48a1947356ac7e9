"""Is what came with status 200 an answer of the service at all?

botocore reads a web page, half a document and an empty body as an answer without members: an empty list, where in
truth nothing is known. This looks at each answer before botocore parses it, and makes its members fit the model.
"""

import json
from typing import Any

from connectors.aws import members

_BETWEEN = "check the endpoint URL; a proxy or a login page may stand in between"
_OTHER = "check the endpoint URL; another service may answer there"


class UnusableAnswer(Exception):
    """An answer came with status 200 and is none: a web page, half a document. Only `translate` sees it."""

    def __init__(self, title: str, hint: str) -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint


def refuse_unusable(operation_model: Any, response_dict: dict[str, Any], **_: Any) -> None:
    """botocore's `before-parse` event. Raises `UnusableAnswer`, and replaces a body with members that don't fit the
    model. Of an error (status 300 and up) only code and message are made texts."""
    body = response_dict.get("body")
    if not isinstance(body, bytes):
        return
    start = body[:512].lstrip()
    is_json = operation_model.service_model.resolved_protocol == "json"
    if response_dict["status_code"] >= 300:
        if is_json and start:
            response_dict["body"] = members.fit_json_error(body)
        elif _is_query(operation_model) and b"ErrorResponse" in start:
            response_dict["body"] = members.fit_xml_error(body)
        return
    if start[:1] == b"<" and (is_json or "html" in str(response_dict["headers"].get("content-type", ""))):
        raise UnusableAnswer("a web page came instead of an answer", _BETWEEN)
    if is_json:
        response_dict["body"] = _fitting_json(body, operation_model.output_shape)
    elif _is_query(operation_model) and f"{operation_model.name}Response".encode() not in body[:4096]:
        raise UnusableAnswer("the answer is not one of this service", _OTHER)


def _is_query(operation_model: Any) -> bool:
    """Whether it speaks the query protocol, which wraps every answer in an element named after the operation."""
    return bool(operation_model.service_model.resolved_protocol == "query")


def _fitting_json(body: bytes, shape: Any) -> bytes:
    """`body` with members that fit `shape`, which is None where the operation answers nothing."""
    if not body and shape is None:
        return body
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        cut = "half an answer came" if body else "an empty answer came"
        raise UnusableAnswer(cut, "try again; check what stands between here and the endpoint") from None
    if not isinstance(document, dict):
        raise UnusableAnswer("the answer is not one of this service", _OTHER)
    try:
        changed = shape is not None and members.fit(document, shape)
    except members.UnreadableMember as error:
        raise UnusableAnswer(str(error), _OTHER) from None
    return json.dumps(document).encode() if changed else body
