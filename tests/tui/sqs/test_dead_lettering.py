"""A look moves messages that are at their maxReceiveCount: it is asked before, and said after."""

import json

import pytest

from tests.support.clock import ManualClock
from tests.support.command import run
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import denied
from tests.tui.conftest import AtWork
from tests.tui.person import Person

BODIES = ["one", "two", "three"]


async def comes_in(person: Person) -> None:
    await person.press("enter")
    await person.reads("cost", "A look (p)")


async def leaves(person: Person, stub: SqsStub) -> None:
    await person.press("escape")
    await person.reads("title", "Queues")
    await until(lambda: person.nothing_is_under_way)


async def peeks(person: Person, times: int, stub: SqsStub) -> None:
    """Looks into the queue under the cursor `times` times and leaves it each time; only the first look asks."""
    for number in range(times):
        await comes_in(person)
        await person.press("p")
        if number == 0:
            await person.is_asked("Look into n-five?")
            await person.says("y")
        await person.reads("cost", "3 held for")
        await leaves(person, stub)


async def test_messages_known_to_be_at_the_limit_are_asked_about_and_told_when_they_have_moved(
    stub: SqsStub, sluice: AtWork
) -> None:
    five = stub.queue("n-five", messages=BODIES, dead_letter="n-five-dlq", max_receive_count=5)
    dead = stub.queue("n-five-dlq")
    async with sluice(stub.url) as person:
        await until(lambda: person.row("n-five"))
        await peeks(person, 5, stub)
        await comes_in(person)
        await person.press("p")
        facts = await person.is_asked("Look into n-five?")
        assert "3 seen at the limit: seen once more, moved to n-five-dlq" in facts
        await person.says("n")
        assert len(five.messages) == 3
        await person.press("p")
        await person.is_asked("Look into n-five?")
        await person.says("y")
        await person.sees("This peek moved about 3 to n-five-dlq.")
        await person.reads("hints", "this peek moved about 3 to n-five-dlq")
        assert len(dead.messages) == 3
        await person.press("p")
        await person.sees("That does not prove the queue empty")


async def test_a_walk_asks_about_and_tells_the_same(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("n-five", messages=BODIES, dead_letter="n-five-dlq", max_receive_count=5)
    stub.queue("n-five-dlq")
    async with sluice(stub.url) as person:
        await until(lambda: person.row("n-five"))
        await peeks(person, 5, stub)
        await comes_in(person)
        await person.types(":peek 50\r")
        assert "3 seen at the limit: seen once more, moved to n-five-dlq" in await person.is_asked("Walk through")
        await person.says("y")
        await person.reads("hints", "this walk moved about 3 to n-five-dlq")
        await person.sees("This walk moved about 3 to n-five-dlq.")


async def test_receives_by_others_count_as_soon_as_a_look_has_seen_them(stub: SqsStub, sluice: AtWork) -> None:
    five = stub.queue("n-five", messages=BODIES, dead_letter="n-five-dlq", max_receive_count=5)
    stub.queue("n-five-dlq")
    five.messages[1].receive_count = 4
    async with sluice(stub.url) as person:
        await until(lambda: person.row("n-five"))
        await peeks(person, 1, stub)
        await comes_in(person)
        await person.press("p")
        assert "1 seen at the limit" in await person.is_asked("Look into n-five?")


@pytest.mark.parametrize("what", ["limit lowered", "other dead-letter queue", "made anew", "policy set"])
async def test_an_agreement_ends_with_the_facts_that_it_was_given_on(stub: SqsStub, sluice: AtWork, what: str) -> None:
    stub.queue("n-five", messages=BODIES, dead_letter="" if what == "policy set" else "n-five-dlq", max_receive_count=9)
    stub.queue("n-five-dlq")
    async with sluice(stub.url, view="queue:n-five") as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        if what != "policy set":
            await person.is_asked("Look into n-five?")
            await person.says("y")
        await person.reads("cost", "3 held for")
        await person.press("escape")
        await until(lambda: person.row("n-five"))
        created = {"CreatedTimestamp": "1767999999"} if what == "made anew" else {}
        other = "other-dlq" if what == "other dead-letter queue" else "n-five-dlq"
        limit = 8 if what == "limit lowered" else 9
        stub.queue("n-five", messages=BODIES, dead_letter=other, max_receive_count=limit, attributes=created)
        await comes_in(person)
        await person.press("p")
        await person.is_asked("Look into n-five?")


async def test_a_higher_limit_leaves_the_agreement_as_it_is(stub: SqsStub, sluice: AtWork) -> None:
    five = stub.queue("n-five", messages=BODIES, dead_letter="n-five-dlq", max_receive_count=9)
    async with sluice(stub.url) as person:
        await until(lambda: person.row("n-five"))
        await peeks(person, 1, stub)
        policy = json.loads(five.attributes["RedrivePolicy"])
        five.attributes["RedrivePolicy"] = json.dumps(policy | {"maxReceiveCount": 20})
        await comes_in(person)
        await person.press("p")
        await person.reads("cost", "3 held for")


async def test_a_queue_that_cannot_be_read_just_before_the_look_is_asked_about(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("n-five", messages=BODIES, dead_letter="n-five-dlq", max_receive_count=9)
    async with sluice(stub.url) as person:
        await until(lambda: person.row("n-five"))
        await peeks(person, 1, stub)
        await comes_in(person)
        stub.on("GetQueueAttributes", denied("sqs:getqueueattributes"))
        await person.press("p")
        await person.is_asked("Look into n-five?")


async def test_where_the_counts_say_nothing_it_is_said_as_a_maybe_and_asked_again_until_they_have_settled(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    five = stub.queue("n-five", messages=BODIES, dead_letter="n-five-dlq", max_receive_count=5)
    dead = stub.queue("n-five-dlq")
    async with sluice(stub.url, clock=clock) as person:
        await until(lambda: person.row("n-five"))
        await peeks(person, 5, stub)
        five.visible, dead.visible = 3, 0  # approximate for about a minute
        await comes_in(person)
        await person.press("p")
        await person.is_asked("Look into n-five?")
        await person.says("y")
        await person.reads("hints", "3 at the limit did not come: moved to n-five-dlq, or held by others")
        await person.press("p")
        assert "3 seen at the limit" in await person.is_asked("Look into n-five?")
        await person.says("n")
        five.visible, dead.visible = None, None
        await person.lets_pass(clock, 100)
        await person.press("p")
        await person.sees("That does not prove the queue empty")


def test_the_command_line_tells_what_the_look_moved(stub: SqsStub) -> None:
    eight = stub.queue("n-five", messages=[f"body {n}" for n in range(8)], dead_letter="n-five-dlq")
    dead = stub.queue("n-five-dlq", messages=["old"])
    for message in eight.messages:
        message.receive_count = 3
    ran = run("get", "messages", "n-five", "--endpoint-url", stub.url)
    assert ran.returncode == 0
    assert "sluice: this look moved about 8 to n-five-dlq" in ran.stderr.splitlines()
    assert len(dead.messages) == 9


def test_the_command_line_claims_nothing_where_nothing_moved(stub: SqsStub) -> None:
    stub.queue("n-five", messages=BODIES, dead_letter="n-five-dlq", max_receive_count=5)
    stub.queue("n-five-dlq", messages=["old"])
    ran = run("get", "messages", "n-five", "--endpoint-url", stub.url)
    assert "moved" not in ran.stderr
