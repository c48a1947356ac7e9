"""What a text on the command line means: its candidates, and what it does."""

import difflib
from collections.abc import Iterator

from tui.app.everywhere import find, words_of
from tui.app.places import found_places, name_of, only_place
from tui.app.views import Views
from tui.screens.base import SluiceScreen
from widgets.text import printable

THEME = "theme "
"""What stands before a theme's name."""
ALIASES = {"q": "quit", "ctx": "contexts"}
_MOST_NAMED = 3


class Typed:
    """What can be typed above the screen `below`. `themes` are the names that follow `theme`."""

    def __init__(self, below: SluiceScreen, views: Views, themes: list[str]) -> None:
        self._below = below
        self._views = views
        self._themes = themes
        self._openable = sorted(view for view in views.openable() if view == printable(view))
        """The resources that can be opened. Names with control characters are left out: a field paints them raw."""

    @property
    def written(self) -> list[str]:
        """How views are written: `queues`, `queue NAME`."""
        return [view.replace(":", " ") for view in self._views.written]

    def candidates(self, text: str) -> list[str]:
        """What `text` can be the beginning of, then the resources whose name has it in it."""
        kind, separator, name = self._split(text)
        if kind:
            views = found_places((view for view in self._openable if view.startswith(f"{kind}:")), name)
            if not name:
                views = [view for view in self._openable if view.startswith(f"{kind}:")]
            return [f"{kind}{separator}{name_of(view)}" for view in views]
        if text.startswith(THEME):
            return [f"{THEME}{name}" for name in self._themes if name.startswith(text.removeprefix(THEME))]
        words = [word for word in self._words() if word.startswith(text)]
        return list(dict.fromkeys([*words, *(name_of(view) for view in found_places(self._openable, text))]))

    def _words(self) -> Iterator[str]:
        yield from self._views.roots
        yield from (f"{kind} " for kind in self._views.kinds)
        yield from words_of(self._below.SCOPE)

    def _split(self, text: str) -> tuple[str, str, str]:
        """Kind, separator and name of `queue NAME` or `queue:NAME`; empty ones where it is neither."""
        for separator in (" ", ":"):
            kind, found, name = text.partition(separator)
            if found and kind in self._views.kinds:
                return kind, separator, name.strip()
        return "", "", ""

    async def run(self, text: str) -> None:
        """Goes where `text` leads, or does what it says; else says what is wrong with it."""
        host, scope = self._below.host, self._below.SCOPE
        kind, _, name = self._split(text)
        if kind and name:
            host.go(only_place(self._openable, name, kind) or f"{kind}:{name}")
            return
        if self._views.knows(text):
            host.go(text)
            return
        if text.startswith(THEME):
            host.pick_theme(text.removeprefix(THEME).strip())
            return
        word, _, number = text.partition(" ")
        command = find(scope, ALIASES.get(word, word))
        if command is not None and (not number or (command.number and number.isascii() and number.isdecimal())):
            await self._below.do(command, int(number[:9]) if number else None)
            return
        await self._run_beginning(text)

    async def _run_beginning(self, text: str) -> None:
        """Does the one thing that begins with `text`: a resource that is called so goes before all others."""
        host, scope = self._below.host, self._below.SCOPE
        names = [view for view in self._openable if name_of(view) == text]
        names = names or [view for view in self._openable if name_of(view).casefold().startswith(text.casefold())]
        words = [] if any(name_of(view) == text for view in names) else self._beginning_words(text)
        if len(names) + len(words) == 1:
            command = find(scope, words[0]) if words else None
            if command is not None:
                await self._below.do(command)
            else:
                host.go(words[0] if words else names[0])
            return
        found = [*words, *map(name_of, names)]
        if found:
            more = f" and {len(found) - _MOST_NAMED:,} more" if len(found) > _MOST_NAMED else ""
            host.tell(f"{text[:60]!r} begins several: {', '.join(found[:_MOST_NAMED])}{more}", severe=True)
            return
        nearest = difflib.get_close_matches(text, [*words_of(scope), *self._views.roots], n=1, cutoff=0.5)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        host.tell(f"there is no command, view or name {text[:60]!r}{hint}", severe=True)

    def _beginning_words(self, text: str) -> list[str]:
        words = [*words_of(self._below.SCOPE), *self._views.roots]
        return list(dict.fromkeys(word for word in words if word.startswith(text)))
