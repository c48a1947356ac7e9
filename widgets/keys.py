"""Keys as a person reads them, and those that are bound right now."""

from typing import Any

from textual.keys import REPLACED_KEYS, key_to_character
from textual.screen import Screen

NO_KEY = "<none>"
"""Stands for no key at all: Textual binds nothing to an empty name, and no terminal sends this one."""
_SPELT = frozenset({"space", "comma"})
"""Characters that go by their names: one is not seen, the other stands between keys."""


def typed(key: str) -> str:
    """The character that a text field takes the key for; empty where it takes none."""
    character = key_to_character(REPLACED_KEYS.get(key, key)) or ""
    return character if character.isprintable() else ""


def key_label(key: str) -> str:
    """A key as a person reads it: `ctrl+s` as `^s`, `slash` as `/`."""
    *modifiers, last = key.split("+")
    label = "esc" if last == "escape" else last if last in _SPELT else typed(last) or last
    return f"^{label}" if modifiers == ["ctrl"] else "+".join([*modifiers, label])


def live_keys(screen: Screen[Any]) -> dict[str, list[str]]:
    """By command id the keys that are bound to it on `screen` right now, as a person reads them."""
    keys: dict[str, list[str]] = {}
    for active in screen.active_bindings.values():
        if active.binding.id and active.binding.key != NO_KEY:
            keys.setdefault(active.binding.id, []).append(key_label(active.binding.key))
    return keys
