"""The inspector: the message under the cursor beside the list."""

from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.tui.conftest import AtWork

BODIES = ['{"order": 104400}', '{"order": 104401}', "no JSON"]


async def test_each_message_is_read_by_moving_the_cursor(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders")
    for number, body in enumerate(BODIES):
        message = stub.model.put(orders, body)
        message.attributes = {
            "attempt": {"DataType": "Number", "StringValue": str(number)},
            "digest": {"DataType": "Binary", "BinaryValue": "iVBORw0KGgo="},
        }
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.sees("visibility timeout")
        await person.press("p")
        await person.sees('  "order": 104400', "1 of 3  attempt 0")
        assert "visibility timeout" not in person.screen
        await person.press("j")
        await person.sees('  "order": 104401', "2 of 3  attempt 1")
        await person.types("j" * 20)
        await person.sees("3 of 3  attempt 2")
        await until(lambda: "order" not in person.screen.partition("3 of 3")[2].partition("held")[0])
        assert len(stub.sent("ReceiveMessage")) == 1


async def test_z_goes_round_beside_the_whole_screen_and_hidden(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=BODIES)
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.sees("1 of 3", "seen  lease   age")
        await person.press("z", "J")
        await person.sees("2 of 3", '  "order": 104401', "line 1 of 3")
        assert "seen  lease   age" not in person.screen
        await person.press("z")
        await person.sees("visibility timeout", "seen  lease   age")
        assert "2 of 3" not in person.screen
        await person.press("j", "z")
        await person.sees("3 of 3", "seen  lease   age")


async def test_tab_goes_into_the_inspector_where_the_list_can_still_be_worked_through(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders", messages=BODIES)
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.sees("1 of 3")
        await person.press("v")
        await person.no_longer_sees('  "order": 104400')
        await person.press("tab", "v", "v")
        await person.sees("raw")
        await person.press("J", "K", "J")
        await person.sees("2 of 3", '{"order": 104401}')
        await person.press("space", "K")
        await person.sees("2 of 3  marked")
        await person.press("J", "slash")
        await person.types("json")
        await person.press("enter")
        await person.sees("match 1 of 1")
        await person.press("escape", "d")
        assert "messages: 1" not in await person.is_asked("Delete messages?")
        await person.says("y")
        await person.reads("hints", "1 of 1 deletes confirmed")
        await person.sees("2 of 2")
        await person.press("escape", "k")
        await person.sees("1 of 2")


async def test_in_a_message_the_next_one_comes_and_a_deleted_one_gives_way_to_it(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=BODIES)
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.sees("1 of 3")
        await person.press("enter")
        await person.reads("title", "Message of orders  1 of 3")
        await person.press("J", "J", "J")
        await person.reads("title", "Message of orders  3 of 3")
        await person.press("K")
        await person.sees("2 of 3", '"order": 104401')
        await person.press("h")
        assert "message: " in await person.is_asked("Hide for a time?")
        await person.says("y")
        await person.reads("hints", "1 of 1 hidden until")
        await person.press("space")
        await person.reads("title", "3 of 3")
        await person.press("K")
        await person.reads("title", "2 of 3  marked")
        await person.press("d")
        await person.is_asked("Delete messages?")
        await person.says("y")
        await person.sees("2 of 2", "no JSON")
        await person.press("escape")
        await person.sees(" 2 of 2", '{"order": 104400}')


async def test_on_a_low_screen_the_list_has_all_the_room(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=BODIES)
    async with sluice(stub.url, view="queue:orders", size=(80, 12)) as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.sees('{"order": 104400}', '{"order": 104401}', "no JSON")
        assert "1 of 3" not in person.screen
        await person.pilot.resize_terminal(140, 30)
        await person.sees("1 of 3", '  "order": 104400')
