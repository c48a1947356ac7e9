"""Half an hour of use, in the time of a clock that is moved by hand: what the process holds stays the same."""

import gc
from collections.abc import Iterator

import pytest

from tests.chaos.leftovers import FEW, holdings, nothing_is_read, tasks
from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import Request
from tests.tui.conftest import AtWork
from tests.tui.person import Person

QUEUES = 10
ROUNDS, WARM_UP = 15, 4
AT_THE_LIST, ON_THE_QUEUE = 50, 20
"""Seconds: a round takes two minutes, and no lease ends in it."""
MORE_MEMORY = 6_000_000


@pytest.fixture
def garbage_goes_at_once() -> Iterator[None]:
    """As Python collects it: what waits for a quiet moment, as in sluice, would look like a leak."""
    thresholds = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*thresholds)


@pytest.mark.thorough
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("garbage_goes_at_once")
async def test_half_an_hour_of_use_leaves_memory_tasks_and_sockets_flat(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    for number in range(QUEUES):
        stub.queue(f"queue-{number}", messages=[f"message {n} of {number}" for n in range(3)])
    arrivals = Arrivals(stub)
    async with sluice(stub.url, clock=clock) as person:
        await person.waits(clock, "queue-5")
        for _ in range(WARM_UP):
            await a_round(person, clock, arrivals)
        await until(nothing_is_read)
        before = holdings()
        for _ in range(ROUNDS):
            await a_round(person, clock, arrivals)
        await until(nothing_is_read)
        after = holdings()
        await until(lambda: not tasks() - before.tasks, what="the end of what is new among the tasks")
        assert after.files == before.files
        assert after.sockets <= before.sockets + FEW
        assert after.resident - before.resident < MORE_MEMORY
        assert not any(message.in_flight for queue in stub.model.queues.values() for message in queue.messages)


class Arrivals:
    """Counts the requests that reach a stub, which need not keep them for that."""

    def __init__(self, stub: SqsStub) -> None:
        self._stub = stub
        self._total = 0
        stub.on_request = self._count

    def _count(self, _: Request) -> None:
        self._total += 1
        self._stub.requests.clear()

    def answered(self, person: Person) -> bool:
        """Whether everything that was sent has arrived and has its answer."""
        session = person.app.session
        return session is not None and self._total == session.meter.total and self._stub.in_flight == 0


async def a_round(person: Person, clock: ManualClock, arrivals: Arrivals) -> None:
    """The list refreshes; a queue is opened and looked into, a message read, a dialog left; back, and the log."""

    async def answered() -> None:
        await until(lambda: arrivals.answered(person))

    await clock.advance(AT_THE_LIST, between=answered)
    await person.press("j", "enter")
    await person.reads("title", "Queue queue-")
    await person.reads("cost", "A look (p)")
    await person.press("p")
    await person.reads("cost", "3 held for")
    await person.press("enter")
    await person.reads("title", "Message of")
    await person.press("v", "escape")
    await person.reads("title", "Queue queue-")
    await person.press("d")
    await person.is_asked("Delete messages?")
    await person.says("escape")
    await clock.advance(ON_THE_QUEUE, between=answered)
    await person.press("escape")
    await person.reads("title", f"Queues {QUEUES}")
    await person.press("L")
    await person.sees("Log of this run")
    await person.press("escape")
    await person.reads("title", f"Queues {QUEUES}")
    await clock.advance(AT_THE_LIST, between=answered)
