"""What the list of queues says when something fails, and the bar that says where it works."""

import pytest

from tests.support.clock import ManualClock
from tests.support.stub import SqsStub, unused_port
from tests.support.waiting import until
from tests.support.wire import Answering, denied, expired_token, web_page
from tests.tui.conftest import AtWork


async def test_a_denied_listing_shows_a_panel_with_step_and_action_and_r_recovers(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders", visible=3)
    stub.on("ListQueues", denied("sqs:listqueues"))
    async with sluice(stub.url) as person:
        await person.sees("could not be listed", "permission", "r tries again")
        facts = person.facts.lower()
        assert "sqs:listqueues is denied" in facts
        assert "try:" in facts
        assert "request id: req-" in facts
        stub.heal()
        await person.press("r")
        await person.sees("Queues 1", "orders")
        await person.no_longer_sees("could not be listed")


async def test_where_there_are_no_queues_it_says_so_and_shows_the_first_one_that_comes(
    stub: SqsStub, sluice: AtWork
) -> None:
    async with sluice(stub.url) as person:
        await person.sees("There are no queues in ")
        stub.queue("orders")
        await person.press("r")
        await person.sees("orders")
        del stub.model.queues["orders"]
        await person.press("r")
        await person.sees("There are no queues in ")


async def test_without_a_server_the_panel_names_the_connection_and_recovers_when_it_is_back(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", visible=3)
    stub.go_down()
    async with sluice(stub.url, clock=clock) as person:
        await person.waits(clock, "could not be listed")
        await person.sees("TCP", "is the endpoint's server running")
        stub.come_back()
        await person.press("r")
        await person.waits(clock, "Queues 1")
        await person.sees("orders")


@pytest.mark.parametrize(
    ("answering", "words"),
    [
        (web_page(), ("answer", "a web page came instead of an answer")),
        (expired_token(), ("credentials", "expired")),
    ],
    ids=["web page", "expired token"],
)
async def test_what_came_instead_of_a_list_is_named(
    stub: SqsStub, sluice: AtWork, answering: Answering, words: tuple[str, ...]
) -> None:
    stub.on("ListQueues", answering)
    async with sluice(stub.url) as person:
        await person.sees("could not be listed", *words)


async def test_a_later_listing_that_fails_keeps_the_rows_and_says_so(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", visible=3)
    async with sluice(stub.url) as person:
        await until(lambda: person.row("orders").startswith("orders 3 ·"))
        stub.on("ListQueues", denied("sqs:listqueues"))
        await person.press("r")
        await person.reads("title", "load failed: permission")
        assert person.row("orders").startswith("orders 3 ·")
        stub.heal()
        await person.press("r")
        await until(lambda: "load failed" not in person.line("title"))


async def test_when_the_server_goes_away_the_last_counts_stay_and_are_marked_as_old(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders", visible=3)
    async with sluice(stub.url) as person:
        await until(lambda: person.row("orders").startswith("orders 3 ·"))
        stub.go_down()
        await person.press("r")
        await until(lambda: person.row("orders").startswith("orders ~3 ~0"), 20)
        await person.reads("detail", "GetQueueAttributes failed at TCP", 20)


async def test_the_bar_says_profile_region_endpoint_and_account(stub: SqsStub, sluice: AtWork) -> None:
    async with sluice(stub.url, region="eu-west-3") as person:
        bar = await person.reads("bar", "123456789012")
        assert bar.split() == ["1", "2", "default", "eu-west-3", stub.url, "dummy", "keys", "123456789012"]
        await person.pilot.resize_terminal(110, 24)
        bar = await person.reads("bar", "dummy keys")
        place = ["default", "eu-west-3", stub.url, "dummy", "keys", "123456789012"]
        assert bar.split() == ["sluice", "1", "Queues", "2", "Topics", *place]


async def test_the_account_is_unverified_where_sts_does_not_answer(stub: SqsStub, sluice: AtWork) -> None:
    stub.on("GetCallerIdentity", denied("sts:GetCallerIdentity"))
    async with sluice(stub.url) as person:
        await until(lambda: stub.sent("GetCallerIdentity"))
        assert "unverified" in await person.reads("bar", "unverified")


async def test_the_account_of_another_endpoint_s_sts_is_not_taken_for_that_of_the_queues(
    stub: SqsStub, sluice: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SqsStub() as other:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", stub.url)
        monkeypatch.setenv("AWS_ENDPOINT_URL", other.url)
        async with sluice(region="eu-west-1") as person:
            await until(lambda: other.sent("GetCallerIdentity"))
            await until(lambda: person.app.session and person.app.session.identity)
            assert "unverified" in person.line("bar")
            assert "123456789012" not in person.line("bar")
            await person.press("I")
            assert "123456789012, unverified" in await person.is_shown("Who am I")


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_read_only_and_no_look_stand_in_the_bar_however_narrow_it_is(
    stub: SqsStub, sluice: AtWork, size: tuple[int, int]
) -> None:
    async with sluice(stub.url, size=size, read_only=True, no_look=True) as person:
        bar = await person.reads("bar", "123456789012")
        assert bar.endswith("123456789012  NO-LOOK  READ-ONLY")


async def test_read_only_is_in_the_bar_before_anything_is_connected(sluice: AtWork) -> None:
    async with sluice(f"http://127.0.0.1:{unused_port()}", read_only=True, profile="nobody") as person:
        assert "  nobody" in person.line("bar")
        assert person.line("bar").endswith("READ-ONLY")
