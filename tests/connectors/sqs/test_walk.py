"""Walking through a queue: many looks, no message twice, and an end that says why."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from connectors.errors import ConnectorError, Step
from connectors.open_context import OpenContext
from connectors.sqs.models import Message, Queue
from connectors.sqs.receiving import Messages
from connectors.sqs.walk import MOST_AT_ONCE, Ending, Progress, Walk
from tests.conftest import OpeningContexts
from tests.support.clock import ManualClock
from tests.support.moto import boto_client, fresh_name
from tests.support.stub import Hold, SqsStub
from tests.support.waiting import until
from tests.support.wire import Request, answer, denied, no_such_queue, silence, throttled


class Holder:
    """Who holds what a walk brings, and sees to its leases."""

    def __init__(self) -> None:
        self.messages: dict[str, Message] = {}

    def hold(self, messages: Sequence[Message]) -> None:
        self.messages.update((message.message_id, message) for message in messages)


@pytest.fixture
def holder() -> Holder:
    return Holder()


Walking = Callable[..., Walk]


@pytest.fixture
async def context(stub: SqsStub, open_context: OpeningContexts) -> OpenContext:
    return await open_context(stub.url)


@pytest.fixture
def walking(context: OpenContext, holder: Holder) -> Walking:
    def walk(queue: Queue, most: int, **settings: Any) -> Walk:
        return Walk(
            Messages(context),
            queue,
            most,
            clock=context.clock,
            hold=holder.hold,
            **settings,
        )

    return walk


def filled(stub: SqsStub, count: int, name: str = "orders") -> Queue:
    return Queue(stub.queue(name, messages=[f"body {number}" for number in range(count)]).url)


def in_flight(stub: SqsStub, name: str = "orders") -> int:
    return sum(message.in_flight for message in stub.model.queues[name].messages)


async def whole(walk: Walk) -> list[Progress]:
    return [progress async for progress in walk.run()]


async def test_it_sees_as_many_as_wanted_each_once_and_not_one_more(
    stub: SqsStub, walking: Walking, holder: Holder
) -> None:
    walk = walking(filled(stub, 200), 137)
    *steps, last = await whole(walk)
    seen = [message.message_id for step in steps for message in step.messages]
    assert len(seen) == len(set(seen)) == last.seen == len(holder.messages) == in_flight(stub) == walk.received == 137
    assert [step.seen for step in steps] == sorted(step.seen for step in steps)
    assert (last.ending, last.error, last.messages) == (Ending.COUNT, None, ())


async def test_every_look_is_a_long_poll_under_a_long_lease(stub: SqsStub, walking: Walking) -> None:
    await whole(walking(filled(stub, 30), 30))
    looks = [request.params for request in stub.sent("ReceiveMessage")]
    assert {(look["WaitTimeSeconds"], look["VisibilityTimeout"]) for look in looks} == {(1, 120)}


async def test_several_looks_are_under_way_at_once_and_never_too_many(stub: SqsStub, walking: Walking) -> None:
    stub.latency = 0.04
    await whole(walking(filled(stub, 400), 400))
    assert 4 < stub.most_in_flight <= MOST_AT_ONCE


async def test_an_empty_queue_ends_it_after_a_few_empty_answers(stub: SqsStub, walking: Walking) -> None:
    [last] = await whole(walking(filled(stub, 0), 100))
    assert (last.ending, last.seen) == (Ending.EMPTY, 0)
    assert len(stub.sent("ReceiveMessage")) == 3


async def test_one_empty_answer_in_between_does_not_end_it(stub: SqsStub, walking: Walking) -> None:
    queue = filled(stub, 60)
    stub.on("ReceiveMessage", answer(), times=2)
    assert (await whole(walking(queue, 60)))[-1].seen == 60


async def test_an_emulator_with_long_polls_is_walked_to_its_end(
    moto_url: str, open_context: OpeningContexts, holder: Holder
) -> None:
    sqs = boto_client(moto_url)
    url = sqs.create_queue(QueueName=fresh_name("walk"))["QueueUrl"]
    for start in range(0, 120, 10):
        sqs.send_message_batch(
            QueueUrl=url, Entries=[{"Id": str(n), "MessageBody": f"body {n}"} for n in range(start, start + 10)]
        )
    context = await open_context(moto_url)
    connector = Messages(context)
    walk = Walk(connector, Queue(url), 500, clock=context.clock, hold=holder.hold)
    last = (await whole(walk))[-1]
    assert (last.seen, last.ending) == (120, Ending.EMPTY)
    assert {message.body for message in holder.messages.values()} == {f"body {n}" for n in range(120)}
    assert all(outcome.confirmed for outcome in await connector.give_back([*holder.messages.values()]))
    again = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert len(again) == 10


async def test_a_message_that_comes_again_counts_once_and_keeps_its_latest_handle(
    stub: SqsStub, walking: Walking, holder: Holder
) -> None:
    queue = filled(stub, 30)
    first, *_ = stub.model.queues["orders"].messages

    def returns(_: object) -> None:
        if first.receive_count == 1 and len(stub.sent("ReceiveMessage")) == 3:
            first.hidden_until = 0.0

    stub.on_request = returns
    walk = walking(queue, 100)
    last = (await whole(walk))[-1]
    assert (last.seen, walk.received) == (30, 31)
    assert holder.messages[first.message_id].receipt_handle == first.handle


async def test_stopping_keeps_what_was_seen_and_gives_back_what_is_still_under_way(
    stub: SqsStub, walking: Walking, holder: Holder
) -> None:
    walk = walking(filled(stub, 300), 300)
    holds: list[Hold] = []

    async def stop_while_a_look_is_held() -> None:
        await until(lambda: walk.seen >= 40)
        holds.append(stub.hold("ReceiveMessage"))
        asked = len(stub.sent("ReceiveMessage"))
        await until(lambda: len(stub.sent("ReceiveMessage")) > asked)
        walk.stop()

    stopping = asyncio.create_task(stop_while_a_look_is_held())
    steps = [step async for step in walk.run()]
    await stopping
    assert steps[-1].ending is Ending.STOPPED
    assert in_flight(stub) > len(holder.messages) >= 40
    holds[0].release()
    await until(lambda: in_flight(stub) == len(holder.messages))


async def test_a_cancel_of_who_runs_it_gives_back_what_nobody_holds(
    stub: SqsStub, walking: Walking, holder: Holder
) -> None:
    hold = stub.hold("ReceiveMessage")
    running = asyncio.create_task(whole(walking(filled(stub, 30), 30)))
    await until(lambda: in_flight(stub) == 20)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    hold.release()
    await until(lambda: in_flight(stub) == 0)
    assert holder.messages == {}


@pytest.mark.parametrize(
    ("reply", "step"), [(denied("sqs:receivemessage"), Step.PERMISSION), (no_such_queue(), Step.NOT_FOUND)]
)
async def test_a_look_that_fails_ends_it_with_what_was_seen_and_names_the_step(
    stub: SqsStub, walking: Walking, holder: Holder, reply: Any, step: Step
) -> None:
    queue = filled(stub, 100)
    stub.on("ReceiveMessage", reply, when=lambda _: len(stub.sent("ReceiveMessage")) > 3)
    last = (await whole(walking(queue, 100)))[-1]
    assert last.ending is Ending.FAILED
    assert last.error is not None
    assert last.error.step is step
    assert last.seen == len(holder.messages) == 30


async def test_throttling_slows_it_down_and_it_goes_on(
    stub: SqsStub, open_context: OpeningContexts, holder: Holder, clock: ManualClock
) -> None:
    context = await open_context(stub.url, clock=clock)
    queue = filled(stub, 60)
    stub.on("ReceiveMessage", throttled(), times=2)
    walk = Walk(Messages(context), queue, 60, clock=clock, hold=holder.hold)
    running = asyncio.create_task(whole(walk))
    await until(lambda: clock.sleepers == 1 and len(stub.sent("ReceiveMessage")) == 2)
    await clock.advance(1)
    assert (await running)[-1].seen == 60


async def test_after_a_look_that_came_through_the_pauses_start_again_from_the_first(
    stub: SqsStub, open_context: OpeningContexts, holder: Holder, clock: ManualClock
) -> None:
    context = await open_context(stub.url, clock=clock)
    queue = filled(stub, 0)
    asked_at: list[float] = []

    def note_and_fill(_: Request) -> None:
        """Each third look brings one message, while it asks for all that are missing: no two are under way at once."""
        asked_at.append(clock.monotonic() - 1000)
        if len(asked_at) % 3 == 0:
            stub.model.put(stub.model.queues["orders"], "body")

    stub.on_request = note_and_fill
    stub.on("ReceiveMessage", throttled(), when=lambda _: len(asked_at) % 3 != 0)
    walk = Walk(Messages(context), queue, 4, clock=clock, hold=holder.hold)
    running = asyncio.create_task(whole(walk))
    while not running.done():
        await until(lambda: clock.sleepers == 1 or running.done())
        await clock.advance(1)
    last = (await running)[-1]
    assert asked_at == [0, 1, 3, 3, 4, 6, 6, 7, 9, 9, 10, 12]
    assert (last.ending, last.seen) == (Ending.COUNT, 4)


async def test_throttling_without_end_ends_it(
    stub: SqsStub, open_context: OpeningContexts, holder: Holder, clock: ManualClock
) -> None:
    context = await open_context(stub.url, clock=clock)
    queue = filled(stub, 60)
    stub.on("ReceiveMessage", throttled())
    walk = Walk(Messages(context), queue, 60, clock=clock, hold=holder.hold)
    running = asyncio.create_task(whole(walk))
    for _ in range(3):
        await until(lambda: clock.sleepers == 1 or running.done())
        await clock.advance(4)
    last = (await running)[-1]
    assert (last.ending, last.error and last.error.step) == (Ending.FAILED, Step.THROTTLE)


async def test_what_is_held_is_bounded_in_bytes(stub: SqsStub, walking: Walking, holder: Holder) -> None:
    queue = Queue(stub.queue("orders", messages=["x" * 1000] * 200).url)
    last = (await whole(walking(queue, 200, most_bytes=50_000)))[-1]
    assert last.ending is Ending.BYTES
    size = sum(message.held_bytes for message in holder.messages.values())
    assert 50_000 <= size < 50_000 + 10 * 1200


@pytest.mark.parametrize(("extended", "ending"), [(False, Ending.LEASES), (True, Ending.COUNT)])
async def test_it_ends_before_the_first_lease_does_unless_that_is_extended(
    extended: bool, ending: Ending, stub: SqsStub, open_context: OpeningContexts, holder: Holder, clock: ManualClock
) -> None:
    context = await open_context(stub.url, clock=clock)
    queue = filled(stub, 300)
    walk = Walk(
        Messages(context),
        queue,
        300,
        clock=clock,
        hold=holder.hold,
        lease_ends=lambda message: holder.messages[message.message_id].lease_ends + 60 * extended,
        lease_seconds=30,
    )
    last, started = Progress((), 0), clock.monotonic()
    async for step in walk.run():
        last = step
        if step.seen >= 50 and clock.monotonic() == started:
            clock.jump(26)
    assert last.ending is ending
    assert (last.seen == 300) is extended


async def test_no_look_ends_it_before_anything_is_received(
    stub: SqsStub, open_context: OpeningContexts, holder: Holder
) -> None:
    context = await open_context(stub.url, no_look=True)
    walk = Walk(Messages(context), filled(stub, 5), 5, clock=context.clock, hold=holder.hold)
    [last] = await whole(walk)
    assert last.ending is Ending.FAILED
    assert "--no-look" in str(last.error)
    assert stub.sent("ReceiveMessage") == []


# -- extending ------------------------------------------------------------------------------------------------------


async def test_extending_moves_the_end_of_each_lease(
    stub: SqsStub, open_context: OpeningContexts, clock: ManualClock
) -> None:
    context = await open_context(stub.url, clock=clock)
    connector = Messages(context)
    queue = filled(stub, 12)
    messages = [*(await connector.look(queue)).messages, *(await connector.look(queue)).messages]
    await clock.advance(20)
    extension = await connector.extend(messages, 120)
    assert {message.lease_ends for message in extension.renewed} == {clock.monotonic() + 120}
    assert {m.message_id for m in extension.renewed} == {m.message_id for m in messages}
    assert (extension.failed, extension.error) == ((), None)
    sent = stub.sent("ChangeMessageVisibilityBatch")
    assert sorted(len(request.params["Entries"]) for request in sent) == [2, 10]
    assert {entry["VisibilityTimeout"] for request in sent for entry in request.params["Entries"]} == {120}


async def test_what_could_not_be_extended_keeps_its_end_and_is_named(stub: SqsStub, context: OpenContext) -> None:
    connector = Messages(context)
    messages = (await connector.look(filled(stub, 3))).messages
    stub.on("ChangeMessageVisibilityBatch", denied("sqs:changemessagevisibility"))
    extension = await connector.extend(messages, 120)
    assert extension.renewed == ()
    assert [outcome.message_id for outcome in extension.failed] == [message.message_id for message in messages]
    assert isinstance(extension.error, ConnectorError)
    assert extension.error.step is Step.PERMISSION


# -- may it be given back? ------------------------------------------------------------------------------------------


async def test_whether_giving_back_is_denied_is_found_out_without_touching_a_message(
    stub: SqsStub, context: OpenContext
) -> None:
    queue = filled(stub, 3)
    assert await Messages(context).can_give_back(queue) is True
    stub.on("ChangeMessageVisibilityBatch", denied("sqs:changemessagevisibility"))
    assert await Messages(context).can_give_back(queue) is False
    stub.on("ChangeMessageVisibilityBatch", no_such_queue())
    assert await Messages(context).can_give_back(queue) is None
    assert stub.sent("ReceiveMessage") == []
    assert all(message.receive_count == 0 for message in stub.model.queues["orders"].messages)


async def test_giving_back_tells_each_batch_when_it_is_done(
    stub: SqsStub, open_context: OpeningContexts, holder: Holder
) -> None:
    context = await open_context(stub.url)
    connector = Messages(context)
    queue = filled(stub, 20)
    messages = [*(await connector.look(queue)).messages, *(await connector.look(queue)).messages]
    stub.on(
        "ChangeMessageVisibilityBatch",
        silence(),
        when=lambda request: request.params["Entries"][0]["ReceiptHandle"] == messages[0].receipt_handle,
    )
    told: list[str] = []
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await connector.give_back(messages, tell=lambda outcomes: told.extend(o.message_id for o in outcomes))
    assert told == [message.message_id for message in messages[10:]]
