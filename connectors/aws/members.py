"""Answers whose members have another form than the service's model says: another JSON type, null, or not there.

botocore's parser takes each member for what the model says. One number in place of a text would fail the whole answer,
or reach a screen as a number; and what a receive brought would be lost with it. So an answer is made to fit first.
"""

import base64
import json
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

_ERROR_TEXTS = ("__type", "code", "Code", "message", "Message")
_CONTAINERS = {"structure": dict, "map": dict, "list": list}
_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}


class UnreadableMember(ValueError):
    """A member that is the substance of an answer can't be read: to leave it out would say that there is nothing."""


def text_of(member: object) -> str:
    """A member of a parsed answer as text; empty where it is missing, or was sent in a form that is no text."""
    return member if isinstance(member, str) else ""


def fit(document: dict[str, Any], shape: Any) -> bool:
    """Makes `document`, the JSON of a whole answer, fit `shape` in place; whether that changed it.

    Where a text is wanted, another value becomes its JSON. A null, and what can't be read at all, is left out. Raises
    `UnreadableMember` where that is a list or a map of the answer itself.
    """
    fitting = _Fitting()
    for name, member in shape.members.items():
        key = member.serialization.get("name", name)
        value = document.get(key)
        wanted = _CONTAINERS.get(member.type_name)
        if value and wanted and not isinstance(value, wanted):
            raise UnreadableMember(f"{key} of the answer is {_KINDS[type(value)]} and no {member.type_name}")
        has_entries = wanted is list and bool(value)
        fitting.entry(document, key, member)
        if has_entries and not document[key]:
            raise UnreadableMember(f"nothing in {key} of the answer can be read")
    return fitting.changed


def fit_json_error(body: bytes) -> bytes:
    """The JSON of an error with texts as code and message; what is no JSON object becomes the message."""
    written = body.decode(errors="replace")
    try:
        document = json.loads(written)
    except (ValueError, RecursionError):
        document = written
    if not isinstance(document, dict):
        return json.dumps({"message": _as_text(document) or ""}).encode()
    for key in _ERROR_TEXTS:
        if key in document and not isinstance(document[key], str):
            shown = _as_text(document.pop(key))
            if shown is not None:
                document[key] = shown
    return json.dumps(document).encode()


def fit_xml_error(body: bytes) -> bytes:
    """The XML of an error with one text each as code, message and request id; what is no XML stays as it is."""
    try:
        root = ElementTree.fromstring(body)  # noqa: S314, botocore's parser reads the same with the same means
    except (ElementTree.ParseError, ValueError):
        return body

    def first(name: str) -> str:
        found = next((node for node in root.iter() if node.tag.rpartition("}")[2] == name), None)
        return "" if found is None else " ".join("".join(found.itertext()).split())

    code, message, request_id = (escape(first(name)) for name in ("Code", "Message", "RequestId"))
    return (
        f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    ).encode()


class _Fitting:
    def __init__(self) -> None:
        self.changed = False

    def entry(self, parent: dict[str, Any], key: str, shape: Any) -> None:
        """Makes `parent[key]`, if it is there, fit `shape`, or takes it out."""
        if key not in parent:
            return
        fitted = self._value(parent[key], shape)
        if fitted is parent[key] and fitted is not None:
            return
        self.changed = True
        if fitted is None:
            del parent[key]
        else:
            parent[key] = fitted

    def _value(self, value: Any, shape: Any) -> Any:
        """`value` made to fit `shape`; None where it can't be read."""
        kind = shape.type_name
        if kind == "string":
            return value if isinstance(value, str) else _as_text(value)
        wanted = _CONTAINERS.get(kind)
        if wanted is None:
            return value if kind != "blob" or _is_base64(value) else None
        if not isinstance(value, wanted):
            return None
        if kind == "structure":
            for name, member in shape.members.items():
                self.entry(value, member.serialization.get("name", name), member)
        elif kind == "map":
            self._map(value, shape.value)
        else:
            self._list(value, shape.member)
        return value

    def _map(self, entries: dict[str, Any], shape: Any) -> None:
        for key in [*entries]:
            if shape.type_name == "structure" and not isinstance(entries[key], dict):
                entries[key] = {}  # its name is known at least
                self.changed = True
            self.entry(entries, key, shape)

    def _list(self, entries: list[Any], shape: Any) -> None:
        fitted = [self._value(entry, shape) for entry in entries]
        if any(new is None or new is not old for new, old in zip(fitted, entries, strict=True)):
            self.changed = True
            entries[:] = [entry for entry in fitted if entry is not None]


def _as_text(value: Any) -> str | None:
    """`value` as it would stand in JSON, a text as it is; None for what is empty."""
    if isinstance(value, str):
        return value
    if value is None or value == [] or value == {}:
        return None
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return None


def _is_base64(value: object) -> bool:
    try:
        return isinstance(value, str) and base64.b64decode(value) is not None
    except ValueError:
        return False
