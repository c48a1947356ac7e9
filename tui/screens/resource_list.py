"""A list of all resources of one kind, kept current by a watch."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.worker import Worker

from connectors.watching.reading import ReadingT, ResourceT
from tui.commands import Command
from tui.format.steady_figure import Steady
from tui.screens.base import Arrangement, SluiceScreen
from tui.screens.filtered import FilteredScreen, FilterInput
from tui.screens.list_reading import (
    ListReading,
    ListRows,
    Nouns,
    RowT,
    age_parts,
    empty_text,
    title_parts,
    trouble_facts,
)
from widgets.facts import Facts
from widgets.line import Line, Part
from widgets.table import messages
from widgets.table.columns import Column
from widgets.table.model import TableModel
from widgets.table.view import Table

if TYPE_CHECKING:
    from connectors.open_context import OpenContext
    from connectors.watching.watch import WatchUpdate


class ResourceList(FilteredScreen, Generic[ResourceT, ReadingT, RowT]):
    """A subclass declares `NOUNS` and `COLUMNS`, makes the watch with its rows, and opens a resource.

    The list is sorted by the column `name` at first, and put in `OWN_ORDER` (its title names it) when everything was
    read for the first time. After that rows move only when somebody asks for it or comes back.
    """

    NOUNS: ClassVar[Nouns]
    COLUMNS: ClassVar[tuple[Column[Any], ...]]
    OWN_ORDER: ClassVar[Column[Any] | None] = None
    COMPARED: ClassVar[str] = ""
    """An example of a filter that compares a number of the rows."""
    ON_A_ROW: ClassVar[frozenset[str]] = frozenset({"copy", "copy_command"})
    """The actions that are done with the row under the cursor."""
    DEFAULT_CSS = """
    ResourceList {
        Table { height: 1fr; }
        #trouble { display: none; height: 1fr; padding: 1 2; }
        &.-trouble #trouble { display: block; }
        &.-trouble Table { display: none; }
        #detail { background: $surface; }
    }
    """

    class Changed(Message):
        """The watch behind `rows` has news."""

        def __init__(self, update: "WatchUpdate[Any]", rows: ListRows[Any, Any, Any]) -> None:
            super().__init__()
            self.update = update
            self.rows = rows

    def __init__(self, context: "OpenContext | None") -> None:
        super().__init__(context)
        self.rows: ListRows[ResourceT, ReadingT, RowT] | None = None
        """None while no context is open."""
        self._frozen = False
        self._awaits_own_order = self._order_changed = False
        self._opened: ResourceT | None = None
        self._listings = self._trouble_shown = 0
        self._calls = Steady()

    # -- what a subclass says ----------------------------------------------------------------------------------------

    def make_rows(self, context: "OpenContext", rows_on_screen: int) -> ListRows[ResourceT, ReadingT, RowT]:
        """The rows of a new watch over the resources of `context`. Of so many of the first ones the watch may know at
        once that they are on screen."""
        raise NotImplementedError

    def resource(self, key: str) -> ResourceT:
        """The resource of a row's key."""
        raise NotImplementedError

    def screen_of(self, resource: ResourceT, then: str) -> SluiceScreen:
        """The screen of one resource; `then` is an action to do there first, or empty."""
        raise NotImplementedError

    def detail_parts(self, row: RowT) -> list[Part]:
        """One line on the row under the cursor."""
        raise NotImplementedError

    def has_news(self) -> None:
        """Called when the watch had news and the rows show them."""

    # -- the parts ---------------------------------------------------------------------------------------------------

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        model: TableModel[RowT] = TableModel(
            self.COLUMNS, key=lambda row: row.key, filter_text=lambda row: row.name, own=self.OWN_ORDER
        )
        yield Table(model, empty=self._empty_text)
        yield Facts(id="trouble")
        yield Line(id="detail")
        yield FilterInput(self.COMPARED)

    def on_mount(self) -> None:
        super().on_mount()
        self._arrange()
        self.table.focus()
        self.set_interval(5, self._show_age)
        self.set_timer(1.5, self._show_age)
        self._show_words()
        if self.context is not None:
            self.call_after_refresh(self.context_changed)  # the watch wants to know how many rows are on screen

    def _arrange(self) -> None:
        expression, column, reverse = self.arrangement or Arrangement("", None, False)
        self._awaits_own_order = self.OWN_ORDER is not None and column in (None, self.OWN_ORDER.key)
        if column is None or self._awaits_own_order:
            self.table.model.sort_by("name")
        else:
            self.table.model.sort_by(column, reverse)
        if expression:
            self.filter_input.display = True
            self.filter_input.value = expression

    @property
    def trouble(self) -> int:
        return self.rows.trouble if self.rows is not None else 0

    def arranged(self) -> Arrangement:
        model = self.table.model
        return Arrangement(self.filter_input.value, model.sort_column, model.sort_reverse)

    # -- the watch ---------------------------------------------------------------------------------------------------

    def context_changed(self, *, seeded: bool = False) -> None:
        """Starts with the context, if there is one. After the demo was seeded it only reads again."""
        if seeded:
            if self.rows is not None:
                self.rows.watch.forget_start()
                self.rows.watch.refresh()
                self._awaits_own_order = self._awaits_own_order or self._is_in_own_order
            return
        self.stop_watching()
        if self.context is not None:
            self.rows = self.make_rows(self.context, self.table.body_height if self._first_names_are_shown() else 0)
            self.rows.watch.freeze(self.is_away)
            _: Worker[None] = self.run_worker(
                partial(self._run_watch, self.rows),
                group="watch",
                exclusive=True,
                exit_on_error=False,
                description=f"watch the {self.NOUNS.many}",
            )
        self.show_bar()
        self._show_words()

    def stop_watching(self) -> None:
        """Forgets everything read from the context."""
        self.workers.cancel_group(self, "watch")
        self.rows = None
        self._listings = self._trouble_shown = 0
        self.table.clear()
        self.remove_class("-trouble")

    def _first_names_are_shown(self) -> bool:
        """Whether the names that are listed first will be on screen: no filter, and sorted by name."""
        model = self.table.model
        return not model.filter_expression and model.sort_column == "name" and not model.sort_reverse

    async def _run_watch(self, rows: ListRows[ResourceT, ReadingT, RowT]) -> None:
        async for update in rows.watch.run():
            self.post_message(self.Changed(update, rows))

    @on(Changed)
    def _show_changes(self, event: Changed) -> None:
        rows, table = self.rows, self.table
        if rows is None or event.rows is not rows:
            return
        update = event.update
        if update.removed:
            table.remove_rows(update.removed)
            rows.forget(update.removed)
        table.upsert(rows.rows(update.changed))
        if update.listings != self._listings and not self._is_in_own_order:
            table.resort()  # new names stand at the end until the load has ended
        self._listings = update.listings
        if self._awaits_own_order and rows.all_read:
            self._awaits_own_order, self._order_changed = False, True
            if table.model.is_untouched:
                self._put_in_order()
        if rows.all_read:  # a round has ended: the numbers of a filter decide anew
            table.refilter()
            rows.begin_round(self.host.clock.monotonic())
        if not table.model.shown:
            table.restyle()  # the text of an empty table depends on the loading, and no row has changed
        if rows.trouble != self._trouble_shown:
            self._trouble_shown = rows.trouble
            self.show_bar()
        reading = self._reading()
        self._paint_trouble(reading)
        self._paint(reading)
        self.has_news()

    @property
    def _is_in_own_order(self) -> bool:
        return self.OWN_ORDER is not None and self.table.model.sort_column == self.OWN_ORDER.key

    def _put_in_order(self) -> None:
        """Puts the rows in the order that is chosen, which is the list's own while that is due."""
        if self.OWN_ORDER is not None and self._order_changed:
            self._order_changed = False
            self.table.sort_by(self.OWN_ORDER.key)
        else:
            self.table.resort()
        if self.rows is not None:
            self.rows.note_order()

    @on(Table.SortChanged)
    def _note_choice(self) -> None:
        """The rows stand as a person or the list itself chose."""
        self._awaits_own_order = self._order_changed = False
        if self.rows is not None:
            self.rows.note_order()

    def on_screen_suspend(self) -> None:
        if self.rows is not None:
            self.rows.watch.freeze(True)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.rows is not None:
            if not self._awaits_own_order:
                self._put_in_order()
            self.rows.watch.freeze(self._frozen)
            if self._opened is not None:
                self.rows.watch.read_soon(self._opened)  # its counts may have changed while it was open
                self._opened = None

    @on(Table.ViewportChanged)
    def _follow_viewport(self, event: messages.ViewportChanged) -> None:
        if self.rows is not None:
            self.rows.watch.show(event.keys)

    # -- what it says ------------------------------------------------------------------------------------------------

    def _reading(self) -> ListReading:
        table, watch = self.table, self.rows.watch if self.rows is not None else None
        opening = self.host.opening
        reading = ListReading.of(watch, table.model, marked=len(table.marks), opening=opening, frozen=self._frozen)
        if self.host.filling:
            reading = replace(reading, filling=True)
        if self.rows is None or self.OWN_ORDER is None:
            return reading
        in_order = self._is_in_own_order
        return replace(
            reading,
            order=self.OWN_ORDER.title if in_order else "",
            order_changed=self._order_changed,
            new_trouble=self.rows.new_trouble if in_order else 0,
        )

    def _empty_text(self) -> str:
        region = self.context.aws.context.region if self.context is not None else ""
        return empty_text(self._reading(), self.NOUNS, region, self.host.key("app.contexts"))

    def title_of(self, reading: ListReading) -> list[Part]:
        """What stands at the left of the title."""
        return title_parts(reading, self.NOUNS, self.host.key("app.contexts"), self.host.key("screen.refresh"))

    @on(Table.CursorMoved)
    @on(Table.MarksChanged)
    @on(Table.SortChanged)
    def _show_words(self) -> None:
        """Fills title, detail line and hints."""
        self._paint(self._reading())
        self.show_hints()

    def _paint(self, reading: ListReading) -> None:
        self.query_one("#title", Line).show(self.title_of(reading), age_parts(reading))
        row: RowT | None = self.table.cursor_record
        self.query_one("#detail", Line).show(self.detail_parts(row) if row is not None else [])

    def _paint_trouble(self, reading: ListReading) -> None:
        """Puts the failure in place of the table, or the table back. Only news of the watch changes that."""
        self.set_class(reading.has_failed, "-trouble")
        if reading.error is not None and reading.has_failed:
            refresh, contexts = self.host.key("screen.refresh"), self.host.key("app.contexts")
            self.query_one("#trouble", Facts).show(trouble_facts(reading.error, self.NOUNS, refresh, contexts))

    def filter_changed(self) -> None:
        self._show_words()

    def _show_age(self) -> None:
        """Updates the age, the calls per minute and the stale marks. Only what changed is painted."""
        if self.rows is not None:
            self.table.upsert(self.rows.rows_of(self.table.visible_keys()))
        self._show_words()

    def hint_status(self) -> list[Part]:
        if self.context is None:
            give_up = f"{self.host.key(f'{self.SCOPE.name}.show_all')} gives up connecting "
            return [Part(give_up, "muted")] if self.host.opening else []
        return [Part(f"{self._calls.about(self.context.aws.meter.rate):,} calls/min ", "muted")]

    # -- commands ----------------------------------------------------------------------------------------------------

    @on(Table.Opened)
    def _open_row(self, event: messages.Opened) -> None:
        self.open(self.resource(event.key))

    def open(self, resource: ResourceT, *, then: str = "") -> None:
        """Opens the screen of one resource; it is read again when somebody comes back."""
        self._opened = resource
        self.app.push_screen(self.screen_of(resource, then))

    def reason_against(self, command: Command) -> str:
        if command.action in self.ON_A_ROW and self.table.cursor_key is None:
            return f"no {self.NOUNS.one} is under the cursor"
        return super().reason_against(command)

    def current(self) -> ResourceT | None:
        """The resource under the cursor."""
        key = self.table.cursor_key
        return None if key is None else self.resource(key)

    def open_current(self, then: str) -> None:
        """Opens the resource under the cursor and does the action `then` there."""
        resource = self.current()
        if resource is not None:
            self.open(resource, then=then)

    def action_refresh_now(self) -> None:
        if self.rows is None:
            if not self.host.opening:
                self.host.open_context(self.host.request)
            return
        self.rows.watch.refresh()
        self.rows.begin_round(self.host.clock.monotonic())
        self.table.refilter()
        self._put_in_order()
        self._show_words()

    def action_freeze(self) -> None:
        self._frozen = not self._frozen
        if self.rows is not None:
            self.rows.watch.freeze(self._frozen)
        self._show_words()

    def action_copy(self) -> None:
        keys = self.table.marks or ((self.table.cursor_key,) if self.table.cursor_key else ())
        if keys:
            self.host.copy("\n".join(keys), f"{len(keys)} {self.NOUNS.copied}{'s' if len(keys) > 1 else ''}")

    def action_show_all(self) -> None:
        if not self.close_filter():
            self.host.stop_opening()
