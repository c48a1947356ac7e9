"""Every key binding by screen, and the check of those that the configuration changes.

`places()` is the table of all bindings by screen. `Keys` is that table with the keys that somebody chose.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import combinations
from typing import NamedTuple

from textual.binding import Binding, BindingType
from textual.keys import Keys as KnownKeys

from connectors.errors import ConnectorError, Step
from tui import commands
from tui.app.everywhere import EVERYWHERE
from tui.commands import Kind
from tui.services import SERVICES
from widgets.keys import NO_KEY, key_label, typed

_MODIFIERS = ("alt", "ctrl", "hyper", "meta", "shift", "super")
"""In the order in which Textual names them."""
_SENT_AS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+left_square_bracket": "escape"}
"""Pairs of keys for which a terminal sends the same byte."""
_FUNCTION = frozenset(key.value for key in KnownKeys if not key.value.startswith("<") and "+" not in key.value)
_NAMES = {"esc": "escape", "del": "delete", "pgup": "pageup", "pgdn": "pagedown", "return": "enter"}

SCOPES = (*(scope for service in SERVICES for scope in service.scopes()), *commands.SCOPES)
"""The commands of every screen, in the order of `sluice keys`."""
RENAMED = {"queue.visibility": "queue.hide", "queue.inspector": "screen.inspector"}
"""Names by which a configuration may still call a command, and its name now."""
_TYPED = frozenset(command.id for scope in SCOPES if scope.is_typed for command in scope.own)

NEEDED = frozenset(
    {"app.quit", "choice.cancel", "dialog.cancel", "panel.close", "command_line.close", "viewer.close_search"}
    | {command.id for scope in SCOPES for command in scope.own if command.action == "back"}
)
"""Commands that close something. Each must keep a key, and one that types no text."""


class Entry(NamedTuple):
    """One thing that keys are bound to. `keys` are Textual's names."""

    id: str
    keys: tuple[str, ...]
    help: str
    kind: Kind = Kind.READ
    priority: bool = False
    word: str = ""
    """Its name on the command line, where it has one."""


class Place(NamedTuple):
    """A screen or a dialog, with its key bindings. `commands` work wherever the focus is; each of `widgets` has the
    bindings of one widget, which work while it has the focus."""

    name: str
    commands: tuple[Entry, ...]
    widgets: tuple[tuple[Entry, ...], ...] = ()

    def meetings(self) -> Iterator[tuple[Entry, Entry]]:
        """Every two bindings that can be active at the same time."""
        yield from combinations(self.commands, 2)
        for widget in self.widgets:
            yield from combinations(widget, 2)
            for command in self.commands:
                for entry in widget:
                    if entry.id != command.id:
                        yield command, entry


def _of_widget(bindings: Iterable[BindingType]) -> tuple[Entry, ...]:
    found: dict[str, Entry] = {}
    for binding in Binding.make_bindings(bindings):
        if binding.id:
            before = found[binding.id].keys if binding.id in found else ()
            keys = (*before, binding.key)
            found[binding.id] = Entry(binding.id, keys, binding.tooltip, priority=binding.priority)
    return tuple(found.values())


@cache
def _commands() -> dict[str, tuple[Entry, ...]]:
    """By scope; under "everywhere" those that work on every screen."""
    return {
        scope: tuple(
            Entry(
                command.id,
                tuple(command.keys.split(",")) if command.keys else (),
                command.help,
                command.kind,
                command.priority,
                command.word if command.action else "",
            )
            for command in own
        )
        for scope, own in (("everywhere", EVERYWHERE), *((scope.name, scope.own) for scope in SCOPES))
    }


@cache
def _widgets() -> dict[str, tuple[Entry, ...]]:
    from widgets.facts import Facts
    from widgets.table.view import Table
    from widgets.viewer.keys import PANE_KEYS, VIEWER_KEYS

    return {
        "list": _of_widget(Table.BINDINGS),
        "body": _of_widget([*VIEWER_KEYS, *PANE_KEYS]),
        "facts": _of_widget(Facts.BINDINGS),
    }


@cache
def places() -> tuple[Place, ...]:
    """Every place with its default keys."""
    from tui.app.command_line import CommandLine
    from tui.screens.base import SluiceScreen
    from widgets.choice import Choice
    from widgets.dialog import Panel, Question

    commands, widgets = _commands(), _widgets()
    everywhere, fields = commands["everywhere"], _of_widget(SluiceScreen.BINDINGS)
    always = tuple(entry for entry in everywhere if entry.priority)
    screens = [
        Place(
            scope.name,
            (*commands[scope.name], *everywhere, *fields),
            tuple(widgets[name] for name in scope.widgets),
        )
        for scope in SCOPES
    ]
    return (
        *screens,
        Place("question", (*_of_widget(Question.BINDINGS), *always)),
        Place("panel", (*_of_widget(Panel.BINDINGS), *always), (widgets["facts"],)),
        Place("choice", (*_of_widget(Choice.BINDINGS), *always)),
        Place("command line", (*_of_widget(CommandLine.BINDINGS), *always)),
    )


def sections() -> list[tuple[str, tuple[Entry, ...]]]:
    """The table of `sluice keys`: what works everywhere once, then the bindings of each place alone."""
    from tui.screens.base import SluiceScreen

    common = {*_commands()["everywhere"], *_of_widget(SluiceScreen.BINDINGS)}
    parts = [("everywhere", (*_commands()["everywhere"], *_of_widget(SluiceScreen.BINDINGS)))]
    parts += [(place.name, tuple(entry for entry in place.commands if entry not in common)) for place in places()]
    return [*parts, *_widgets().items()]


def parse(text: str) -> tuple[str, ...]:
    """Textual's names of the keys in `text`, comma-separated names or labels; nothing where it is empty.

    Raises ValueError with the part that names no key.
    """
    return tuple(_parse_one(part.strip()) for part in text.split(",")) if text.strip() else ()


def _parse_one(written: str) -> str:
    if written.startswith("^") and len(written) > 1:
        written = "ctrl+" + written[1:]
    *modifiers, last = written.split("+") if len(written) > 1 else [written]
    if modifiers[1:] and not last:  # as in ctrl++
        modifiers, last = modifiers[:-1], "+"
    modifiers = [modifier.lower() for modifier in modifiers]
    if not last or not set(modifiers) <= {*_MODIFIERS}:
        raise ValueError(written)
    if len(last) == 1:
        last = next(iter(Binding.make_bindings([Binding(last.lower() if modifiers else last, "")]))).key
    else:
        last = _NAMES.get(last.lower(), last.lower())
        if last not in _FUNCTION and not typed(last):
            raise ValueError(written)
    if modifiers == ["shift"] and typed(last):
        raise ValueError(written)  # a terminal sends the capital
    key = "+".join([*sorted(set(modifiers)), last])
    return _SENT_AS.get(key, key)


class Keys:
    """All keys, with those that the configuration chose: `chosen` says by command id its keys, empty for none.

    Raises `ConnectorError` at step `settings` for the first thing that is wrong with it; `problems` lists all.
    """

    def __init__(self, chosen: Mapping[str, object] | None = None) -> None:
        found = problems(chosen or {})
        if found:
            raise found[0]
        self._chosen = {name: parse(str(keys)) for name, keys in _by_name_now(chosen or {}).items()}

    @property
    def keymap(self) -> dict[str, str]:
        """For `App.set_keymap`."""
        return {name: ",".join(keys) or NO_KEY for name, keys in self._chosen.items()}

    def labels(self, entry: Entry) -> list[str]:
        """All keys of `entry`, as a person reads them."""
        return [key_label(key) for key in self._chosen.get(entry.id, entry.keys)]

    def has_key(self, name: str) -> bool:
        return bool(self._chosen.get(name, _entries()[name].keys))

    def label(self, name: str) -> str:
        """What to press for a command: its first key, or `:word` if it has none."""
        entry = _entries()[name]
        labels = self.labels(entry)
        return labels[0] if labels else f":{entry.word}" if entry.word else "–"


@cache
def _entries() -> dict[str, Entry]:
    """All that can be rebound, by id."""
    found: dict[str, Entry] = {}
    for place in places():
        for entry in (*place.commands, *(entry for widget in place.widgets for entry in widget)):
            found.setdefault(entry.id, entry)
    return found


def _by_name_now(chosen: Mapping[str, object]) -> dict[str, object]:
    """`chosen` by the names that commands have now. Where both names are given the one of now goes before."""
    return {RENAMED.get(name, name): keys for name, keys in chosen.items() if RENAMED.get(name) not in chosen}


def problems(chosen: Mapping[str, object]) -> list[ConnectorError]:
    """What is wrong with the keys of the configuration."""
    if not chosen:
        return []
    chosen = _by_name_now(chosen)
    entries = _entries()
    found: list[ConnectorError] = []
    keys: dict[str, tuple[str, ...]] = {}
    for name, text in chosen.items():
        try:
            keys[name] = _check_one(entries, name, text)
        except ConnectorError as error:
            found.append(error)
    return [*found, *_clashes(keys)]


def _wrong(title: str, hint: str) -> ConnectorError:
    return ConnectorError(Step.SETTINGS, title, hint)


def _check_one(entries: Mapping[str, Entry], name: str, text: object) -> tuple[str, ...]:
    if name not in entries:
        nearest = difflib.get_close_matches(name, entries, n=1, cutoff=0.4)
        raise _wrong(f"keys: there is no command {name!r}", repr(nearest[0]) if nearest else "sluice keys")
    if not isinstance(text, str):
        raise _wrong(f"keys: {name} takes a text", f'{name!r} = "f5"; several keys with commas between them')
    try:
        keys = parse(text)
    except ValueError as error:
        part = str(error)
        near = difflib.get_close_matches(part.lower(), [*_FUNCTION, *_NAMES], n=1)
        hint = near[0] if near else "a character, or a name such as f5, ctrl+r, alt+x, space, comma"
        raise _wrong(f"keys: {name}: {part!r} is no key that a terminal sends", hint) from None
    if name in NEEDED and all(typed(key) for key in keys):
        by_itself = ",".join(map(key_label, entries[name].keys))
        raise _wrong(f"keys: {name} leads out, so it needs a key that types no text", by_itself)
    texts = [key for key in keys if typed(key)]
    if texts and (entries[name].priority or name in _TYPED):
        raise _wrong(
            f"keys: {name} works in text fields, where {key_label(texts[0])} is text", "a key such as f5 or ctrl+r"
        )
    if name == "dialog.yes" and "enter" in keys:
        raise _wrong("keys: enter never answers a question", "another key for dialog.yes")
    return keys


def _clashes(chosen: Mapping[str, tuple[str, ...]]) -> Iterator[ConnectorError]:
    """A problem for every two commands of a place that the configuration puts on one key. Defaults that share a key,
    where a list takes the key before its screen does, are no problem."""
    told: set[tuple[str, str, str]] = set()
    for place in places():
        for one, other in place.meetings():
            now = set(chosen.get(one.id, one.keys)) & set(chosen.get(other.id, other.keys))
            for key in sorted(now - (set(one.keys) & set(other.keys))):
                if (one.id, other.id, key) not in told:
                    told.add((one.id, other.id, key))
                    yield _wrong(
                        f"keys: {key_label(key)} is both {one.id} and {other.id} on the screen {place.name!r}",
                        "another key for one of them",
                    )
