"""Draws the pictures of the README from the demo's data: `make screenshots`.

Each picture is an SVG of what the screen shows at the size in its name.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from connectors.audit import AuditLog
from connectors.context import ContextRequest
from connectors.emulator.process import Emulator
from tui.app import SluiceApp
from tui.appearance import Appearance
from tui.screens.message import MessageScreen
from tui.screens.queue import QueueScreen
from tui.screens.queues import QueuesScreen
from widgets.dialog import Question

FOLDER = Path(__file__).parent
DEADLINE = 20.0
Act = Callable[[Pilot[None]], Awaitable[None]]


# every `pause` here lets the last paint reach the screen; what is waited for is waited for by `until`
async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE):
        while not condition():
            await pilot.pause(0.05)


async def queues(pilot: Pilot[None]) -> None:
    def all_read() -> bool:
        screen = pilot.app.screen
        watch = screen.watch_queues if isinstance(screen, QueuesScreen) else None
        return watch is not None and watch.complete and all(state.known for state in watch.states.values())

    await until(pilot, all_read)
    await pilot.pause(1.6)


async def peek(pilot: Pilot[None]) -> None:
    await queues(pilot)
    app = pilot.app
    await pilot.press(*":queue:orders-dlq", "enter")
    await until(pilot, lambda: isinstance(app.screen, QueueScreen) and app.screen.attributes is not None)
    await pilot.press("p")
    await until(pilot, lambda: isinstance(app.screen, QueueScreen) and app.screen.table.model.total > 0)
    await pilot.pause(0.3)


async def message(pilot: Pilot[None]) -> None:
    await peek(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, MessageScreen))
    await pilot.pause(0.5)


async def purge(pilot: Pilot[None]) -> None:
    await peek(pilot)
    await pilot.press("P")
    await until(pilot, lambda: isinstance(pilot.app.screen, Question) and pilot.app.screen.armed)


PICTURES: dict[str, tuple[tuple[int, int], Act]] = {
    "queues-80x24": ((80, 24), queues),
    "queues-140x45": ((140, 45), queues),
    "peek-80x24": ((80, 24), peek),
    "message-80x24": ((80, 24), message),
    "message-140x45": ((140, 45), message),
    "purge-80x24": ((80, 24), purge),
}


async def draw(names: list[str]) -> None:
    async with Emulator.launch() as emulator:
        await emulator.wait_seeded()
        request = ContextRequest(demo=True, endpoint_url=emulator.url)
        for name in names or list(PICTURES):
            size, act = PICTURES[name]
            with tempfile.TemporaryDirectory() as folder:
                app = SluiceApp(
                    request,
                    audit=AuditLog(Path(folder) / "audit.jsonl"),
                    appearance=Appearance("textual-dark", low_bandwidth=False),
                )
                async with app.run_test(size=size) as pilot:
                    await act(pilot)
                    (FOLDER / f"{name}.svg").write_text(app.export_screenshot(title="sluice"))
                    if app.leases is not None:
                        await app.leases.give_back()
            print(f"screenshots/{name}.svg")


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"
    asyncio.run(draw(sys.argv[1:]))
