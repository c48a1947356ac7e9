"""Contexts: finding profiles, switching between them, and what is said when one can't be opened."""

import os
import sys
from pathlib import Path

import pytest

from connectors.errors import ConnectorError
from tests.support.stub import SqsStub, unused_port
from tests.support.waiting import until
from tests.tui.conftest import AtWork
from tests.tui.person import Person
from widgets.facts import Facts


def profiles(text: str) -> None:
    """Writes the AWS config file of this test."""
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(text)


def profile(name: str, endpoint_url: str, region: str = "eu-west-1") -> str:
    return (
        f"[profile {name}]\nregion = {region}\nendpoint_url = {endpoint_url}\n"
        "aws_access_key_id = test\naws_secret_access_key = test\n"
    )


async def gives_endpoint(person: Person, url: str) -> None:
    """Fills the endpoint of the form and uses it."""
    await person.press("tab", "tab", "tab", "ctrl+u")
    await person.types(url)
    await person.press("ctrl+s")


async def test_an_unknown_profile_shows_a_page_that_names_the_nearest_and_lists_those_found(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders")
    profiles(profile("checkout", stub.url) + profile("warehouse", stub.url, "us-west-2"))
    async with sluice(profile="chekout") as person:
        await person.sees("Contexts", "there is no profile 'chekout'", "tried", "profile chekout")
        assert "try: checkout" in person.app.screen.query_one("#failure", Facts).text
        await until(lambda: person.row("checkout") == "checkout eu-west-1 keys")
        assert person.row("warehouse") == "warehouse us-west-2 keys"
        assert "not connected" in person.line("bar")
        await person.press("enter")
        await person.sees("orders")
        assert "  checkout  eu-west-1" in person.line("bar")


@pytest.mark.parametrize(
    ("request_", "shown"),
    [
        ({"region": "eu-wst-1"}, ("there is no region 'eu-wst-1'", "eu-west-1")),
        ({}, ("no region is set for profile 'default'", "AWS_REGION")),
        ({"region": "eu-west-1"}, ("no credentials were found", "log in with the AWS CLI")),
        ({"endpoint_url": "localhost:4566"}, ("'localhost:4566' is not an endpoint URL", "http://localhost:4566")),
    ],
    ids=["wrong region", "no region", "no credentials", "malformed endpoint"],
)
async def test_what_was_tried_and_what_to_try_stands_on_the_page(
    sluice: AtWork, request_: dict[str, str], shown: tuple[str, ...]
) -> None:
    async with sluice(**request_) as person:
        await person.sees("Contexts", "tried", shown[0])
        failure = person.app.screen.query_one("#failure", Facts).text
        assert shown[1] in failure
        assert "press D for the demo" in failure
        await person.sees("The AWS files hold no profile. Fill in the form, or press D for the demo.")


async def test_a_malformed_endpoint_in_the_form_is_refused_and_the_form_stays(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url) as person:
        await person.sees("orders")
        await person.press("c")
        await person.sees("Contexts")
        await gives_endpoint(person, "ftp://nowhere")
        assert "'ftp://nowhere' is not an endpoint URL" in await person.is_shown("It did not work")
        await person.press("escape")
        await person.sees("ftp://nowhere")
        await person.press("escape")
        await person.sees("orders")


async def test_a_switch_keeps_the_view_and_closes_the_clients_it_leaves(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", visible=11)
    with SqsStub() as other:
        other.queue("orders", visible=77)
        async with sluice(stub.url, view="queue:orders") as person:
            await person.reads("title", "Queue orders  11 visible")
            left = person.app.session
            assert left is not None
            await person.press("c")
            await person.sees("Contexts")
            await gives_endpoint(person, other.url)
            await person.reads("title", "Queue orders  77 visible")
            assert other.url in person.line("bar")
            with pytest.raises(ConnectorError, match="closed"):
                await left.call("sqs", "ListQueues")
            await until(lambda: not stub._open, what="the end of every connection to the old endpoint")
            await person.press("escape")
            await person.sees("Queues 1", "77")


async def test_an_answer_of_the_old_context_that_comes_late_is_dropped(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("only-in-the-old-one", visible=11)
    late = stub.hold("GetQueueAttributes")
    with SqsStub() as other:
        other.queue("orders", visible=77)
        async with sluice(stub.url) as person:
            await person.sees("only-in-the-old-one")
            await until(lambda: stub.sent("GetQueueAttributes"))
            await person.press("c")
            await person.sees("Contexts")
            await gives_endpoint(person, other.url)
            await person.sees("Queues 1", "77")
            late.release()
            await until(lambda: stub.in_flight == 0)
            await person.press("r")
            await until(lambda: person.nothing_is_under_way)
            assert "only-in-the-old-one" not in person.screen
            assert person.row("orders").startswith("orders 77")


async def test_while_a_context_opens_nothing_of_the_old_one_is_shown(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("only-in-the-old-one", visible=11)
    async with sluice(stub.url) as person:
        await person.sees("only-in-the-old-one")
        await person.press("c")
        await person.sees("Contexts")
        await gives_endpoint(person, f"http://127.0.0.1:{unused_port()}")
        await person.sees("Queues")
        await person.no_longer_sees("only-in-the-old-one")


async def test_a_profile_that_cannot_be_opened_leaves_a_page_from_which_the_next_one_can(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders")
    profiles(profile("aaa-broken", "nonsense") + profile("works", stub.url))
    async with sluice(stub.url) as person:
        await person.sees("orders")
        await person.press("c")
        await until(lambda: person.row("works"))
        await person.press("enter")
        await person.sees("'nonsense' is not an endpoint URL")
        await until(lambda: person.row("works"))
        await person.press("j", "enter")
        await person.sees("orders")
        assert "  works" in person.line("bar")


async def test_the_profile_in_use_is_marked_in_words(stub: SqsStub, sluice: AtWork) -> None:
    profiles(profile("checkout", stub.url) + profile("warehouse", stub.url))
    async with sluice(profile="warehouse") as person:
        await person.reads("bar", "123456789012")
        await person.press("c")
        await until(lambda: person.row("now warehouse"))
        assert person.row("checkout")


async def test_read_only_can_be_ticked_and_holds_in_the_new_context(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url) as person:
        await person.sees("orders")
        await person.press("c")
        await person.sees("Contexts", "read-only")
        await person.press("tab", "tab", "tab", "tab", "space", "ctrl+s")
        await person.reads("bar", "READ-ONLY")
        await person.sees("orders")
        await person.press("s")
        await person.reads("hints", "this context is read-only")


async def test_real_credentials_over_plain_http_are_asked_about_before_anything_is_sent(
    sluice: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-key")
    async with sluice("http://sqs.example.invalid:4566", region="eu-west-1") as person:
        await person.is_asked("Send credentials unencrypted?")
        assert "a-secret-key" not in person.screen
        await person.says("n")
        await person.sees("Contexts", "plain http")
        assert person.app.session is None


async def test_a_switch_while_both_tabs_are_open_makes_both_anew(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    stub.sns.topic("order-events")
    with SqsStub() as other:
        other.queue("parcels")
        other.sns.topic("parcel-events")
        async with sluice(stub.url) as person:
            await person.sees("orders")
            await person.press("2")
            await person.sees("order-events")
            await person.press("1")
            await person.sees("orders")
            await person.press("c")
            await person.sees("Contexts")
            await gives_endpoint(person, other.url)
            await person.sees("parcels")
            await person.press("2")
            await person.sees("parcel-events")


async def test_the_demo_can_be_started_from_here_and_says_what_it_lacks_without_ministack(
    stub: SqsStub, sluice: AtWork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("MINISTACK", raising=False)
    async with sluice(stub.url, read_only=True) as person:
        await person.reads("bar", "READ-ONLY")
        await person.press("c")
        await person.sees("Contexts")
        await person.press("D")
        await person.sees("orders-dlq", "demo  us-east-1", seconds=30)
        assert person.line("bar").endswith("READ-ONLY")
        await person.press("L")
        lines = (await person.sees("Log of this run", "moto, not ministack")).splitlines()
        assert sum("notice" in line and "moto, not ministack" in line for line in lines) == 1
        await person.press("escape")
        await person.press("c")
        await person.sees("Contexts")
        await gives_endpoint(person, stub.url)
        await person.reads("bar", stub.url)
        await person.sees("There are no queues in ")


async def test_the_identity_says_which_sts_gave_the_role(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    role = "[profile reader]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = base\n"
    profiles(role + "[profile base]\naws_access_key_id = test\naws_secret_access_key = test\n")
    async with sluice(stub.url, profile="reader") as person:
        await person.sees("orders", "123456789012")
        await person.press("I")
        assert f"assumed role, from STS at {stub.url}" in await person.is_shown("Who am I")
    assert stub.sent("AssumeRole")
