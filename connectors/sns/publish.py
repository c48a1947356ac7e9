"""Publishing one message: what SNS would refuse, the change to agree to, and the call that makes it."""

import json
import re
from collections.abc import Sequence
from typing import Any

from connectors.aws.cli_command import aws_command
from connectors.aws.session import Lane
from connectors.errors import OutcomeUnknown, Refused, Step
from connectors.guard import Change, Permit
from connectors.open_context import OpenContext
from connectors.sns.models import DEFAULT_MAXIMUM, PublishDraft, Published, Topic, TopicDetails
from connectors.sqs.models import MessageAttribute
from connectors.sqs.wire import wire_attribute

LONGEST_SUBJECT = 99
"""Characters: Publish wants "less than 100 characters long" and no line break or control character."""
LONGEST_ID = 128
ATTRIBUTE_TYPES = ("String", "String.Array", "Number", "Binary")
_LABELLED = ("String.", "Number.", "Binary.")
"""A type may have a label of its own: `Number.int`."""
_ATTRIBUTE_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NOT_IN_ID = re.compile(r"[^!-~]")
"""Ids have letters, digits and the punctuation of ASCII (Publish)."""


def faults(draft: PublishDraft, topic: Topic, details: TopicDetails | None = None) -> list[str]:
    """Why SNS would refuse `draft` for another reason than its attributes, one line each; empty where it would not.
    What the `details` don't say is not held against it."""
    found = []
    if not draft.body:
        found.append("the body is empty; SNS wants at least one character")
    if draft.subject:
        found += _subject_faults(draft.subject)
    for what, text in (("message group", draft.group_id), ("deduplication id", draft.deduplication_id)):
        if len(text) > LONGEST_ID:
            found.append(f"the {what} has {len(text):,} characters; SNS takes {LONGEST_ID}")
        elif bad := _NOT_IN_ID.search(text):
            found.append(f"the {what} holds U+{ord(bad.group()):04X}; it takes ASCII letters, digits and punctuation")
    if topic.is_fifo:
        if not draft.group_id:
            found.append("a FIFO topic wants a message group")
        if not draft.deduplication_id and details is not None and details.content_based_deduplication is False:
            found.append("this topic has no content-based deduplication: give a deduplication id")
    elif draft.deduplication_id:
        found.append("a standard topic takes no deduplication id")
    limit = (details.maximum_message_size if details else None) or DEFAULT_MAXIMUM
    if draft.size > limit:
        found.append(f"{draft.size:,} bytes; this topic takes {limit:,}")
    return found


def attribute_faults(attributes: Sequence[MessageAttribute]) -> list[str]:
    """Why SNS would refuse the attributes of a message, one line each ("Message attributes" in its Developer Guide)."""
    names = [attribute.name for attribute in attributes]
    found = [fault for attribute in attributes for fault in _faults_of(attribute)]
    return found + [f"attribute {name!r} stands twice" for name in dict.fromkeys(names) if names.count(name) > 1]


def _faults_of(attribute: MessageAttribute) -> list[str]:
    found = []
    name, kind, text = attribute.name, attribute.data_type, attribute.text or ""
    if not _ATTRIBUTE_NAME.fullmatch(name) or len(name) > 256 or name.lower().startswith(("aws.", "amazon.")):
        found.append(f"{name!r} is no attribute name (letters, digits, - _ . and not AWS. or Amazon. in front)")
    if kind not in ATTRIBUTE_TYPES and not kind.startswith(_LABELLED):
        found.append(f"attribute {name!r} is of type {kind!r}; SNS takes {', '.join(ATTRIBUTE_TYPES)}")
    elif not text and not attribute.binary:
        found.append(f"attribute {name!r} has no value")
    elif kind.split(".")[0] == "Number" and not _NUMBER.fullmatch(text):
        found.append(f"{name!r}: {text!r} is no number")
    elif kind == "String.Array" and not _is_array(text):
        found.append(f'{name!r}: write the values as a JSON array, like ["a", 1, true]')
    return found


def _is_array(text: str) -> bool:
    """Whether it is a JSON array without arrays or objects in it."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(values, list) and not any(isinstance(value, list | dict) for value in values)


def _subject_faults(subject: str) -> list[str]:
    found = []
    if len(subject) > LONGEST_SUBJECT:
        found.append(f"the subject has {len(subject):,} characters; SNS takes {LONGEST_SUBJECT}")
    if control := _CONTROL.search(subject):
        found.append(f"the subject holds U+{ord(control.group()):04X}; it is one line without control characters")
    return found


class Publishing:
    """Publishing in one open context."""

    def __init__(self, context: OpenContext) -> None:
        self._context = context
        self._session = context.aws

    def change(self, topic: Topic) -> Change:
        """The change that publishes one message to `topic`. The message never stands in the command."""
        account = self._session.account_of("sns")
        is_foreign = account and topic.account and topic.account != account
        name = f"{topic.name} of account {topic.account}" if is_foreign else topic.name
        target = self._session.target("sns", name, _parameters(topic), kind="topic")
        command = aws_command(self._session, "sns", ["publish", "--topic-arn", topic.arn], "--message file://BODY")
        return Change("sns", "Publish", target, 1, command)

    async def publish(self, change: Change, permit: Permit, topic: Topic, draft: PublishDraft) -> Published:
        """Publish. Raises `OutcomeUnknown` where no usable answer came; it is never published again by itself.

        A cancel does not stop it half-way: it runs on, and the audit log gets its outcome.
        """
        return await self._context.shield.see_through(
            self._publish(change, permit, topic, draft),
            f"Publish to {change.target.resource} had no answer: its outcome is unknown",
        )

    async def _publish(self, change: Change, permit: Permit, topic: Topic, draft: PublishDraft) -> Published:
        if change.target.resource_parameters != _parameters(topic):
            raise Refused("this change was agreed to for another topic", operation=change.operation)
        params: dict[str, Any] = {"TopicArn": topic.arn, "Message": draft.body}
        optional = {
            "Subject": draft.subject,
            "MessageAttributes": {attribute.name: wire_attribute(attribute) for attribute in draft.attributes},
            "MessageGroupId": draft.group_id,
            "MessageDeduplicationId": draft.deduplication_id,
        }
        params |= {name: value for name, value in optional.items() if value}
        async with self._context.guard.carry_out(change, permit) as outcome:
            answer = await self._session.call("sns", "Publish", lane=Lane.CHANGE, target=topic.name, **params)
            outcome.request_ids.append(answer.request_id)
            if not answer.get("MessageId"):
                raise OutcomeUnknown(
                    Step.ANSWER,
                    "the answer names no message id; whether the message was published is unknown",
                    "look at a subscribed queue before you publish it again",
                    operation="Publish",
                    request_id=answer.request_id,
                )
            outcome.confirmed = 1
            return Published(str(answer["MessageId"]), str(answer.get("SequenceNumber") or ""), answer.request_id)


def _parameters(topic: Topic) -> dict[str, str]:
    """The parameters that name `topic` in a request."""
    return {"TopicArn": topic.arn}
