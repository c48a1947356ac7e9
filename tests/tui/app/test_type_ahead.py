"""What a slow line brings in one piece: the key that opens a field, and what is typed into it."""

from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.tui.conftest import AtWork
from widgets.table.view import Table


async def test_a_filter_typed_in_one_piece_is_no_look(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one"])
    stub.queue("payments", messages=["two"])
    async with sluice(stub.url) as person:
        await person.sees("orders", "payments")
        await person.types("/pay")
        await person.sees("Queues 2  1 shown")
        assert person.row("payments")
        await until(lambda: person.nothing_is_under_way)
        assert stub.sent("ReceiveMessage") == []


async def test_a_command_typed_in_one_piece_is_run(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one"])
    async with sluice(stub.url) as person:
        await person.sees("orders")
        await person.types(":queue:orders")
        await person.press("enter")
        await person.reads("title", "Queue orders")


async def test_a_search_typed_in_one_piece_neither_deletes_nor_writes(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["once upon a time a dWarf"])
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        await person.sees("once upon")
        await person.press("enter")
        await person.sees("Message", "line 1 of")
        await person.types("/dWarf")
        await person.press("enter")
        await person.sees("match 1 of 1")


async def test_a_key_right_behind_the_enter_of_a_filter_is_for_the_list(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one"])
    stub.queue("payments", messages=["two"])
    async with sluice(stub.url) as person:
        await person.sees("orders", "payments")
        await person.types("/pay\rp")
        await person.reads("title", "Queue payments")
        await person.reads("cost", "1 held")
        assert [request.queue for request in stub.sent("ReceiveMessage")] == ["payments"]


async def test_a_key_right_behind_the_enter_of_a_command_is_for_the_screen_it_opened(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("another", messages=["other"])
    stub.queue("orders", messages=["one"])
    async with sluice(stub.url) as person:
        await person.sees("another", "orders")
        await person.types(":queue:orders\rp")
        await person.reads("title", "Queue orders")
        await person.reads("cost", "1 held")
        assert [request.queue for request in stub.sent("ReceiveMessage")] == ["orders"]
        await person.types(":back\r:queue:orders\rs")
        await person.reads("title", "Send to orders")


async def test_keys_right_behind_the_enter_of_a_row_are_for_the_screen_it_opened(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one"])
    stub.queue("payments", messages=["two"])
    async with sluice(stub.url) as person:
        await person.sees("orders", "payments")
        await person.types("/ord\r\rp")
        await person.reads("title", "Queue orders")
        await person.reads("cost", "1 held")
        assert [request.queue for request in stub.sent("ReceiveMessage")] == ["orders"]
        assert len(person.app.screen_stack) == 2


async def test_a_filter_opened_right_behind_an_enter_keeps_its_letters(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one"])
    async with sluice(stub.url) as person:
        await person.sees("orders")
        await person.types(":queue:orders\r/p")
        await person.reads("title", "Queue orders  1 visible")
        await person.types("p\r")
        await until(lambda: isinstance(person.app.focused, Table))
        assert person.table.model.filter_expression == "pp"
        await until(lambda: person.nothing_is_under_way)
        assert stub.sent("ReceiveMessage") == []
