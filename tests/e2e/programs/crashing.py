"""`sluice` with a fault of its own: it fails on SIGUSR1, where the first argument says."""

import asyncio
import signal
import sys
from collections.abc import Callable

from tui.app.app import SluiceApp
from tui.app.terminal import TerminalDriver
from tui.cli.main import main


def fail() -> None:
    raise RuntimeError("forced by a test")


def fail_in_the_input_thread(app: SluiceApp) -> None:
    TerminalDriver.process_message = lambda *_: fail()  # type: ignore[method-assign, assignment]


WHERE: dict[str, Callable[[SluiceApp], object]] = {
    "handler": lambda app: app.call_later(fail),
    "input": fail_in_the_input_thread,
}


where = sys.argv.pop(1)
on_ready = SluiceApp.on_ready


def on_ready_with_a_fault(app: SluiceApp) -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, WHERE[where], app)
    on_ready(app)


SluiceApp.on_ready = on_ready_with_a_fault  # type: ignore[method-assign]
main()
