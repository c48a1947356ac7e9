"""Attributes and system attributes of a message, in words: times with their age, binary as hex."""

from datetime import datetime

from connectors.sqs.models import Message, MessageAttribute
from tui.format.values import EXACT_BELOW, UNKNOWN, age, local_time, size
from tui.sqs.message_rows import MessageRow, receives
from widgets.facts import Fact

HEX_SHOWN = 512
_TIMES = {"SentTimestamp": "sent", "ApproximateFirstReceiveTimestamp": "first received"}
_NAMES = {
    "MessageGroupId": "group",
    "MessageDeduplicationId": "deduplication id",
    "SequenceNumber": "sequence number",
    "SenderId": "sender",
    "AWSTraceHeader": "trace header",
    "DeadLetterQueueSourceArn": "dead letter from",
}


def hex_dump(value: bytes, limit: int = HEX_SHOWN) -> str:
    """Eight bytes a line, which fits beside a label at 80 columns: offset, hex, and the printable ASCII among them; cut
    at `limit` bytes, which it says."""
    lines = []
    for start in range(0, min(len(value), limit), 8):
        part = value[start : start + 8]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        lines.append(f"{start:03x}  {part.hex(' '):<23}  {shown}")
    if len(value) > limit:
        lines.append(f"… {len(value) - limit:,} more bytes")
    return "\n".join(lines)


def attribute_fact(attribute: MessageAttribute) -> Fact:
    if attribute.binary is not None:
        value = f"{attribute.data_type or UNKNOWN}, {len(attribute.binary):,} bytes\n{hex_dump(attribute.binary)}"
    else:
        value = f"{UNKNOWN if attribute.text is None else attribute.text}   ({attribute.data_type or UNKNOWN})"
    return Fact(attribute.name, value)


def head_line(row: MessageRow, now: datetime) -> list[Fact]:
    """The few facts above the body."""
    message = row.message
    sent = message.moment("SentTimestamp")
    warning = "; the next receive moves it to the dead-letter queue" if row.on_last_receive else ""
    facts = [
        Fact("message id", message.message_id),
        Fact("receives", f"{receives(row)}{warning}", "error" if row.on_last_receive else ""),
        Fact("sent", f"{local_time(sent)} ({age(sent, now)} ago)" if sent else "–"),
    ]
    if message.group_id is not None:
        facts.append(Fact("group", message.group_id))
    return facts


def all_facts(row: MessageRow, now: datetime, by_sluice: str) -> list[Fact]:
    """Message attributes, then system attributes; those without a name of ours under their own. `by_sluice` says which
    of the receives are of this run."""
    message: Message = row.message
    facts = [Fact("ATTRIBUTES", f"{len(message.attributes)}" if message.attributes else "none")]
    facts += [attribute_fact(attribute) for attribute in message.attributes]
    facts += [Fact("", ""), Fact("SYSTEM", f"{len(message.system_attributes)}")]
    facts.append(Fact("receives", receives(row)))
    facts.append(Fact("by sluice", by_sluice))
    for name, label in _TIMES.items():
        moment = message.moment(name)
        if moment is not None:
            facts.append(Fact(label, f"{local_time(moment)} ({age(moment, now)} ago)"))
    for name, value in sorted(message.system_attributes.items()):
        if name not in _TIMES and name != "ApproximateReceiveCount":
            facts.append(Fact(_NAMES.get(name, name), value))
    rounded = f"{size(message.size)}, " if message.size >= EXACT_BELOW else ""
    facts.append(Fact("size", f"{rounded}{message.size:,} bytes with attributes"))
    return facts
