"""Rows for the tests of the table: queues, as a list of them would hold them."""

from collections.abc import Iterable
from dataclasses import dataclass

from widgets.table.columns import Column
from widgets.table.model import TableModel


@dataclass(frozen=True)
class Queue:
    url: str
    name: str
    visible: float | None = 0
    status: str = ""


def queue(name: str, visible: float | None = 0, status: str = "") -> Queue:
    return Queue(f"url:{name}", name, visible, status)


def queues(count: int) -> list[Queue]:
    return [queue(f"queue-{number}", number) for number in range(count)]


COLUMNS: tuple[Column[Queue], ...] = (
    Column("name", "Name", lambda row: row.name, width=12, grow=1),
    Column(
        "visible",
        "Visible",
        lambda row: "–" if row.visible is None else f"{row.visible:,}",
        sort=lambda row: row.visible,
        style=lambda row: row.status,
        align="right",
        width=9,
        descending_first=True,
    ),
    Column("url", "URL", lambda row: row.url, width=20, grow=1, min_total=100),
)


def queue_model(rows: Iterable[Queue] = ()) -> TableModel[Queue]:
    model = TableModel(COLUMNS, key=lambda row: row.url, filter_text=lambda row: row.name)
    model.upsert(rows)
    return model


def names(model: TableModel[Queue]) -> list[str]:
    """Names of the shown rows, in order."""
    return [record.name for key in model.shown_keys() if (record := model.get(key))]


def cursor_name(model: TableModel[Queue]) -> str | None:
    return model.cursor_record.name if model.cursor_record else None
