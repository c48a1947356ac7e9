"""Messages as SQS sends and takes them: what a receive brings, the entries of a batch call, and its outcomes."""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from connectors.sqs.models import EntryOutcome, Message, MessageAttribute, Queue

BATCH = 10
"""Entries a batch call may carry, and messages one ReceiveMessage may bring."""
GONE = "gone or received by others"
"""Said of a message that was deleted or purged by somebody else, went with its queue, or has a newer receipt handle."""
_IS_GONE = re.compile(r"^(AWS\.SimpleQueueService\.)?ReceiptHandleIsInvalid|\bMessage does not exist\b", re.IGNORECASE)
"""How the service says it of one message. AWS answers InvalidParameterValue with the second form, "Reason: Message does
not exist or is not available for visibility timeout change."; the handles sent all came from a receive."""


def batches(messages: Sequence[Message]) -> list[tuple[Queue, list[Message]]]:
    by_queue: dict[Queue, list[Message]] = {}
    for message in messages:
        by_queue.setdefault(message.queue, []).append(message)
    return [
        (queue, held[start : start + BATCH]) for queue, held in by_queue.items() for start in range(0, len(held), BATCH)
    ]


def entry_outcomes(batch: Sequence[Message], answer: dict[str, Any]) -> list[EntryOutcome]:
    """One outcome a message. A message that the answer names nowhere is not confirmed, one without a receipt handle was
    not asked for, and one that the service does not know any more is gone."""
    confirmed = {str(entry.get("Id")) for entry in answer.get("Successful", ())}
    failed = {
        str(entry.get("Id")): f"{entry.get('Code', '')}: {entry.get('Message', '')}".strip(": ")
        for entry in answer.get("Failed", ())
    }
    return [
        EntryOutcome(message.message_id, True)
        if str(index) in confirmed
        else _failed(message, failed.get(str(index)) or _unnamed(message))
        for index, message in enumerate(batch)
    ]


def _failed(message: Message, reason: str) -> EntryOutcome:
    return gone(message) if _IS_GONE.search(reason) else EntryOutcome(message.message_id, False, reason)


def gone(message: Message) -> EntryOutcome:
    return EntryOutcome(message.message_id, False, GONE, gone=True)


def _unnamed(message: Message) -> str:
    return "the answer does not name it" if message.receipt_handle else "it came without a receipt handle"


def wire_attribute(attribute: MessageAttribute) -> dict[str, Any]:
    if attribute.binary is not None:
        return {"DataType": attribute.data_type, "BinaryValue": attribute.binary}
    return {"DataType": attribute.data_type, "StringValue": attribute.text or ""}


def _stand_in(receipt_handle: str) -> str:
    return f"without id {sha256(receipt_handle.encode(errors='surrogatepass')).hexdigest()[:8]}"


def received(queue: Queue, entry: dict[str, Any], lease_ends: float, received_at: float) -> Message:
    """What is missing is empty; only the message id, by which leases are held, gets a stand-in."""
    receipt_handle = str(entry.get("ReceiptHandle", ""))
    return Message(
        queue=queue,
        message_id=str(entry.get("MessageId", "")) or _stand_in(receipt_handle),
        receipt_handle=receipt_handle,
        body=str(entry.get("Body", "")),
        attributes=tuple(
            MessageAttribute(
                name=str(name),
                data_type=str(value.get("DataType", "")),
                text=value.get("StringValue"),
                binary=value.get("BinaryValue"),
            )
            for name, value in sorted((entry.get("MessageAttributes") or {}).items())
        ),
        system_attributes={str(name): str(value) for name, value in (entry.get("Attributes") or {}).items()},
        lease_ends=lease_ends,
        received_at=received_at,
    )
