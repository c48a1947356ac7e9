"""Letters that are typed right behind the key that opens a field belong into the field.

A slow line brings what somebody typed in one piece. Textual hands every key to the widget that has the focus at that
moment, and a key that is bound to an action comes into effect only later: of `/pay` the `p` would be a look. What is
typed before there is a screen waits for it.
"""

from textual import events

from tui.presence import AttendedApp

_OPENS_A_FIELD = ("app.command", ".filter", ".search")
"""How the ids of the commands end that open a field to type in."""


class TypingAheadApp(AttendedApp):
    def __init__(self, *, ansi_color: bool | None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._typed_early: list[events.Event] | None = []
        """What was typed while no screen could take it yet; None from the first one on."""

    async def hand_on_what_was_typed(self) -> None:
        """To be called when the first screen stands."""
        typed, self._typed_early = self._typed_early, None
        for event in typed or ():
            await self.on_event(event)

    async def on_event(self, event: events.Event) -> None:
        """A key that opens a field takes effect before the next key is handed to anybody."""
        if self._typed_early is not None and isinstance(event, events.InputEvent | events.Paste):
            self._typed_early.append(event)
            return
        if isinstance(event, events.Key) and not event.is_forwarded:
            active = self.screen.active_bindings.get(event.key)
            if active is not None and active.enabled and (active.binding.id or "").endswith(_OPENS_A_FIELD):
                self.note_key()
                await self.run_action(active.binding.action, active.node)
                return
        await super().on_event(event)
