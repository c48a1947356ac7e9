"""In a read-only context every change is refused before anything is asked or sent."""

import pytest

from tests.support.stub import SqsStub
from tests.tui.conftest import AtWork

CHANGES = ("SendMessage", "DeleteMessageBatch", "PurgeQueue")


@pytest.mark.parametrize("key", ["s", "d", "P"])
async def test_a_change_is_refused_and_the_server_sees_none(stub: SqsStub, sluice: AtWork, key: str) -> None:
    stub.queue("orders", messages=["one"])
    async with sluice(stub.url, view="queue:orders", read_only=True) as person:
        await person.reads("cost", "A look (p)")
        if key == "d":
            await person.press("p")
            await person.is_asked("Look into orders?")
            await person.says("y")
            await person.reads("cost", "1 held")
        await person.press(key)
        assert "this context is read-only" in await person.is_shown("Refused")
        await person.press("escape", "escape")
        await person.sees("Queues 1")
        assert [request for name in CHANGES for request in stub.sent(name)] == []
        assert len(stub.model.queues["orders"].messages) == 1


async def test_leases_go_back_in_a_read_only_context_too(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=["one"])
    async with sluice(stub.url, view="queue:orders", read_only=True) as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.is_asked("Look into orders?")
        await person.says("y")
        await person.reads("cost", "1 held")
        await person.press("escape")
        await person.reads("hints", "1 message given back")
        assert not orders.messages[0].in_flight


async def test_no_change_is_offered_in_the_hints(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url, view="queue:orders", read_only=True) as person:
        hints = await person.reads("hints", "p Peek")
        assert not any(word in hints for word in ("Send", "Delete", "Purge"))
