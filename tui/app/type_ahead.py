"""Keys that arrive before the screen they are meant for.

A slow line brings several keys in one piece. Textual hands each to the widget that has the focus at that moment, and
the action of a key comes into effect only later: of `/pay` the `p` would be a receive, and a `p` behind an Enter a
letter of the filter. So keys behind one that opens a field or a form, goes to the next field, leads to a tab, or behind
an Enter, wait until its action has come into effect, and keys that come before the first screen wait for that screen.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from textual import events
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode

_OPENS_A_FIELD = ("app.command", ".filter", ".search", "screen.next", "screen.previous", "send.add")
"""How the ids of the commands end that open a field to type in, or go to another one."""
_OPENS_A_FORM = (".send", ".publish", ".explain")
"""How the ids of the commands end that open a screen on which one types at once."""
_GOES_TO_A_TAB = "app.go("
"""How the actions of the commands begin that lead to a tab, whose root may have to be made."""
_LONGEST_WAIT = 2.0
"""Seconds after which keys behind one that led nowhere are dropped. By then a question may be open, and the keys
were not meant for it. A screen that is still being made takes longer only on a busy machine, and is waited for."""


class TypeAhead:
    """Holds keys back until they can be handled. `handle` does with an event what the application does by itself;
    `note_key` is called for a key whose action is run here."""

    def __init__(
        self, app: App[Any], handle: Callable[[events.Event], Awaitable[None]], note_key: Callable[[], None]
    ) -> None:
        self._app = app
        self._handle = handle
        self._note_key = note_key
        self._waiting: list[events.Event] | None = []
        """Keys held back, in the order typed; None while keys are handled at once."""

    async def hand_on(self) -> None:
        """Handles the keys that were held back. To be called when the first screen is painted."""
        waiting, self._waiting = self._waiting, None
        for event in waiting or ():
            await self.on_event(event)  # an Enter among them holds those behind it back again

    async def on_event(self, event: events.Event) -> None:
        """Handles `event`, or holds it back. The action of a key that opens a field is done when this returns."""
        if not isinstance(event, events.InputEvent | events.Paste) or event.is_forwarded:
            await self._handle(event)
        elif self._waiting is not None:
            self._waiting.append(event)
        elif not isinstance(event, events.Key):
            await self._handle(event)
        elif event.key == "enter":
            at = self._app.focused or self._app.screen
            await self._handle(event)
            self._wait_for_effect(at)
        else:
            active = self._app.screen.active_bindings.get(event.key)
            if active is not None and active.enabled and (active.binding.id or "").endswith(_OPENS_A_FIELD):
                self._note_key()
                await self._app.run_action(active.binding.action, active.node)
            elif active is not None and _leads_to_a_screen(active.binding):
                at = self._app.focused or self._app.screen
                await self._handle(event)
                self._wait_for_effect(at)
            else:
                await self._handle(event)

    def _wait_for_effect(self, at: DOMNode) -> None:
        """Holds keys back until the key handled by `at` has come into effect.

        The key bubbles from `at` to the application, which runs its action; the message that the action posts bubbles a
        second time. A screen that opens then takes keys once it is composed.
        """
        waiting: list[events.Event] = []
        self._waiting = waiting

        async def go_on() -> None:
            if self._waiting is waiting:
                at_most.stop()
                await self.hand_on()

        def when_composed() -> object:
            return _behind_all_from(self._app.screen, go_on)

        def drop() -> None:
            if self._waiting is waiting and not self._app.screen.is_mounted:
                return  # until it is made
            at_most.stop()
            if self._waiting is waiting:
                self._waiting = None

        at_most = self._app.set_interval(_LONGEST_WAIT, drop)
        _behind_all_from(at, partial(_behind_all_from, at, when_composed))


def _leads_to_a_screen(binding: Binding) -> bool:
    """Whether the keys behind are meant for the screen that its action opens."""
    return binding.action.startswith(_GOES_TO_A_TAB) or (binding.id or "").endswith(_OPENS_A_FORM)


def _behind_all_from(node: DOMNode | None, then: Callable[[], object]) -> object:
    """Calls `then` behind all messages that are on their way from `node` up to the application. Its result is returned
    to Textual, which awaits it."""
    if node is None:
        return then()
    go_up = partial(_behind_all_from, node.parent, then)
    return None if node.call_later(go_up) else go_up()
