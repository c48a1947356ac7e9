"""A Textual application that paints without a pause, lends its terminal to $EDITOR, and says what came of it."""

import sys
from pathlib import Path

from textual.app import App, ComposeResult
from textual.driver import Driver
from textual.widgets import Static

from tui.app.editor import Editor
from tui.app.terminal import TerminalDriver

painted = 0


class Painting(App[str]):
    def compose(self) -> ComposeResult:
        yield Static("0", markup=False)

    def get_driver_class(self) -> type[Driver]:
        return TerminalDriver

    def on_mount(self) -> None:
        self.set_interval(0.005, self.paint)
        self.run_worker(self.edit())

    def paint(self) -> None:
        global painted
        painted += 1
        self.query_one(Static).update(f"painted {painted}")
        self.bell()  # written at once, whatever is painted
        if painted == 400:
            Path(sys.argv[1]).touch()

    async def edit(self) -> None:
        edited = await Editor(self).edit("before")
        self.exit(edited.text)


print(Painting().run())
