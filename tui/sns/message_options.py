"""The message that the options of a command write: its body from a file, and its attributes."""

import sys
from collections.abc import Sequence
from pathlib import Path

from connectors.errors import ConnectorError, Step
from connectors.sns.models import PublishDraft
from connectors.sqs.models import MessageAttribute

STANDARD_INPUT = "-"


def read_body(name: str) -> str:
    """The text of the file `name`. Raises `ConnectorError` where it can't be read or is no UTF-8."""
    try:
        content = sys.stdin.buffer.read() if name == STANDARD_INPUT else Path(name).read_bytes()
    except FileNotFoundError as error:
        raise ConnectorError(Step.SETTINGS, f"there is no file {name}") from error
    except OSError as error:
        raise ConnectorError(Step.SETTINGS, f"{name} can't be read: {error.strerror}") from error
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise ConnectorError(Step.SETTINGS, f"{name} is no UTF-8 at byte {error.start + 1:,}") from error


def read_attributes(given: Sequence[str]) -> tuple[MessageAttribute, ...]:
    """The attributes as `--attribute` has them. Raises `ConnectorError` for one that is written otherwise."""
    return tuple(map(_attribute, given))


def _attribute(text: str) -> MessageAttribute:
    left, equals, value = text.partition("=")
    name, _, kind = left.partition(":")
    kind = kind or "String"
    if not equals or not name:
        raise ConnectorError(Step.SETTINGS, f"the attribute {text!r} is not NAME[:TYPE]=VALUE")
    if kind.split(".")[0] != "Binary":
        return MessageAttribute(name, kind, text=value)
    try:
        return MessageAttribute(name, kind, binary=bytes.fromhex(value.removeprefix("0x")))
    except ValueError as error:
        raise ConnectorError(Step.SETTINGS, f"{name}: write the bytes as hex, like 00ff7a") from error


def draft_of(
    body: str | None, attributes: Sequence[str], *, subject: str = "", group: str = "", deduplication: str = ""
) -> PublishDraft:
    """The message that the options write."""
    text = read_body(body) if body else ""
    return PublishDraft(text, read_attributes(attributes), subject, group, deduplication)
