"""Publishing from a screen: it asks first, then publishes and tells the result."""

from connectors.sns.connector import SnsConnector
from connectors.sns.models import PublishDraft, Published, Topic
from tui.confirm import ask
from tui.format.values import size
from tui.screens.host import Host
from tui.sns.receiver_words import count_text
from tui.sns.watched_topic import WatchedTopic
from widgets.facts import Fact


async def publish(host: Host, watched: WatchedTopic, draft: PublishDraft) -> Published | None:
    """Asks, then publishes `draft`. None where the answer was no; `OutcomeUnknown` where no usable answer came."""
    context, topic = watched.context, watched.topic
    connector = context.connector(SnsConnector)
    change = connector.publishing(topic)
    number = len(draft.attributes)
    facts = [
        Fact("message", f"{size(draft.size)}, {number or 'no'} attribute{'' if number == 1 else 's'}"),
        Fact("would receive it", count_text(watched.judge(draft))),
    ]
    permit = await ask(host, context.guard, change, title="Publish this message?", yes="publish", facts=facts)
    if permit is None:
        return None
    host.tell("publishing…")
    published = await connector.publish(change, permit, topic, draft)
    host.tell(f"published: {published.message_id}")
    return published


def published_facts(published: Published, topic: Topic) -> list[Fact]:
    facts = [Fact("topic", topic.name), Fact("message id", published.message_id)]
    facts += [Fact("sequence number", published.sequence_number)] if published.sequence_number else []
    return [*facts, Fact("request id", published.request_id)]
