"""Changing how long held messages stay hidden, and giving back everything that is held."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from connectors.sqs.batch_changes import LONGEST_VISIBILITY
from connectors.sqs.ledger import LeaseEnd
from connectors.sqs.messages import LEASE_SECONDS
from connectors.sqs.models import Message, Queue, QueueAttributes
from tui.confirm import ask_number
from tui.leases import Returned
from tui.message_rows import ENDED, GIVEN_BACK, HELD, local_time, short_time
from tui.outcomes import MOST_FACTS, most_frequent_reason, outcome_facts
from tui.queue_changes import lease_facts, workplace_of
from widgets.facts import Fact
from widgets.line import Part
from widgets.number import NumberField

if TYPE_CHECKING:
    from tui.app import SluiceApp


async def change_visibility(
    app: "SluiceApp",
    queue: Queue,
    messages: list[Message],
    attributes: QueueAttributes | None,
    *,
    hidden: int = 0,
) -> list[Message]:
    """Asks for how long, then hides `messages` for that long, or gives them back. `hidden` of them are not seen for a
    filter. Returns those whose lease is another now."""
    workplace = workplace_of(app)
    connector, session, leases = workplace.leases.messages, workplace.session, workplace.leases
    facts = lease_facts(app, leases, messages, "ChangeMessageVisibilityBatch", hidden)

    def until(seconds: int) -> str:
        now = session.clock.now()
        return short_time(now + timedelta(seconds=seconds), now)

    def meaning(seconds: int) -> str:
        if seconds == 0:
            return "Gives them back: visible to consumers at once. The receive count stays as it is."
        groups = " Their message groups wait as long." if queue.is_fifo else ""
        key = app.key("app.release")
        return f"Hidden from consumers until {until(seconds)}, also when you leave; {key} releases.{groups}"

    own = attributes.seconds("VisibilityTimeout") if attributes else None
    agreed = await ask_number(
        app,
        session.guard,
        connector.changing_visibility(queue, messages, LEASE_SECONDS if own is None else own),
        NumberField(
            "New visibility timeout in seconds, 0 to release",
            LEASE_SECONDS if own is None else own,
            0,
            LONGEST_VISIBILITY,
            meaning,
        ),
        title="Change visibility?",
        yes="set",
        facts=facts,
        settle=lambda seconds: connector.changing_visibility(queue, messages, seconds),
    )
    if agreed is None:
        return []
    seconds, change, permit = agreed
    if seconds == 0:
        app.report_given_back(await leases.return_these(messages))
        return []
    app.tell("changing the visibility…")
    with leases.changing(leases.current(message) for message in messages):
        await leases.no_extension_is_under_way()
        current = [leases.current(message) for message in messages]
        outcomes, renewed = await connector.change_visibility(change, permit, queue, current, seconds)
        for message, outcome in zip(renewed, outcomes, strict=True):
            if outcome.confirmed:
                leases.keep([message])
            elif outcome.unknown:
                leases.may_run_for([message], seconds)
    done = sum(outcome.confirmed for outcome in outcomes)
    app.tell(f"{done:,} of {len(outcomes):,} hidden until {until(seconds)}", severe=done < len(outcomes))
    if done < len(outcomes):
        app.show_panel("Not all were changed", outcome_facts(outcomes, "changed"), is_error=True)
    return renewed


async def release_everything(app: "SluiceApp") -> None:
    """Gives back every lease of this context, and names what could not be given back and when it returns by itself."""
    leases = workplace_of(app).leases
    for stop_looking in app.of_each_screen("stop_looking"):
        stop_looking()  # a walk would receive anew what it gets back
    held = [*leases.maybe_hidden(), *leases.kept()]
    if not held:
        app.tell("nothing is held: there is nothing to release")
        return
    queues = len({message.queue for message in held})
    app.tell(f"giving back {_messages(len(held))} of {_queues(queues)}…")
    returned = await leases.return_these(held)
    app.report_given_back(returned, _queues(queues))
    if returned.lost:
        app.show_panel("Not all were released", _lost_facts(app, held, returned), is_error=True)


def lease_in_words(app: "SluiceApp", message: Message) -> str:
    """What the row of `message` says of its lease now."""
    session, leases = app.session, app.leases
    if session is None or leases is None:
        return ENDED
    if leases.is_open(message):
        return HELD
    if leases.is_kept(message):
        return _minute(_end(app, message))
    if session.ledger.is_over(session.place, message):
        return GIVEN_BACK
    entry = session.ledger.of_message(session.place, message)
    latest = entry.latest[-1] if entry else None
    if latest is None or latest.lease_ends <= session.clock.monotonic() or latest.end is LeaseEnd.NONE:
        return ENDED
    return _minute(latest.lease_ends_at)  # it could not be given back, and runs on


def _minute(moment: datetime) -> str:
    return local_time(moment)[11:16]


def kept_parts(app: "SluiceApp", kept: int, last: Message) -> list[Part]:
    """How many are kept hidden, in a line; `last` is the one of them that is hidden longest."""
    until = short_time(_end(app, last), app.clock.now())
    return [
        Part(f" {kept:,} kept hidden", "warning"),
        Part(f" until {until}, also when you leave; {app.key('app.release')} releases.", "muted"),
    ]


def _end(app: "SluiceApp", message: Message) -> datetime:
    """The end of its lease on the wall."""
    session = app.session
    entry = session.ledger.of_message(session.place, message) if session else None
    if entry is not None:
        return entry.latest[-1].lease_ends_at
    left = timedelta(seconds=max(0.0, message.lease_ends - app.clock.monotonic()))
    return app.clock.now() + left


def _lost_facts(app: "SluiceApp", held: list[Message], returned: Returned) -> list[Fact]:
    facts = [Fact("released", f"{len(returned.outcomes) - len(returned.lost):,} of {len(returned.outcomes):,}")]
    by_id = {message.message_id: message for message in held}
    is_many = len(returned.lost) > MOST_FACTS
    for queue, lost in returned.lost_by_queue().items():
        if is_many:
            last = short_time(max(_end(app, by_id[outcome.message_id]) for outcome in lost), app.clock.now())
            text = f"{len(lost):,} not, the last returns by itself at {last}: {most_frequent_reason(lost)}"
            facts.append(Fact(queue.name, text, "error"))
            continue
        for outcome in lost:
            returns = short_time(_end(app, by_id[outcome.message_id]), app.clock.now())
            text = f"{queue.name}: {outcome.reason}; returns by itself at {returns}"
            facts.append(Fact(outcome.message_id, text, "error"))
    return facts


def _messages(count: int) -> str:
    return f"{count:,} message{'' if count == 1 else 's'}"


def _queues(count: int) -> str:
    return f"{count:,} queue{'' if count == 1 else 's'}"
