"""One queue: its counts and settings, and the messages looked at."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.message import Message as TextualMessage
from textual.timer import Timer
from textual.worker import Worker

from connectors.errors import ConnectorError, Refused
from connectors.session import AwsSession
from connectors.sqs.messages import Messages, aws_command
from connectors.sqs.models import EntryOutcome, Look, Message, Queue, QueueAttributes
from connectors.sqs.queues import Queues
from tui import queue_changes
from tui.commands import bindings
from tui.leases import Leases
from tui.message_rows import MessageRow, columns
from tui.queue_facts import QueueKnowledge, cost_parts, queue_facts, reasons_to_ask
from tui.screens.filtered import FilteredScreen, FilterInput
from widgets.dialog import Question
from widgets.facts import Facts
from widgets.line import Line, Part, Yield
from widgets.table import messages
from widgets.table.model import TableModel
from widgets.table.view import Table


class QueueScreen(FilteredScreen):
    """`queue` is None where only the name is known yet; `then` is the action to do first (`peek`, `send`, `purge`)."""

    SCOPE = "queue"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("queue"))
    CSS = """
    QueueScreen {
        #body { height: 1fr; layout: vertical; }
        #facts { height: 9; border-bottom: solid $primary 40%; padding: 0 1; }
        #messages { height: 1fr; }
        &.-wide #body { layout: horizontal; }
        &.-wide #facts { width: 56; height: 1fr; border-bottom: none; border-right: solid $primary 40%; }
        &.-wide #messages { width: 1fr; }
    }
    """

    class Known(TextualMessage):
        """What was read of the queue; `error` where it could not be."""

        def __init__(self, knowledge: QueueKnowledge) -> None:
            super().__init__()
            self.knowledge = knowledge

    class ReadingEnded(TextualMessage):
        """The last of a reading is known, or it failed."""

    class Looked(TextualMessage):
        def __init__(self, look: Look) -> None:
            super().__init__()
            self.look = look

    def __init__(self, name: str, queue: Queue | None = None, *, then: str = "") -> None:
        super().__init__()
        self.queue_name = name
        self.queue = queue
        self.knowledge = QueueKnowledge(name, queue)
        self._then = then
        self._messages: dict[str, Message] = {}
        self._looked = 0
        self._reading = self._read_again = False
        self._looking = False
        self._changing = False
        self._countdown: Timer | None = None

    @property
    def view(self) -> str:
        return f"queue:{self.queue_name}"

    @property
    def attributes(self) -> QueueAttributes | None:
        return self.knowledge.attributes

    @property
    def limit(self) -> int | None:
        """The maxReceiveCount."""
        return self.attributes.redrive.max_receive_count if self.attributes and self.attributes.redrive else None

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        with Container(id="body"):
            yield Facts(id="facts")
            model = TableModel(
                columns(fifo=self.queue_name.endswith(".fifo")),
                key=lambda row: row.key,
                filter_text=lambda row: f"{row.message.message_id} {row.message.body}",
            )
            yield Table(model, empty=self._empty_text, id="messages")
        yield Line(id="cost")
        yield FilterInput()

    def on_mount(self) -> None:
        super().on_mount()
        self.table.focus()
        self._show()
        self.set_interval(self.sluice.pace.refresh, self._read_if_on_top)

    # -- reading ------------------------------------------------------------------------------------------------

    def _read_if_on_top(self) -> None:
        if self.is_current and not self._reading:
            self._read()

    def _read(self) -> None:
        """Reads the queue; while a reading is under way, once more when it is done."""
        self._read_again = self._reading
        if not self._reading and self.sluice.session is not None:
            self._reading = True
            self._renew(Queues(self.sluice.session), self.knowledge)

    @work(group="read", exit_on_error=False, description="read the queue")
    async def _renew(self, queues: Queues, knowledge: QueueKnowledge) -> None:
        try:
            async for renewed in knowledge.renewals(queues):
                self.post_message(self.Known(renewed))
        finally:
            self.post_message(self.ReadingEnded())

    def on_queue_screen_known(self, event: Known) -> None:
        self.knowledge = event.knowledge
        self.queue = event.knowledge.queue
        self._show()
        self._remark_rows()
        then, self._then = self._then, ""
        if then and self.queue is not None:
            self.call_later(self.run_action, then)

    def on_queue_screen_reading_ended(self) -> None:
        self._reading = False
        if self._read_again:
            self._read()

    def _show(self) -> None:
        parts = [Part(" Queue ", "strong"), Part(self.queue_name, "strong", Yield.SHORTEN)]
        attributes = self.attributes
        if attributes is not None:
            counts = attributes.counts
            for value, label in (
                (counts.visible, "visible"),
                (counts.in_flight, "in flight"),
                (counts.delayed, "delayed"),
            ):
                parts.append(Part(f"  {'–' if value is None else format(value, ',')}", "strong", Yield.DROP))
                parts.append(Part(f" {label}", "muted", Yield.DROP, with_previous=True))
        wait = self._purge_wait()
        if wait > 0:
            parts.append(Part(f"  purge started, again in {wait:.0f} s", "warning"))
        error = self.knowledge.error
        if error is not None:
            parts.append(Part(f"  {'last reading' if attributes else 'reading'} failed at {error.step}", "error"))
        elif attributes is None:
            parts.append(Part("  reading…", "muted"))
        self.query_one("#title", Line).show(parts)
        self.query_one("#facts", Facts).show(queue_facts(self.knowledge, self.sluice.clock.now()))
        self._show_cost()

    def _show_cost(self) -> None:
        """What a look costs, or how long the leases still run."""
        held = self._held()
        if held:
            seconds = min(message.lease_ends for message in held) - self.sluice.clock.monotonic()
            parts = [
                Part(f" {len(held)} held", "warning"),
                Part(f" for {max(0, seconds):.0f} s more; given back when you leave. ", "muted"),
                Part("Consumers wait." if self.queue_name.endswith(".fifo") else "", "warning"),
            ]
        elif self._looked and self.table.model.total:
            parts = [
                Part(
                    f" The leases have ended: peek again ({self.sluice.key('queue.peek')}) before you delete.",
                    "warning",
                )
            ]
        else:
            parts = cost_parts(self.knowledge, self.sluice.key("queue.peek"))
        self.query_one("#cost", Line).show(parts)

    def _purge_wait(self) -> float:
        """Seconds until SQS takes another purge of this queue."""
        leases = self.sluice.leases
        return leases.messages.purge_cooldown(self.queue) if leases is not None and self.queue is not None else 0.0

    def _held(self) -> list[Message]:
        leases = self.sluice.leases
        return leases.open(self.queue) if leases is not None and self.queue is not None else []

    def _empty_text(self) -> str:
        peek = self.sluice.key("queue.peek")
        if self._looking:
            return "looking…"
        if self.table.model.total:
            return "no message matches the filter"
        if self._looked:
            return f"The look brought no message.\nThat does not prove the queue empty; {peek} looks again."
        return f"No message looked at yet. {peek} looks at up to 10."

    def _say_why_empty(self) -> None:
        """Has the table ask anew: what its text depends on is no row, so nothing else tells it."""
        self.table.empty = self._empty_text

    # -- looking ------------------------------------------------------------------------------------------------

    def action_peek(self) -> None:
        if self.queue is None:
            self.sluice.tell("the queue is not known yet", severe=True)
        elif not self._looking and self.sluice.session is not None and self.sluice.leases is not None:
            self._looking = True
            self._look(self.sluice.session, self.sluice.leases, self.queue)

    @work(group="look", exit_on_error=False, description="look at messages")
    async def _look(self, session: AwsSession, leases: Leases, queue: Queue) -> None:
        try:
            session.guard.check_look()
            accepted = queue in leases.cost_accepted
            question = reasons_to_ask(self.knowledge, session.context.read_only, accepted=accepted)
            if question and not await self.app.push_screen_wait(
                Question(f"Look into {queue.name}?", question, yes="look")
            ):
                return
            leases.cost_accepted.add(queue)
            self._say_why_empty()
            look = await leases.messages.look(queue)
            leases.hold(look.messages)
            if self.is_attached:
                self.post_message(self.Looked(look))
            else:
                self.sluice.give_back(queue)
        except ConnectorError as error:
            self.show_error(error)
        finally:
            self._looking = False
            if self.is_attached:
                self._say_why_empty()

    def on_queue_screen_looked(self, event: Looked) -> None:
        self._looked += 1
        self._messages.update((message.message_id, message) for message in event.look.messages)
        self._say_why_empty()
        self._count_down()
        if not event.look.messages and self.table.model.total:
            self.sluice.tell("this look brought no further message")

    def _count_down(self) -> None:
        """Shows leases and cooldown as they run, for as long as there is one."""
        if self._countdown is None:
            self._countdown = self.set_interval(self.sluice.pace.countdown, self._count_down)
        self._show()
        self._remark_rows()
        if not self._held() and not self._purge_wait():
            self._countdown.stop()
            self._countdown = None

    def _remark_rows(self) -> None:
        """Marks the rows whose lease is over, and gives those the limit that became known after them."""
        now = self.sluice.clock.monotonic()
        self.table.upsert(
            [MessageRow(message, self.limit, message.lease_ends <= now) for message in self._messages.values()]
        )

    @on(Table.Opened)
    def _open_message(self, event: messages.Opened) -> None:
        from tui.screens.message import MessageScreen

        row = self.table.model.get(event.key)
        if row is not None:
            self.app.push_screen(MessageScreen(row, self.delete))

    # -- changing -----------------------------------------------------------------------------------------------

    def action_send(self) -> None:
        from tui.screens.send import SendScreen

        if self.queue is None:
            self.sluice.tell("the queue is not known yet", severe=True)
            return
        try:
            self.session.guard.check_change(Messages(self.session).sending(self.queue))
        except Refused as error:
            self.show_error(error)
        else:
            self.app.push_screen(SendScreen(self.queue, self.attributes))

    def action_delete(self) -> None:
        """The marked messages, or the one under the cursor: captured here, whatever the cursor does later."""
        keys = self.table.marks or ((self.table.cursor_key,) if self.table.cursor_key else ())
        chosen = [self._messages[key] for key in keys]
        if not chosen:
            self.sluice.tell(f"no message to delete; peek first ({self.sluice.key('queue.peek')})", severe=True)
        elif not self._changing:
            self.delete(chosen, hidden=self.table.model.hidden_marks)

    def delete(self, chosen: list[Message], *, hidden: int = 0) -> Worker[bool]:
        """Asks, deletes and mends the list. The worker's result says whether all of `chosen` are gone."""
        self._changing = True
        return self.sluice.run_change(self._delete(chosen[0].queue, chosen, hidden), "delete messages")

    async def _delete(self, queue: Queue, chosen: list[Message], hidden: int) -> bool:
        try:
            outcomes = await queue_changes.delete(self.sluice, queue, chosen, hidden=hidden)
        except ConnectorError as error:
            self.show_error(error)
            return False
        finally:
            self._changing = False
        if outcomes is not None:
            self._after_delete(chosen, outcomes)
        return outcomes is not None and all(outcome.confirmed for outcome in outcomes)

    def _after_delete(self, chosen: list[Message], outcomes: list[EntryOutcome]) -> None:
        confirmed = {outcome.message_id for outcome in outcomes if outcome.confirmed}
        if self.sluice.leases is not None:
            self.sluice.leases.forget([message for message in chosen if message.message_id in confirmed])
        for message_id in confirmed:
            self._messages.pop(message_id, None)
        if not self.is_attached:
            return
        self.table.remove_rows(confirmed)
        self._show_cost()
        self._read()

    def action_purge(self) -> None:
        if self.queue is None:
            self.sluice.tell("the queue is not known yet", severe=True)
        elif not self._changing:
            self._changing = True
            self.sluice.run_change(self._purge(self.queue, self.attributes), "purge the queue")

    async def _purge(self, queue: Queue, attributes: QueueAttributes | None) -> None:
        try:
            is_started = await queue_changes.purge(self.sluice, queue, attributes)
        except ConnectorError as error:
            is_started = False
            self.show_error(error)
        finally:
            self._changing = False
        if self.is_attached:
            if is_started:
                self._messages.clear()
                self._looked = 0
                self.table.clear()
            self._count_down()
            self._read()

    # -- the rest -----------------------------------------------------------------------------------------------

    def context_changed(self, *, seeded: bool = False) -> None:
        if seeded:
            self._read()

    def action_refresh_now(self) -> None:
        self.knowledge = self.knowledge.without_refusals()
        self._read()

    def action_copy(self) -> None:
        row = self.table.cursor_record
        if row is not None:
            self.sluice.copy(row.message.body, "the message's body")
        elif self.queue is not None:
            self.sluice.copy(self.queue.url, "the queue's URL")

    def action_copy_command(self) -> None:
        if self.queue is not None:
            rest = (
                "--max-number-of-messages 10 --visibility-timeout 30 --wait-time-seconds 1"
                " --message-system-attribute-names All --message-attribute-names All"
            )
            self.sluice.copy(aws_command(self.session, "sqs receive-message", self.queue, rest), "the command")

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self._read()

    def on_unmount(self) -> None:
        """However the screen goes, its leases go back."""
        if self.queue is not None and self._held():
            self.sluice.give_back(self.queue)
