"""Letters that are typed right behind the key that opens a field belong into the field.

A slow line brings what somebody typed in one piece. Textual hands every key to the widget that has the focus at that
moment, and a key that is bound to an action comes into effect only later: of `/pay` the `p` would be a look.
"""

from textual import events

from tui.presence import AttendedApp

_OPENS_A_FIELD = ("app.command", ".filter", ".search")
"""How the ids of the commands end that open a field to type in."""


class TypingAheadApp(AttendedApp):
    async def on_event(self, event: events.Event) -> None:
        """A key that opens a field takes effect before the next key is handed to anybody."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            active = self.screen.active_bindings.get(event.key)
            if active is not None and active.enabled and (active.binding.id or "").endswith(_OPENS_A_FIELD):
                self.note_key()
                await self.run_action(active.binding.action, active.node)
                return
        await super().on_event(event)
