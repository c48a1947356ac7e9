"""Capabilities, such as receipt handles and tokens, taken out of what is said: whoever has one can use it."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from connectors.errors import ConnectorError
from connectors.service import Parameters, Service

_SHORTEST, _TELLING = 6, 16
"""Characters of a capability: fewer than the first are no secret, and the second are enough to know it again by."""
_REST_OF_VALUE = r"[^\s\"'<>,;]*"


def without_capabilities(error: ConnectorError, service: Service | None, params: Parameters) -> ConnectorError:
    """`error`, its texts without the values of those `params` that `service` declares as capabilities."""
    hide = hiding_capabilities(service, params)
    error.title, error.hint = hide(error.title), hide(error.hint)
    error.args = (error.title,)
    return error


def hide_in_error(error: Exception, service: Service | None, params: Parameters) -> None:
    """Takes them out of what the service said, before anything else shortens it and a rest is not known again."""
    said = getattr(error, "response", {}).get("Error") if isinstance(getattr(error, "response", None), dict) else None
    if isinstance(said, dict) and isinstance(said.get("Message"), str):
        said["Message"] = hiding_capabilities(service, params)(said["Message"])


def hide_in_entries(answer: dict[str, Any], service: Service | None, params: Parameters) -> None:
    """The same for what a batch call, whose answer is no error, says of the entries that failed."""
    failed = [entry for entry in answer.get("Failed") or () if isinstance(entry, dict)]
    hide = hiding_capabilities(service, params) if failed else str
    for entry in failed:
        if isinstance(entry.get("Message"), str):
            entry["Message"] = hide(entry["Message"])


def hiding_capabilities(service: Service | None, params: Parameters) -> Callable[[str], str]:
    """A function that puts the parameter's name, `[ReceiptHandle]`, in place of every value that is a capability: as it
    was sent, cut short, encoded for a URL, and whatever stands in `Value … for parameter ReceiptHandle`."""
    names = service.capabilities if service else frozenset()
    found = [
        (re.compile(re.escape(form[:_TELLING]) + (_REST_OF_VALUE if len(form) > _TELLING else "")), name)
        for name, value in _values_of(names, params)
        if len(value) >= _SHORTEST
        for form in {value, quote(value, safe="", errors="surrogatepass")}
    ]
    found += [(re.compile(rf"(?<=\bValue )\S+(?= for parameter {re.escape(name)}\b)"), name) for name in sorted(names)]

    def hide(text: str) -> str:
        for pattern, name in found:
            text = pattern.sub(f"[{name}]", text)
        return text

    return hide


def _values_of(names: Collection[str], params: Any) -> Iterator[tuple[str, str]]:
    if isinstance(params, Mapping):
        for name, value in params.items():
            if name in names and isinstance(value, str):
                yield name, value
            else:
                yield from _values_of(names, value)
    elif isinstance(params, list | tuple):
        for value in params:
            yield from _values_of(names, value)
