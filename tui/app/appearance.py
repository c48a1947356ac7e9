"""How the application looks on this terminal: its theme, its colours, and what it spares a slow line."""

import difflib
import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from textual.app import App
from textual.theme import BUILTIN_THEMES, Theme

from connectors.errors import ConnectorError, Step
from tui.app.notices import Notices
from tui.config.preferences import Memory, Remembered
from tui.screens.host import Pace

PLAIN_THEME = "ansi-dark"
"""The terminal's own colours."""
OFFER = "over SSH? --low-bandwidth paints less"


UNHURRIED = Pace(15.0, 5.0, 0.3)


class Appearance(NamedTuple):
    """What was asked for: `theme` by the configuration, `low_bandwidth` by an option or the configuration, None where
    by neither. Without `memory` no theme is remembered."""

    theme: str | None = None
    low_bandwidth: bool | None = None
    memory: Memory | None = None
    environ: Mapping[str, str] = os.environ

    @property
    def ansi_color(self) -> bool | None:
        """For the constructor of `App`, which decides there how NO_COLOR takes the colours away."""
        return True if self.environ.get("NO_COLOR") else None

    @property
    def pace(self) -> Pace:
        return UNHURRIED if self.low_bandwidth else Pace()

    @property
    def is_remote(self) -> bool:
        """Whether sluice runs over SSH and nobody chose how much it paints."""
        return self.low_bandwidth is None and bool(self.environ.get("SSH_CONNECTION") or self.environ.get("SSH_TTY"))


def has_16_colours(environ: Mapping[str, str]) -> bool:
    """Whether the terminal says no more than 16 colours, as GNU screen and a plain xterm do: by the rules of the
    library that paints."""
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return False
    return environ.get("TERM", "").strip().lower().rpartition("-")[2] not in ("256color", "kitty")


def has_256_colours(environ: Mapping[str, str]) -> bool:
    """Whether the terminal says 256 colours and no more, as tmux and most terminals over SSH do."""
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return False
    return environ.get("TERM", "").strip().lower().endswith("-256color")


def check_theme(name: str) -> None:
    """Raises `ConnectorError` at step `settings` where Textual has no such theme."""
    if name not in BUILTIN_THEMES:
        known = sorted(BUILTIN_THEMES)
        nearest = difflib.get_close_matches(name, known, n=1)
        raise ConnectorError(Step.SETTINGS, f"there is no theme {name!r}", nearest[0] if nearest else ", ".join(known))


class Themes:
    """The theme of `app`: the configuration's, else the one that was picked on the screen before. With 16 colours only
    the terminal's own are used, unless the configuration says otherwise."""

    def __init__(self, app: App[Any], appearance: Appearance, notices: Notices) -> None:
        self._app = app
        self._appearance = appearance
        self._notices = notices

    def start(self) -> None:
        """Puts on the first theme. Raises `ConnectorError` where the configuration names one that does not exist."""
        if self._appearance.theme:
            check_theme(self._appearance.theme)
        chosen = None if self._app.no_color else self._appearance.theme or self._recall()
        self._app.theme = chosen or (PLAIN_THEME if self._has_few_colours else self._app.theme)

    @property
    def _has_few_colours(self) -> bool:
        return self._app.no_color or has_16_colours(self._appearance.environ)

    def _recall(self) -> str | None:
        """The theme that was picked before, if this terminal has the colours for it."""
        if self._appearance.memory is None:
            return None
        try:
            theme = self._appearance.memory.recall().theme
        except (OSError, ValueError) as error:
            self._notices.note("notice", f"what was remembered is ignored: {self._appearance.memory.path}: {error}")
            return None
        fits = theme in BUILTIN_THEMES and (BUILTIN_THEMES[theme].ansi or not self._has_few_colours)
        return theme if fits else None

    def watch(self) -> None:
        """Remembers each theme that is picked from now on. To be called when the application is mounted."""
        self._app.theme_changed_signal.subscribe(self._app, self._keep)

    def _keep(self, theme: Theme) -> None:
        memory, tell = self._appearance.memory, self._notices.tell
        if memory is None:
            tell(f"theme {theme.name}, for this run")
            return
        try:
            memory.keep(Remembered(theme=theme.name))
        except OSError as error:
            tell(f"theme {theme.name}, for this run: {memory.path}: {error.strerror}", severe=True)
            return
        named = self._appearance.theme
        tell(
            f"theme {theme.name}, for this run: the configuration names {named}"
            if named
            else f"theme {theme.name}, remembered"
        )

    def pick(self, name: str) -> None:
        """Puts on the theme `name`; says so where there is none of that name."""
        try:
            check_theme(name)
        except ConnectorError as error:
            self._notices.tell(f"{error.title}. Try: {error.hint}", severe=True)
        else:
            self._app.theme = name
