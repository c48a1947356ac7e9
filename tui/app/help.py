"""Help: every key of the screen below, as it is bound now, in groups."""

from collections.abc import Iterator

from tui.app.everywhere import EVERYWHERE, commands_of
from tui.app.keymap import Keys
from tui.commands import Group, Kind
from tui.screens.base import SluiceScreen
from widgets.dialog import Panel
from widgets.facts import Fact
from widgets.keys import live_keys

_CLASSES = {
    Kind.READ: "",
    Kind.LOOK: "",
    Kind.CHANGE: " Asks first.",
}
_OF_WIDGETS = {"table": Group.LIST, "viewer": Group.TEXT, "facts": Group.LIST}
"""The group of a widget's keys, by the first part of their ids."""


def _lines(screen: SluiceScreen) -> Iterator[tuple[Group, str, str]]:
    """The group, the id and the words of each command and each key of the widget that has the focus."""
    commands = commands_of(screen.SCOPE)
    for command in commands:
        reason = command.why_not(screen)
        group = Group.EVERYWHERE if command in EVERYWHERE else command.group
        yield group, command.id, f"{command.help}{_CLASSES[command.kind]}{f' Not now: {reason}.' if reason else ''}"
    known = {command.id for command in commands}
    for active in screen.active_bindings.values():
        name = active.binding.id
        if name and active.binding.tooltip and name not in known:
            known.add(name)
            yield _OF_WIDGETS.get(name.partition(".")[0], Group.EVERYWHERE), name, f"{active.binding.tooltip}."


def help_panel(screen: SluiceScreen, bound: Keys) -> Panel:
    """A panel with the commands of `screen` by group: those of the thing that it shows, those of the list or text, and
    those that work everywhere. A command without a key is listed by its word on the command line."""
    keys, lines = live_keys(screen), [*_lines(screen)]
    facts: list[Fact] = []
    second_column = 0
    for group in Group:
        of_group = [
            Fact(pressed, text)
            for its, name, text in lines
            if its is group
            and (pressed := " ".join(keys.get(name, ())) or ("" if bound.has_key(name) else bound.label(name)))
        ]
        if of_group:
            if group is Group.EVERYWHERE:
                second_column = len(facts)
            heading = f"this {screen.SCOPE.thing}" if group is Group.THIS else group.value
            facts += [Fact(heading.upper(), ""), *of_group, Fact("", "")]
    return Panel("Help", facts[:-1], second_column=second_column)
