"""Changing how long messages that are held stay hidden."""

from datetime import timedelta

from connectors.open_context import OpenContext
from connectors.sqs.changes import LONGEST_VISIBILITY
from connectors.sqs.connector import SqsConnector
from connectors.sqs.models import Message, Queue, QueueAttributes
from connectors.sqs.receiving import LEASE_SECONDS
from tui.confirm import ask_number
from tui.format.values import short_time
from tui.screens.host import Host
from tui.sqs.batch_outcomes import outcome_facts
from tui.sqs.changes import lease_facts
from tui.sqs.release import report_given_back
from widgets.number import NumberField


async def change_visibility(
    host: Host,
    context: OpenContext,
    queue: Queue,
    messages: list[Message],
    attributes: QueueAttributes | None,
    *,
    hidden: int = 0,
) -> list[Message]:
    """Asks for a visibility timeout and sets it on `messages`; 0 gives them back. The filter hides `hidden` of them.
    Returns the messages with their leases after the change, none if they were given back or the answer was no."""
    sqs = context.connector(SqsConnector)
    connector, leases = sqs.messages, sqs.leases
    facts = lease_facts(host, leases, messages, "ChangeMessageVisibilityBatch", hidden)

    def until(seconds: int) -> str:
        now = context.clock.now()
        return short_time(now + timedelta(seconds=seconds), now)

    def longest() -> list[int]:
        return [connector.longest_visibility(leases.current(message)) for message in messages]

    def meaning(seconds: int) -> str:
        if seconds == 0:
            return "Gives them back: visible to consumers at once. The receive count stays as it is."
        groups = " Their message groups wait as long." if queue.is_fifo else ""
        key = host.key("app.release")
        most = longest()
        capped = ", 12 hours after the receive, the most that SQS allows" if seconds > min(most) else ""
        end = until(min(seconds, max(most)))
        return f"Hidden from consumers until {end}{capped}, also when you leave; {key} gives back.{groups}"

    own = attributes.seconds("VisibilityTimeout") if attributes else None
    agreed = await ask_number(
        host,
        context.guard,
        connector.changing_visibility(queue, messages, LEASE_SECONDS if own is None else own),
        NumberField(
            "New visibility timeout in seconds, 0 to give back",
            LEASE_SECONDS if own is None else own,
            0,
            LONGEST_VISIBILITY,
            meaning,
        ),
        title="Hide for a time?",
        yes="set",
        facts=facts,
        settle=lambda seconds: connector.changing_visibility(queue, messages, min(seconds, max(longest()))),
    )
    if agreed is None:
        return []
    seconds, change, permit = agreed
    if seconds == 0:
        report_given_back(host, await leases.return_these(messages))
        return []
    host.tell("changing the visibility…")
    with leases.changing(leases.current(message) for message in messages):
        await leases.no_extension_is_under_way()
        current = [leases.current(message) for message in messages]
        outcomes, renewed = await connector.change_visibility(change, permit, queue, current, seconds)
        for message, outcome in zip(renewed, outcomes, strict=True):
            if outcome.confirmed:
                leases.keep([message])
            elif outcome.unknown:
                leases.may_run_for([message], seconds)
        leases.forget_gone(current, outcomes)
    ends = [message.lease_ends for message, outcome in zip(renewed, outcomes, strict=True) if outcome.confirmed]
    left = round(max(ends) - context.clock.monotonic()) if ends else seconds
    latest = " at the latest" if ends and max(ends) - min(ends) > 1 else ""
    host.tell(
        f"{len(ends):,} of {len(outcomes):,} hidden until {until(left)}{latest}", severe=len(ends) < len(outcomes)
    )
    if len(ends) < len(outcomes):
        host.show_panel("Not all were changed", outcome_facts(outcomes, "changed"), is_error=True)
    return renewed
