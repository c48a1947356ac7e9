import asyncio
from dataclasses import dataclass, field

import pytest

from connectors.audit import AuditLog
from connectors.errors import ConnectorError, Refused
from connectors.guard import Change, Guard, Target
from connectors.open_context import OpenContext, RunMemory
from connectors.service import Service
from connectors.sqs.connector import LeftLeases, SqsConnector
from connectors.sqs.models import Queue
from connectors.sqs.receive_log import ReceiveLog
from tests.conftest import OpeningContexts
from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.wire import denied

CACHE = Service(name="cache", reads=frozenset({"GET"}), changes={"UNLINK": ("key",)})


@dataclass(frozen=True)
class LeftKeys:
    keys: tuple[str, ...]


@dataclass
class CacheConnector:
    """A connector of a service without AWS, which holds keys until it is closed."""

    context: OpenContext
    keys: list[str] = field(default_factory=list)
    closed: int = 0

    @property
    def held(self) -> int:
        return len(self.keys)

    async def close(self, budget: float) -> LeftKeys:
        self.closed += 1
        await asyncio.sleep(0)
        return LeftKeys(tuple(self.keys))


@pytest.fixture
def without_aws(audit: AuditLog, clock: ManualClock) -> OpenContext:
    guard = Guard([CACHE], context_id="here", read_only=False, no_look=False, audit=audit, clock=clock)
    return OpenContext(guard, clock)


async def test_a_context_without_aws_is_guarded_and_audited_all_the_same(without_aws: OpenContext) -> None:
    guard = without_aws.guard
    target = Target("here", "", None, "", "redis://127.0.0.1:1", "a", {"key": "a"})
    change = Change("cache", "UNLINK", target, 1, "redis-cli UNLINK a")
    guard.check_request("cache", "GET", {"key": "a"})
    with pytest.raises(Refused, match="no permit"):
        guard.check_request("cache", "UNLINK", {"key": "a"})
    async with guard.carry_out(change, guard.permit(change, "test")):
        guard.check_request("cache", "UNLINK", {"key": "a"})
        for operation, request in (("UNLINK", {"key": "b"}), ("UNLINK", {}), ("FLUSHALL", {"key": "a"})):
            with pytest.raises(Refused):
                guard.check_request("cache", operation, request)
    assert [entry["entry"] for entry in guard.audit.tail()] == ["outcome", "intent"]


async def test_what_needs_aws_is_refused_where_there_is_none(without_aws: OpenContext) -> None:
    with pytest.raises(Refused, match="no AWS session"):
        _ = without_aws.aws


async def test_closing_returns_what_each_connector_left_and_closes_each_once(without_aws: OpenContext) -> None:
    cache = without_aws.connector(CacheConnector)
    assert without_aws.connector(CacheConnector) is cache
    assert without_aws.held == 0
    cache.keys += ["a", "b"]
    assert without_aws.held == 2
    impatient = asyncio.create_task(without_aws.close())
    await asyncio.sleep(0)
    impatient.cancel()
    without_aws.say_undone("a call had no answer")
    left = await without_aws.close()
    assert left is await without_aws.close()
    assert left.of(LeftKeys) == [LeftKeys(("a", "b"))]
    assert left.of(LeftLeases) == []
    assert left.undone == ["a call had no answer"]
    assert cache.closed == 1


async def test_what_could_not_be_finished_is_told_at_once_where_somebody_listens(without_aws: OpenContext) -> None:
    told: list[str] = []
    without_aws.on_undone = told.append
    without_aws.say_undone("one")
    assert told == ["one"]
    assert (await without_aws.close()).undone == []


async def test_the_leases_that_could_not_be_given_back_are_left(stub: SqsStub, open_context: OpeningContexts) -> None:
    orders, payments = (Queue(stub.queue(name, messages=["x"]).url) for name in ("orders", "payments"))
    context = await open_context(stub.url)
    sqs = context.connector(SqsConnector)
    for queue in (orders, payments):
        sqs.leases.hold((await sqs.messages.look(queue)).messages)
    assert context.held == 2
    stub.on("ChangeMessageVisibilityBatch", denied("sqs:changemessagevisibility"), queue="orders")
    (leases,) = (await context.close()).of(LeftLeases)
    assert [queue for part in leases.returned for queue in part.lost_by_queue()] == [orders]
    assert not stub.model.queues["payments"].messages[0].in_flight
    with pytest.raises(ConnectorError, match="closed"):
        await context.aws.call("sqs", "ListQueues")


async def test_the_receives_of_a_run_outlive_its_contexts(stub: SqsStub, open_context: OpeningContexts) -> None:
    orders, memory = Queue(stub.queue("orders", messages=["x", "y"]).url), RunMemory()
    first = await open_context(stub.url, memory=memory)
    await first.connector(SqsConnector).messages.look(orders)
    await first.close()
    again = await open_context(stub.url, memory=memory)
    assert again.connector(SqsConnector).receives_from(orders).receives == 2
    assert memory.of(ReceiveLog) is again.memory.of(ReceiveLog)
    apart = await open_context(stub.url)
    assert apart.connector(SqsConnector).receives_from(orders).receives == 0
