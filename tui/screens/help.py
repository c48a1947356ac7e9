"""Help: every key of the screen below, as it is bound now."""

from typing import Any

from textual.screen import Screen

from tui.commands import EVERYWHERE, Kind, commands_of, live_keys
from widgets.dialog import Panel
from widgets.facts import Fact

_CLASSES = {
    Kind.READ: "",
    Kind.LOOK: "",
    Kind.CHANGE: " Asks first.",
}


def help_panel(screen: Screen[Any]) -> Panel:
    """Commands of the screen, then those of the focused widget, then those that work everywhere."""
    commands = commands_of(getattr(screen, "SCOPE", ""))
    keys = live_keys(screen)
    own = [command for command in commands if command not in EVERYWHERE]
    widget_help = {
        active.binding.id: active.binding.tooltip
        for active in screen.active_bindings.values()
        if active.binding.id and active.binding.tooltip and active.binding.id not in {c.id for c in commands}
    }
    lines = [(command.id, command.help + _CLASSES[command.kind]) for command in own]
    lines += widget_help.items()
    lines += [(command.id, command.help) for command in EVERYWHERE]
    return Panel("Help", [Fact(" ".join(keys[name]), text) for name, text in lines if name in keys])
