"""What the first paint of the application, and of each screen, does not wait for."""

import importlib
import pkgutil
from collections.abc import Iterator

from textual.screen import Screen

import tui.screens


def every_screen() -> Iterator[type[Screen[object]]]:
    for module in pkgutil.iter_modules(tui.screens.__path__, "tui.screens."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Screen) and value.__module__ == module.name:
                yield value


def test_no_screen_makes_textual_parse_all_style_sheets_anew() -> None:
    screens = [*every_screen()]
    assert len(screens) > 5
    assert [screen.__name__ for screen in screens if screen.CSS or screen.CSS_PATH] == []
