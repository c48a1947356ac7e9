"""One message: its body as it is, its attributes, and its lease."""

import os
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from connectors.errors import ConnectorError, Step
from connectors.open_context import OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.models import Message
from connectors.sqs.queues import queue_command
from tui.commands import NEXT_ROW, PREVIOUS_ROW, Command
from tui.screens.base import SluiceScreen
from tui.sqs.commands import MESSAGE
from tui.sqs.inspector import MessageList, Place
from tui.sqs.message_facts import all_facts, head_line
from tui.sqs.message_rows import MessageRow
from tui.sqs.receive_log import message_receives_text, receives_panel
from widgets.facts import Facts
from widgets.line import Line, Part, Yield
from widgets.viewer.pane import ViewerPane


class MessageScreen(SluiceScreen):
    """The message under the cursor of the list that it came from, and, with its keys, the next ones there."""

    SCOPE = MESSAGE
    BINDINGS: ClassVar[list[BindingType]] = MESSAGE.bindings()
    DEFAULT_CSS = """
    MessageScreen {
        #head { max-height: 4; padding: 0 1; }
        #body { height: 1fr; layout: horizontal; }
        ViewerPane { width: 1fr; height: 1fr; }
        #attributes { display: none; width: 1fr; height: 1fr; padding: 0 1; }
        &.-attributes #attributes { display: block; }
        &.-attributes ViewerPane { display: none; }
        &.-wide #attributes { display: block; width: 44%; border-left: solid $primary 40%; }
        &.-wide ViewerPane { display: block; }
    }
    """

    def __init__(self, context: OpenContext, came_from: MessageList, place: Place) -> None:
        super().__init__(context)
        self._list = came_from
        self.place = place
        self._lease_over = False

    @property
    def row(self) -> MessageRow:
        return self.place.row

    @property
    def message(self) -> Message:
        return self.row.message

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        yield Facts(id="head")
        with Container(id="body"):
            yield ViewerPane(self.message.body, id="viewer")
            yield Facts(id="attributes")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#head", Facts).can_focus = False
        self._show_message()
        self.query_one(ViewerPane).viewer.focus()
        self.set_interval(self.host.pace.countdown, self._show_lease)

    def _show_message(self) -> None:
        self.query_one("#head", Facts).show(head_line(self.row, self.host.clock.now()))
        self._show_facts()
        self._show_lease()

    def _show_current(self) -> None:
        """Shows what is under the cursor of the list now. Closes where nothing is left there."""
        place = self._list.place
        if place is None:
            self.close()
            return
        before, self.place = self.place, place
        self.show_hints()
        if before.row.key != place.row.key:
            self.query_one(ViewerPane).set_document(self.message.body)
        self._show_message()

    def _show_lease(self) -> None:
        leases = self.opened.connector(SqsConnector).leases
        left = leases.current(self.message).lease_ends - self.host.clock.monotonic()
        if (left <= 0) != self._lease_over:
            self._lease_over = left <= 0
            self._show_facts()
        lease = (
            Part(f"lease {left:.0f} s ", "muted")
            if left > 0
            else Part("lease ended: peek again to delete ", "warning", Yield.SHORTEN)
        )
        title = [Part(" Message ", "strong"), Part(f"of {self.message.queue.name}", "", Yield.SHORTEN)]
        title.append(Part(f"  {self.place.text}", "muted"))
        title += [Part("  marked", "warning")] if self.place.is_marked else []
        self.query_one("#title", Line).show(title, [lease])

    def _show_facts(self) -> None:
        """Fills the facts. Not called every second: the ages in them would paint all facts anew each time."""
        now = self.host.clock.now()
        entry = self.opened.connector(SqsConnector).receives_of(self.message)
        facts = all_facts(self.row, now, message_receives_text(entry, now))
        self.query_one("#attributes", Facts).show(facts)

    def reason_against(self, command: Command) -> str:
        if command.id == NEXT_ROW.id and self.place.at == self.place.of:
            return "this is the last of the list"
        if command.id == PREVIOUS_ROW.id and self.place.at == 1:
            return "this is the first of the list"
        return super().reason_against(command)

    def action_next_row(self, by: int) -> None:
        self._list.action_next_row(by)
        self._show_current()

    def action_mark(self) -> None:
        self._list.action_mark()
        self._show_current()

    def action_next_view(self) -> None:
        self.query_one(ViewerPane).viewer.action_toggle_pretty()

    def action_receives(self) -> None:
        self.app.push_screen(receives_panel(self.opened, self.message))

    def action_attributes(self) -> None:
        self.toggle_class("-attributes")
        if self.has_class("-attributes"):
            self.query_one("#attributes", Facts).focus()
        else:
            self.query_one(ViewerPane).viewer.focus()

    def action_delete(self) -> None:
        self._delete_this()

    @work(exclusive=True, group="change", exit_on_error=False, description="delete the message")
    async def _delete_this(self) -> None:
        if await self._list.delete([self.message]).wait() and self.is_attached:
            self._show_current()

    def action_hide(self) -> None:
        self._list.hide([self.message])

    def action_copy(self) -> None:
        self.host.copy(self.message.body, "the body")

    def action_copy_command(self) -> None:
        rest = "--receipt-handle file://RECEIPT_HANDLE"
        self.host.copy(queue_command(self.session, "delete-message", self.message.queue, rest), "the command")

    def action_write(self) -> None:
        """Writes the body to a new file, readable by its owner only, in the folder where sluice was started."""
        name = "".join(
            c if c.isalnum() or c in "-_." else "_" for c in f"{self.message.queue.name}-{self.message.message_id}"
        )
        file_name = f"{name[:120]}.body"
        try:
            path = Path.cwd() / file_name
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogatepass", newline="") as file:
                file.write(self.message.body)
        except FileExistsError:
            self.host.tell(f"left as it is, for it exists already: {path}", severe=True)
        except OSError as error:
            self.show_error(
                ConnectorError(Step.SETTINGS, f"{file_name}: {error.strerror}", "start sluice in another folder")
            )
        else:
            self.host.tell(f"written to {path}")
