import asyncio
import contextlib
from datetime import UTC, datetime

import pytest

from connectors.aws.session import AwsSession
from connectors.concurrency import FEWEST, MOST
from connectors.errors import Step
from connectors.sqs.models import Queue
from connectors.sqs.source import watch_queues
from tests.conftest import OpenSession
from tests.connectors.sqs.following import Following
from tests.support.clock import RunningClock
from tests.support.retries import retry_at_once
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import denied, reset, server_error


@pytest.fixture
async def session(stub: SqsStub, open_session: OpenSession) -> AwsSession:
    return await open_session(stub.url)


async def test_the_first_page_appears_before_the_rest_is_loaded(stub: SqsStub, session: AwsSession) -> None:
    stub.many(2500)
    hold = stub.hold("ListQueues", when=lambda request: "NextToken" in request.params)
    async with Following(session, stub) as following:
        await until(lambda: following.updates)
        first = following.updates[0]
        assert len(first.changed) == 1000
        assert (first.listing, first.complete, first.listings) == (True, False, 0)
        hold.release()
        await until(lambda: following.updates[-1].complete)
        last = following.updates[-1]
        assert (last.listing, last.listings, len(following.watch.states)) == (False, 1, 2500)


async def test_every_queue_is_read_once_and_told_with_its_counts(stub: SqsStub, session: AwsSession) -> None:
    stub.many(60)
    async with Following(session, stub) as following:
        await following.loaded()
        await until(lambda: len({s.queue.name for u in following.updates for s in u.changed if s.attributes}) == 60)
        assert following.state("queue-00042").visible == 42
        assert following.reads() == 60


async def test_the_queues_on_screen_come_first_and_their_dead_letter_queues_with_them(
    stub: SqsStub, session: AwsSession
) -> None:
    stub.many(200)
    shown = [stub.queue(f"shown-{number}", dead_letter=f"shown-{number}-dlq") for number in range(10)]
    stub.many(100, "between-")
    for number in range(10):
        stub.queue(f"shown-{number}-dlq", visible=number)
    hold = stub.hold("GetQueueAttributes")
    async with Following(session, stub) as following:
        await until(lambda: following.watch.complete and stub.in_flight == session.pace.limit)
        begun = following.reads()
        following.watch.show([queue.url for queue in shown])
        hold.release()
        await following.loaded()
        order = [request.queue for request in stub.sent("GetQueueAttributes")]
        # calls on several connections may arrive in another order than they were made, by as many as are in flight
        assert max(order.index(queue.name) for queue in shown) < begun + 10 + MOST
        assert max(order.index(f"shown-{number}-dlq") for number in range(10)) < begun + 10 + 10 + 2 * MOST
        dead_letter = following.watch.named(following.state("shown-7").dead_letter_name)
        assert dead_letter is not None
        assert dead_letter.visible == 7


async def test_never_more_calls_are_in_flight_than_the_pace_allows(stub: SqsStub, session: AwsSession) -> None:
    stub.many(300)
    stub.latency = 0.03
    allowed: list[int] = []

    async def notes_what_is_allowed() -> None:
        while True:  # at every turn of the loop: it follows how long answers take
            allowed.append(session.pace.limit)
            await asyncio.sleep(0)

    notes = asyncio.ensure_future(notes_what_is_allowed())
    async with Following(session, stub) as following:
        await following.loaded()
    notes.cancel()
    assert 4 < stub.most_in_flight <= max(allowed) + 1  # and one for the names
    assert max(allowed) <= 20


async def test_until_it_is_known_how_long_an_answer_takes_few_calls_are_in_flight(
    stub: SqsStub, session: AwsSession
) -> None:
    stub.many(300)
    stub.hold("GetQueueAttributes")
    async with Following(session, stub) as following:
        await until(lambda: following.watch.complete and stub.in_flight >= FEWEST)
        await session.call("sqs", "ListQueues")
        assert FEWEST <= stub.in_flight < MOST


async def test_one_queue_that_fails_stays_unknown_and_says_why_until_it_works_again(
    stub: SqsStub, session: AwsSession
) -> None:
    stub.many(5)
    stub.on("GetQueueAttributes", denied("sqs:getqueueattributes"), queue="queue-00002")
    async with Following(session, stub) as following:
        await following.loaded()
        failing = following.state("queue-00002")
        assert failing.visible is None
        assert failing.error is not None
        assert failing.error.step is Step.PERMISSION
        assert not following.watch.is_stale(failing)
        assert following.state("queue-00003").visible == 3
        stub.heal()
        following.watch.read_soon(failing.queue)
        await until(lambda: following.state("queue-00002").visible == 2)
        assert following.state("queue-00002").error is None


async def test_a_queue_that_can_no_longer_be_read_shows_no_old_counts(stub: SqsStub, session: AwsSession) -> None:
    queue = stub.queue("orders", visible=3)
    async with Following(session, stub) as following:
        await following.loaded()
        stub.on("GetQueueAttributes", denied("sqs:getqueueattributes"))
        following.watch.read_soon(Queue(queue.url))
        await until(lambda: following.state("orders").error)
        assert following.state("orders").visible is None


async def test_a_failure_of_the_service_keeps_the_last_good_counts_and_marks_them_stale(
    stub: SqsStub, session: AwsSession
) -> None:
    queue = stub.queue("orders", visible=3)
    async with Following(session, stub) as following:
        await following.loaded()
        stub.on("GetQueueAttributes", server_error())
        await retry_at_once(session)
        following.watch.read_soon(Queue(queue.url))
        await until(lambda: following.state("orders").error)
        assert following.state("orders").visible == 3
        assert following.watch.is_stale(following.state("orders"))


async def test_when_the_endpoint_goes_the_last_good_counts_stay_and_come_alive_again_with_it(
    stub: SqsStub, open_session: OpenSession
) -> None:
    clock = RunningClock()
    session = await open_session(stub.url, clock=clock)
    await retry_at_once(session)
    queues = stub.many(6)
    async with Following(session, stub) as following:
        await following.loaded()
        following.watch.show([queue.url for queue in queues])
        stub.go_down()
        following.watch.refresh()
        await until(lambda: any(state.error for state in following.watch.states.values()))
        gone = next(state for state in following.watch.states.values() if state.error)
        assert gone.error is not None
        assert gone.error.step is Step.TCP
        assert gone.visible is not None
        assert following.watch.is_stale(gone)
        await until(lambda: following.watch.listing_error)
        assert len(following.watch.states) == 6
        for queue in queues:
            queue.visible = 99
        stub.come_back()
        await clock.advance(30)  # the longest back-off
        await until(lambda: all(s.visible == 99 and not s.error for s in following.watch.states.values()))
        following.watch.refresh()
        await until(lambda: following.watch.listing_error is None)


async def test_a_queue_that_is_gone_from_the_list_is_removed(stub: SqsStub, session: AwsSession) -> None:
    stub.many(3)
    async with Following(session, stub) as following:
        await following.loaded()
        gone = stub.model.queues.pop("queue-00001")
        stub.queue("new", visible=5)
        following.watch.refresh()
        await until(lambda: any(gone.url in update.removed for update in following.updates))
        assert gone.url not in following.watch.states
        await until(lambda: "new" in following.watch.keys_by_name and following.state("new").visible == 5)


async def test_half_a_list_removes_nothing(stub: SqsStub, session: AwsSession) -> None:
    stub.many(1500)
    async with Following(session, stub) as following:
        await until(lambda: following.watch.complete)
        stub.on("ListQueues", denied("sqs:listqueues"), when=lambda request: "NextToken" in request.params)
        following.watch.refresh()
        await until(lambda: following.updates[-1].listings == 2)
        assert len(following.watch.states) == 1500
        assert following.watch.listing_error is not None
        assert following.watch.complete


async def test_a_list_that_is_denied_says_so_and_shows_nothing(stub: SqsStub, session: AwsSession) -> None:
    stub.on("ListQueues", denied("sqs:listqueues"))
    async with Following(session, stub) as following:
        await until(lambda: following.updates and following.updates[-1].listing_error)
        update = following.updates[-1]
        assert update.listing_error is not None
        assert update.listing_error.step is Step.PERMISSION
        assert (update.complete, update.listing, update.changed) == (False, False, ())


async def test_an_empty_account_is_complete(stub: SqsStub, session: AwsSession) -> None:
    async with Following(session, stub) as following:
        await until(lambda: following.updates and following.updates[-1].complete)
        assert following.updates[-1].changed == ()


# -- freezing and refreshing ----------------------------------------------------------------------------------------


async def test_freezing_in_the_middle_of_the_load_stops_it_and_thawing_goes_on(
    stub: SqsStub, session: AwsSession
) -> None:
    stub.many(1200)
    reads = stub.hold("GetQueueAttributes")
    names = stub.hold("ListQueues", when=lambda request: "NextToken" in request.params)
    async with Following(session, stub) as following:
        await until(lambda: stub.in_flight == session.pace.limit + 1)
        following.watch.freeze(True)
        begun = len(stub.requests)
        reads.release()
        names.release()
        await until(lambda: not stub.in_flight and not following.watch.listing)
        assert len(stub.requests) == begun
        following.watch.freeze(False)
        await until(lambda: following.watch.complete and len(following.watch.states) == 1200)
        await following.loaded()


async def test_freezing_in_the_middle_of_the_names_asks_for_no_further_page(stub: SqsStub, session: AwsSession) -> None:
    stub.many(2500)
    stub.hold("GetQueueAttributes")
    second = stub.hold("ListQueues", when=lambda request: "NextToken" in request.params)
    async with Following(session, stub) as following:
        await until(lambda: len(stub.sent("ListQueues")) == 2)
        following.watch.freeze(True)
        second.release()
        await until(lambda: not following.watch.listing)
        assert len(stub.sent("ListQueues")) == 2
        assert (following.watch.complete, len(following.watch.states)) == (False, 2000)
        following.watch.freeze(False)
        await until(lambda: following.watch.complete)
        assert len(following.watch.states) == 2500


async def test_a_refresh_works_while_frozen_and_nothing_follows_it(stub: SqsStub, session: AwsSession) -> None:
    stub.many(30)
    async with Following(session, stub) as following:
        await following.loaded()
        following.watch.freeze(True)
        stub.queue("new", visible=1)
        following.watch.refresh()
        await until(lambda: following.reads() == 61 and following.updates[-1].listings == 2)
        await following.loaded()
        assert len(stub.sent("ListQueues")) == 2
        assert {following.reads(name) for name in stub.model.queues} == {1, 2}


async def test_one_queue_can_be_read_while_frozen(stub: SqsStub, session: AwsSession) -> None:
    stub.many(30)
    async with Following(session, stub) as following:
        await following.loaded()
        following.watch.freeze(True)
        stub.model.queues["queue-00007"].visible = 700
        following.watch.read_soon(following.state("queue-00007").queue)
        await until(lambda: following.state("queue-00007").visible == 700)
        assert following.reads() == 31


async def test_a_refresh_before_the_start_does_not_put_the_first_list_off(stub: SqsStub, session: AwsSession) -> None:
    stub.many(3)
    following = Following(session, stub)
    following.watch.refresh()
    async with following:
        await following.loaded()


# -- leaving --------------------------------------------------------------------------------------------------------


async def test_leaving_the_loop_stops_every_call(stub: SqsStub, session: AwsSession) -> None:
    stub.many(200)
    stub.hold("GetQueueAttributes")
    watch = watch_queues(session)
    others = asyncio.all_tasks()
    async with contextlib.aclosing(watch.run()) as updates:  # type: ignore[type-var]
        async for _ in updates:
            await until(lambda: stub.in_flight == session.pace.limit)
            break
    assert asyncio.all_tasks() == others
    await until(lambda: not stub.in_flight)
    sent = len(stub.requests)
    stub.heal()
    await session.call("sqs", "ListQueues")
    assert len(stub.requests) == sent + 1
    assert not watch.running


async def test_a_cancelled_worker_stops_every_call_and_the_watch_may_run_again(
    stub: SqsStub, session: AwsSession
) -> None:
    stub.many(200)
    hold = stub.hold("GetQueueAttributes")
    others = asyncio.all_tasks()
    following = Following(session, stub)
    following.start()
    await until(lambda: stub.in_flight == session.pace.limit)
    await following.stop()
    assert asyncio.all_tasks() == others
    await until(lambda: not stub.in_flight)
    sent = len(stub.requests)
    hold.release()
    assert len(stub.requests) == sent
    async with following:
        await following.loaded()


async def test_a_watch_that_is_stopped_in_the_middle_of_its_list_lists_anew_when_it_runs_again(
    stub: SqsStub, session: AwsSession
) -> None:
    stub.many(1500)
    names = stub.hold("ListQueues", when=lambda request: "NextToken" in request.params)
    following = Following(session, stub)
    following.start()
    await until(lambda: len(stub.sent("ListQueues")) == 2)
    await following.stop()
    names.release()
    async with following:
        await until(lambda: following.watch.complete and len(following.watch.states) == 1500)


async def test_a_watch_runs_once_at_a_time(stub: SqsStub, session: AwsSession) -> None:
    async with Following(session, stub) as following:
        await until(lambda: following.updates)
        with pytest.raises(RuntimeError):
            await anext(following.watch.run())


class BrokenClock:
    """Breaks the first sleep, which is that of the work itself, and no other."""

    def __init__(self) -> None:
        self._slept = False

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        if not self._slept:
            self._slept = True
            raise ArithmeticError("a defect")
        await asyncio.sleep(seconds)


async def test_a_defect_in_the_work_reaches_whoever_follows_it(stub: SqsStub, open_session: OpenSession) -> None:
    watch = watch_queues(await open_session(stub.url, clock=BrokenClock()))
    async with asyncio.timeout(5):
        with pytest.raises(ArithmeticError):
            [update async for update in watch.run()]
    assert not watch.running


async def test_a_dropped_connection_in_the_middle_of_the_load_loses_no_queue(
    stub: SqsStub, session: AwsSession
) -> None:
    stub.many(40)
    stub.on("GetQueueAttributes", reset(), times=3)
    await retry_at_once(session)
    async with Following(session, stub) as following:
        await until(
            lambda: (
                len(following.watch.states) == 40
                and all(state.visible is not None for state in following.watch.states.values())
            ),
            15,
        )
