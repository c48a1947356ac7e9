"""Giving back what was looked at: on every way out of a queue, and what is said where it fails."""

import asyncio
from collections.abc import Sequence

import pytest

from connectors.open_context import Left, OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.leases import Leases
from connectors.sqs.models import Message, Queue
from connectors.sqs.queues import Queues
from connectors.sqs.walk import Walk
from tests.conftest import OpeningContexts
from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import Answering, denied, partly_failed, reset, silence
from tests.tui.conftest import AtWork
from tests.tui.person import Person
from tui.sqs.release import left_lines

WAYS_OUT = {"escape": ("escape",), "q": ("q",), "1": ("1",), "from a message": ("enter", "1")}


def slowly(answering: Answering) -> Answering:
    """After a time in which somebody leaves the screen."""
    return lambda request: (answering(request) if callable(answering) else answering).after(1.5)


async def looks(person: Person) -> None:
    """Looks into the queue that is open and waits for what comes."""
    await person.reads("cost", "A look (p)")
    await person.press("p")
    await person.reads("cost", "held for")


@pytest.mark.parametrize("keys", WAYS_OUT.values(), ids=WAYS_OUT)
async def test_leaving_gives_every_message_back_at_once(stub: SqsStub, sluice: AtWork, keys: tuple[str, ...]) -> None:
    orders = stub.queue("orders", messages=["one", "two", "three"])
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        handles = {message.handle for message in orders.messages}
        await person.press(*keys)
        await person.reads("hints", "3 messages given back")
        [request] = stub.sent("ChangeMessageVisibilityBatch")
        assert {entry["ReceiptHandle"] for entry in request.params["Entries"]} == handles
        assert {entry["VisibilityTimeout"] for entry in request.params["Entries"]} == {0}
        assert not any(message.in_flight for message in orders.messages)


async def test_the_list_counts_what_was_given_back_as_visible_although_it_is_frozen(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders", messages=["one", "two"])
    async with sluice(stub.url) as person:
        await until(lambda: person.row("orders").split()[1:3] == ["2", "·"])
        await person.press("f", "enter")
        await looks(person)
        giving_back = stub.hold("ChangeMessageVisibilityBatch")
        await person.press("escape")
        await until(lambda: person.row("orders").split()[1:3] == ["·", "2"])
        giving_back.release()
        await until(lambda: person.row("orders").split()[1:3] == ["2", "·"])


async def test_a_switch_of_the_context_gives_back_where_it_was_taken(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=["one", "two"])
    with SqsStub() as other:
        other.queue("orders", visible=77)
        async with sluice(stub.url, view="queue:orders") as person:
            await looks(person)
            await person.press("c", "tab", "tab", "tab", "ctrl+u")
            await person.types(other.url)
            await person.press("enter")
            await person.reads("title", "77 visible")
            await until(lambda: not any(message.in_flight for message in orders.messages))
            assert other.sent("ChangeMessageVisibilityBatch") == []


async def test_quitting_asks_and_gives_back(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=["one", "two"])
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        await person.press("ctrl+q")
        assert "2 held; quitting gives them back" in await person.is_asked("Quit?")
        assert all(message.in_flight for message in orders.messages)
        await person.press("y")
        await until(lambda: person.has_left)
        assert not any(message.in_flight for message in orders.messages)
        assert person.app.left_undone == []


async def test_a_look_that_is_under_way_when_the_screen_is_left_is_given_back(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=["one", "two"])
    answers = stub.hold("ReceiveMessage")
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await until(lambda: stub.sent("ReceiveMessage"))
        await person.press("escape")
        await person.sees("Queues 1")
        assert all(message.in_flight for message in orders.messages)
        answers.release()
        await until(lambda: not any(message.in_flight for message in orders.messages))


async def test_a_look_that_is_under_way_at_the_end_is_given_back(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=["one", "two"])
    answers = stub.hold("ReceiveMessage")
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await until(lambda: stub.sent("ReceiveMessage"))
        await person.press("ctrl+q")
        answers.release()
        await until(lambda: person.has_left)
        assert not any(message.in_flight for message in orders.messages)


async def test_what_could_not_be_given_back_is_named_with_the_time_of_its_return(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one", "two"])
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        stub.on("ChangeMessageVisibilityBatch", partly_failed(1, code="InternalError"))
        await person.press("escape")
        word = await person.reads("hints", "1 of 2 not given back")
        assert "visible again in" in word
        await person.press("L")
        await person.sees("not given back: ")
        await person.press("slash")
        await person.types("lease")
        await person.press("enter", "enter")
        assert "InternalError" in await person.is_shown("Lease")


async def test_where_giving_back_is_denied_the_end_names_each_message(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=["one", "two"])
    stub.on("ChangeMessageVisibilityBatch", denied("sqs:changemessagevisibility"))
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        await person.interrupts_twice()
        await until(lambda: person.has_left)
        named = person.app.left_undone
        assert len(named) == 2
        for line, message in zip(named, orders.messages, strict=True):
            assert message.message_id in line
            assert "visible again in" in line
            assert "denied" in line


async def test_a_deleted_message_is_not_given_back(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=["one", "two"])
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        await person.press("d")
        await person.is_asked("Delete messages?")
        await person.says("y")
        await until(lambda: len(orders.messages) == 1)
        await person.reads("cost", "1 held for")
        [kept] = orders.messages
        await person.press("escape")
        await until(lambda: stub.sent("ChangeMessageVisibilityBatch"))
        [request] = stub.sent("ChangeMessageVisibilityBatch")
        assert [entry["ReceiptHandle"] for entry in request.params["Entries"]] == [kept.handle]


async def test_what_is_being_deleted_is_not_given_back_on_leaving(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one", "two"])
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        going = person.under_cursor.message.receipt_handle
        answers = stub.hold("DeleteMessageBatch")
        await person.press("d")
        await person.is_asked("Delete messages?")
        await person.says("y")
        await until(lambda: stub.sent("DeleteMessageBatch"))
        await person.press("escape")
        await person.reads("hints", "1 message given back")
        answers.release()
        await person.reads("hints", "1 of 1 deletes confirmed")
        [request] = stub.sent("ChangeMessageVisibilityBatch")
        assert going not in {entry["ReceiptHandle"] for entry in request.params["Entries"]}


async def test_what_could_not_be_deleted_goes_back_where_the_screen_was_left_meanwhile(
    stub: SqsStub, sluice: AtWork
) -> None:
    orders = stub.queue("orders", messages=["one"])
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        stub.on("DeleteMessageBatch", slowly(partly_failed(0)))
        await person.press("d")
        await person.is_asked("Delete messages?")
        await person.says("y")
        await until(lambda: stub.sent("DeleteMessageBatch"))
        await person.press("escape")
        await person.is_shown("Not all were deleted")
        await until(lambda: not orders.messages[0].in_flight)


async def test_a_look_that_nobody_waits_for_and_that_does_not_go_back_is_told(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one", "two"])
    answers = stub.hold("ReceiveMessage")
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        stub.on("ChangeMessageVisibilityBatch", partly_failed(0, 1))
        await person.press("p")
        await until(lambda: stub.sent("ReceiveMessage"))
        await person.press("escape")
        await person.sees("Queues 1")
        answers.release()
        await person.reads("hints", "2 of orders not given back, visible again in")
    assert person.app.left_undone == []


# -- without a screen -----------------------------------------------------------------------------------------------


async def take(context: OpenContext, leases: Leases, queue: Queue, looks: int = 1) -> list[Message]:
    messages = [message for _ in range(looks) for message in (await leases.messages.look(queue)).messages]
    leases.hold(messages)
    return messages


async def test_where_time_is_short_only_what_was_not_given_back_is_named(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url)
    leases = context.connector(SqsConnector).leases
    messages = await take(context, leases, Queue(stub.queue("orders", messages=["x"] * 40).url), looks=4)
    first = messages[0].receipt_handle
    stub.on(
        "ChangeMessageVisibilityBatch",
        silence(),
        when=lambda request: request.params["Entries"][0]["ReceiptHandle"] == first,
    )
    returned = await leases.give_back_everything(0.4)
    lost = [outcome for part in returned for outcome in part.lost]
    assert {outcome.message_id for outcome in lost} == {message.message_id for message in messages[:10]}
    assert {outcome.reason for outcome in lost} == {"no answer in time"}


async def test_a_message_that_comes_again_while_it_is_given_back_is_held(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url)
    leases = context.connector(SqsConnector).leases
    queue = Queue(stub.queue("orders", messages=["x"]).url)
    await take(context, leases, queue)
    answers = stub.hold("ChangeMessageVisibilityBatch")
    giving_back = asyncio.create_task(leases.give_back(queue))
    await until(lambda: not stub.model.queues["orders"].messages[0].in_flight)
    [again] = await take(context, leases, queue)
    answers.release()
    await giving_back
    assert leases.open(queue) == [again]


async def test_nothing_is_given_back_before_an_extension_under_way_has_its_answer(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url)
    leases = context.connector(SqsConnector).leases
    queue = Queue(stub.queue("orders", messages=["x"]).url)
    messages = await take(context, leases, queue)
    answers = stub.hold("ChangeMessageVisibilityBatch")
    extending = asyncio.create_task(leases.extend(queue, messages))
    await until(lambda: len(stub.sent("ChangeMessageVisibilityBatch")) == 1)
    giving_back = asyncio.create_task(leases.give_back())
    for _ in range(3):  # there is time enough to send it
        await Queues(context.aws).attributes(queue)
    assert len(stub.sent("ChangeMessageVisibilityBatch")) == 1
    answers.release()
    await asyncio.gather(extending, giving_back)
    [first, second] = stub.sent("ChangeMessageVisibilityBatch")
    assert [entry["VisibilityTimeout"] for entry in (*first.params["Entries"], *second.params["Entries"])] == [120, 0]
    assert not stub.model.queues["orders"].messages[0].in_flight
    assert leases.open() == []


async def test_what_may_have_been_extended_goes_back_after_the_end_that_was_known(
    stub: SqsStub, open_context: OpeningContexts, clock: ManualClock
) -> None:
    context = await open_context(stub.url, clock=clock)
    leases = context.connector(SqsConnector).leases
    queue = Queue(stub.queue("orders", messages=["x"]).url)
    messages = await take(context, leases, queue)
    clock.jump(25)
    stub.on("ChangeMessageVisibilityBatch", reset(), times=1, acting=True)
    await leases.extend(queue, messages)
    clock.jump(10)
    assert leases.open(queue) == []
    returned = await leases.give_back(queue)
    assert [outcome.confirmed for outcome in returned.outcomes] == [True]
    assert not stub.model.queues["orders"].messages[0].in_flight


async def test_an_extension_counts_though_nobody_waits_for_its_answer(
    stub: SqsStub, open_context: OpeningContexts, clock: ManualClock
) -> None:
    context = await open_context(stub.url, clock=clock)
    leases = context.connector(SqsConnector).leases
    queue = Queue(stub.queue("orders", messages=["x"]).url)
    messages = await take(context, leases, queue)
    answers = stub.hold("ChangeMessageVisibilityBatch")
    extending = asyncio.create_task(leases.extend(queue, messages))
    await until(lambda: stub.sent("ChangeMessageVisibilityBatch"))
    extending.cancel()
    answers.release()
    await leases.no_extension_is_under_way()
    [message] = leases.open(queue)
    assert message.lease_ends - clock.monotonic() == 120


async def test_what_was_kept_in_the_moment_in_which_it_was_due_is_not_extended(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url)
    leases = context.connector(SqsConnector).leases
    queue = Queue(stub.queue("orders", messages=["x"]).url)
    messages = await take(context, leases, queue)
    extending = asyncio.create_task(leases.extend(queue, messages))
    leases.keep(messages)
    await extending
    assert stub.sent("ChangeMessageVisibilityBatch") == []


async def test_what_could_not_be_given_back_is_named_with_the_end_that_an_extension_gave_it(
    stub: SqsStub, open_context: OpeningContexts, clock: ManualClock
) -> None:
    context = await open_context(stub.url, clock=clock)
    leases = context.connector(SqsConnector).leases
    queue = Queue(stub.queue("orders", messages=["x"]).url)
    messages = await take(context, leases, queue)
    clock.jump(20)
    answers = stub.hold("ChangeMessageVisibilityBatch")
    extending = asyncio.create_task(leases.extend(queue, messages))
    await until(lambda: stub.sent("ChangeMessageVisibilityBatch"))
    giving_back = asyncio.create_task(leases.give_back(queue))
    await asyncio.sleep(0)
    stub.on("ChangeMessageVisibilityBatch", partly_failed(0))
    answers.release()
    await extending
    assert (await giving_back).returns_in == 120


async def test_messages_whose_leases_have_ended_take_no_memory_once_their_queue_is_left(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", messages=["one", "two"])
    async with sluice(stub.url, view="queue:orders", clock=clock) as person:
        await looks(person)
        message = person.under_cursor.message
        assert person.app.workplace is not None
        leases = person.app.workplace.connector(SqsConnector).leases
        assert leases.lease_ends(message) is not None
        clock.jump(31)
        await person.press("escape")
        await until(lambda: leases.lease_ends(message) is None)


async def test_whether_giving_back_is_allowed_is_asked_once_a_queue(
    stub: SqsStub, open_context: OpeningContexts
) -> None:
    leases = (await open_context(stub.url)).connector(SqsConnector).leases
    queue = Queue(stub.queue("orders").url)
    stub.on("ChangeMessageVisibilityBatch", denied("sqs:changemessagevisibility"))
    assert [await leases.can_give_back(queue) for _ in range(3)] == [False] * 3
    assert len(stub.sent("ChangeMessageVisibilityBatch")) == 1


@pytest.mark.parametrize("seen", range(20, 180, 8))
async def test_what_comes_in_the_moment_in_which_the_context_is_closed_goes_back(
    stub: SqsStub, open_context: OpeningContexts, seen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.open_context.CLOSE_BUDGET", 60.0)  # a slow machine is not what this is about
    orders = stub.queue("orders", messages=["x"] * 200)
    context = await open_context(stub.url)
    leases = context.connector(SqsConnector).leases
    closing: list[asyncio.Task[Left]] = []

    def hold(messages: Sequence[Message]) -> None:
        leases.hold(messages)
        if len(leases.open()) >= seen and not closing:
            closing.append(asyncio.create_task(context.close()))

    walk = Walk(leases.messages, Queue(orders.url), 200, clock=context.clock, hold=hold)
    async for _ in walk.run():
        pass
    assert left_lines(await closing[0], context.clock) == []
    assert not any(message.in_flight for message in orders.messages)
