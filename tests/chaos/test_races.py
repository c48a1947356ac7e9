"""Things that happen at the same time: what is on the screen, what is asked and what is done stay one."""

import asyncio
import os
from pathlib import Path

import pytest
from textual.widgets import Input

from connectors.aws.context import ContextRequest
from tests.chaos.leftovers import FEW, holdings, nothing_is_read, tasks
from tests.support.model import StubQueue
from tests.support.settling import settle
from tests.support.stub import Hold, SqsStub
from tests.support.waiting import until
from tests.tui.conftest import AtWork
from tests.tui.person import Person
from widgets.dialog import ARMED_AFTER, MOMENT, Question


async def looks(person: Person) -> None:
    await person.reads("cost", "A look (p)")
    await person.press("p")
    await person.reads("cost", "held for")


async def switches(person: Person, stub: SqsStub, *, under_way: Hold | None = None) -> None:
    """`under_way` is an answer that comes while the old context is being closed: that has a second for it, in which a
    busy machine may not have painted the new one."""
    person.app.open_context(ContextRequest(endpoint_url=stub.url))
    if under_way is not None:
        under_way.release()
    await person.reads("bar", stub.url)


# -- a refresh and a dialog -----------------------------------------------------------------------------------------


async def test_a_refresh_that_ends_while_a_dialog_is_open_changes_neither_dialog_nor_target(
    stub: SqsStub, sluice: AtWork
) -> None:
    orders = stub.queue("orders", messages=["one", "two", "three"])
    async with sluice(stub.url, view="queue:orders") as person:
        await looks(person)
        await person.press("j")
        chosen = person.under_cursor.message
        orders.visible = 777
        answers = stub.hold("GetQueueAttributes")
        await person.press("r")
        await until(lambda: stub.in_flight)
        await person.press("d")
        asked = await person.is_asked("Delete messages?")
        answers.release()
        await person.reads("title", "777 visible")
        assert person.facts == asked
        await person.says("y")
        await person.reads("hints", "1 of 1 deletes confirmed")
        [request] = stub.sent("DeleteMessageBatch")
        assert [entry["ReceiptHandle"] for entry in request.params["Entries"]] == [chosen.receipt_handle]


async def test_a_queue_that_is_gone_when_the_dialog_is_answered_is_still_the_target(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders", visible=9)
    stub.queue("payments", visible=8)
    async with sluice(stub.url) as person:
        await person.sees("orders", "payments")
        await person.press("P")
        await person.is_asked("Purge this queue?")
        del stub.model.queues["orders"]
        person.app.screen_stack[0].action_refresh_now()  # type: ignore[attr-defined]
        await until(lambda: len(stub.sent("ListQueues")) > 1)
        assert "queue: orders" in person.facts
        await person.types("orders")
        await person.says("enter")
        await person.is_shown("It did not work")
        assert "does not exist" in person.facts
        assert [request.queue for request in stub.sent("PurgeQueue")] == ["orders"]


# -- a switch and answers under way ---------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["ListQueues", "GetQueueAttributes", "GetCallerIdentity"])
async def test_no_answer_of_an_old_context_lands_in_the_new_one(operation: str, stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("only-in-the-old-one", visible=11)
    stub.model.account = "111111111111"
    late = stub.hold(operation)
    with SqsStub() as other:
        other.queue("orders", visible=77)
        async with sluice(stub.url) as person:
            await until(lambda: stub.sent(operation))
            await switches(person, other)
            await person.sees("Queues 1", "123456789012")
            await until(lambda: person.row("orders").startswith("orders 77"))
            late.release()
            await until(lambda: stub.in_flight == 0)
            await person.press("r")
            await until(lambda: person.nothing_is_under_way)
            assert "only-in-the-old-one" not in person.screen
            assert "111111111111" not in person.screen
            await until(lambda: person.row("orders").startswith("orders 77"))


async def test_a_look_under_way_at_a_switch_goes_back_to_its_own_queue(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders", messages=["one", "two"])
    with SqsStub() as other:
        other.queue("orders", messages=["three"])
        answers = stub.hold("ReceiveMessage")
        async with sluice(stub.url, view="queue:orders") as person:
            await person.reads("cost", "A look (p)")
            await person.press("p")
            await until(lambda: stub.sent("ReceiveMessage"))
            await switches(person, other, under_way=answers)
            await person.reads("cost", "A look (p)")
            await until(lambda: stub.sent("ChangeMessageVisibilityBatch"))
            await until(lambda: not any(message.in_flight for message in orders.messages))
            assert "No message looked at yet" in person.screen
            assert other.sent("ReceiveMessage") == other.sent("ChangeMessageVisibilityBatch") == []


async def test_a_change_under_way_at_a_switch_is_done_once_and_told(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one", "two"])
    with SqsStub() as other:
        other.queue("orders", messages=["three"])
        answers = stub.hold("DeleteMessageBatch")
        async with sluice(stub.url, view="queue:orders") as person:
            await looks(person)
            await person.press("d")
            await person.is_asked("Delete messages?")
            await person.says("y")
            await until(lambda: stub.sent("DeleteMessageBatch"))
            await switches(person, other, under_way=answers)
            await until(lambda: "1 of 1 deletes confirmed" in [notice.text[:24] for notice in person.app.notices])
            assert len(stub.sent("DeleteMessageBatch")) == 1
            assert other.sent("DeleteMessageBatch") == []
            assert [entry["result"] for entry in person.app.audit.tail() if entry["entry"] == "outcome"] == ["done"]


async def test_of_many_switches_at_once_the_last_one_holds(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("only-in-the-old-one")
    with SqsStub() as other:
        other.queue("orders", visible=77)
        async with sluice(stub.url) as person:
            await person.sees("only-in-the-old-one")
            for number in range(10):
                person.app.open_context(ContextRequest(endpoint_url=(stub, other)[number % 2].url))
            await person.sees("Queues 1", "77")
            assert other.url in person.line("bar")
            assert "only-in-the-old-one" not in person.screen


@pytest.mark.parametrize("opens", ["go('queue:orders')", "contexts", "log_screen", "identity"])
async def test_a_screen_that_is_left_while_it_is_being_made_takes_nothing_with_it(
    opens: str, stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders")
    async with sluice(stub.url) as person:
        await person.sees("orders")
        for turns in range(40):
            await person.app.run_action(f"app.{opens}")
            for _ in range(turns):  # so far the event loop comes with it
                await asyncio.sleep(0)
            person.app.go("queues")  # as `1` does
            await person.pilot.pause()
            assert person.app._exception is None
        await person.sees("Queues 1")


# -- keys that are held down ----------------------------------------------------------------------------------------


QUESTIONS = {
    "d": "Delete messages?",
    "P": "Purge this queue?",
    "h": "Hide for a time?",
    "p": "Walk through y?",
    "escape": "Leave the message unsent?",
    "ctrl+q": "Quit?",
}


@pytest.mark.parametrize("opens", QUESTIONS)
@pytest.mark.parametrize("held", ["y", "enter", *(pytest.param(key, marks=pytest.mark.thorough) for key in "nd1")])
async def test_a_key_that_is_held_down_while_a_dialog_opens_does_not_answer_it(
    opens: str, held: str, stub: SqsStub, sluice: AtWork
) -> None:
    queue = stub.queue("y", messages=["one", "two"])
    async with sluice(stub.url, view="queue:y") as person:
        await looks(person)
        if opens == "escape":
            await person.press("s")
            await person.sees("Send to y")
            await person.press("a")
        person.sends_key(opens)
        question = await until(lambda: isinstance(person.app.screen, Question) and person.app.screen)
        await until(lambda: question.is_mounted)
        fields = [field.value for field in question.query(Input)]
        await holds_down(person, held)
        assert person.app.screen is question
        assert not question.armed
        assert [field.value for field in question.query(Input)] == fields
        assert stub.sent("DeleteMessageBatch") == stub.sent("PurgeQueue") == []
        assert len(stub.sent("ReceiveMessage")) == 1
        assert all(message.in_flight for message in queue.messages)
        await person.is_asked(QUESTIONS[opens])  # now that it was let go
        await person.says("escape")


async def holds_down(person: Person, key: str) -> None:
    """Repeats a key as the keyboard does, twice as long as a question waits before it listens."""
    for _ in range(2 * ARMED_AFTER):
        for _ in range(3):
            person.sends_key(key)
        await settle(person.app)
        await person.clock.advance(MOMENT)


# -- impatience -----------------------------------------------------------------------------------------------------


async def test_r_pressed_fifty_times_in_the_list_does_not_pile_up_calls(stub: SqsStub, sluice: AtWork) -> None:
    stub.many(8)
    async with sluice(stub.url) as person:
        await person.sees("Queues 8")
        await until(lambda: person.nothing_is_under_way)
        stub.requests.clear()
        answers = [stub.hold("GetQueueAttributes"), stub.hold("ListQueues")]
        await person.press(*["r"] * 50)
        await until(lambda: stub.in_flight)
        assert stub.in_flight <= 8 + 1
        for answer in answers:
            answer.release()
        await until(lambda: person.nothing_is_under_way)
        assert len(stub.sent("ListQueues")) <= 3
        assert len(stub.sent("GetQueueAttributes")) <= 3 * 8
        assert stub.most_in_flight <= 20


async def test_r_pressed_fifty_times_on_a_queue_reads_it_once_more(stub: SqsStub, sluice: AtWork) -> None:
    orders = stub.queue("orders")
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await until(lambda: person.nothing_is_under_way)
        stub.requests.clear()
        answers = stub.hold("GetQueueAttributes")
        await person.press(*["r"] * 50)
        await until(lambda: stub.in_flight)
        orders.visible = 7
        answers.release()
        await person.reads("title", "7 visible")
        assert len(stub.sent("GetQueueAttributes", "orders")) == 2


async def test_p_and_d_pressed_fifty_times_are_one_look_and_one_question(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one", "two", "three"])
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        answers = stub.hold("ReceiveMessage")
        await person.press(*["p"] * 50)
        await until(lambda: stub.in_flight)
        answers.release()
        await person.reads("cost", "held for")
        assert len(stub.sent("ReceiveMessage")) == 1
        await person.types("d" * 50)
        await person.is_asked("Delete messages?")
        assert sum(isinstance(screen, Question) for screen in person.app.screen_stack) == 1
        await person.says("n")
        assert stub.sent("DeleteMessageBatch") == []


# -- a hundred switches ---------------------------------------------------------------------------------------------

LEASE_EACH = 9
"""Each so many switches a lease is held: an odd number, so that it is now of the one profile and now of the other."""
MORE_MEMORY = 10_000_000


def key_of(profile: str) -> str:
    return f"AKIA{profile.upper():0>16}"


def write_profiles(**endpoints: str) -> None:
    """Profiles with keys of their own, each with the endpoint given."""
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(
        "".join(
            f"[profile {name}]\nregion = eu-west-1\nendpoint_url = {url}\n"
            f"aws_access_key_id = {key_of(name)}\naws_secret_access_key = of-{name}\n\n"
            for name, url in endpoints.items()
        )
    )


async def holds_a_lease(person: Person, place: SqsStub, name: str) -> StubQueue:
    """Looks into a queue of `place` that holds a message, and leaves the lease open."""
    queue = place.model.queues[f"{name}00000"]
    person.app.go(f"queue:{queue.name}")
    await looks(person)
    assert queue.messages[0].in_flight
    return queue


@pytest.mark.parametrize(
    ("warm_up", "switches"), [(6, 12), pytest.param(20, 100, marks=[pytest.mark.thorough, pytest.mark.timeout(600)])]
)
async def test_many_switches_of_the_profile_leave_no_task_no_connection_no_lease_and_no_memory_behind(
    stub: SqsStub, sluice: AtWork, warm_up: int, switches: int
) -> None:
    with SqsStub() as other:
        places = {"here": (stub, "queue-"), "there": (other, "other-")}
        for place, prefix in places.values():
            place.many(30, prefix)
            place.queue(f"{prefix}00000", messages=["one"])
        write_profiles(here=stub.url, there=other.url)
        async with sluice(profile="here") as person:
            await person.reads("title", "Queues 30")

            async def switch(number: int) -> None:
                left, profile = (("here", "there"), ("there", "here"))[number % 2]
                held = await holds_a_lease(person, *places[left]) if number % LEASE_EACH == 0 else None
                person.app.open_context(ContextRequest(profile=profile))
                place, prefix = places[profile]
                await person.reads("bar", place.url)
                assert f" {profile} " in person.line("bar")
                if held is not None:
                    await until(lambda: not held.messages[0].in_flight, what=f"the lease of {held.name} to go back")
                    person.app.go("queues")  # a switch keeps the view, and here it is a queue of the other profile
                await person.sees(f"{prefix}000")

            async def quiet() -> None:
                await until(lambda: person.nothing_is_under_way and not person.app.contexts.retired)
                await until(lambda: not other._open, what="the end of every connection to the endpoint that was left")
                await until(nothing_is_read, what="the end of what is being read")

            for number in range(warm_up):
                await switch(number)
            await quiet()
            before = holdings()
            for number in range(warm_up, warm_up + switches):
                await switch(number)
            await quiet()
            after = holdings()
            await until(lambda: not tasks() - before.tasks, what="the end of what is new among the tasks")
            assert after.files == before.files
            assert after.sockets <= before.sockets + FEW
            assert after.resident - before.resident < MORE_MEMORY
        for name, (place, _) in places.items():
            changed = place.sent("ChangeMessageVisibilityBatch")
            back = [entry["VisibilityTimeout"] for request in changed for entry in request.params["Entries"]]
            assert (
                back
                == [0] * len(place.sent("ReceiveMessage"))
                == [0] * (len(range(0, warm_up + switches, LEASE_EACH)) // 2)
            )
            assert all(f"Credential={key_of(name)}/" in request.headers["authorization"] for request in place.requests)
