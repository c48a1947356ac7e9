"""An app of one table, which remembers what it painted and what it said."""

from collections.abc import Callable, Iterable
from typing import Self, TypeVar

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.message import Message
from textual.pilot import Pilot
from textual.strip import Strip

from tests.widgets.table.rows import Queue, queue_model
from widgets.table.model import TableModel
from widgets.table.view import Table

M = TypeVar("M", bound=Message)


class WatchedTable(Table[Queue]):
    """Keeps what was painted on each line, which lines were painted, and which parts it asked Textual to repaint."""

    def __init__(self, model: TableModel[Queue], empty: str | Callable[[], str] = "") -> None:
        self.screen_lines: dict[int, str] = {}
        self.painted: list[int] = []
        self.asked: list[Region] = []
        super().__init__(model, empty=empty)

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        self.screen_lines[y] = strip.text
        self.painted.append(y)
        return strip

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        self.asked.extend(regions)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class ListApp(App[None]):
    """A table that fills the screen, and everything it said."""

    def __init__(
        self,
        rows: Iterable[Queue] = (),
        *,
        model: TableModel[Queue] | None = None,
        empty: str | Callable[[], str] = "",
        keymap: dict[str, str] | None = None,
    ) -> None:
        super().__init__()
        self.rows = list(rows)
        self.table = WatchedTable(model or queue_model(), empty)
        self.said: list[Message] = []
        self.set_keymap(keymap or {})

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.table.upsert(self.rows)

    def on_table_opened(self, message: Table.Opened) -> None:
        self.said.append(message)

    def on_table_cursor_moved(self, message: Table.CursorMoved) -> None:
        self.said.append(message)

    def on_table_marks_changed(self, message: Table.MarksChanged) -> None:
        self.said.append(message)

    def on_table_viewport_changed(self, message: Table.ViewportChanged) -> None:
        self.said.append(message)

    def on_table_sort_changed(self, message: Table.SortChanged) -> None:
        self.said.append(message)

    def heard(self, kind: type[M]) -> list[M]:
        """Messages of one kind since the last time."""
        found = [message for message in self.said if isinstance(message, kind)]
        self.said = [message for message in self.said if not isinstance(message, kind)]
        return found


def lines(app: ListApp) -> list[str]:
    """What the screen shows, without the spaces at the ends of lines."""
    return [app.table.screen_lines[y].rstrip() for y in range(app.table.size.height)]


def names(app: ListApp) -> list[str]:
    """Names on the screen, from top to bottom."""
    return [line[2:].split()[0] for line in lines(app)[1:] if line.strip()]


def cursor_line(app: ListApp) -> int:
    """Line of the screen on which the cursor's bar is."""
    bars = []
    for y in range(app.table.size.height):
        styles = {segment.style for segment in app.table.render_line(y)}
        if len(styles) == 1 and styles == {app.table.get_component_rich_style("table--cursor")}:
            bars.append(y)
    (line,) = bars
    return line


async def repainted(app: ListApp, pilot: Pilot[None], change: Callable[[], object]) -> list[int]:
    """Lines of the screen that a change has painted anew."""
    await pilot.pause()
    app.table.painted.clear()
    app.table.asked.clear()
    change()
    await pilot.pause()
    return sorted(app.table.painted)
