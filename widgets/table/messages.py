"""What a table tells its screen. Also reached as `Table.Opened` and so on; handlers are named `on_table_opened`."""

from textual.message import Message
from textual.widget import Widget


class TableMessage(Message):
    """Something happened in `table`."""

    def __init__(self, table: Widget) -> None:
        super().__init__()
        self.table = table

    @property
    def control(self) -> Widget:
        """The table; `@on(Table.Opened, "#queues")` looks at it."""
        return self.table


class LatestMessage(TableMessage):
    """Of several that wait one after the other, only the last is delivered."""

    def can_replace(self, message: Message) -> bool:
        """Whether this one says all that `message`, which is newer, would leave to say."""
        return type(message) is type(self) and isinstance(message, TableMessage) and message.table is self.table


class Opened(TableMessage, namespace="table"):
    """A row was opened: `key`, since another row may be under the cursor by the time this is handled."""

    def __init__(self, table: Widget, key: str) -> None:
        super().__init__(table)
        self.key = key


class CursorMoved(LatestMessage, namespace="table"):
    """The cursor is on another row, or on none (`key` is None)."""

    def __init__(self, table: Widget, key: str | None) -> None:
        super().__init__(table)
        self.key = key


class MarksChanged(LatestMessage, namespace="table"):
    """Rows were marked or unmarked, or the filter hides other ones: `count` marks, `hidden` of them out of sight."""

    def __init__(self, table: Widget, count: int, hidden: int) -> None:
        super().__init__(table)
        self.count = count
        self.hidden = hidden


class ViewportChanged(LatestMessage, namespace="table"):
    """Other rows are on the screen now: `keys`, from top to bottom."""

    def __init__(self, table: Widget, keys: tuple[str, ...]) -> None:
        super().__init__(table)
        self.keys = keys


class SortChanged(LatestMessage, namespace="table"):
    """The rows are sorted otherwise: by the column with the key `column`, descending if `reverse`."""

    def __init__(self, table: Widget, column: str, reverse: bool) -> None:
        super().__init__(table)
        self.column = column
        self.reverse = reverse
