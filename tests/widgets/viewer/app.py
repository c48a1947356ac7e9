"""An app of one viewer pane, and how to look at its screen."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from widgets.viewer.pane import ViewerPane
from widgets.viewer.view import Viewer

Value = TypeVar("Value")


class ViewerApp(App[None]):
    """A pane that fills the screen, and every search that it told the end of."""

    def __init__(self, text: str = "", *, pretty: bool = True) -> None:
        super().__init__()
        self.pane = ViewerPane(text)
        self.viewer = self.pane.viewer
        self.viewer.pretty = pretty
        self.searches: list[tuple[int, str | None]] = []
        self.escapes = 0

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.viewer.focus()

    def on_viewer_search_done(self, message: Viewer.SearchDone) -> None:
        self.searches.append((message.count, message.error))

    def key_escape(self) -> None:
        self.escapes += 1


def strips(app: ViewerApp) -> list[Strip]:
    """The lines of the screen, from the top."""
    return app.screen._compositor.render_strips()


def screen(app: ViewerApp) -> list[str]:
    """The lines of the screen as text, without the blanks at their ends."""
    return [strip.text.rstrip() for strip in strips(app)]


def rows(app: ViewerApp) -> list[str]:
    """The lines of the viewer, without its scrollbar and the blanks at their ends."""
    width, height = app.viewer.scrollable_size
    return [strip.crop(0, width).text.rstrip() for strip in strips(app)[:height]]


def status(app: ViewerApp) -> str:
    """The last line of the screen."""
    return screen(app)[-1]


def styled(app: ViewerApp, text: str) -> list[str]:
    """How each run in the viewer with exactly this text is styled, from the top."""
    lines = strips(app)[: app.viewer.size.height]
    return [str(segment.style) for strip in lines for segment in strip if segment.text == text]


async def until(pilot: Pilot[None], condition: Callable[[], Value], what: str = "") -> Value:
    """Waits for a condition and for the screen to be painted; what the condition was."""
    deadline = time.monotonic() + 20
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited in vain {what}"
        await asyncio.sleep(0.001)
    await pilot.pause()
    return value


async def ready(pilot: Pilot[None], app: ViewerApp) -> None:
    await until(pilot, lambda: not app.viewer.state.loading, "for the body to be ready")
