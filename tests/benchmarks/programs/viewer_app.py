"""A viewer that gets a body of 1 MiB in one line when `a` is pressed."""

import json
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType

from widgets.viewer.pane import ViewerPane

SIZE = 1024 * 1024
LAST_WORD = "needle"


def body() -> str:
    """A JSON document of `SIZE` characters without a line break, whose last value is `LAST_WORD`."""
    item = {"id": 0, "name": "a customer", "total": 12.5, "tags": ["new", "gift"], "note": "leave it at the door"}
    items: list[str] = []
    size = 0
    while size < SIZE - 400:
        items.append(json.dumps({**item, "id": 100_000 + len(items)}))
        size += len(items[-1]) + 2
    start, end = '{"items": [' + ", ".join(items) + '], "padding": "', f'", "last": "{LAST_WORD}"}}'
    return start + "x" * (SIZE - len(start) - len(end)) + end


class ViewerApp(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [("a", "add", "Add")]

    def __init__(self) -> None:
        super().__init__()
        self._body = body()
        self._pane = ViewerPane("ready")

    def compose(self) -> ComposeResult:
        yield self._pane

    def on_mount(self) -> None:
        self._pane.viewer.focus()

    def action_add(self) -> None:
        self._pane.set_document(self._body)


if __name__ == "__main__":
    ViewerApp().run()
