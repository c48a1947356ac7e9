"""What a watch costs as time goes by, on a clock that is moved by hand."""

import pytest

from connectors.aws.session import AwsSession
from connectors.concurrency import FEWEST, GIVE_WAY_SECONDS, MOST, WHILE_GIVING_WAY
from connectors.watching.watch import FIRST_COUNTS_SECONDS
from tests.conftest import OpenSession
from tests.connectors.sqs.following import Following
from tests.support.clock import ManualClock
from tests.support.retries import retry_at_once
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import denied, expired_token, text, throttled


@pytest.fixture
async def session(stub: SqsStub, open_session: OpenSession, clock: ManualClock) -> AwsSession:
    return await open_session(stub.url, clock=clock)


async def test_queues_on_screen_are_read_every_five_seconds(stub: SqsStub, session: AwsSession) -> None:
    queues = stub.many(40)
    async with Following(session, stub) as following:
        await following.loaded()
        shown = queues[:8]
        following.watch.show([queue.url for queue in shown])
        before = {queue.name: following.reads(queue.name) for queue in queues}
        await following.advance(20)
        for queue in shown:
            assert following.reads(queue.name) - before[queue.name] in (4, 5)
        for queue in queues[8:]:
            assert following.reads(queue.name) == before[queue.name]


async def test_what_is_on_screen_is_read_together_and_nothing_wakes_in_between(
    stub: SqsStub, open_session: OpenSession
) -> None:
    class CountingClock(ManualClock):
        sleeps = 0

        async def sleep(self, seconds: float) -> None:
            self.sleeps += 1
            await super().sleep(seconds)

    clock = CountingClock()
    queues = stub.many(40)
    async with Following(await open_session(stub.url, clock=clock), stub) as following:
        await following.loaded()
        for count in (10, 20, 30, 40):
            following.watch.show([queue.url for queue in queues[:count]])
            await following.advance(0.05)
        await following.advance(1)
        before, clock.sleeps = following.reads(), 0
        await following.advance(50)
        assert following.reads() - before == 400
        assert clock.sleeps <= 60


async def test_the_others_are_not_read_before_thirty_seconds_and_then_five_a_second_at_most(
    stub: SqsStub, session: AwsSession
) -> None:
    stub.many(200)
    async with Following(session, stub) as following:
        await following.loaded()
        await following.advance(29)
        assert following.reads() == 200
        for second in range(1, 6):
            await following.advance(1)
            assert following.reads() <= 200 + 5 * second + 1
        await following.advance(10)
        assert 200 + 45 <= following.reads() <= 200 + 5 * 15 + 1
        await following.advance(40)
        assert min(following.reads(name) for name in stub.model.queues) == 2  # nobody is forgotten
        assert len(stub.sent("ListQueues")) == 2


async def test_the_names_are_listed_again_every_minute(stub: SqsStub, session: AwsSession) -> None:
    async with Following(session, stub) as following:
        await until(lambda: following.watch.complete)
        await following.advance(59)
        assert len(stub.sent("ListQueues")) == 1
        await following.advance(2)
        assert len(stub.sent("ListQueues")) == 2


async def test_while_frozen_nothing_is_asked_however_long_it_lasts(stub: SqsStub, session: AwsSession) -> None:
    queues = stub.many(20)
    async with Following(session, stub) as following:
        await following.loaded()
        following.watch.show([queue.url for queue in queues])
        await following.advance(6)
        following.watch.freeze(True)
        asked = len(stub.requests)
        await following.advance(600)
        assert len(stub.requests) == asked
        assert following.watch.is_stale(following.state("queue-00003"))
        following.watch.freeze(False)
        await following.advance(1)
        assert following.reads() >= 60
        assert len(stub.sent("ListQueues")) == 2


async def test_age_and_staleness_follow_the_oldest_reading_on_screen(stub: SqsStub, session: AwsSession) -> None:
    queues = stub.many(2)
    async with Following(session, stub) as following:
        watch = following.watch
        assert watch.age() is None
        await following.loaded()
        following.watch.freeze(True)
        assert watch.age() is None
        watch.show([queue.url for queue in queues])
        assert watch.age() == 0
        await following.advance(40)
        watch.read_soon(following.state("queue-00001").queue)
        await following.advance(21)
        assert watch.age() == 61
        assert watch.is_stale(following.state("queue-00000"))
        assert not watch.is_stale(following.state("queue-00001"))


async def test_the_change_per_minute_counts_from_the_first_reading(stub: SqsStub, session: AwsSession) -> None:
    queue = stub.queue("orders", visible=10)
    async with Following(session, stub) as following:
        await following.loaded()
        following.watch.show([queue.url])
        assert following.state("orders").change_per_minute is None
        queue.visible = 16
        await following.advance(30)
        rate = following.state("orders").change_per_minute
        assert rate is not None
        assert 11 <= rate <= 14


async def test_throttling_makes_the_watch_wait(stub: SqsStub, session: AwsSession) -> None:
    stub.many(30)
    async with Following(session, stub) as following:
        await following.loaded()
        stub.on("GetQueueAttributes", throttled())
        await retry_at_once(session)
        limits = [session.pace.limit]
        stub.on_request = lambda request: limits.append(session.pace.limit)
        following.watch.refresh()
        await until(lambda: any(state.error for state in following.watch.states.values()))
        await until(lambda: not stub.in_flight and sum(1 for s in following.watch.states.values() if s.error) >= 4)
        asked = following.reads()
        assert asked <= 30 + 3 * max(limits)
        assert isinstance(session.clock, ManualClock)
        await session.clock.advance(0.8)
        assert following.reads() == asked
        assert all(state.visible is not None for state in following.watch.states.values())
        stub.heal()
        await session.clock.advance(0.6)
        await until(lambda: not any(state.error for state in following.watch.states.values()))


async def test_the_wait_grows_while_the_way_stays_shut(stub: SqsStub, session: AwsSession) -> None:
    stub.many(50)
    stub.on("GetQueueAttributes", expired_token())
    limits: list[int] = []
    stub.on_request = lambda request: limits.append(session.pace.limit)
    async with Following(session, stub) as following:
        await until(following.reads)
        per_step = []
        for seconds in (1, 2, 4, 8, 16, 30, 30):
            asked = following.reads()
            limits.append(session.pace.limit)
            await following.advance(seconds + 0.5)
            per_step.append((following.reads() - asked, max(limits)))
            limits.clear()
        # one burst for each wait, however long it is
        assert all(0 < burst <= 2 * limit for burst, limit in per_step), per_step
        stub.heal()
        await following.advance(31)
        await following.loaded()
        assert all(state.visible is not None for state in following.watch.states.values())


async def test_one_queue_with_a_broken_answer_does_not_hold_up_the_others(stub: SqsStub, session: AwsSession) -> None:
    queues = stub.many(30)
    stub.on("GetQueueAttributes", text('{"Attributes": {'), queue="queue-00004")
    async with Following(session, stub) as following:
        await following.loaded()
        following.watch.show([queue.url for queue in queues[:10]])
        before = following.reads("queue-00003")
        await following.advance(20)
        assert following.reads("queue-00003") - before >= 4
        assert following.reads("queue-00004") >= 4
        broken = following.state("queue-00004")
        assert broken.visible is None
        assert broken.error is not None


async def test_broken_answers_for_every_queue_make_the_watch_wait(stub: SqsStub, session: AwsSession) -> None:
    stub.many(300)
    stub.on("GetQueueAttributes", text('{"Attributes": {'))
    async with Following(session, stub) as following:
        await until(lambda: sum(1 for state in following.watch.states.values() if state.error) > 4)
        await following.idle()
        assert following.reads() < 40


async def test_a_list_that_failed_is_tried_again_soon_and_then_less_often(stub: SqsStub, session: AwsSession) -> None:
    stub.on("ListQueues", denied("sqs:listqueues"))
    async with Following(session, stub) as following:
        await until(lambda: following.watch.listing_error)
        for seconds, lists in ((4, 1), (2, 2), (8, 2), (2, 3), (22, 4)):
            await following.advance(seconds)
            assert len(stub.sent("ListQueues")) == lists
        stub.heal()
        stub.queue("orders", visible=1)
        await following.advance(41)
        await until(lambda: following.watch.listing_error is None)
        assert following.state("orders").visible == 1


async def test_the_first_screenful_goes_out_at_once_and_nothing_else_is_begun_for_a_moment(
    stub: SqsStub, session: AwsSession
) -> None:
    shown = [queue.name for queue in stub.many(1500)[:MOST]]
    hold = stub.hold("GetQueueAttributes", when=lambda request: request.queue in shown)
    async with Following(session, stub, rows_on_screen=MOST) as following:
        await until(lambda: stub.in_flight == MOST)
        assert [following.reads(name) for name in shown] == [1] * MOST
        await following.advance(FIRST_COUNTS_SECONDS - 0.01, waiting=False)
        assert (following.reads(), len(stub.sent("ListQueues"))) == (MOST, 1)
        await following.advance(0.02, waiting=False)
        await until(lambda: following.watch.complete)
        hold.release()
        await following.advance(GIVE_WAY_SECONDS, waiting=False)
        await until(lambda: following.reads() > MOST)


async def test_the_first_screenful_is_painted_before_more_than_a_few_others_are_read(
    stub: SqsStub, session: AwsSession
) -> None:
    shown = [queue.name for queue in stub.many(1500)[:5]]
    hold = stub.hold("GetQueueAttributes", when=lambda request: request.queue not in shown)
    async with Following(session, stub, rows_on_screen=5) as following:
        await until(lambda: following.watch.complete and following.reads() == 5 + WHILE_GIVING_WAY)
        await following.advance(GIVE_WAY_SECONDS / 2, waiting=False)
        assert following.reads() == 5 + WHILE_GIVING_WAY
        await following.advance(GIVE_WAY_SECONDS, waiting=False)
        await until(lambda: following.reads() >= 5 + FEWEST)
        hold.release()


async def test_while_somebody_types_few_calls_are_in_flight(stub: SqsStub, session: AwsSession) -> None:
    stub.many(100)
    hold = stub.hold("GetQueueAttributes")
    session.lag.give_way()
    async with Following(session, stub) as following:
        await until(lambda: following.watch.complete and stub.in_flight == WHILE_GIVING_WAY)
        await following.advance(GIVE_WAY_SECONDS / 2, waiting=False)
        assert stub.in_flight == WHILE_GIVING_WAY
        await following.advance(GIVE_WAY_SECONDS, waiting=False)
        await until(lambda: stub.in_flight >= FEWEST)
        hold.release()
