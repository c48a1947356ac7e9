"""Help: every key of the screen below, as it is bound now."""

from tui.app.everywhere import EVERYWHERE, commands_of
from tui.app.keymap import Keys
from tui.commands import Kind
from tui.screens.base import SluiceScreen
from widgets.dialog import Panel
from widgets.facts import Fact
from widgets.keys import live_keys

_CLASSES = {
    Kind.READ: "",
    Kind.LOOK: "",
    Kind.CHANGE: " Asks first.",
}


def help_panel(screen: SluiceScreen, bound: Keys) -> Panel:
    """A panel with the commands of `screen`, then of the focused widget, then those that work everywhere. A command
    without a key is listed by its word on the command line."""

    def typed(name: str) -> str:
        return "" if bound.has_key(name) else bound.label(name)

    commands = commands_of(screen.SCOPE)
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
    pressed = {name: " ".join(keys[name]) if name in keys else typed(name) for name, _ in lines}
    return Panel("Help", [Fact(pressed[name], text) for name, text in lines if pressed[name]])
