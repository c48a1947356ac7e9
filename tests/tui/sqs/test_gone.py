"""What is said of messages that were purged, deleted or received by others while sluice held them."""

import pytest

from tests.support.command import run
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import Request
from tests.tui.conftest import AtWork
from tests.tui.person import Person


async def looks(person: Person) -> None:
    await person.reads("cost", "A look (p)")
    await person.press("p")
    await person.reads("cost", "3 held for")


@pytest.mark.parametrize("how", ["purged", "queue deleted"])
async def test_messages_that_are_gone_are_not_promised_to_be_visible_again(
    stub: SqsStub, sluice: AtWork, how: str
) -> None:
    orders = stub.queue("orders", messages=["one", "two", "three"])
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        if how == "purged":
            orders.messages.clear()
        else:
            del stub.model.queues["orders"]
        await person.press("escape")
        word = await person.reads("hints", "3 messages: gone or received by others")
        assert "visible again" not in word
        assert not any("visible again" in notice.text for notice in person.app.notices)


async def test_what_is_gone_and_what_is_given_back_are_counted_apart(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=["one", "two", "three"])
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        del orders.messages[1]
        await person.press("H")
        await person.reads("hints", "2 of 3 messages of 1 queue given back, 1 gone or received by others")
        await until(lambda: person.row("1 gone").endswith("two"))
        assert len(stub.sent("ChangeMessageVisibilityBatch")) == 1


async def test_a_message_that_is_gone_can_neither_be_hidden_nor_deleted_and_says_why(
    stub: SqsStub, sluice: AtWork
) -> None:
    orders = stub.queue("orders", messages=["one", "two", "three"])
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        orders.messages.clear()
        await person.press("asterisk", "h")
        await person.is_asked("Hide for a time?")
        await person.press(*"600")
        await person.says("y")
        facts = await person.is_shown("Not all were changed")
        assert facts.count("gone or received by others") == 3
        await person.press("escape")
        await person.no_longer_sees("held for")
        await person.press("escape")
        await person.sees("Queues 1")
        assert len(stub.sent("ChangeMessageVisibilityBatch")) == 1


def test_the_command_line_counts_what_was_taken_away_meanwhile(stub: SqsStub) -> None:
    orders = stub.queue("orders", messages=["one", "two", "three"])

    def delete_two(request: Request) -> None:
        if request.operation == "ChangeMessageVisibilityBatch" and len(request.params["Entries"]) == 3:
            del orders.messages[:2]

    stub.on_request = delete_two
    ran = run("get", "messages", "orders", "--endpoint-url", stub.url)
    assert ran.returncode == 0
    assert "sluice: 2 gone or received by others, the rest given back" in ran.stderr.splitlines()
    assert "visible again" not in ran.stderr
