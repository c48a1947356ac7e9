"""One resource: a title, its facts, a table of what is in it, and a line at the foot."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from tui.screens.filtered import FilteredScreen, FilterInput
from widgets.facts import Fact, Facts
from widgets.line import Line, Part
from widgets.table.view import Table

if TYPE_CHECKING:
    from connectors.open_context import OpenContext

ReadingT = TypeVar("ReadingT")


@dataclass(frozen=True, slots=True)
class Painted:
    """All that the screen says beside the rows of its table."""

    title: Sequence[Part]
    facts: Sequence[Fact]
    foot: Sequence[Part]


class ResourceScreen(FilteredScreen, Generic[ReadingT]):
    """`reading` is the last good reading of the resource, as one immutable value; it is renewed while the screen is in
    front. `FOOT` is the id of the line at the foot."""

    FOOT: ClassVar[str] = "foot"
    DEFAULT_CSS = """
    ResourceScreen {
        #body { height: 1fr; layout: vertical; }
        #facts { height: 9; border-bottom: solid $primary 40%; padding: 0 1; }
        Table { height: 1fr; }
        &.-wide #body { layout: horizontal; }
        &.-wide #facts { width: 60; height: 1fr; border-bottom: none; border-right: solid $primary 40%; }
        &.-wide Table { width: 1fr; }
        #inspector { display: none; height: 10fr; }
        &.-inspecting {
            #facts { display: none; }
            Table { height: 9fr; }
            #inspector { display: block; }
        }
        &.-inspecting.-wide Table { height: 1fr; }
        &.-inspecting.-wide #inspector { width: 1fr; height: 1fr; border-left: solid $primary 40%; }
        &.-inspecting.-low #inspector { display: none; }
        &.-inspecting.-whole Table { display: none; }
        &.-inspecting.-whole #inspector { display: block; border-left: none; }
    }
    """

    class Known(Message):
        """What was read of the resource, or why it could not be."""

        def __init__(self, reading: Any) -> None:
            super().__init__()
            self.reading = reading

    class ReadingEnded(Message):
        """The reading has ended, or it failed."""

    def __init__(self, context: "OpenContext | None", reading: ReadingT) -> None:
        super().__init__(context)
        self.reading = reading
        self._is_reading = self._read_again = False

    # -- what a subclass says ----------------------------------------------------------------------------------------

    def contents(self) -> Table[Any]:
        """The table of what is in the resource."""
        raise NotImplementedError

    def inspector(self) -> Widget | None:
        """What is shown of the row under the cursor, beside the table, while the screen has the class `-inspecting`.
        None where there is nothing to show. Its id is `inspector`."""
        return None

    def renewals(self, context: "OpenContext") -> AsyncIterator[ReadingT]:
        """`reading` after it was read again, once more for each part that comes later. A failure is part of it."""
        raise NotImplementedError

    def painted(self) -> Painted:
        """What `reading` and the moment say."""
        raise NotImplementedError

    # -- the parts ---------------------------------------------------------------------------------------------------

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        with Container(id="body"):
            yield Facts(id="facts")
            yield self.contents()
            if (inspector := self.inspector()) is not None:
                yield inspector
        yield Line(id=self.FOOT)
        yield FilterInput()

    def on_mount(self) -> None:
        super().on_mount()
        self.table.focus()
        self.show()
        self.set_interval(self.host.pace.refresh, self._read_if_on_top)

    def show(self) -> None:
        """Says what there is to say now."""
        self.paint(self.painted())

    def paint(self, painted: Painted) -> None:
        self.query_one("#title", Line).show(painted.title)
        self.query_one("#facts", Facts).show(painted.facts)
        self.show_foot(painted.foot)

    def show_foot(self, parts: Sequence[Part]) -> None:
        self.query_one(f"#{self.FOOT}", Line).show(parts)

    # -- reading -----------------------------------------------------------------------------------------------------

    def _read_if_on_top(self) -> None:
        if self.is_current and not self._is_reading:
            self.read()

    def read(self) -> None:
        """Reads the resource. If a reading is under way, another one follows it. While another tab is in front nothing
        is read: coming back reads."""
        if self.is_away:
            return
        self._read_again = self._is_reading
        if not self._is_reading and self.context is not None:
            self._is_reading = True
            self._renew(self.renewals(self.context))

    @work(group="read", exit_on_error=False, description="read what the screen shows")
    async def _renew(self, renewals: AsyncIterator[ReadingT]) -> None:
        try:
            async for renewed in renewals:
                self.post_message(self.Known(renewed))
        finally:
            self.post_message(self.ReadingEnded())

    @on(Known)
    def _take_known(self, event: Known) -> None:
        self.take(event.reading)

    def take(self, reading: ReadingT) -> None:
        """Makes `reading` what the screen shows."""
        self.reading = reading
        self.show()

    @on(ReadingEnded)
    def _end_reading(self) -> None:
        self._is_reading = False
        if self._read_again:
            self.read()

    def context_changed(self, *, seeded: bool = False) -> None:
        self.read()

    def action_refresh_now(self) -> None:
        self.read()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.read()
