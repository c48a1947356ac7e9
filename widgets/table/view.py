"""The table on the screen: rows, cursor, marks, filter and sort, by key and by mouse.

Nothing here waits for anything, and every change costs what it changes on the screen, not what the table holds.
"""

from collections.abc import Callable, Iterable
from typing import ClassVar, TypeAlias

from textual import events
from textual.binding import Binding, BindingType

from widgets.table import messages
from widgets.table.canvas import HEADER_HEIGHT, RowCanvas
from widgets.table.columns import R
from widgets.table.model import Changed, TableModel
from widgets.table.painter import UNICODE, Glyphs


class Table(RowCanvas[R]):
    """A list of rows with a fixed header, a cursor and marks.

    Change the rows through the methods here, not through the model, so that the screen keeps up. Cursor, marks and the
    part of the list that is seen follow their keys: whatever happens to the rows, the one under the cursor stays on its
    line of the screen as long as the list is long enough for that.

    `empty` is shown where no row is: a text of one or more lines, or a function that gives it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "down", "Down", False, id="table.down", tooltip="Move the cursor to the next row"),
        Binding("k,up", "up", "Up", False, id="table.up", tooltip="Move the cursor to the row above"),
        Binding("g,home", "top", "Top", False, id="table.top", tooltip="Move the cursor to the first row"),
        Binding("G,end", "bottom", "Bottom", False, id="table.bottom", tooltip="Move the cursor to the last row"),
        Binding("pageup,ctrl+b", "page_up", "Page up", False, id="table.page_up", tooltip="Go up by a screenful"),
        Binding(
            "pagedown,ctrl+f", "page_down", "Page down", False, id="table.page_down", tooltip="Go down by a screenful"
        ),
        Binding(
            "space", "mark", "Mark", False, id="table.mark", tooltip="Mark or unmark the row and go on to the next"
        ),
        Binding("*", "mark_all", "Mark all", False, id="table.mark_all", tooltip="Mark all rows shown, or none"),
        Binding("o", "sort", "Sort", False, id="table.sort", tooltip="Sort by the next column"),
        Binding("O", "reverse", "Reverse", False, id="table.reverse", tooltip="Sort in the other direction"),
        Binding("enter", "open", "Open", False, id="table.open", tooltip="Open the row under the cursor"),
    ]

    Opened: TypeAlias = messages.Opened
    CursorMoved: TypeAlias = messages.CursorMoved
    MarksChanged: TypeAlias = messages.MarksChanged
    ViewportChanged: TypeAlias = messages.ViewportChanged
    SortChanged: TypeAlias = messages.SortChanged

    def __init__(
        self,
        model: TableModel[R],
        *,
        empty: str | Callable[[], str] = "",
        glyphs: Glyphs = UNICODE,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(model, empty, glyphs, name=name, id=id, classes=classes, disabled=disabled)
        self._told_cursor: str | None = None
        self._told_marks = (0, 0)

    # Rows

    def upsert(self, records: Iterable[R]) -> Changed:
        """Adds new rows at the end and changes known ones in place. Nothing moves under the finger."""
        changed = self.model.upsert(records)
        if changed:
            self._settle(moved=changed.moved)
        return changed

    def remove_rows(self, keys: Iterable[str]) -> Changed:
        """Drops rows. (`remove` is Textual's: it takes the widget off the screen.)"""
        changed = self.model.remove(keys)
        if changed:
            self._settle()
        return changed

    def replace(self, records: Iterable[R]) -> Changed:
        """Makes `records` the whole content, sorted as the table is, or as given where it is not."""
        changed = self.model.replace(records)
        if changed:
            self._settle()
        return changed

    def clear(self) -> None:
        """Drops all rows, and puts the cursor on the first that comes. Filter and sort stay."""
        self.model.clear()
        self._settle()

    @property
    def empty(self) -> str | Callable[[], str]:
        """What stands in the body where no row is shown."""
        return self._empty

    @empty.setter
    def empty(self, empty: str | Callable[[], str]) -> None:
        self._empty = empty
        self._repaint()

    # Filter and order

    def set_filter(self, expression: str) -> bool:
        """Shows only matching rows; whether the expression could be used (`model.filter_error` says why not)."""
        usable = self.model.set_filter(expression)
        if usable:
            self._settle()
        return usable

    def refilter(self) -> None:
        """Lets the numbers of the filter decide anew: what does not fit any more goes."""
        if self.model.refilter():
            self._settle()

    def resort(self) -> None:
        """Puts the rows in the order of the current sort."""
        if self.model.resort():
            self._settle()

    def sort_by(self, column: str, reverse: bool | None = None) -> None:
        """Sorts by a column, in its own first direction unless `reverse` says otherwise."""
        self.model.sort_by(column, reverse)
        self._tell_sort()

    def action_sort(self) -> None:
        self.model.next_sort({placed.column.key for placed in self._painter_for_size().placed})
        self._tell_sort()

    def action_reverse(self) -> None:
        self.model.reverse_sort()
        self._tell_sort()

    def _tell_sort(self) -> None:
        self._settle()
        if (column := self.model.sort_column) is not None:
            self.post_message(messages.SortChanged(self, column, self.model.sort_reverse))

    # Cursor and marks

    @property
    def cursor_key(self) -> str | None:
        """Key of the row under the cursor; None where no row is shown."""
        return self.model.cursor_key

    @property
    def cursor_record(self) -> R | None:
        """Record of the row under the cursor; None where no row is shown."""
        return self.model.cursor_record

    @property
    def marks(self) -> tuple[str, ...]:
        """Keys of the marked rows, those that the filter hides included (`model.hidden_marks` counts them)."""
        return self.model.marks

    def go_to(self, key: str) -> bool:
        """Puts the cursor on a row and scrolls to it; whether there is such a row in the filter."""
        index = self.model.index(key)
        if index is not None:
            self._move_to(index)
        return index is not None

    def clear_marks(self) -> None:
        """Takes the mark from every row, hidden ones too."""
        self.model.clear_marks()
        self._settle(moved=False)
        self._tell_marks()

    def action_down(self) -> None:
        self._move_by(1)

    def action_up(self) -> None:
        self._move_by(-1)

    def action_top(self) -> None:
        self._move_to(0)

    def action_bottom(self) -> None:
        self._move_to(self.model.shown)

    def action_page_down(self) -> None:
        self._page(1)

    def action_page_up(self) -> None:
        self._page(-1)

    def action_mark(self) -> None:
        if (key := self.model.cursor_key) is not None:
            self.model.toggle(key)
            self._move_by(1)
            self._tell_marks()

    def action_mark_all(self) -> None:
        if self.model.all_marked:
            self.model.mark_none()
        else:
            self.model.mark_all()
        self._repaint()
        self._tell_marks()

    def action_open(self) -> None:
        if (key := self.model.cursor_key) is not None:
            self._move_by(0)  # the cursor was put to use: it stays on this row from now on
            self.post_message(messages.Opened(self, key))

    def on_click(self, event: events.Click) -> None:
        """A header sorts, another row takes the cursor, the row under the cursor opens (so a double click does too)."""
        place = event.get_content_offset(self)
        if place is None or event.button != 1:
            return
        if place.y < HEADER_HEIGHT:
            self._click_header(place.x)
            return
        index = self.scroll_offset.y + place.y - HEADER_HEIGHT
        if index == self.model.cursor:
            self.action_open()
        elif index < self.model.shown:
            self._move_to(index)

    def _click_header(self, x: int) -> None:
        column = self._painter_for_size().column_at(x)
        if column is None or not column.sortable:
            return
        if column.key == self.model.sort_column:
            self.action_reverse()
        else:
            self.sort_by(column.key)

    # After a change

    def _move_to(self, index: int) -> None:
        self.model.move_to(index)
        self._reveal_cursor()
        self._repaint()
        self._tell_cursor()

    def _move_by(self, rows: int) -> None:
        if (cursor := self.model.cursor) is not None:
            self._move_to(cursor + rows)

    def _page(self, direction: int) -> None:
        """Moves cursor and list by a screenful less one line, so that the cursor stays where it is on the screen."""
        rows = direction * max(self.body_height - 1, 1)
        self._scroll(self.scroll_offset.y + rows)
        self._move_by(rows)

    def _settle(self, *, moved: bool = True) -> None:
        """Brings the screen in step with the model; `moved` where rows may stand on other lines than before."""
        if moved or not self._told_keys:
            self._follow()
        else:
            self._fit()
        self._repaint()
        self._tell_cursor()
        if moved:
            self._tell_marks()

    def _tell_cursor(self) -> None:
        if (key := self.model.cursor_key) != self._told_cursor:
            self._told_cursor = key
            self.post_message(messages.CursorMoved(self, key))

    def _tell_marks(self) -> None:
        marks = (self.model.mark_count, self.model.hidden_marks)
        if marks != self._told_marks:
            self._told_marks = marks
            self.post_message(messages.MarksChanged(self, *marks))
