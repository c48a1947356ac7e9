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


async def test_z_shows_the_settings_in_its_place_and_brings_it_back(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=BODIES)
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.sees("1 of 3")
        await person.press("z")
        await person.sees("visibility timeout")
        assert "1 of 3" not in person.screen
        await person.press("j", "z")
        await person.sees("2 of 3")


async def test_on_a_low_screen_the_list_has_all_the_room(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=BODIES)
    async with sluice(stub.url, view="queue:orders", size=(80, 12)) as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.sees('{"order": 104400}', '{"order": 104401}', "no JSON")
        assert "1 of 3" not in person.screen
        await person.pilot.resize_terminal(140, 30)
        await person.sees("1 of 3", '  "order": 104400')
