"""One message: its body as it is, its attributes, and its lease."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.worker import Worker

from connectors.errors import ConnectorError, Step
from connectors.open_context import OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.models import Message
from connectors.sqs.queues import queue_command
from tui.screens.base import SluiceScreen
from tui.sqs.commands import MESSAGE
from tui.sqs.message_facts import all_facts, head_line
from tui.sqs.message_rows import MessageRow
from tui.sqs.receive_log import message_receives_text, receives_panel
from widgets.facts import Facts
from widgets.line import Line, Part, Yield
from widgets.viewer.pane import ViewerPane


class MessageScreen(SluiceScreen):
    """`delete` is `QueueScreen.delete`: it asks, deletes, updates the list, and results in whether all were deleted."""

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

    def __init__(self, context: OpenContext, row: MessageRow, delete: Callable[[list[Message]], Worker[bool]]) -> None:
        super().__init__(context)
        self.row = row
        self._delete = delete
        self._lease_over = False

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
        now = self.host.clock.now()
        self.query_one("#head", Facts).show(head_line(self.row, now))
        self.query_one("#head", Facts).can_focus = False
        self._show_facts()
        self.query_one(ViewerPane).viewer.focus()
        self._show_lease()
        self.set_interval(self.host.pace.countdown, self._show_lease)

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
        self.query_one("#title", Line).show(title, [lease])

    def _show_facts(self) -> None:
        """Fills the facts. Not called every second: the ages in them would paint all facts anew each time."""
        now = self.host.clock.now()
        entry = self.opened.connector(SqsConnector).receives_of(self.message)
        facts = all_facts(self.row, now, message_receives_text(entry, now))
        self.query_one("#attributes", Facts).show(facts)

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
        if await self._delete([self.message]).wait():
            self.close()

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
