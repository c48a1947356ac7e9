"""What is known of one queue, and its facts as text: settings with their units, redrive in both directions."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from connectors.errors import ConnectorError, Step
from connectors.sqs.models import Queue, QueueAttributes
from connectors.sqs.queues import Queues
from connectors.sqs.source import QueueWatch, SourcesListed, sources_listed
from connectors.watching.history import History
from tui.format.values import age, local_time, number, seconds, size
from tui.screens.host import Lead
from widgets.facts import Fact


@dataclass(frozen=True, slots=True)
class QueueKnowledge:
    """The last good reading of a queue, part by part; a part that fails keeps its last value and names its error."""

    name: str
    queue: Queue | None = None
    attributes: QueueAttributes | None = None
    error: ConnectorError | None = None
    sources: tuple[str, ...] | None = None
    sources_error: ConnectorError | None = None
    listed: SourcesListed | None = None
    """What the list of queues says of the sources; only used where they could not be asked for."""
    tags: dict[str, str] | None = field(default=None)
    tags_error: ConnectorError | None = None
    asked: str = ""
    """What somebody called it who knows no more of it: its name or its URL."""

    @property
    def arn_or_name(self) -> str:
        """What other services know the queue by: its ARN, once that was read."""
        return (self.attributes.arn if self.attributes else "") or self.name

    async def renewals(self, queues: Queues) -> AsyncIterator["QueueKnowledge"]:
        """This knowledge after another reading: with the counts, then, where more was read, with all of it. Tags and
        sources hardly ever change and are read once; where they are denied or missing they are not asked for again."""
        try:
            queue = self.queue or await queues.find(self.asked or self.name)
            known = counted = replace(self, queue=queue, attributes=await queues.attributes(queue), error=None)
        except ConnectorError as error:
            yield replace(self, error=error)
            return
        yield known
        if known.sources is None and not _is_final(known.sources_error):
            try:
                found = [source.name async for page in queues.sources(queue) for source in page.queues]
                known = replace(known, sources=tuple(found), sources_error=None)
            except ConnectorError as error:
                known = replace(known, sources_error=error)
        if known.tags is None and not _is_final(known.tags_error):
            try:
                known = replace(known, tags=await queues.tags(queue), tags_error=None)
            except ConnectorError as error:
                known = replace(known, tags_error=error)
        if known is not counted:
            yield known

    def with_sources_of(self, watch: QueueWatch | None) -> "QueueKnowledge":
        """The same; where the sources could not be asked for, with those of the queues that `watch` has listed."""
        arn = self.attributes.arn if self.attributes else ""
        if self.sources_error is None or watch is None or not watch.states or not arn:
            return replace(self, listed=None)
        return replace(self, listed=sources_listed(watch, arn))

    def add_to(self, history: History) -> None:
        """Notes the visible count, where it was read just now."""
        visible = self.attributes.counts.visible if self.attributes else None
        if self.queue is not None and visible is not None and self.error is None:
            history.note(self.queue.url, visible)

    def without_refusals(self) -> "QueueKnowledge":
        """The same, but tags and sources that were refused are asked for again."""
        return replace(self, sources_error=None, tags_error=None)


def _is_final(error: ConnectorError | None) -> bool:
    return error is not None and error.step in (Step.UNSUPPORTED, Step.PERMISSION)


def queue_facts(knowledge: QueueKnowledge, now: datetime, own: Sequence[Fact] = ()) -> list[Fact]:
    """Everything known, the most wanted first. `own` is what this run knows of itself."""
    attributes = knowledge.attributes
    if attributes is None:
        return _failure_facts(knowledge.error) if knowledge.error is not None else [Fact("", "reading…")]
    facts = [Fact("failed", str(knowledge.error), "error")] if knowledge.error is not None else []
    facts += [*_redrive_facts(knowledge, attributes), *own]
    maximum = attributes.maximum_message_size
    raw = attributes.raw
    created, modified = attributes.moment("CreatedTimestamp"), attributes.moment("LastModifiedTimestamp")
    facts += [
        Fact("type", _type(attributes)),
        Fact("visibility timeout", seconds(attributes.seconds("VisibilityTimeout"))),
        Fact("retention", seconds(attributes.seconds("MessageRetentionPeriod"))),
        Fact("delivery delay", seconds(attributes.seconds("DelaySeconds"))),
        Fact("receive wait", seconds(attributes.seconds("ReceiveMessageWaitTimeSeconds"))),
        Fact("maximum size", f"{size(maximum)} ({maximum:,} bytes)" if maximum is not None else "–"),
        Fact("encryption", _encryption(raw)),
        Fact("tags", _tags(knowledge)),
        Fact("created", f"{local_time(created)} ({age(created, now)} ago)" if created else "–"),
        Fact("modified", f"{local_time(modified)} ({age(modified, now)} ago)" if modified else "–"),
        Fact("ARN", attributes.arn or "–"),
        Fact("URL", attributes.queue.url),
    ]
    if attributes.queue.is_fifo:
        scope, limit = raw.get("DeduplicationScope", "queue"), raw.get("FifoThroughputLimit", "perQueue")
        facts.append(Fact("fifo", f"deduplication scope {scope}, throughput limit {limit}"))
    if raw.get("RedriveAllowPolicy"):
        facts.append(Fact("redrive allow", raw["RedriveAllowPolicy"]))
    if raw.get("Policy"):
        facts.append(Fact("policy", raw["Policy"]))
    return facts


def queue_leads(queues: Sequence[str], others: Sequence[Lead]) -> list[Lead]:
    """Where the messages of a queue come from: `queues` whose dead letters it gets, and what other services know."""
    return [*others, *(Lead(f"queue:{name}", f"{name} (its dead letters)") for name in queues)]


def _failure_facts(error: ConnectorError) -> list[Fact]:
    """Why nothing is known of the queue."""
    facts = [Fact("failed", "the queue could not be read", "error")]
    return facts + [Fact(label, value) for label, value in error.details()]


def _redrive_facts(knowledge: QueueKnowledge, attributes: QueueAttributes) -> list[Fact]:
    facts: list[Fact] = []
    if attributes.redrive is not None:
        limit, elsewhere = attributes.redrive.max_receive_count, attributes.dead_letters_elsewhere
        name = attributes.redrive.dead_letter_name + (f" of {elsewhere}" if elsewhere else "")
        facts.append(Fact("dead letters to", f"{name}, after {number(limit)} receives"))
    else:
        facts.append(Fact("dead letters to", "nowhere: no redrive policy"))
    if knowledge.sources_error is not None and knowledge.listed is not None:
        facts.append(_listed_fact(knowledge.listed))
    elif knowledge.sources_error is not None:
        facts.append(Fact("DLQ of", f"– ({knowledge.sources_error.step})", "warning"))
    elif knowledge.sources:
        facts.append(Fact("DLQ of", ", ".join(knowledge.sources)))
    else:
        facts.append(Fact("DLQ of", "no queue" if knowledge.sources is not None else "reading…"))
    return facts


def _listed_fact(listed: SourcesListed) -> Fact:
    names = ", ".join(listed.names) or "none"
    so_far = "" if listed.complete else " so far"
    unread = f"; {listed.unread:,} not read" if listed.unread else ""
    return Fact(
        "DLQ of",
        f"of the queues listed{so_far}: {names}{unread}",
        "" if listed.complete and not listed.unread else "warning",
    )


def _type(attributes: QueueAttributes) -> str:
    if not attributes.queue.is_fifo:
        return "standard"
    return f"fifo, content-based deduplication {'on' if attributes.content_based_deduplication else 'off'}"


def _encryption(raw: object) -> str:
    values = raw if isinstance(raw, dict) else dict(raw)  # type: ignore[call-overload]
    if values.get("KmsMasterKeyId"):
        return f"KMS key {values['KmsMasterKeyId']}"
    if str(values.get("SqsManagedSseEnabled", "")).lower() == "true":
        return "SQS-managed"
    return "none stated"


def _tags(knowledge: QueueKnowledge) -> str:
    if knowledge.tags_error is not None:
        return f"– ({knowledge.tags_error.step})"
    if knowledge.tags is None:
        return "–"
    return ", ".join(f"{key}={value}" for key, value in sorted(knowledge.tags.items())) or "none"
