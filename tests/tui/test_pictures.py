"""A few screens as pictures. `pytest tests/tui/test_pictures.py --snapshot-update` draws them anew when they change.

They are the same wherever they are drawn: the time stands still, and what differs from run to run (the stub's port,
numbers of requests) is replaced before the comparison.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

import tui
from connectors.audit import AuditLog
from connectors.context import ContextRequest
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import denied
from tests.tui.person import TRUECOLOR, Person
from tui.app import SluiceApp
from tui.appearance import Appearance
from tui.screens.queues import QueuesScreen

SNAPSHOT = Callable[..., bool]
Act = Callable[[Person], Awaitable[None]]
BODY = '{"order_id":"ORD-104400","tenant":"nordlicht","total":2490,"customer":{"name":"見本 花子"},"gift":false}'


class StandingClock:
    """Time that does not pass; only sleeping takes as long as it takes."""

    def now(self) -> datetime:
        return datetime(2026, 3, 14, 3, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        return 1000.0

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Pictured(SluiceApp):
    CSS_PATH = str(Path(tui.__file__).with_name("sluice.tcss"))

    def export_screenshot(self, **options: Any) -> str:
        svg = super().export_screenshot(**options)
        return re.sub(r"req-\d{6}", "req-000000", re.sub(r"127\.0\.0\.1:\d{5}", "127.0.0.1:00000", svg))


@pytest.fixture
def shop(stub: SqsStub) -> SqsStub:
    """A few queues of every kind, one of which may not be read."""
    stub.queue("emails", visible=12, delayed=4)
    stub.queue("orders", visible=1234, in_flight=5, dead_letter="orders-dlq", max_receive_count=5)
    dead = stub.queue("orders-dlq", dead_letter="orders-graveyard", max_receive_count=5, tags={"team": "checkout"})
    for number in range(3):
        message = stub.model.put(dead, BODY.replace("104400", f"{104400 + number}"), MessageGroupId="nordlicht")
        message.receive_count = 2 + number
        message.attributes = {"error": {"DataType": "String", "StringValue": "PaymentTimeout"}}
    stub.queue("orders-graveyard", visible=0)
    stub.queue("payments.fifo", visible=18, dead_letter="payments-dlq.fifo")
    stub.queue("payments-dlq.fifo", visible=9)
    stub.queue("salaries", visible=3)
    stub.on("GetQueueAttributes", denied("sqs:getqueueattributes"), queue="salaries")
    return stub


@pytest.fixture
def looks_as_before(shop: SqsStub, snap_compare: SNAPSHOT, tmp_path: Path) -> Callable[..., bool]:
    def compare(act: Act, *, size: tuple[int, int] = (80, 24), view: str = "queues") -> bool:
        app = Pictured(
            ContextRequest(endpoint_url=shop.url),
            audit=AuditLog(tmp_path / "audit.jsonl"),
            view=view,
            clock=StandingClock(),
            appearance=Appearance(environ=TRUECOLOR),
        )

        async def before(pilot: Pilot[None]) -> None:
            person = Person(app, pilot)
            await person.reads("bar", "123456789012")
            await act(person)

        return snap_compare(app, terminal_size=size, run_before=before)

    return compare


async def sees_all_queues(person: Person) -> None:
    screen = person.app.screen
    assert isinstance(screen, QueuesScreen)
    watch = await until(lambda: screen.watch_queues)
    await until(lambda: watch.complete and all(state.known or state.error for state in watch.states.values()))
    await person.sees("salaries  (permission)", "! 9")
    # the calls per minute are shown every few seconds, and at once when the list comes back to the front
    await person.press("question_mark", "escape", "j")
    await person.reads("hints", "9 calls/min")


async def looks_into_the_dlq(person: Person) -> None:
    await person.reads("cost", "A look (p)")
    await until(lambda: "team=checkout" in person.facts)
    await person.press("p")
    await person.is_asked("Look into orders-dlq?")
    await person.says("y")
    await person.sees("5 of 5 LAST", "3 held for 30 s")
    await person.press("r")
    await person.reads("title", "0 visible  3 in flight")


async def opens_a_message(person: Person) -> None:
    await looks_into_the_dlq(person)
    await person.press("enter")
    await person.sees("ORD-104400", "pretty")


async def is_asked_for_a_name(person: Person) -> None:
    await person.reads("title", "3 visible")
    await until(lambda: "team=checkout" in person.facts)
    await person.press("P")
    await person.is_asked("Purge this queue?")
    person.app.screen.query_one(Input).cursor_blink = False


async def is_told_of_a_failure(person: Person) -> None:
    await person.reads("cost", "A look (p)")
    await until(lambda: "team=checkout" in person.facts)
    await person.press("p")
    await person.is_asked("Look into orders-dlq?")
    await person.says("y")
    await person.is_shown("It did not work")


@pytest.mark.parametrize("size", [(80, 24), (140, 45)], ids=["80x24", "140x45"])
def test_queues(looks_as_before: Callable[..., bool], size: tuple[int, int]) -> None:
    assert looks_as_before(sees_all_queues, size=size)


def test_queue_with_messages(looks_as_before: Callable[..., bool]) -> None:
    assert looks_as_before(looks_into_the_dlq, view="queue:orders-dlq")


def test_message(looks_as_before: Callable[..., bool]) -> None:
    assert looks_as_before(opens_a_message, view="queue:orders-dlq")


def test_purge_dialog(looks_as_before: Callable[..., bool]) -> None:
    assert looks_as_before(is_asked_for_a_name, view="queue:orders-dlq")


def test_error_panel(looks_as_before: Callable[..., bool], shop: SqsStub) -> None:
    shop.on("ReceiveMessage", denied("sqs:receivemessage"))
    assert looks_as_before(is_told_of_a_failure, view="queue:orders-dlq")
