"""One subscription: the rules of its filter policy tried on the test message, and what else decides what it gets."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Select, TextArea

from connectors.aws.cli_command import aws_command
from connectors.errors import ConnectorError
from tui.commands import Command
from tui.screens.base import SluiceScreen
from tui.screens.following import follow
from tui.sns.commands import SUBSCRIPTION
from tui.sns.following import no_queue, queues_of
from tui.sns.judging import Judging
from tui.sns.kept_messages import TYPES, Written
from tui.sns.opening import open_explain, open_publish
from tui.sns.rule_rows import COLUMNS, RuleRow, reason_parts, rule_rows
from tui.sns.subscription_words import subscription_facts
from tui.sns.watched_topic import WatchedTopic
from widgets.facts import Fact, Facts
from widgets.line import Line, Part, Yield
from widgets.table.model import TableModel
from widgets.table.view import Table
from widgets.writing import AttributeRows, BodyField

if TYPE_CHECKING:
    from connectors.sns.models import Subscription


class Tried(NamedTuple):
    """The rules tried on the message, all else that is known, the bytes of the message, and what is wrong with it."""

    rows: list[RuleRow]
    facts: list[Fact]
    size: int
    faults: list[str]


class SubscriptionScreen(SluiceScreen):
    SCOPE = SUBSCRIPTION
    BINDINGS: ClassVar[list[BindingType]] = SUBSCRIPTION.bindings()
    DEFAULT_CSS = """
    SubscriptionScreen {
        Table { height: 1fr; min-height: 3; }
        #message { height: auto; }
        #message-head { background: $panel; }
        #body { height: 3; border: none; padding: 0 1; &:focus { border: none; } }
        #attributes { max-height: 3; }
        AttributeRow > Select { width: 17; }
        #facts { height: auto; max-height: 9; padding: 0 1; }
        &.-wide #body { height: 6; }
        &.-low #message { display: none; }
    }
    """

    def __init__(self, watched: WatchedTopic, subscription: "Subscription") -> None:
        super().__init__(watched.context)
        self.watched = watched
        self._key = subscription.key
        self._state = watched.watch.states[subscription.key]
        self._judging = Judging(self, self._judgement, self._show_tried)

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        model: TableModel[RuleRow] = TableModel(
            COLUMNS, key=lambda row: row.key, filter_text=lambda row: f"{row.path} {row.rule}"
        )
        yield Table(model, empty=self._empty_text)
        yield Line(id="detail")
        with Vertical(id="message"):
            yield Line(id="message-head")
            yield BodyField(self.watched.written.body, id="body")
            yield AttributeRows(TYPES, self.watched.written.attributes, id="attributes")
        yield Facts(id="facts")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Table).focus()
        self._show_title()
        self._judging.begin()

    def on_unmount(self) -> None:
        self.watched.leave(self)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.watched.enter(self, self._judging.soon)
        self.call_later(self._take_kept)

    async def _take_kept(self) -> None:
        """Shows the message that another screen of the topic kept."""
        kept = self.watched.written
        if kept != self._written:
            self.query_one(BodyField).load_exact(kept.body)
            await self.query_one(AttributeRows).show(kept.attributes)
        self._judging.soon()

    def on_screen_suspend(self) -> None:
        self.watched.leave(self)

    # -- what it says ------------------------------------------------------------------------------------------------

    @property
    def _written(self) -> Written:
        """The test message as it stands in the fields, with what only the form for a publish has."""
        kept = self.watched.written
        rows = tuple(row for row in self.query_one(AttributeRows).typed if row.name or row.value)
        return Written(self.query_one(BodyField).exact, rows, kept.subject, kept.group, kept.deduplication)

    @on(TextArea.Changed)
    @on(Input.Changed)
    @on(Select.Changed)
    def _keep(self) -> None:
        self.watched.written = self._written
        self._judging.soon()

    def _judgement(self) -> Callable[[], Tried]:
        """Tries the rules on what is typed now."""
        self._state = state = self.watched.state(self._key) or self._state
        written, receivers = self._written, self.watched.receivers

        def tried() -> Tried:
            draft, faults = written.draft()
            message = draft.filter_message
            is_tried = bool(draft.body or draft.attributes)
            checked = receivers.checked(state)
            policy = checked.policy if checked is not None else None
            rows = rule_rows(policy, message, tried=is_tried) if policy is not None else []
            receipt = receivers.receipt(state, draft, message) if is_tried else None
            facts = subscription_facts(state, checked, receivers.may_send(state), receipt)
            return Tried(rows, facts, draft.size, faults)

        return tried

    def _show_tried(self, tried: Tried) -> None:
        self.query_one(Table).replace(tried.rows)
        self.query_one("#facts", Facts).show(tried.facts)
        head = [Part(" Test message", "strong"), Part(f"  {tried.size:,} bytes", "muted")]
        head.append(Part(f"  {tried.faults[0]}", "warning", Yield.SHORTEN) if tried.faults else self._way_in)
        self.query_one("#message-head", Line).show(head)
        self._show_rule()

    def _show_title(self) -> None:
        subscription = self._state.subscription
        self.query_one("#title", Line).show(
            [
                Part(" Subscription ", "strong"),
                Part(subscription.short_endpoint, "strong", Yield.SHORTEN),
                Part(f"  {subscription.protocol}", "muted"),
                Part(f"  of {self.watched.topic.name}", "muted", Yield.SHORTEN),
            ]
        )

    @property
    def _way_in(self) -> Part:
        written = self.host.key("screen.next")
        return Part(f"  {written} writes it; {self.host.key('screen.back')} leads back to the rules", "muted")

    @on(Table.CursorMoved)
    def _show_rule(self) -> None:
        row: RuleRow | None = self.query_one(Table).cursor_record
        self.query_one("#detail", Line).show(reason_parts(row) if row is not None else [])

    def _empty_text(self) -> str:
        state = self._state
        if state.is_pending:
            return "pending: its filter policy can't be read"
        if state.details is None:
            return f"the filter policy could not be read: {state.error.step}" if state.error else "reading…"
        if state.details.filter_policy:
            return f"the filter policy is none that SNS takes:\n{state.details.filter_policy[:400]}"
        return "no filter policy: every message is delivered"

    # -- commands ----------------------------------------------------------------------------------------------------

    def action_back(self) -> None:
        """Out of the test message first, to the rules."""
        if self.query_one("#message").has_focus_within:
            self.set_focus(self.query_one(Table))
        else:
            self.close()

    @work(exclusive=True, group="editor", exit_on_error=False, description="edit the test message")
    async def action_edit_body(self) -> None:
        try:
            edited = await self.host.edit(self._written.body)
        except ConnectorError as error:
            self.show_error(error)
            return
        if self.is_attached:
            self.query_one(BodyField).load_exact(edited.text)

    async def action_add_attribute(self) -> None:
        await self.query_one(AttributeRows).add()

    def action_follow(self) -> None:
        follow(self, queues_of(self._state))

    def reason_against(self, command: Command) -> str:
        if command.action == "follow" and not queues_of(self._state):
            return no_queue(self._state)
        return super().reason_against(command)

    def action_publish(self) -> None:
        open_publish(self, self.watched)

    def action_explain(self) -> None:
        open_explain(self, self.watched)

    def action_refresh_now(self) -> None:
        self.watched.watch.read_soon(self._state.subscription)

    def action_copy(self) -> None:
        details, subscription = self._state.details, self._state.subscription
        if details is not None and details.filter_policy:
            self.host.copy(details.filter_policy, "the filter policy")
        else:
            self.host.copy(subscription.arn if subscription.has_arn else subscription.endpoint, "the subscription")

    def action_copy_command(self) -> None:
        words = ["get-subscription-attributes", "--subscription-arn", self._state.subscription.arn]
        self.host.copy(aws_command(self.session, "sns", words), "the command")
