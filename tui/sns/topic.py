"""One topic: what it is, and its subscriptions, those that get nothing first."""

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from connectors.errors import ConnectorError, Refused, Step
from tui.commands import Command
from tui.screens.list_reading import ListReading, ListRows, Nouns, trouble_facts
from tui.screens.resource_list import ResourceList
from tui.sns.commands import TOPIC
from tui.sns.subscription_rows import COLUMNS, TROUBLE_FIRST, SubscriptionRow, detail_parts, row_of
from tui.sns.topic_words import head_parts, tag_parts
from widgets.facts import Facts
from widgets.line import Line, Part, Yield

if TYPE_CHECKING:
    from connectors.open_context import OpenContext
    from connectors.sns.models import Subscription, Topic, TopicDetails
    from connectors.sns.subscriptions import SubscriptionState
    from tui.sns.subscription import SubscriptionScreen
    from tui.sns.watched_topic import WatchedTopic

_NOUNS = Nouns("subscription", "subscriptions", "subscription ARN")


class TopicScreen(ResourceList["Subscription", "SubscriptionState", SubscriptionRow]):
    """`asked` is the name or ARN of the topic, which is looked for where `topic` is None; `then` is an action to do
    once it is known (`publish`, `explain`)."""

    SCOPE = TOPIC
    BINDINGS: ClassVar[list[BindingType]] = TOPIC.bindings()
    NOUNS = _NOUNS
    COLUMNS = COLUMNS
    OWN_ORDER = TROUBLE_FIRST
    ON_A_ROW = ResourceList.ON_A_ROW - {"copy_command"} | {"follow"}

    class Found(Message):
        """The topic was found, or why it was not."""

        def __init__(self, topic: "Topic | None", error: ConnectorError | None = None) -> None:
            super().__init__()
            self.topic = topic
            self.error = error

    class Described(Message):
        """What the topic's attributes and tags say."""

        def __init__(self, details: "TopicDetails") -> None:
            super().__init__()
            self.details = details

    def __init__(
        self, context: "OpenContext | None", asked: str, topic: "Topic | None" = None, *, then: str = ""
    ) -> None:
        super().__init__(context)
        self.asked = asked
        self.topic = topic
        self.watched: WatchedTopic | None = None
        self._details: TopicDetails | None = None
        self._find_error: ConnectorError | None = None
        self._then = then

    @property
    def view(self) -> str:
        return f"topic:{self.asked}"

    @property
    def topic_name(self) -> str:
        return self.topic.name if self.topic is not None else self.asked.rsplit(":", 1)[-1]

    @property
    def known_topic(self) -> "Topic":
        """`topic`; raises `Refused` while it is None."""
        if self.topic is None:
            raise Refused("the topic is not known yet", "wait until it is found")
        return self.topic

    @property
    def at_work(self) -> "WatchedTopic":
        """`watched`; raises `Refused` while it is None."""
        if self.watched is None:
            raise Refused("the topic is not read yet", "wait until it is found")
        return self.watched

    # -- the parts ---------------------------------------------------------------------------------------------------

    def compose_body(self) -> ComposeResult:
        title, *rest = super().compose_body()
        yield title
        yield Line(id="head")
        yield Line(id="tags")
        yield from rest

    def make_rows(
        self, context: "OpenContext", rows_on_screen: int
    ) -> "ListRows[Subscription, SubscriptionState, SubscriptionRow]":
        from connectors.sns.connector import SnsConnector
        from tui.sns.watched_topic import WatchedTopic

        topic = self.known_topic
        watch = context.connector(SnsConnector).watch_subscriptions(
            topic, refresh_seconds=2 * self.host.pace.refresh, rows_on_screen=rows_on_screen
        )
        watched = self.watched = WatchedTopic(context, topic, watch)
        watched.details = self._details
        if not self.is_away:
            watched.enter(self)
        return ListRows(watch, lambda state: row_of(state, watched.receivers, stale=watch.is_stale(state)))

    def resource(self, key: str) -> "Subscription":
        return self.at_work.watch.states[key].subscription

    def screen_of(self, resource: "Subscription", then: str) -> "SubscriptionScreen":
        from tui.sns.subscription import SubscriptionScreen

        return SubscriptionScreen(self.at_work, resource)

    def detail_parts(self, row: SubscriptionRow) -> list[Part]:
        return detail_parts(row)

    # -- finding it ---------------------------------------------------------------------------------------------------

    @property
    def _search(self) -> str:
        """How far the search for the topic is, in a word or two."""
        if self._find_error is None:
            return "looking for it…"
        return "not found" if self._find_error.step is Step.NOT_FOUND else "not read"

    def context_changed(self, *, seeded: bool = False) -> None:
        if self.topic is None and self.context is not None and not seeded:
            self.stop_watching()
            self._find(self.context)
        else:
            super().context_changed(seeded=seeded)
            self._describe()

    @work(exclusive=True, group="find", exit_on_error=False, description="find the topic")
    async def _find(self, context: "OpenContext") -> None:
        from connectors.sns.connector import SnsConnector

        try:
            self.post_message(self.Found(await context.connector(SnsConnector).find(self.asked)))
        except ConnectorError as error:
            self.post_message(self.Found(None, error))

    @on(Found)
    def _take_found(self, event: Found) -> None:
        self.topic, self._find_error = event.topic, event.error
        if event.error is not None:
            if self.must_exist and event.error.step is Step.NOT_FOUND:
                self.host.tell(f"this context has no topic {self.topic_name}", severe=True)
                self.close()
                return
            self.set_class(True, "-trouble")
            refresh, contexts = self.host.key("screen.refresh"), self.host.key("app.contexts")
            self.query_one("#trouble", Facts).show(trouble_facts(event.error, self.NOUNS, refresh, contexts))
            self._show_head()
        else:
            self.context_changed()
            self._do_what_waited()

    def _do_what_waited(self) -> None:
        then, self._then = self._then, ""
        if then and self.is_current:
            self.call_later(self.run_action, then)

    def _describe(self) -> None:
        """Reads the attributes and tags of the topic."""
        if self.topic is not None and self.context is not None and not self.is_away:
            self._read_details(self.context, self.topic)
            if self._then:
                self._do_what_waited()

    @work(exclusive=True, group="details", exit_on_error=False, description="read the topic")
    async def _read_details(self, context: "OpenContext", topic: "Topic") -> None:
        from connectors.sns.connector import SnsConnector

        self.post_message(self.Described(await context.connector(SnsConnector).details(topic)))

    @on(Described)
    def _take_details(self, event: Described) -> None:
        self._details = event.details
        if self.watched is not None:
            self.watched.details = event.details
            self.watched.tell()
        self._show_head()

    # -- what it says -------------------------------------------------------------------------------------------------

    def _paint(self, reading: ListReading) -> None:
        super()._paint(reading)
        self._show_head()

    def _show_head(self) -> None:
        if self.topic is not None:
            self.query_one("#head", Line).show(head_parts(self.topic, self._details))
            self.query_one("#tags", Line).show(tag_parts(self._details))

    def title_of(self, reading: ListReading) -> list[Part]:
        name = [Part(" Topic ", "strong"), Part(self.topic_name, "strong", Yield.SHORTEN), Part(" ")]
        if self.topic is None and self.context is not None:
            return [*name, Part(f" {self._search}", "muted")]
        return [*name, *super().title_of(reading)]

    def _empty_text(self) -> str:
        if self.topic is None and self.context is not None:
            return "looking for the topic…"
        reading = self._reading()
        if reading.complete and not reading.any_name and not reading.filling:
            return "Nobody is subscribed to this topic: what is published goes nowhere."
        return super()._empty_text()

    def hint_status(self) -> list[Part]:
        return super().hint_status() if self.context is not None else []

    # -- reading, while a screen of the topic is in front --------------------------------------------------------------

    def on_screen_suspend(self) -> None:
        if self.watched is not None:
            self.watched.leave(self)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.watched is not None:
            self.watched.enter(self)

    def action_freeze(self) -> None:
        super().action_freeze()
        if self.watched is not None:
            self.watched.freeze(self._frozen)

    # -- news for the screens above ----------------------------------------------------------------------------------

    def has_news(self) -> None:
        if self.watched is not None:
            self.watched.tell()

    # -- commands ----------------------------------------------------------------------------------------------------

    def action_publish(self) -> None:
        from tui.sns.opening import open_publish

        if self.watched is not None:
            open_publish(self, self.watched)
        else:
            self._then = "publish"

    def action_explain(self) -> None:
        from tui.sns.opening import open_explain

        if self.watched is not None:
            open_explain(self, self.watched)
        else:
            self._then = "explain"

    def reason_against(self, command: Command) -> str:
        if command.action in ("publish", "explain") and self._find_error is not None:
            return "the topic could not be found"
        row: SubscriptionRow | None = self.table.cursor_record
        if command.action == "follow" and row is not None:
            from tui.sns.following import no_queue, queues_of

            return "" if queues_of(row.state) else no_queue(row.state)
        return super().reason_against(command)

    def action_follow(self) -> None:
        """Opens the queue of the subscription under the cursor."""
        from tui.screens.following import follow
        from tui.sns.following import queues_of

        row: SubscriptionRow | None = self.table.cursor_record
        if row is not None:
            follow(self, queues_of(row.state)[:1])

    def action_refresh_now(self) -> None:
        if self.topic is None and self.context is not None:
            self._find(self.context)
            return
        super().action_refresh_now()
        self._describe()

    def action_copy(self) -> None:
        keys = self.table.marks or ((self.table.cursor_key,) if self.table.cursor_key else ())
        found = [self.resource(key) for key in keys]
        if found:
            what = f"{len(found)} subscription ARN{'s' if len(found) > 1 else ''}"
            if not all(subscription.has_arn for subscription in found):
                what += ", the endpoint where there is none"
            self.host.copy("\n".join(each.arn if each.has_arn else each.endpoint for each in found), what)

    def action_copy_command(self) -> None:
        from connectors.aws.cli_command import aws_command

        if self.topic is not None:
            words = ["list-subscriptions-by-topic", "--topic-arn", self.topic.arn]
            self.host.copy(aws_command(self.session, "sns", words), "the command")
