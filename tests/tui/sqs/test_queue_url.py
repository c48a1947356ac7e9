"""A queue opened by its URL, and dead-letter queues that only share a name with one of the list."""

import json

from tests.support.command import run
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.tui.conftest import AtWork


async def test_a_queue_of_another_account_opens_by_its_url_and_a_change_names_its_account(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders", messages=["body one"])
    url = f"{stub.url}/999999999999/orders"
    async with sluice(stub.url, view=f"queue:{url}") as person:
        await person.reads("title", "Queue orders  1 visible")
        await person.reads("bar", "123456789012")
        assert stub.sent("GetQueueUrl") == []
        await person.press("p")
        await person.sees("body one")
        await person.press("d")
        assert "orders of account 999999999999" in await person.is_asked("Delete messages?")
        await person.says("n")
        assert {request.params["QueueUrl"] for request in stub.sent("ReceiveMessage")} == {url}


async def test_the_command_line_of_the_screen_takes_a_url(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", visible=7)
    async with sluice(stub.url) as person:
        await until(lambda: person.row("orders"))
        await person.types(f":queue:{stub.url}/999999999999/orders")
        await person.press("enter")
        await person.reads("title", "Queue orders  7 visible")


async def test_a_url_of_aws_is_not_opened_on_an_emulator(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", visible=7)
    url = "https://sqs.us-east-1.amazonaws.com/999999999999/orders"
    async with sluice(stub.url, view=f"queue:{url}") as person:
        await person.reads("title", "reading failed: settings")
        assert "the URL is one of AWS" in person.facts


def test_get_messages_takes_a_url(stub: SqsStub) -> None:
    stub.queue("orders", messages=["body one"])
    url = f"{stub.url}/999999999999/orders"
    ran = run("get", "messages", url, "--endpoint-url", stub.url)
    assert ran.returncode == 0
    assert "body one" in ran.stdout
    assert stub.sent("GetQueueUrl") == []
    assert {request.params["QueueUrl"] for request in stub.sent("ReceiveMessage")} == {url}


async def test_the_list_does_not_show_the_count_of_a_queue_that_only_shares_the_name(
    stub: SqsStub, sluice: AtWork
) -> None:
    arn = "arn:aws:sqs:us-east-1:999999999999:dead"
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
    stub.queue("dead", visible=4)
    stub.queue("near", visible=3, dead_letter="dead")
    stub.queue("orders", visible=3, attributes={"RedrivePolicy": policy})
    async with sluice(stub.url) as person:
        await until(lambda: person.row("near").split()[1:5] == ["3", "·", "▲", "4"])
        await until(lambda: person.row("orders").split()[1:4] == ["3", "·", "–"])
        await person.press("j", "j")
        await person.reads("detail", "dead of account 999999999999 in us-east-1, not listed")
