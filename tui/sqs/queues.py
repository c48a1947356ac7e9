"""The list of queues: the root screen."""

from collections.abc import Collection
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from connectors.errors import ConnectorError
from tui.format.steady_figure import Steady
from tui.screens.filtered import FilteredScreen, FilterInput
from tui.sqs.commands import QUEUES
from tui.sqs.queue_rows import COLUMNS, QueueRows
from widgets.facts import Fact, Facts
from widgets.line import Line, Part, Yield
from widgets.table import messages
from widgets.table.model import TableModel
from widgets.table.view import Table

if TYPE_CHECKING:
    from connectors.open_context import OpenContext
    from connectors.sqs.models import Queue
    from connectors.sqs.source import QueueUpdate, QueueWatch

AGE_SHOWN_FROM = 3
"""Refresh intervals. The title gives the age of the list in seconds only from this age on: a younger list is called
current, and its title is not painted anew each second."""


class QueuesScreen(FilteredScreen):
    SCOPE = QUEUES
    BINDINGS: ClassVar[list[BindingType]] = QUEUES.bindings()
    DEFAULT_CSS = """
    QueuesScreen {
        Table { height: 1fr; }
        #trouble { display: none; height: 1fr; padding: 1 2; }
        &.-trouble #trouble { display: block; }
        &.-trouble Table { display: none; }
        #detail { background: $surface; }
    }
    """

    class WatchNews(Message):
        def __init__(self, update: "QueueUpdate", watch: "QueueWatch") -> None:
            super().__init__()
            self.update = update
            self.watch = watch

    class MinuteEnded(Message):
        """A minute of the trends has ended."""

    def __init__(self, context: "OpenContext | None") -> None:
        super().__init__(context)
        self.watch_queues: QueueWatch | None = None
        self._rows: QueueRows | None = None
        self._frozen = False
        self._opened: Queue | None = None
        self._listings = 0
        self._calls = Steady()

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        model = TableModel(COLUMNS, key=lambda row: row.key, filter_text=lambda row: row.name)
        yield Table(model, empty=self._empty_text, id="queues")
        yield Facts(id="trouble")
        yield Line(id="detail")
        yield FilterInput()

    def on_mount(self) -> None:
        super().on_mount()
        self.table.sort_by("name")
        self.table.focus()
        self.set_interval(5, self._show_age)
        self.set_timer(1.5, self._show_age)
        self._show_title()
        if self.context is not None:
            self.call_after_refresh(self.context_changed)  # the watch wants to know how many rows are on screen

    def _empty_text(self) -> str:
        watch = self.watch_queues
        if watch is None:
            return (
                "connecting…"
                if self.host.opening
                else f"no context is open; {self.host.key('app.contexts')} chooses one"
            )
        if watch.states:
            return "No queue matches the filter."
        if watch.complete:
            return f"There are no queues in {self.session.context.region}. Another region or profile may hold them."
        return "loading names…"

    def context_changed(self, *, seeded: bool = False) -> None:
        """Starts with the context, if there is one. After the demo was seeded it only reads again."""
        if seeded:
            if self.watch_queues is not None:
                self.watch_queues.forget_start()
                self.watch_queues.refresh()
            return
        self.workers.cancel_group(self, "watch")
        self.workers.cancel_group(self, "minutes")
        self.watch_queues = self._rows = None
        self._listings = 0
        self.table.clear()
        self.remove_class("-trouble")
        if self.context is not None:
            from connectors.sqs.connector import SqsConnector
            from connectors.sqs.source import watch_queues

            refresh = self.host.pace.refresh
            self.watch_queues = watch_queues(
                self.context.aws,
                refresh_seconds=refresh,
                history=self.context.connector(SqsConnector).history,
                rows_on_screen=self.table.body_height if self._first_names_are_shown() else 0,
            )
            self._rows = QueueRows(self.watch_queues)
            self._run_watch(self.watch_queues)
            self._count_minutes(self._rows)
        self.show_bar()
        self._show_title()
        self._show_detail()

    def _first_names_are_shown(self) -> bool:
        """Whether the names that are listed first will be on screen: no filter, and sorted by name."""
        model = self.table.model
        return not model.filter_expression and model.sort_column == "name" and not model.sort_reverse

    @work(exclusive=True, group="watch", exit_on_error=False, description="watch the queues")
    async def _run_watch(self, watch: "QueueWatch") -> None:
        async for update in watch.run():
            self.post_message(self.WatchNews(update, watch))

    @work(exclusive=True, group="minutes", exit_on_error=False, description="move the trends on")
    async def _count_minutes(self, rows: QueueRows) -> None:
        while True:
            await self.host.clock.sleep(rows.trend.history.seconds_left())
            self.post_message(self.MinuteEnded())

    @on(MinuteEnded)
    def _move_trends_on(self) -> None:
        if self.is_current and self._rows is not None and self._rows.trend.move_on():
            self.table.restyle()

    def on_queues_screen_watch_news(self, event: WatchNews) -> None:
        if event.watch is not self.watch_queues or self._rows is None:
            return
        update, table = event.update, self.table
        if update.removed:
            table.remove_rows(update.removed)
        table.upsert(self._rows.rows(update.changed))
        if update.listings != self._listings:
            table.resort()  # rows may move when a load has ended, never under the cursor of a person at work
        self._listings = update.listings
        if not table.model.shown:
            table.restyle()  # the text of an empty table depends on the loading, and no row has changed
        error = update.listing_error
        self.set_class(error is not None and not event.watch.states, "-trouble")
        if error is not None and not event.watch.states:
            self._show_trouble(error)
        self._show_title()
        self._show_detail()

    def _show_trouble(self, error: ConnectorError) -> None:
        facts = [Fact("failed", "the queues could not be listed", "error")]
        facts += [Fact(label, value) for label, value in error.details()]
        again, contexts = self.host.key("screen.refresh"), self.host.key("app.contexts")
        self.query_one("#trouble", Facts).show(
            [*facts, Fact("keys", f"{again} tries again, {contexts} chooses another context")]
        )

    # -- what the table says ------------------------------------------------------------------------------------

    @on(Table.ViewportChanged)
    def _follow_viewport(self, event: messages.ViewportChanged) -> None:
        if self.watch_queues is not None:
            self.watch_queues.show(event.keys)

    @on(Table.CursorMoved)
    @on(Table.MarksChanged)
    @on(Table.SortChanged)
    def _follow_cursor(self) -> None:
        self._show_title()
        self._show_detail()

    @on(Table.Opened)
    def _open_queue(self, event: messages.Opened) -> None:
        from connectors.sqs.models import Queue

        self._open(Queue(event.key))

    def _open(self, queue: "Queue", *, then: str = "") -> None:
        from tui.sqs.queue import QueueScreen

        self._opened = queue
        self.app.push_screen(QueueScreen(self.context, queue.name, queue, then=then))

    def _show_title(self) -> None:
        watch, table = self.watch_queues, self.table
        parts = [Part(" Queues ", "strong")]
        if watch is None:
            parts.append(
                Part(
                    "connecting…" if self.host.opening else f"no context is open ({self.host.key('app.contexts')})",
                    "muted",
                )
            )
        else:
            if watch.states or watch.complete:
                parts.append(Part(f"{table.model.total:,}{'' if watch.complete else ' of more'}"))
            if table.model.shown != table.model.total:
                parts.append(Part(f"  {table.model.shown:,} shown"))
            if table.marks:
                hidden = f", {table.model.hidden_marks:,} of them hidden" if table.model.hidden_marks else ""
                parts.append(Part(f"  {len(table.marks):,} marked{hidden}"))
            if table.model.filter_error:
                parts.append(Part(f"  filter: {table.model.filter_error}", "error"))
            if watch.listing and not watch.complete:
                parts.append(Part("  loading names…", "muted"))
            if watch.listing_error is not None and watch.states:
                parts.append(Part(f"  load failed: {watch.listing_error.step}", "error"))
        right = []
        if watch is not None:
            age = watch.age()
            if age is None and watch.complete and not table.model.shown:
                pass  # an empty list shows no counts that could be old
            elif age is None:
                right.append(Part("not read yet", "muted"))
            elif age >= AGE_SHOWN_FROM * self.host.pace.refresh:
                right.append(Part(f"read {age:.0f} s ago", "warning"))
            else:
                right.append(Part("current", "muted"))
        if self._frozen:
            right.append(Part("  FROZEN", "warning"))
        self.query_one("#title", Line).show(parts, [*right, Part(" ")])

    def _show_age(self) -> None:
        """Updates the age, the calls per minute and the stale marks. Only what changed is painted."""
        if self._rows is not None:
            self.table.upsert(self._rows.rows_of(self.table.visible_keys()))
        self._show_title()
        self.show_hints()

    def _show_detail(self) -> None:
        """Fills the line on the queue under the cursor: why it can't be read, or its dead-letter queue."""
        row = self.table.cursor_record
        parts: list[Part] = []
        if row is not None and row.state.error is not None:
            parts = [Part(f" {row.state.error}", "error", Yield.SHORTEN)]
        elif row is not None and row.state.dead_letter_name:
            limit = row.state.max_receive_count
            found = row.dead_letter.visible if row.dead_letter else None
            parts = [
                Part(f" after {limit if limit is not None else 'an unknown number of'} receives to ", "muted"),
                Part(row.state.dead_letter_name, "", Yield.SHORTEN),
                Part(f", which holds {found:,}" if found is not None else ", whose count is unknown", "muted"),
            ]
        elif row is not None and row.state.known is not None:
            parts = [Part(" no dead-letter queue", "muted")]
        self.query_one("#detail", Line).show(parts)

    def hint_status(self) -> list[Part]:
        if self.context is None:
            return []
        return [Part(f"{self._calls.about(self.context.aws.meter.rate):,} calls/min ", "muted")]

    def on_screen_suspend(self) -> None:
        if self.watch_queues is not None:
            self.watch_queues.freeze(True)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self._move_trends_on()
        if self.watch_queues is not None:
            self.watch_queues.freeze(self._frozen)
            if self._opened is not None:
                self.watch_queues.read_soon(self._opened)  # its counts may have changed while it was open
                self._opened = None

    def leases_changed(self, queues: "Collection[Queue]") -> None:
        """Reads `queues` again: counts from before the release still have its messages in flight."""
        if self.watch_queues is not None:
            for queue in queues:
                self.watch_queues.read_soon(queue)

    # -- commands -----------------------------------------------------------------------------------------------

    def _current(self) -> "Queue | None":
        row = self.table.cursor_record
        if row is None:
            self.host.tell("no queue is under the cursor", severe=True)
            return None
        queue: Queue = row.state.queue
        return queue

    def action_peek(self, most: int | None = None) -> None:
        queue = self._current()
        if queue is not None:
            self._open(queue, then="peek" if most is None else f"peek({most})")

    def action_send(self) -> None:
        queue = self._current()
        if queue is not None:
            self._open(queue, then="send")

    def action_purge(self) -> None:
        queue = self._current()
        if queue is not None:
            self._open(queue, then="purge")

    def action_refresh_now(self) -> None:
        if self.watch_queues is None:
            if not self.host.opening:
                self.host.open_context(self.host.request)
            return
        self.watch_queues.refresh()
        self.table.resort()
        self._show_title()

    def action_freeze(self) -> None:
        self._frozen = not self._frozen
        if self.watch_queues is not None:
            self.watch_queues.freeze(self._frozen)
            if self._opened is not None:
                self.watch_queues.read_soon(self._opened)  # its counts may have changed while it was open
                self._opened = None
        self._show_title()

    def action_copy(self) -> None:
        urls = self.table.marks or ((self.table.cursor_key,) if self.table.cursor_key else ())
        if urls:
            self.host.copy("\n".join(urls), f"{len(urls)} queue URL{'s' if len(urls) > 1 else ''}")

    def action_copy_command(self) -> None:
        from connectors.sqs.queues import queue_command

        queue = self._current()
        if queue is not None:
            command = queue_command(self.session, "get-queue-attributes", queue, "--attribute-names All")
            self.host.copy(command, "the command")

    def openable_views(self) -> list[str]:
        return [f"queue:{name}" for name in self.watch_queues.keys_by_name] if self.watch_queues is not None else []

    def filter_changed(self) -> None:
        self._show_title()
        self._show_detail()

    def action_show_all(self) -> None:
        self.close_filter()
