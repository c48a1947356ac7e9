"""Whether somebody is at the keyboard: leases are extended for a person, not for a screen that was left standing."""

import math

from textual import events
from textual.app import App

from connectors.clock import Clock
from tui.screens.host import AWAY_AFTER


class AttendedApp(App[None]):
    clock: Clock

    def __init__(self, *, ansi_color: bool | None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._last_key_at = -math.inf

    @property
    def seconds_without_key(self) -> float:
        return self.clock.monotonic() - self._last_key_at

    @property
    def somebody_is_here(self) -> bool:
        return self.seconds_without_key < AWAY_AFTER

    def note_key(self) -> None:
        self._last_key_at = self.clock.monotonic()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent | events.Paste):
            self.note_key()
        await super().on_event(event)
