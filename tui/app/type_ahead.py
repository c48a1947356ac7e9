"""What is typed right behind a key that opens a field, or behind an Enter, belongs where that key leads.

A slow line brings what somebody typed in one piece. Textual hands every key to the widget that has the focus at that
moment, and a key that is bound to an action comes into effect only later: of `/pay` the `p` would be a look, and a `p`
behind the Enter a letter of the filter. What is typed before there is a screen waits for it.
"""

from collections.abc import Callable
from functools import partial

from textual import events
from textual.message_pump import MessagePump

from tui.app.presence import AttendedApp

_OPENS_A_FIELD = ("app.command", ".filter", ".search")
"""How the ids of the commands end that open a field to type in."""
_LONGEST_WAIT = 1.0
"""Seconds after which the keys behind an Enter of which nothing came are dropped. By then a question may be open and
listen, and none of them was meant for it."""


class TypingAheadApp(AttendedApp):
    def __init__(self, *, ansi_color: bool | None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._typed_ahead: list[events.Event] | None = []
        """What was typed and nobody can take yet: before the first screen stands, and behind an Enter."""

    async def hand_on_what_was_typed(self) -> None:
        """To be called when the first screen stands."""
        typed, self._typed_ahead = self._typed_ahead, None
        for event in typed or ():
            await self.on_event(event)  # an Enter among them has those behind it wait again

    async def on_event(self, event: events.Event) -> None:
        """A key that opens a field takes effect before the next key is handed to anybody, and so does an Enter."""
        if not isinstance(event, events.InputEvent | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._typed_ahead is not None:
            self._typed_ahead.append(event)
        elif not isinstance(event, events.Key):
            await super().on_event(event)
        elif event.key == "enter":
            at = self.focused or self.screen
            await super().on_event(event)
            self._wait_for_enter(at)
        else:
            active = self.screen.active_bindings.get(event.key)
            if active is not None and active.enabled and (active.binding.id or "").endswith(_OPENS_A_FIELD):
                self.note_key()
                await self.run_action(active.binding.action, active.node)
            else:
                await super().on_event(event)

    def _wait_for_enter(self, at: MessagePump) -> None:
        """Enter goes up from `at` to the application, where its action is run; what that posts goes up once more. A
        screen that opens then takes a key when it is composed."""
        waiting: list[events.Event] = []
        self._typed_ahead = waiting

        async def go_on() -> None:
            if self._typed_ahead is waiting:
                at_most.stop()
                await self.hand_on_what_was_typed()

        def when_composed() -> object:
            return _behind_all_from(self.screen, go_on)

        def drop() -> None:
            if self._typed_ahead is waiting:
                self._typed_ahead = None

        at_most = self.set_timer(_LONGEST_WAIT, drop)
        _behind_all_from(at, partial(_behind_all_from, at, when_composed))


def _behind_all_from(node: MessagePump | None, then: Callable[[], object]) -> object:
    """Calls `then` behind everything that is on its way from `node` up to the application. What comes of it is given to
    Textual, which awaits it."""
    if node is None:
        return then()
    go_up = partial(_behind_all_from, node._parent, then)
    return None if node.call_later(go_up) else go_up()
