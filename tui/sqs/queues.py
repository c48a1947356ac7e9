"""The list of queues: the root screen."""

from collections.abc import Collection
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.message import Message

from tui.commands import Command
from tui.screens.filtered import FilteredScreen
from tui.screens.list_reading import Nouns
from tui.screens.resource_list import ResourceList
from tui.sqs.commands import QUEUES
from tui.sqs.queue_rows import COLUMNS, TROUBLE_FIRST, QueueRow, QueueRows, detail_parts
from widgets.line import Part

if TYPE_CHECKING:
    from connectors.open_context import OpenContext
    from connectors.sqs.models import Queue
    from connectors.sqs.state import QueueState
    from tui.screens.host import Lead


class QueuesScreen(ResourceList["Queue", "QueueState", QueueRow]):
    SCOPE = QUEUES
    BINDINGS: ClassVar[list[BindingType]] = QUEUES.bindings()
    NOUNS = Nouns("queue", "queues", "queue URL")
    COLUMNS = COLUMNS
    OWN_ORDER = TROUBLE_FIRST
    COMPARED = "dlq>0   visible>100"
    ON_A_ROW = ResourceList.ON_A_ROW | {"dead_letters", "sources", "peek", "send", "purge"}
    rows: QueueRows | None

    class MinuteEnded(Message):
        """A minute of the trends has ended."""

    def make_rows(self, context: "OpenContext", rows_on_screen: int) -> QueueRows:
        from connectors.sqs.connector import SqsConnector
        from connectors.sqs.source import watch_queues

        watch = watch_queues(
            context.aws,
            refresh_seconds=self.host.pace.refresh,
            history=context.connector(SqsConnector).history,
            rows_on_screen=rows_on_screen,
        )
        context.connector(SqsConnector).watch = watch
        rows = QueueRows(watch)
        self._count_minutes(rows)
        return rows

    def stop_watching(self) -> None:
        self.workers.cancel_group(self, "minutes")
        super().stop_watching()

    def resource(self, key: str) -> "Queue":
        from connectors.sqs.models import Queue

        return Queue(key)

    def screen_of(self, resource: "Queue", then: str) -> FilteredScreen:
        from tui.sqs.queue import QueueScreen

        return QueueScreen(self.context, resource.name, resource, then=then)

    def detail_parts(self, row: QueueRow) -> list[Part]:
        return detail_parts(row)

    # -- trends and leases ------------------------------------------------------------------------------------------

    @work(exclusive=True, group="minutes", exit_on_error=False, description="move the trends on")
    async def _count_minutes(self, rows: QueueRows) -> None:
        while True:
            await self.host.clock.sleep(rows.trend.history.seconds_left())
            self.post_message(self.MinuteEnded())

    @on(MinuteEnded)
    def _move_trends_on(self) -> None:
        if self.is_current and self.rows is not None and self.rows.trend.move_on():
            self.table.restyle()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self._move_trends_on()

    def leases_changed(self, queues: "Collection[Queue]") -> None:
        """Reads `queues` again: counts from before the release still have its messages in flight."""
        if self.rows is not None:
            for queue in queues:
                self.rows.watch.read_soon(queue)

    # -- commands -----------------------------------------------------------------------------------------------

    def openable_views(self) -> list[str]:
        return [f"queue:{name}" for name in self.rows.watch.keys_by_name] if self.rows is not None else []

    def reason_against(self, command: Command) -> str:
        row: QueueRow | None = self.table.cursor_record
        if command.action == "dead_letters" and row is not None and self.rows is not None:
            name = row.state.dead_letter_name
            if name is None:
                known = row.state.known is not None
                return f"{row.name} has no dead-letter queue" if known else f"{row.name} is not read yet"
            if self.rows.watch.named(name) is None:
                return f"{name} is not among the queues listed"
        if command.action == "sources" and row is not None and not self._leads(row):
            return f"nothing is known to feed {row.name}"
        return super().reason_against(command)

    def action_dead_letters(self) -> None:
        row: QueueRow | None = self.table.cursor_record
        found = self.rows.watch.named(row.state.dead_letter_name) if row is not None and self.rows is not None else None
        if found is not None:
            self.open(found.queue)

    def _leads(self, row: QueueRow) -> "list[Lead]":
        """Where the messages of a queue come from, as far as is known."""
        from tui.sqs.queue_facts import queue_leads

        states = self.rows.watch.states.values() if self.rows is not None else ()
        found = [state.queue.name for state in states if state.dead_letter_name == row.name]
        arn = row.state.known.arn if row.state.known is not None else row.name
        return queue_leads(found, self.host.sources_on(self.context, "queue", arn))

    def action_sources(self) -> None:
        from tui.screens.following import follow

        row: QueueRow | None = self.table.cursor_record
        if row is not None:
            follow(self, self._leads(row))

    def action_peek(self, most: int | None = None) -> None:
        self.open_current("peek" if most is None else f"peek({most})")

    def action_send(self) -> None:
        self.open_current("send")

    def action_purge(self) -> None:
        self.open_current("purge")

    def action_copy_command(self) -> None:
        from connectors.sqs.queues import queue_command

        queue = self.current()
        if queue is not None:
            command = queue_command(self.session, "get-queue-attributes", queue, "--attribute-names All")
            self.host.copy(command, "the command")
