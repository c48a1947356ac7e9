"""How the application looks on this terminal: its theme, its colours, and what it spares a slow line."""

import difflib
import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from textual import events
from textual.theme import BUILTIN_THEMES, Theme

from connectors.errors import ConnectorError, Step
from tui.app.contexts import ContextApp
from tui.remembered import Memory, Remembered
from tui.screens.host import Pace

PLAIN_THEME = "ansi-dark"
"""The terminal's own colours."""
OFFER = "over SSH? --low-bandwidth paints less"


UNHURRIED = Pace(15.0, 5.0)


class Appearance(NamedTuple):
    """What was asked for. `theme` is the configuration's; `low_bandwidth` is None where nobody chose; without `memory`
    nothing is remembered, nor recalled."""

    theme: str | None = None
    low_bandwidth: bool | None = None
    memory: Memory | None = None
    environ: Mapping[str, str] = os.environ


def has_16_colours(environ: Mapping[str, str]) -> bool:
    """Whether the terminal says no more than 16 colours, as GNU screen and a plain xterm do: by the rules of the
    library that paints."""
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return False
    return environ.get("TERM", "").strip().lower().rpartition("-")[2] not in ("256color", "kitty")


def check_theme(name: str) -> None:
    """Raises `ConnectorError` at step `settings` where Textual has no such theme."""
    if name not in BUILTIN_THEMES:
        known = sorted(BUILTIN_THEMES)
        nearest = difflib.get_close_matches(name, known, n=1)
        raise ConnectorError(Step.SETTINGS, f"there is no theme {name!r}", nearest[0] if nearest else ", ".join(known))


class AppearanceApp(ContextApp):
    """A theme that is picked on the screen is remembered; one that the configuration names goes before it. With 16
    colours only the terminal's own are used, unless the configuration says otherwise."""

    def __init__(self, *arguments: Any, appearance: Appearance, **settings: Any) -> None:
        # asked for in the constructor, because Textual chooses there how it takes the colours away
        super().__init__(*arguments, ansi_color=True if appearance.environ.get("NO_COLOR") else None, **settings)
        self._appearance = appearance
        self.low_bandwidth = bool(appearance.low_bandwidth)
        self.pace = UNHURRIED if self.low_bandwidth else Pace()
        if self.low_bandwidth:
            self.animation_level = "none"

    def dress(self) -> None:
        """Puts on the theme to start with. Raises `ConnectorError` where the configuration names none there is."""
        if self._appearance.theme:
            check_theme(self._appearance.theme)
        chosen = None if self.no_color else self._appearance.theme or self._recall_theme()
        self.theme = chosen or (PLAIN_THEME if self._has_few_colours else self.theme)

    @property
    def _has_few_colours(self) -> bool:
        return self.no_color or has_16_colours(self._appearance.environ)

    def _recall_theme(self) -> str | None:
        if self._appearance.memory is None:
            return None
        try:
            theme = self._appearance.memory.recall().theme
        except (OSError, ValueError) as error:
            self.note("notice", f"what was remembered is ignored: {self._appearance.memory.path}: {error}")
            return None
        fits = theme in BUILTIN_THEMES and (BUILTIN_THEMES[theme].ansi or not self._has_few_colours)
        return theme if fits else None

    def watch_appearance(self) -> None:
        """From now on a theme that somebody picks is remembered. To be called when the application is mounted."""
        self.theme_changed_signal.subscribe(self, self._keep_theme)
        environ = self._appearance.environ
        if self._appearance.low_bandwidth is None and (environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")):
            self.tell(OFFER)

    def _keep_theme(self, theme: Theme) -> None:
        memory = self._appearance.memory
        if memory is None:
            self.tell(f"theme {theme.name}, for this run")
            return
        try:
            memory.keep(Remembered(theme=theme.name))
        except OSError as error:
            self.tell(f"theme {theme.name}, for this run: {memory.path}: {error.strerror}", severe=True)
            return
        named = self._appearance.theme
        self.tell(
            f"theme {theme.name}, for this run: the configuration names {named}"
            if named
            else f"theme {theme.name}, remembered"
        )

    def pick_theme(self, name: str) -> None:
        try:
            check_theme(name)
        except ConnectorError as error:
            self.tell(f"{error.title}. Try: {error.hint}", severe=True)
        else:
            self.theme = name

    def action_theme(self) -> None:
        if not self.screen.is_modal:
            self.search_themes()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A cursor that blinks writes to the terminal twice a second."""
        if self.low_bandwidth and hasattr(event.widget, "cursor_blink"):
            event.widget.cursor_blink = False
