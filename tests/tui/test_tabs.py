"""The rules of tabs, with the tab of queues and a made-up second one."""

import gc
import inspect
import os
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest
from textual.app import ComposeResult
from textual.binding import BindingType

from connectors.open_context import OpenContext
from connectors.service import Service as CalledService
from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.tui.conftest import AtWork
from tests.tui.person import Person
from tui.app.app import SluiceApp
from tui.commands import BACK, Command, Scope
from tui.screens.base import SluiceScreen
from tui.screens.host import Pace
from tui.service import Service, Tab
from tui.services import SERVICES
from widgets.facts import Fact
from widgets.line import Line, Part

NOTES = Scope("notes", (Command("notes.write", "w", "Write", "Write a note.", "write"),))
NOTE = Scope("note", (BACK,))


class NotesScreen(SluiceScreen):
    SCOPE = NOTES
    BINDINGS: ClassVar[list[BindingType]] = NOTES.bindings()

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")

    def on_mount(self) -> None:
        super().on_mount()
        self.context_changed()

    def context_changed(self, *, seeded: bool = False) -> None:
        where = self.context.aws.context.endpoint("sqs") if self.context else "no context"
        self.query_one("#title", Line).show([Part(f"Notes at {where}")])

    def action_write(self) -> None:
        self.app.push_screen(NoteScreen(self.context))


class NoteScreen(SluiceScreen):
    """A draft as long as it is open."""

    SCOPE = NOTE
    BINDINGS: ClassVar[list[BindingType]] = NOTE.bindings()
    draft_for = "a friend"

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#title", Line).show([Part("A note")])


TAB = Tab("notes", "9", "Notes", "Go to the notes.", NotesScreen)


class TwoTabs(SluiceApp):
    CSS_PATH = Path(inspect.getfile(SluiceApp)).with_name(str(SluiceApp.CSS_PATH))
    SERVICES = (
        *SERVICES,
        Service(
            called=CalledService(name="sns"),
            tab=TAB,
            facts_for={"queue": lambda _, arn: [Fact("note", f"never purge {arn.rsplit(':')[-1]}")]},
        ),
    )
    BINDINGS: ClassVar[list[BindingType]] = [TAB.command.binding()]

    def key(self, command: str) -> str:
        return TAB.key if command == TAB.command.id else super().key(command)


Start = Callable[..., AbstractAsyncContextManager[Person]]


@pytest.fixture
def two_tabs(sluice: AtWork) -> Start:
    return partial(sluice, application=TwoTabs)


async def looks(person: Person) -> None:
    await person.reads("cost", "A look (p)")
    await person.press("p")
    await person.reads("cost", "2 held")


async def writes_half_a_message(person: Person) -> None:
    """Leaves the focus on a field in which a digit is no text."""
    await person.reads("cost", "A look (p)")
    await person.press("s")
    await person.sees("Send to orders")
    await person.types("half a thought")
    await person.press("tab", "tab", "tab", "tab", "tab")


async def switches(person: Person, url: str) -> None:
    await person.press("c")
    await person.sees("Contexts")
    await person.press("tab", "tab", "tab", "ctrl+u")
    await person.types(url)
    await person.press("ctrl+s")
    await person.reads("bar", url)


def in_flight(stub: SqsStub) -> int:
    return sum(message.in_flight for message in stub.model.queues["orders"].messages)


def screens_of(context: OpenContext | None) -> list[SluiceScreen]:
    """Every screen made for `context` that still runs, on a stack or not."""
    found: list[Any] = [thing for thing in gc.get_objects() if isinstance(thing, SluiceScreen)]
    return [screen for screen in found if screen.is_running and screen.context is context]


async def test_another_tab_leaves_nothing_and_in_its_own_tab_the_key_leads_to_the_root(
    stub: SqsStub, two_tabs: Start
) -> None:
    stub.queue("orders", messages=["one", "two"])
    stub.queue("payments")
    async with two_tabs(stub.url) as person:
        await person.sees("orders", "payments")
        await person.press("slash", "o", "r", "d", "enter", "enter")
        await looks(person)
        await person.press("j", "9")
        await person.sees(f"Notes at {stub.url}")
        await person.press("1")
        await person.reads("cost", "2 held")
        assert person.under_cursor.message.body == "two"
        assert not stub.sent("ChangeMessageVisibilityBatch")
        await person.press("1")
        await person.reads("title", "Queues")
        await until(lambda: stub.sent("ChangeMessageVisibilityBatch"), what="the leases go back")
        assert "payments" not in person.screen


async def test_out_of_sight_nothing_is_read_and_leases_are_extended(
    stub: SqsStub, two_tabs: Start, clock: ManualClock
) -> None:
    stub.queue("orders", messages=["one", "two"])
    async with two_tabs(stub.url, clock=clock) as person:
        await person.sees("Queues 1", "current")
        await person.press("enter")
        await looks(person)
        await person.press("9")
        await person.sees("Notes at")
        await until(lambda: person.nothing_is_under_way)
        read = len(stub.sent("GetQueueAttributes"))
        clock.jump(20)
        await person.press("x")
        await until(lambda: stub.sent("ChangeMessageVisibilityBatch"), what="the leases are extended")
        await person.press("H")
        await person.reads("hints", "2 messages of 1 queue given back")
        await person.lets_pass(clock, 1)
        assert len(stub.sent("GetQueueAttributes")) == read
        await person.press("1")
        await until(lambda: len(stub.sent("GetQueueAttributes")) > read)
        await person.reads("title", "2 visible")


async def test_a_walk_stops_when_another_tab_comes_and_keeps_what_came(stub: SqsStub, two_tabs: Start) -> None:
    stub.queue("orders", messages=[f"message {number}" for number in range(90)])
    async with two_tabs(stub.url) as person:
        await person.sees("orders")
        person.app.pace = Pace(refresh=3600)
        await person.press("enter")
        await person.reads("cost", "A look (p)")
        receive = stub.hold("ReceiveMessage", when=lambda _: len(stub.sent("ReceiveMessage")) > 2)
        await person.press("colon")
        await person.types("peek 80\r")
        await person.is_asked("Walk through orders?")
        await person.says("y")
        await person.reads("cost", "20 of")
        read = len(stub.sent("GetQueueAttributes"))
        await person.press("9")
        await person.sees("Notes at")
        receive.release()
        await until(lambda: in_flight(stub) == 20, what="what comes late goes back")
        received = len(stub.sent("ReceiveMessage"))
        assert len(stub.sent("GetQueueAttributes")) == read
        await person.press("1")
        await person.reads("cost", "20 held")
        assert person.table.model.total == 20
        assert len(stub.sent("ReceiveMessage")) == received


async def test_quitting_in_one_tab_asks_about_the_draft_in_the_other(stub: SqsStub, two_tabs: Start) -> None:
    stub.queue("orders")
    async with two_tabs(stub.url, view="queue:orders") as person:
        await writes_half_a_message(person)
        await person.press("9")
        await person.sees("Notes at")
        await person.press("w")
        await person.sees("A note")
        await person.press("ctrl+q")
        asked = await person.is_asked("Quit?")
        assert "a message to orders" in asked
        assert "a message to a friend" in asked
        await person.says("n")
        await person.press("1")
        await person.sees("half a thought")
        await person.press("1")
        asked = await person.is_asked("Leave the message unsent?")
        assert "a message to orders" in asked
        assert "a friend" not in asked
        await person.says("y")
        await person.reads("title", "Queues")


async def test_a_form_that_ends_out_of_sight_closes_itself_and_no_other_screen(stub: SqsStub, two_tabs: Start) -> None:
    stub.queue("orders")
    async with two_tabs(stub.url, view="queue:orders") as person:
        await writes_half_a_message(person)
        answer = stub.hold("SendMessage")
        await person.press("ctrl+s")
        await person.is_asked("Send this message?")
        await person.says("y")
        await person.press("9")
        await person.sees("Notes at")
        await person.press("w")
        await person.sees("A note")
        answer.release()
        await person.is_shown("Sent")
        await person.press("escape")
        await person.sees("A note")
        await person.press("1")
        await person.reads("title", "Queue orders")


async def test_a_switch_in_one_tab_leaves_no_screen_of_the_old_context_in_the_other(
    stub: SqsStub, two_tabs: Start
) -> None:
    stub.queue("orders", messages=["one", "two"])
    with SqsStub() as other:
        other.queue("orders", visible=77)
        async with two_tabs(stub.url, view="queue:orders") as person:
            old = person.app.workplace
            await looks(person)
            await person.press("9")
            await person.sees("Notes at")
            await switches(person, other.url)
            await person.sees(f"Notes at {other.url}")
            await until(lambda: not in_flight(stub), what="the leases go back where they were taken")
            await person.types("1/ord\r")
            await person.sees("Queues 1", "77")
            assert person.table.model.filter_expression == "ord"
            await until(lambda: not screens_of(old), what="the end of every screen of the old context")
            assert len(person.app.screen_stack) == 1
            assert not other.sent("ChangeMessageVisibilityBatch")
            await person.press("9")
            await person.sees(f"Notes at {other.url}")


async def test_a_queue_that_the_new_context_lacks_leads_to_the_list(stub: SqsStub, two_tabs: Start) -> None:
    stub.queue("orders", visible=11)
    with SqsStub() as other:
        other.queue("payments", visible=77)
        async with two_tabs(stub.url, view="queue:orders") as person:
            await person.reads("title", "Queue orders  11 visible")
            await switches(person, other.url)
            await person.sees("Queues 1", "payments")
            await person.reads("hints", "this context has no queue orders")


async def test_what_one_service_knows_of_the_resource_of_another_stands_among_its_facts(
    stub: SqsStub, two_tabs: Start
) -> None:
    stub.queue("orders")
    async with two_tabs(stub.url, view="queue:orders") as person:
        await until(lambda: "note: never purge orders" in person.facts)


async def test_the_filter_and_the_order_of_the_list_outlive_a_switch(stub: SqsStub, two_tabs: Start) -> None:
    stub.queue("orders", visible=11)
    with SqsStub() as other:
        for name, visible in (("orders", 1), ("orders-eu", 5), ("payments", 77)):
            other.queue(name, visible=visible)
        async with two_tabs(stub.url) as person:
            await person.sees("Queues 1")
            await person.press("o", "O")
            await person.types("/ord\r")
            before = person.table.model.sort_column, person.table.model.sort_reverse
            assert before != ("name", False)
            await switches(person, other.url)
            await person.sees("Queues 3  2 shown", "orders-eu", "ord")
            assert (person.table.model.sort_column, person.table.model.sort_reverse) == before


async def test_sigterm_in_one_tab_gives_back_what_the_other_holds(stub: SqsStub, two_tabs: Start) -> None:
    stub.queue("orders", messages=["one", "two"])
    async with two_tabs(stub.url, view="queue:orders") as person:
        await looks(person)
        await person.press("9")
        await person.sees("Notes at")
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        os.kill(os.getpid(), signal.SIGTERM)
        await until(lambda: person.has_left)
        assert in_flight(stub) == 0
        assert person.app.left_undone == []
