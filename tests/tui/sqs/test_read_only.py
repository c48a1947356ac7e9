"""In a read-only context every change is refused before anything is asked or sent."""

import pytest

from connectors.aws import sign_in
from connectors.sqs.taken_leases import LONGEST_EXTENSION
from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import Request
from tests.tui.conftest import AtWork
from tests.tui.person import Person
from tui.services import CALLED


async def looks(person: Person) -> None:
    await person.reads("cost", "A look (p)")
    await person.press("p")
    await person.is_asked("Look into orders?")
    await person.says("y")
    await person.reads("cost", "1 held")


def timeouts(stub: SqsStub) -> list[int]:
    """To what visibility timeouts were set, in their order."""
    sent = stub.sent("ChangeMessageVisibilityBatch")
    return [entry["VisibilityTimeout"] for request in sent for entry in request.params["Entries"]]


def changes(stub: SqsStub) -> list[Request]:
    """Every request that arrived and is neither a read nor a look. A look takes leases, gives them back, and extends
    those that are its own for a while."""
    own = {message.handle for queue in stub.model.queues.values() for message in queue.messages if message.handle}

    def belongs_to_a_look(request: Request) -> bool:
        if request.operation != "ChangeMessageVisibilityBatch":
            return request.operation == "ReceiveMessage"
        return all(
            entry["VisibilityTimeout"] == 0
            or (entry["ReceiptHandle"] in own and entry["VisibilityTimeout"] <= LONGEST_EXTENSION)
            for entry in request.params["Entries"]
        )

    reads = frozenset[str]().union(*(service.reads for service in (*CALLED, *sign_in.SERVICES)))
    return [
        request for request in [*stub.requests] if request.operation not in reads and not belongs_to_a_look(request)
    ]


@pytest.mark.parametrize("key", ["s", "d", "h", "P"])
async def test_a_change_is_refused_and_the_server_sees_none(
    stub: SqsStub, sluice: AtWork, clock: ManualClock, key: str
) -> None:
    orders = stub.queue("orders", messages=["one"])
    async with sluice(stub.url, view="queue:orders", read_only=True, clock=clock) as person:
        await looks(person)
        assert timeouts(stub) == []
        await person.press(key)
        await person.reads("hints", "this context is read-only")
        assert changes(stub) == []
        assert timeouts(stub) == []
        clock.jump(21)
        await until(lambda: timeouts(stub), what="the extension of the lease, which belongs to the look")
        await person.reads("cost", "1 held")
        await person.press(key)
        await person.reads("hints", "this context is read-only")
        await person.press("escape")
        await person.sees("Queues 1")
        await until(lambda: not orders.messages[0].in_flight)
    assert changes(stub) == []
    assert len(timeouts(stub)) == 2
    assert timeouts(stub)[-1] == 0
    assert len(orders.messages) == 1


async def test_leases_go_back_in_a_read_only_context_too(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=["one"])
    async with sluice(stub.url, view="queue:orders", read_only=True) as person:
        await looks(person)
        await person.press("escape")
        await person.reads("hints", "1 message given back")
        assert not orders.messages[0].in_flight


async def test_no_change_is_offered_in_the_hints(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url, view="queue:orders", read_only=True) as person:
        hints = await person.reads("hints", "p Peek")
        assert not any(word in hints for word in ("Send", "Delete", "Purge"))
