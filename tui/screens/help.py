"""Help: every key of the screen below, as it is bound now."""

from typing import Any

from textual.screen import Screen

from tui.commands import EVERYWHERE, Kind, commands_of, key_label, live_keys
from widgets.dialog import Panel
from widgets.facts import Fact

_CLASSES = {
    Kind.READ: "",
    Kind.LOOK: " (a look: it adds to receive counts)",
    Kind.CHANGE: " (a change: it asks first)",
}


def help_panel(screen: Screen[Any]) -> Panel:
    """Commands of the screen, then those of the focused widget, then those that work everywhere."""
    commands = commands_of(getattr(screen, "SCOPE", ""))
    keys = live_keys(screen)
    own = [command for command in commands if command not in EVERYWHERE]
    facts = [Fact(keys.get(command.id, "–"), command.help + _CLASSES[command.kind]) for command in own]
    known = {command.id for command in commands}
    widget_bindings = {
        active.binding.id: active.binding
        for active in screen.active_bindings.values()
        if active.binding.id and active.binding.id not in known and active.binding.tooltip
    }
    facts += [Fact(key_label(binding.key), binding.tooltip) for binding in widget_bindings.values()]
    facts += [Fact(keys.get(command.id, "–"), command.help) for command in EVERYWHERE]
    return Panel("Help", facts)
