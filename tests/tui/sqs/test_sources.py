"""Following a queue back to where its messages come from."""

from tests.support.stub import SqsStub
from tests.tui.conftest import AtWork


async def test_of_several_sources_one_is_chosen_and_esc_comes_back(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("dead")
    stub.queue("orders", dead_letter="dead")
    stub.queue("pay\x9bments", dead_letter="dead")
    async with sluice(stub.url, view="queue:dead") as person:
        await person.sees("orders, pay\ufffdments")
        await person.press("less_than_sign")
        await person.sees("Follow to", "orders (its dead letters)", "pay\ufffdments (its dead letters)")
        await person.press("escape", "less_than_sign", "j", "k", "enter")
        await person.reads("title", "Queue orders")
        await person.press("less_than_sign")
        await person.reads("hints", "nothing is known to feed orders")
        await person.press("escape")
        await person.reads("title", "Queue dead")
        await person.press("escape")
        await person.reads("title", "Queues 3")


async def test_from_the_list_a_single_source_opens_at_once(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("dead")
    stub.queue("orders", dead_letter="dead", visible=3)
    async with sluice(stub.url) as person:
        await person.reads("title", "trouble first")
        await person.press("g")
        while person.under_cursor.name != "dead":
            await person.press("j")
        await person.press("less_than_sign")
        await person.reads("title", "Queue orders")
