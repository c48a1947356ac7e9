"""Many messages held at once, as after a walk: what a second costs, and what is said of those that do not go back."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from connectors.open_context import OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.leases import Leases, Tally
from connectors.sqs.models import EntryOutcome, Message, Queue
from tests.conftest import OpeningContexts
from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import Answering, denied, partly_failed, reset, server_error, throttled
from tests.support.work import instructions
from tests.tui.conftest import AtWork
from tests.tui.person import Person
from tui.sqs.batch_outcomes import outcome_facts
from tui.sqs.queue import QueueScreen

OPERATION = "ChangeMessageVisibilityBatch"
DENIED = denied("sqs:changemessagevisibility")


async def walks(person: Person, most: int) -> None:
    await person.reads("cost", "A look (p)")
    await person.press("colon")
    await person.types(f"peek {most}")
    await person.press("enter")
    await person.is_asked("Walk through orders?")
    await person.says("y")
    await person.reads("cost", f"{most:,} held for", seconds=30)


async def test_a_second_costs_the_same_whether_few_or_many_messages_are_held(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    costs: list[int] = []
    for held in (40, 400):
        stub.queue("orders", messages=["x"] * held)
        async with sluice(stub.url, view="queue:orders", clock=clock) as person:
            await walks(person, held)
            screen = person.app.screen
            assert isinstance(screen, QueueScreen)
            screen.leases_changed()
            clock.jump(1)
            costs.append(instructions(screen.leases_changed))
    few, many = costs
    assert many < few * 1.1


async def test_rows_that_come_into_sight_say_what_became_of_their_leases(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", messages=["x"] * 100)
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await walks(person, 100)
        stub.on(OPERATION, DENIED)
        clock.jump(121)
        await person.reads("cost", "No lease is held any more")
        await person.sees("1  ended")
        last = person.table.model.row(99)[0]
        stub.hold("GetQueueAttributes")  # no reading that would look after the rows
        await person.press("G")
        await until(lambda: last in person.table.visible_keys())
        await until(lambda: person.under_cursor.lease == "ended")
        assert {person.table.model.get(key).lease for key in person.table.visible_keys()} == {"ended"}


async def test_messages_are_sorted_by_how_their_leases_stand_also_those_out_of_sight(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", messages=["x"] * 100)
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await walks(person, 100)
        last = person.table.model.shown_keys(97)
        await person.press("G", "k", "k", "space", "space", "space", "h")
        await person.is_asked("Hide for a time?")
        await person.press(*"600")
        await person.says("y")
        await person.reads("hints", "3 of 3 hidden until 03:10:00")
        await person.press("g", "o", "o")
        assert person.table.model.sort_column == "lease"
        assert person.table.model.shown_keys(0, 3) == last


# -- the numbers ----------------------------------------------------------------------------------------------------


async def take(context: OpenContext, leases: Leases, queue: Queue, looks: int = 1) -> list[Message]:
    messages = [message for _ in range(looks) for message in (await leases.messages.look(queue)).messages]
    leases.hold(messages)
    return messages


def counted(leases: Leases, queue: Queue, clock: ManualClock) -> Tally:
    """What the numbers are by going through everything."""
    held, kept = leases.open(queue), leases.kept(queue)
    ends = [message.lease_ends for message in (*held, *kept)]
    tally = leases.tally(queue)
    is_due = tally.next_due <= clock.monotonic()
    assert bool(leases.due(queue)) == is_due
    return Tally(
        open=len(held),
        first_end=min((message.lease_ends for message in held), default=float("inf")),
        next_due=tally.next_due,
        kept=len(kept),
        last_kept=max(kept, key=lambda message: message.lease_ends, default=None),
        holds_until=min(ends, default=float("inf")),
    )


CHANGES: dict[str, Callable[[Leases, list[Message]], object]] = {
    "held again": lambda leases, messages: leases.hold(messages[:1]),
    "kept": lambda leases, messages: leases.keep(messages),
    "forgotten": lambda leases, messages: leases.forget(messages[:3]),
    "maybe shorter": lambda leases, messages: leases.may_run_for([replace(messages[0], lease_ends=1020.0)], 5),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_the_numbers_follow_every_change_of_a_lease(
    stub: SqsStub, open_context: OpeningContexts, clock: ManualClock, change: Callable[[Leases, list[Message]], object]
) -> None:
    context = await open_context(stub.url, clock=clock)
    leases, queue = context.connector(SqsConnector).leases, Queue(stub.queue("orders", messages=["x"] * 20).url)
    messages = await take(context, leases, queue)
    await take(context, leases, Queue(stub.queue("another", messages=["x"]).url))
    clock.jump(15)
    assert leases.tally(queue) == counted(leases, queue, clock)
    await take(context, leases, queue)
    assert leases.tally(queue) == counted(leases, queue, clock)
    change(leases, messages)
    assert leases.tally(queue) == counted(leases, queue, clock)
    for _ in range(5):
        clock.jump(6)
        assert leases.tally(queue) == counted(leases, queue, clock)


async def test_the_numbers_leave_out_what_is_being_changed_or_given_back(
    stub: SqsStub, open_context: OpeningContexts, clock: ManualClock
) -> None:
    context = await open_context(stub.url, clock=clock)
    leases, queue = context.connector(SqsConnector).leases, Queue(stub.queue("orders", messages=["x"] * 10).url)
    messages = await take(context, leases, queue)
    leases.keep(messages[6:])
    assert leases.tally(queue).open == 6
    with leases.changing(messages[:2]):
        assert leases.tally(queue) == counted(leases, queue, clock)
        assert leases.tally(queue).open == 4
    assert leases.tally(queue).open == 6
    answers = stub.hold(OPERATION)
    giving_back = asyncio.create_task(leases.return_these([messages[0], messages[9]]))
    await until(lambda: stub.sent(OPERATION))
    assert (leases.tally(queue).open, leases.tally(queue).kept) == (5, 3)
    answers.release()
    await giving_back
    assert leases.tally(queue) == counted(leases, queue, clock)
    stub.on(OPERATION, DENIED)
    in_vain = asyncio.create_task(leases.return_these([messages[8]]))
    await asyncio.sleep(0)  # it has begun, and no answer came yet
    assert leases.tally(queue).kept == 2
    await in_vain
    assert leases.tally(queue).kept == 3


async def test_what_was_extended_is_due_later_and_what_may_not_be_is_not_due_again(
    stub: SqsStub, open_context: OpeningContexts, clock: ManualClock
) -> None:
    context = await open_context(stub.url, clock=clock)
    leases, queue = context.connector(SqsConnector).leases, Queue(stub.queue("orders", messages=["x"] * 20).url)
    messages = await take(context, leases, queue)
    assert leases.tally(queue).next_due == clock.monotonic() + 20
    clock.jump(5)
    later = await take(context, leases, queue)
    assert leases.tally(queue).next_due == clock.monotonic() + 15
    clock.jump(15)
    assert leases.due(queue) == messages
    await leases.extend(queue, messages)
    assert leases.tally(queue).next_due == clock.monotonic() + 5
    clock.jump(5)
    assert leases.due(queue) == later
    await leases.extend(queue, later)
    assert leases.tally(queue).next_due == clock.monotonic() + 75
    clock.jump(80)
    stub.on(OPERATION, DENIED)
    await leases.extend(queue, leases.due(queue))
    assert leases.tally(queue).next_due == float("inf")
    assert leases.due(queue) == []


@pytest.mark.parametrize("failure", [throttled(), reset(), server_error()], ids=["throttled", "reset", "HTTP 500"])
async def test_an_extension_that_failed_is_tried_again_five_seconds_later_and_not_at_once(
    stub: SqsStub, open_context: OpeningContexts, clock: ManualClock, failure: Answering
) -> None:
    context = await open_context(stub.url, clock=clock)
    leases, queue = context.connector(SqsConnector).leases, Queue(stub.queue("orders", messages=["x"]).url)
    await take(context, leases, queue)
    stub.on(OPERATION, failure, times=1)
    tried_at: list[int] = []
    for second in range(30):  # as a screen does each second
        before = len(stub.sent(OPERATION))
        await leases.extend(queue, leases.due(queue))
        tried_at += [second] * (len(stub.sent(OPERATION)) - before)
        clock.jump(1)
    assert tried_at == [20, 25]
    [message] = leases.open(queue)
    assert message.lease_ends - clock.monotonic() == 120 - 5


# -- thousands that do not go back ------------------------------------------------------------------------------------


async def test_on_quitting_many_that_are_not_given_back_are_a_number_and_not_a_line_each(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders", messages=["x"] * 60)
    async with sluice(stub.url, view="queue:orders") as person:
        await walks(person, 60)
        stub.on(OPERATION, DENIED)
        await person.interrupts_twice()
        await until(lambda: person.has_left)
        [line] = person.app.left_undone
        assert line.startswith("60 of orders not given back, visible again within 1")
        assert "permission" in line


async def test_on_leaving_they_are_one_line_of_the_log(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["x"] * 60)
    async with sluice(stub.url, view="queue:orders") as person:
        await walks(person, 60)
        stub.on(OPERATION, partly_failed(*range(5), code="InternalError"))
        await person.press("escape")
        await person.reads("hints", "30 of 60 not given back")
        [notice] = [notice.text for notice in person.app.notices if notice.kind == "lease"]
        assert notice.startswith("30 of orders not given back, visible again within 1")
        assert notice.endswith("InternalError: try again")


async def test_a_release_that_fails_for_many_names_the_queue_and_the_number(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["x"] * 60)
    async with sluice(stub.url, view="queue:orders") as person:
        await walks(person, 60)
        stub.on(OPERATION, DENIED)
        await person.press("H")
        facts = (await person.is_shown("Not all were released")).splitlines()
        assert facts[0] == "released: 0 of 60"
        assert facts[1].startswith("orders: 60 not, the last returns by itself at ")
        assert "permission" in facts[1]
        assert len(facts) == 2


async def test_before_quitting_it_says_that_the_time_is_too_short_for_thousands(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["x"] * 1001)
    async with sluice(stub.url, view="queue:orders") as person:
        await walks(person, 1001)
        await person.press("ctrl+q")
        facts = await person.is_asked("Quit?")
        assert "1,001 held; quitting takes a second, too short for so many" in facts
        assert "H gives all back" in facts
        await person.says("n")


def test_a_change_of_many_messages_names_those_that_failed_up_to_a_number_that_can_be_read() -> None:
    outcomes = [EntryOutcome(f"m-{number}", number % 2 == 0, "throttled") for number in range(1000)]
    facts = outcome_facts(outcomes, "deleted")
    assert (facts[0].label, facts[0].value) == ("deleted", "500 of 1,000")
    assert (facts[1].label, facts[1].value) == ("m-1", "throttled")
    assert (facts[-1].label, facts[-1].value) == ("and", "450 more: throttled")
    assert len(facts) == 52
