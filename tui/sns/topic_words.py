"""What the screen of a topic says of the topic itself, in two lines."""

from connectors.errors import ConnectorError, Step
from connectors.sns.models import Topic, TopicDetails
from tui.format.values import UNKNOWN
from widgets.line import Part, Yield

_MOST_TAGS = 20


def head_parts(topic: Topic, details: TopicDetails | None) -> list[Part]:
    """Type, encryption, owner and archive."""
    if details is None:
        return [Part(f" {topic.type}", "", Yield.NEVER), Part("  reading…", "muted")]
    if details.attributes_error is not None and details.attributes is None:
        return [
            Part(f" {topic.type}  encryption {UNKNOWN}  owner {UNKNOWN}  "),
            Part(short(details.attributes_error), "warning", Yield.SHORTEN),
        ]
    parts = [Part(f" {topic.type}")]
    if topic.is_fifo:
        on = "on" if details.content_based_deduplication else "off"
        parts.append(Part(f"  dedup by content {on}", "", Yield.DROP))
    key = details.encryption_key
    parts.append(Part(f"  key {key}" if key else "  no KMS key", "" if key else "muted", Yield.SHORTEN))
    parts.append(Part(f"  owner {details.owner or UNKNOWN}"))
    if topic.is_fifo or details.archive_policy:
        archive = f"archive {details.archive_policy}" if details.archive_policy else "no archive"
        parts.append(Part(f"  {archive}", "" if details.archive_policy else "muted", Yield.SHORTEN))
    return parts


def tag_parts(details: TopicDetails | None) -> list[Part]:
    """The tags, and the name that mails bear."""
    if details is None:
        return []
    name = [Part(f"  display name {details.display_name}", "", Yield.SHORTEN)] if details.display_name else []
    if details.tags is None:
        why = short(details.tags_error) if details.tags_error is not None else ""
        return [Part(f" tags {UNKNOWN} "), Part(why, "muted", Yield.SHORTEN), *name]
    if not details.tags:
        return [Part(" no tags", "muted"), *name]
    tags = [f"{key}={value}" for key, value in sorted(details.tags.items())]
    more = f", and {len(tags) - _MOST_TAGS} more" if len(tags) > _MOST_TAGS else ""
    return [Part(f" {', '.join(tags[:_MOST_TAGS])}{more}", "", Yield.SHORTEN), *name]


def short(error: ConnectorError) -> str:
    """An error for one line, where it begins with what matters."""
    return error.title if error.step in (Step.PERMISSION, Step.NOT_FOUND) else str(error)
