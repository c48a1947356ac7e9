"""The way out: it asks when something would be lost, and ctrl+c twice always works."""

import asyncio

import pytest

from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import silence
from tests.tui.conftest import AtWork


async def test_q_leaves_at_once_where_nothing_is_open(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url) as person:
        await person.sees("orders")
        await person.press("q")
        await until(lambda: person.has_left)
        assert person.app.return_code == 0


async def test_q_on_another_screen_only_closes_it(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("title", "Queue orders")
        await person.press("q")
        await person.reads("title", "Queues")
        assert not person.has_left


async def test_with_a_draft_it_asks_and_no_keeps_the_draft(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("s")
        await person.sees("Send to orders")
        await person.types("half a thought")
        await person.press("ctrl+q")
        assert "a message to orders is written and not sent; it is lost" in await person.is_asked("Quit?")
        await person.says("n")
        await person.sees("half a thought")
        await person.press("ctrl+q")
        await person.is_asked("Quit?")
        await person.press("y")
        await until(lambda: person.has_left)


@pytest.mark.parametrize("where", ["list", "form", "question", "panel", "command line", "palette"])
async def test_ctrl_c_twice_always_quits(stub: SqsStub, sluice: AtWork, where: str) -> None:
    stub.queue("orders", messages=["one"], dead_letter="orders-dlq")
    async with sluice(stub.url) as person:
        await person.sees("orders")
        if where == "form":
            await person.press("s")
            await person.sees("Send to orders")
            await person.types("half a thought")
        elif where == "question":
            await person.press("p")
            await person.is_asked("Look into orders?")
        elif where != "list":
            await person.press({"panel": "question_mark", "command line": "colon", "palette": "ctrl+p"}[where])
            await until(lambda: person.app.screen.is_modal)
        await person.press("ctrl+c")
        await person.reads("hints", "^c once more")
        assert not person.has_left
        await person.press("ctrl+c")
        await until(lambda: person.has_left)


async def test_a_server_that_never_answers_does_not_hold_the_way_out(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=["one", "two"])
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.reads("cost", "2 held")
        stub.on("*", silence())
        await person.interrupts_twice()
        await until(lambda: person.has_left, 8)  # the calls alone would wait 10 s for their answers
        assert len(person.app.left_undone) == len(orders.messages)
        assert all("visible again in" in line for line in person.app.left_undone)


async def test_when_it_has_left_no_task_and_no_connection_is_left(stub: SqsStub, sluice: AtWork) -> None:
    stub.many(30)
    async with sluice(stub.url) as person:
        await person.sees("queue-00003")
        await person.press("q")
        await until(lambda: person.has_left)
    await until(lambda: not stub._open)
    left = [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert left == []
