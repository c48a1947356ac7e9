"""Draws the pictures: opens sluice on the demo's emulator, does what a person would, and keeps what the screen shows.

They are drawn in one order on one emulator, for a look leaves its mark: the receive counts go up with each.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.emulator.process import Emulator, child_environment
from connectors.sqs.connector import SqsConnector
from tests.support.pictures import StandingClock, hold_still
from tests.support.waiting import until
from tests.tui.person import TRUECOLOR, Person
from tui.app.app import SluiceApp
from tui.app.appearance import Appearance, Pace
from tui.format.steady_figure import Steady
from tui.services import SEEDS
from tui.sqs.queues import QueuesScreen

HOUSE = Path(__file__).parent.parent
PORT = 45660
URL = f"http://127.0.0.1:{PORT}"
"""Where the emulator is, as the pictures tell it; it listens on whatever port is free."""
DRAWN_AT = datetime(2026, 3, 11, 7, 5, 30, tzinfo=UTC)
DEMO = ContextRequest(demo=True, endpoint_url=URL)
SIXTEEN_COLOURS = {"TERM": "screen"}
SECONDS = 20.0
ONCE = Pace(refresh=3600.0)
"""What is on screen is read when a key asks for it, and not again while a slow machine draws."""
SMALL, LARGE = (80, 24), (140, 45)


class NamedPortLoop(asyncio.SelectorEventLoop):
    """Takes what goes to the port of the pictures to the one that the emulator got."""

    real_port = PORT

    async def sock_connect(self, sock: Any, address: Any) -> None:
        await super().sock_connect(sock, (address[0], self.real_port) if address[1] == PORT else address)


class Drawing:
    """sluice on the demo, and somebody at its keyboard. `shoot` keeps what the screen shows now."""

    def __init__(self, person: Person, folder: Path, size: tuple[int, int]) -> None:
        self.person = person
        self._folder = folder
        self._size = "{}x{}".format(*size)

    async def shoot(self, name: str) -> None:
        await hold_still(self.person.app)
        await self.person.pilot.pause()
        file = self._folder / f"{name}-{self._size}.svg"
        file.write_text(self.person.app.export_screenshot(title="sluice"), encoding="utf-8")
        print(file)

    async def sees_the_queues(self) -> None:
        person = self.person
        screen = person.app.screen

        def is_read() -> bool:
            watch = screen.rows.watch if isinstance(screen, QueuesScreen) and screen.rows else None
            return watch is not None and watch.complete and all(state.known for state in watch.states.values())

        await until(is_read, SECONDS, what="all counts")
        await person.reads("bar", "123456789012")
        # help and back: the calls per minute are shown every few seconds, and at once when the list is in front again;
        # a figure that was shown before all counts were there would stay, where it is about right
        if isinstance(screen, QueuesScreen):
            screen._calls = Steady()
        await person.press("question_mark", "escape")
        await person.reads("title", "trouble first")
        await person.sees("▲ 40")

    async def opens(self, queue: str) -> None:
        await self.person.press("colon")
        await self.person.types(f"queue:{queue}")
        await self.person.press("enter")
        await self.sees_the_queue()

    async def sees_the_queue(self) -> None:
        await self.person.reads("bar", "123456789012")
        await self.person.reads("cost", "A look")
        await until(lambda: "env=demo" in self.person.facts, SECONDS, what="the tags")

    async def looks(self) -> None:
        await self.person.press("p")
        await self.person.reads("cost", "10 held")
        await self.person.press("r")
        await self.person.reads("title", "30 visible  10 in flight")

    async def opens_the_first_message(self) -> None:
        await self.person.press("enter")
        await self.person.sees("lease 30 s", "ORD-")


@asynccontextmanager
async def drawing(
    folder: Path,
    size: tuple[int, int],
    environ: dict[str, str] = TRUECOLOR,
    *,
    request: ContextRequest = DEMO,
    view: str = "queues",
) -> AsyncIterator[Drawing]:
    with tempfile.TemporaryDirectory() as state:
        audit = AuditLog(Path(state) / "audit.jsonl")
        app = SluiceApp(
            request,
            audit=audit,
            view=view,
            clock=StandingClock(DRAWN_AT),
            appearance=Appearance(low_bandwidth=False, environ=environ),
        )
        app.pace = ONCE
        async with app.run_test(size=size, notifications=True) as pilot:
            yield Drawing(Person(app, pilot), folder, size)
            if app.workplace is not None:
                await app.workplace.connector(SqsConnector).leases.give_back_everything(SECONDS)


def launch_emulator() -> Emulator:
    return Emulator(
        "moto",
        subprocess.Popen(  # noqa: S603 (our own module)
            [sys.executable, "-P", "-m", "screenshots.standing_emulator", "--kind", "moto", "--seeds", *SEEDS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            env=child_environment(os.environ) | {"PYTHONPATH": str(HOUSE)},
        ),
    )


async def draw_demo(folder: Path, size: tuple[int, int]) -> None:
    async with drawing(folder, size) as it:
        person = it.person
        await it.sees_the_queues()
        await it.shoot("queues")
        await it.opens("thumbnails")
        await person.press("p")
        await person.is_asked("Look into thumbnails?")
        await it.shoot("question")
        await person.says("escape")
        await it.opens("orders-dlq")
        await it.looks()
        await it.shoot("queue")
        await it.opens_the_first_message()
        await it.shoot("message")
        await person.press("escape", "P")
        await person.is_asked("Purge this queue?")
        await it.shoot("purge")
        await person.says("escape")


async def draw_topics(folder: Path, size: tuple[int, int]) -> None:
    async with drawing(folder, size, view="topics") as it:
        person = it.person
        await person.reads("bar", "123456789012")
        await person.reads("title", "Topics 14  trouble first")
        await it.shoot("topics")
        await person.types("/order-ev\r")
        await person.press("enter")
        await person.sees("▲ refused", "▲ pending", "team=checkout")
        rows = ("fulfilment-returns", "analytics-events", "billing-invoice", "shipping")
        await until(lambda: all("…" not in person.row(row) for row in rows), SECONDS, what="the subscriptions")
        await it.shoot("topic")
        await person.press("p")
        await person.types('{"order_id": "ORD-104400"}')
        await person.press("tab")
        await person.types("type")
        await person.press("tab", "tab")
        await person.types("order_returned")
        await person.sees('"order_returned" is not "order_completed"', "order-events-v1", "yes  shipping")
        await it.shoot("publish")


async def draw_in_16_colours(folder: Path) -> None:
    async with drawing(folder, SMALL, SIXTEEN_COLOURS) as it:
        await it.sees_the_queues()
        await it.shoot("queues-16-colours")


async def draw_contexts(folder: Path, size: tuple[int, int]) -> None:
    async with drawing(folder, size, request=ContextRequest(profile="local")) as it:
        await it.person.reads("bar", "123456789012")
        await it.person.reads("bar", "▲9")
        await it.person.press("c")
        await it.person.sees("prod-us", "now  local")
        await it.shoot("contexts")


async def draw_error(folder: Path, size: tuple[int, int], emulator: Emulator, queue: str) -> None:
    """Somebody deletes the queue that one looks at."""
    async with drawing(folder, size, view=f"queue:{queue}") as it:
        await it.sees_the_queue()
        await asyncio.to_thread(delete_queue, emulator.url, queue)
        await it.person.press("p")
        await it.person.is_shown("It did not work")
        await it.shoot("error")


def delete_queue(url: str, name: str) -> None:
    from connectors.emulator.wire import client

    client("sqs", url).delete_queue(QueueUrl=f"{url}/123456789012/{name}")


async def draw_all(folder: Path) -> None:
    async with launch_emulator() as emulator:
        NamedPortLoop.real_port = urlsplit(await emulator.ready()).port or PORT
        await emulator.wait_seeded()
        for size in (SMALL, LARGE):
            await draw_demo(folder, size)
            await draw_contexts(folder, size)
            await draw_topics(folder, size)
        await draw_in_16_colours(folder)
        await draw_error(folder, SMALL, emulator, "orders-dlq")
        await draw_error(folder, LARGE, emulator, "legacy-import")
