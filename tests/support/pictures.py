"""What makes a picture of a screen the same each time it is drawn: time that stands still, and a cursor that does."""

import asyncio
from datetime import UTC, datetime

from textual.app import App
from textual.widgets import Input, TextArea

from tests.support.clock import RunningClock


class StandingClock(RunningClock):
    """Time that does not pass for whoever asks for it; sleepers wake as those of a `RunningClock` do."""

    def __init__(self, now: datetime = datetime(2026, 3, 14, 3, 0, tzinfo=UTC)) -> None:
        super().__init__()
        self._now = now

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return 1000.0


async def hold_still(app: App[None]) -> None:
    """Shows the cursor of whatever is typed into, which would blink, and lets the last paint reach the screen."""
    for field in app.screen.query(f"{Input.__name__}, {TextArea.__name__}"):
        assert isinstance(field, Input | TextArea)
        field.cursor_blink = False
        field._cursor_visible = True
    await asyncio.sleep(0)
