"""Reads the rows of attributes that somebody typed into message attributes, and names every fault in them."""

import json
import re
from collections.abc import Sequence

from connectors.sqs.models import MessageAttribute
from widgets.writing import TypedAttribute

STRING_ARRAY = "String.Array"

# what SQS and SNS allow in a String attribute, and SQS in a body
NOT_ALLOWED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def read_attributes(rows: Sequence[TypedAttribute], service: str) -> tuple[list[MessageAttribute], list[str]]:
    """The attributes and what `service` would refuse of each; a row without a name and a value is left out."""
    faults: list[str] = []
    attributes = []
    for row in rows:
        if row.name or row.value:
            attribute, reasons = _attribute(row, service)
            attributes.append(attribute)
            faults += reasons
    return attributes, faults


def twice(attributes: Sequence[MessageAttribute]) -> list[str]:
    """A line for each name that stands twice."""
    names = [attribute.name for attribute in attributes]
    return [f"attribute {name!r} stands twice" for name in dict.fromkeys(names) if names.count(name) > 1]


def _attribute(row: TypedAttribute, service: str) -> tuple[MessageAttribute, list[str]]:
    faults: list[str] = []
    reserved = row.name.lower().startswith(("aws.", "amazon."))
    if not _NAME.fullmatch(row.name) or len(row.name) > 256 or reserved:
        faults.append(f"{row.name!r} is no attribute name (letters, digits, - _ . and not AWS. or Amazon. in front)")
    if not row.value:
        faults.append(f"attribute {row.name!r} has no value")
    if row.data_type == "Binary":
        try:
            return MessageAttribute(row.name, "Binary", binary=bytes.fromhex(row.value.replace("0x", ""))), faults
        except ValueError:
            faults.append(f"{row.name!r}: write the bytes as hex, like 00 ff 7a")
            return MessageAttribute(row.name, "Binary", binary=b""), faults
    if row.data_type == "Number" and row.value and not _NUMBER.fullmatch(row.value):
        faults.append(f"{row.name!r}: {row.value!r} is no number")
    if row.data_type == STRING_ARRAY and row.value and not _is_array(row.value):
        faults.append(f'{row.name!r}: write the array as JSON, like ["a", "b"]')
    if found := NOT_ALLOWED.search(row.value):
        faults.append(f"{row.name!r} holds U+{ord(found.group()):04X}, which {service} refuses")
    return MessageAttribute(row.name, row.data_type, text=row.value), faults


def _is_array(text: str) -> bool:
    """Whether it is an array of JSON without arrays or objects in it, which SNS takes."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, list) and not any(isinstance(element, list | dict) for element in value)
