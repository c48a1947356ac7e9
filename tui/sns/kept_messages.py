"""The message that somebody wrote for a topic: kept for the run, to be judged and published."""

from dataclasses import dataclass

from connectors.sns.models import PublishDraft
from tui.screens.typed_attributes import STRING_ARRAY, read_attributes
from widgets.writing import TypedAttribute

TYPES = ("String", "Number", STRING_ARRAY, "Binary")


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it was typed. Rows of attributes without a name and a value are left out."""

    body: str = ""
    attributes: tuple[TypedAttribute, ...] = ()
    subject: str = ""
    group: str = ""
    deduplication: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Written()

    def draft(self) -> tuple[PublishDraft, list[str]]:
        """The message to publish, and what is wrong with its attributes."""
        attributes, faults = read_attributes(self.attributes, "SNS")
        return PublishDraft(self.body, tuple(attributes), self.subject, self.group, self.deduplication), faults


class KeptMessages:
    """One message by the ARN of its topic, kept for the whole run."""

    def __init__(self) -> None:
        self._kept: dict[str, Written] = {}

    def of(self, topic_arn: str) -> Written:
        """The message for a topic; an empty one where none was written."""
        return self._kept.get(topic_arn, Written())

    def keep(self, topic_arn: str, written: Written) -> None:
        self._kept[topic_arn] = written
