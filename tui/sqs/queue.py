"""One queue: its counts and settings, and the messages looked at."""

from collections.abc import AsyncIterator, Collection
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.worker import Worker

from connectors.errors import ConnectorError, Refused, Step
from connectors.open_context import OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.models import EntryOutcome, Message, Queue, QueueAttributes
from connectors.sqs.queues import Queues, queue_command
from connectors.sqs.service import PURGE_COOLDOWN
from tui.commands import Command
from tui.screens.following import follow
from tui.screens.host import Lead
from tui.screens.inspecting import Inspecting
from tui.sqs import changes
from tui.sqs.commands import QUEUE
from tui.sqs.inspector import MessageInspector, Place
from tui.sqs.lease_words import lease_in_words
from tui.sqs.message_rows import MessageRow, columns
from tui.sqs.queue_facts import QueueKnowledge, queue_leads
from tui.sqs.receive_log import receives_panel
from tui.sqs.receiving import NOT_KNOWN, LookingScreen
from tui.sqs.visibility import change_visibility
from widgets.table.model import TableModel
from widgets.table.view import Table

_ON_A_MESSAGE = frozenset(
    {"delete", "hide", "receives", "mark", "inspector", "next_view", "next_row(1)", "next_row(-1)"}
)
"""The actions that are done with the message under the cursor, or with those that are marked."""


class QueueScreen(LookingScreen):
    """`queue` is None where only the name or URL is known yet; `then` is the action to do first (`peek`, `send`,
    `purge`)."""

    SCOPE = QUEUE
    BINDINGS: ClassVar[list[BindingType]] = QUEUE.bindings()

    def __init__(self, context: OpenContext | None, name: str, queue: Queue | None = None, *, then: str = "") -> None:
        super().__init__(context, name, queue)
        self._when_read = then
        self._changing = False
        self._inspecting = Inspecting.BESIDE

    @property
    def view(self) -> str:
        return f"queue:{self.asked}"

    def contents(self) -> Table[MessageRow]:
        model = TableModel(
            columns(
                fifo=self.queue_name.endswith(".fifo"),
                lease=lambda message: lease_in_words(self.context, message),
                now=self.host.clock.now,
            ),
            key=lambda row: row.key,
            filter_text=lambda row: f"{row.message.message_id} {row.message.body}",
        )
        return Table(model, empty=self._empty_text)

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(60, self.table.restyle)  # the ages move on

    # -- reading ------------------------------------------------------------------------------------------------

    def renewals(self, context: OpenContext) -> AsyncIterator[QueueKnowledge]:
        return self.reading.renewals(Queues(context.aws))

    def take(self, reading: QueueKnowledge) -> None:
        if self.must_exist and reading.error is not None and reading.error.step is Step.NOT_FOUND:
            self.host.tell(f"this context has no queue {self.queue_name}", severe=True)
            self.close()
            return
        self.must_exist = False
        self.queue = reading.queue
        if self.context is not None:
            sqs = self.context.connector(SqsConnector)
            reading.add_to(sqs.history)
            reading = reading.with_sources_of(sqs.watch)
        super().take(reading)
        self.show_hints()
        self._remark_rows()
        self._do_what_waited()

    # -- the inspector --------------------------------------------------------------------------------------------

    def inspector(self) -> MessageInspector:
        return MessageInspector(self.host.pace.rest)

    @property
    def _inspector(self) -> MessageInspector:
        return self.query_one(MessageInspector)

    @on(Table.CursorMoved)
    @on(Table.MarksChanged)
    def _follow_cursor(self) -> None:
        self._inspect()
        self.show_hints()

    def _inspect(self) -> None:
        place = self.place
        inspects = place is not None and self._inspecting is not Inspecting.HIDDEN
        was_in_it = self._inspector.has_focus_within
        self.set_class(inspects, "-inspecting")
        self.set_class(inspects and self._inspecting is Inspecting.WHOLE, "-whole")
        if inspects and self._inspecting is Inspecting.WHOLE:
            if not was_in_it:
                self.set_focus(self._inspector.viewer)
        elif was_in_it and not inspects:
            self.set_focus(self.table)
        if place is not None:
            self._inspector.show(place)

    def action_inspector(self) -> None:
        """Goes round: the message under the cursor beside the list, on the whole screen, and not at all."""
        self._inspecting = self._inspecting.next
        if self._inspecting is Inspecting.HIDDEN and self._inspector.has_focus_within:
            self.set_focus(self.table)
        self._inspect()

    def action_next_view(self) -> None:
        self._inspector.viewer.action_toggle_pretty()

    def action_back(self) -> None:
        """Out of the inspector first, to the list."""
        if self._inspector.has_focus_within:
            self._inspecting = Inspecting.BESIDE
            self._inspect()
            self.set_focus(self.table)
        else:
            super().action_back()

    # -- the list, for those who are in a message of it ------------------------------------------------------------

    @property
    def place(self) -> Place | None:
        """The message under the cursor. None where the list shows none."""
        row, model = self.table.cursor_record, self.table.model
        if row is None or model.cursor is None:
            return None
        return Place(row, model.cursor + 1, model.shown, model.is_marked(row.key))

    def action_next_row(self, by: int) -> None:
        if by > 0:
            self.table.action_down()
        else:
            self.table.action_up()

    def action_mark(self) -> None:
        self.table.action_mark()

    @on(Table.Opened)
    def _open_message(self) -> None:
        from tui.sqs.message import MessageScreen

        place = self.place
        if place is not None:
            self.app.push_screen(MessageScreen(self.opened, self, place))

    def action_receives(self) -> None:
        row = self.table.cursor_record
        if row is not None:
            self.app.push_screen(receives_panel(self.opened, row.message))

    def action_dead_letters(self) -> None:
        if self._dead_letter_name is not None:
            self.app.push_screen(QueueScreen(self.context, self._dead_letter_name))

    @property
    def _dead_letter_name(self) -> str | None:
        redrive = self.attributes.redrive if self.attributes is not None else None
        return redrive.dead_letter_name if redrive is not None else None

    def reason_against(self, command: Command) -> str:
        if command.action in _ON_A_MESSAGE and self.table.cursor_key is None and not self.table.marks:
            return f"no message is under the cursor: peek first ({self.host.key('queue.peek')})"
        if command.action in ("peek", "send", "purge") and self.queue is None and self.reading.error is not None:
            return NOT_KNOWN
        if command.action == "dead_letters" and self._dead_letter_name is None:
            return NOT_KNOWN if self.attributes is None else f"{self.queue_name} has no dead-letter queue"
        if command.action == "sources" and not self._leads():
            return f"nothing is known to feed {self.queue_name}"
        if command.action == "purge" and (wait := self.moment().purge_wait) > 0:
            return f"purged less than {PURGE_COOLDOWN:.0f} s ago: again in {wait:.0f} s"
        return super().reason_against(command)

    def _leads(self) -> list[Lead]:
        """Where its messages come from, as far as is known."""
        queues = self.reading.sources or (self.reading.listed.names if self.reading.listed is not None else ())
        return queue_leads(queues, self.host.sources_on(self.context, "queue", self.reading.arn_or_name))

    def action_sources(self) -> None:
        follow(self, self._leads())

    # -- changing -----------------------------------------------------------------------------------------------

    def action_send(self) -> None:
        from tui.sqs.send import SendScreen

        queue = self._known_queue("send")
        if queue is None:
            return
        try:
            context = self.opened
            context.guard.check_change(context.connector(SqsConnector).messages.sending(queue))
        except Refused as error:
            self.show_error(error)
        else:
            self.app.push_screen(SendScreen(context, queue, self.attributes))

    def action_delete(self) -> None:
        """Deletes the marked messages, or the one under the cursor. They are captured here, before the question."""
        chosen = self._chosen()
        if chosen and not self._changing:
            self.delete(chosen, hidden=self.table.model.hidden_marks)

    def _chosen(self) -> list[Message]:
        keys = self.table.marks or ((self.table.cursor_key,) if self.table.cursor_key else ())
        return [self._messages[key] for key in keys]

    def action_hide(self) -> None:
        """Changes the visibility timeout of the messages that `action_delete` would delete."""
        chosen = self._chosen()
        if chosen and not self._changing:
            self.hide(chosen, hidden=self.table.model.hidden_marks)

    def hide(self, chosen: list[Message], *, hidden: int = 0) -> None:
        """Asks for a time, and hides `chosen` for so long."""
        self._changing = True
        self.host.run_change(partial(self._hide, chosen, hidden), "change the visibility")

    async def _hide(self, chosen: list[Message], hidden: int) -> None:
        try:
            renewed = await change_visibility(
                self.host, self.opened, chosen[0].queue, chosen, self.attributes, hidden=hidden
            )
        except ConnectorError as error:
            self.show_error(error)
            return
        finally:
            self._changing = False
            self._leave_nothing(chosen)
        self._messages.update((message.message_id, message) for message in renewed)
        self.leases_changed()

    def leases_changed(self, queues: Collection[Queue] = ()) -> None:
        """Also called when messages of this screen were hidden for a time that somebody chose."""
        if self.is_attached:
            self._count_down()
            self.read()

    def delete(self, chosen: list[Message], *, hidden: int = 0) -> Worker[bool]:
        """Asks, deletes, and removes the deleted rows. The worker's result is true if all of `chosen` were deleted."""
        self._changing = True
        return self.host.run_change(partial(self._delete, chosen[0].queue, chosen, hidden), "delete messages")

    async def _delete(self, queue: Queue, chosen: list[Message], hidden: int) -> bool:
        try:
            outcomes = await changes.delete(self.host, self.opened, queue, chosen, hidden=hidden)
        except ConnectorError as error:
            self.show_error(error)
            return False
        finally:
            self._changing = False
            self._leave_nothing(chosen)
        if outcomes is not None:
            self._after_delete(outcomes)
        return outcomes is not None and all(outcome.confirmed for outcome in outcomes)

    def _after_delete(self, outcomes: list[EntryOutcome]) -> None:
        confirmed = {outcome.message_id for outcome in outcomes if outcome.confirmed}
        self.drop_messages(confirmed)
        if self.is_attached:
            self._show_cost()
            self.read()

    def action_purge(self) -> None:
        queue = self._known_queue("purge")
        if queue is not None and not self._changing:
            self._changing = True
            self.host.run_change(partial(self._purge, queue, self.attributes), "purge the queue")

    async def _purge(self, queue: Queue, attributes: QueueAttributes | None) -> None:
        try:
            is_started = await changes.purge(self.host, self.opened, queue, attributes)
        except ConnectorError as error:
            is_started = False
            self.show_error(error)
        finally:
            self._changing = False
        if self.is_attached:
            if is_started:
                self.forget_messages()
            self._count_down()
            self.read()

    # -- the rest -----------------------------------------------------------------------------------------------

    def action_refresh_now(self) -> None:
        self.reading = self.reading.without_refusals()
        super().action_refresh_now()

    def action_copy(self) -> None:
        marked = [self._messages[key].body for key in self.table.marks]
        row = self.table.cursor_record
        if marked:
            self.host.copy("\n".join(marked), f"{len(marked):,} bod{'ies' if len(marked) > 1 else 'y'}")
        elif row is not None:
            self.host.copy(row.message.body, "the message's body")
        elif self.queue is not None:
            self.host.copy(self.queue.url, "the queue's URL")

    def action_copy_command(self) -> None:
        if self.queue is not None:
            rest = (
                "--max-number-of-messages 10 --visibility-timeout 30 --wait-time-seconds 1"
                " --message-system-attribute-names All --message-attribute-names All"
            )
            self.host.copy(queue_command(self.session, "receive-message", self.queue, rest), "the command")
