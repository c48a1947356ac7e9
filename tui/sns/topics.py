"""The list of topics: the root of the tab of SNS."""

from collections.abc import Collection
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from tui.screens.inspecting import Inspecting
from tui.screens.list_reading import ListReading, ListRows, Nouns
from tui.screens.resource_list import ResourceList
from tui.sns.commands import TOPICS
from tui.sns.topic_rows import COLUMNS, TROUBLE_FIRST, TopicRow, detail_parts, queues_gone, topic_facts
from widgets.facts import Facts
from widgets.line import Part

if TYPE_CHECKING:
    from connectors.open_context import OpenContext
    from connectors.sns.models import Topic
    from connectors.sns.source import TopicState
    from tui.sns.topic import TopicScreen


_ROOM_FOR_INSPECTOR = 110
"""Columns from which on it stands beside the list by itself."""


class TopicsScreen(ResourceList["Topic", "TopicState", TopicRow]):
    SCOPE = TOPICS
    BINDINGS: ClassVar[list[BindingType]] = TOPICS.bindings()
    NOUNS = Nouns("topic", "topics", "topic ARN")
    COLUMNS = COLUMNS
    OWN_ORDER = TROUBLE_FIRST
    ON_A_ROW = ResourceList.ON_A_ROW | {"publish", "explain"}

    DEFAULT_CSS = """
    TopicsScreen {
        #list { height: 1fr; }
        Table { width: 3fr; }
        #inspector { display: none; width: 2fr; height: 1fr; padding: 0 1; border-left: solid $primary 40%; }
        &.-inspecting #inspector { display: block; }
        &.-inspecting.-whole Table { display: none; }
        &.-trouble #list { display: none; }
    }
    """

    def __init__(self, context: "OpenContext | None") -> None:
        super().__init__(context)
        self._inspecting: Inspecting | None = None
        """Where somebody put the inspector; None while it is where there is room for it."""

    def compose_body(self) -> ComposeResult:
        title, table, *rest = super().compose_body()
        yield title
        with Horizontal(id="list"):
            yield table
            yield Facts(id="inspector")
        yield from rest

    # -- the inspector ------------------------------------------------------------------------------------------------

    @property
    def _place(self) -> Inspecting:
        if self._inspecting is not None:
            return self._inspecting
        return Inspecting.BESIDE if self.size.width >= _ROOM_FOR_INSPECTOR else Inspecting.HIDDEN

    def on_resize(self) -> None:
        self._inspect()

    def action_inspector(self) -> None:
        """Goes round: what is known of the topic under the cursor beside the list, on the whole screen, not at all."""
        self._inspecting = self._place.next
        self._inspect()

    def _inspect(self) -> None:
        place, inspector = self._place, self.query_one("#inspector", Facts)
        self.set_class(place is not Inspecting.HIDDEN, "-inspecting")
        self.set_class(place is Inspecting.WHOLE, "-whole")
        if place is Inspecting.WHOLE:
            self.set_focus(inspector)
        elif inspector.has_focus and place is Inspecting.HIDDEN:
            self.set_focus(self.table)
        row: TopicRow | None = self.table.cursor_record
        if place is not Inspecting.HIDDEN:
            inspector.show(topic_facts(row) if row is not None else [])

    def _paint(self, reading: ListReading) -> None:
        super()._paint(reading)
        self._inspect()

    def action_show_all(self) -> None:
        """Out of the inspector first, to the list."""
        if self.query_one("#inspector").has_focus:
            if self._place is Inspecting.WHOLE:
                self._inspecting = Inspecting.BESIDE
            self.set_focus(self.table)
            self._inspect()
        else:
            super().action_show_all()

    # -- the rows -----------------------------------------------------------------------------------------------------

    def make_rows(self, context: "OpenContext", rows_on_screen: int) -> "ListRows[Topic, TopicState, TopicRow]":
        from connectors.sns.connector import SnsConnector

        watch = context.connector(SnsConnector).watch(
            refresh_seconds=self.host.pace.refresh, rows_on_screen=rows_on_screen
        )

        def row(state: "TopicState") -> TopicRow:
            listed, here = self._queues_listed(context)
            return TopicRow(state, watch.is_stale(state), tuple(queues_gone(state.known, listed, here)))

        return ListRows(watch, row)

    def _queues_listed(self, context: "OpenContext") -> tuple[Collection[str] | None, tuple[str, str]]:
        """The names of all queues, with their region and account; None where they were not listed whole, or too long
        ago to say which are gone."""
        from connectors.sqs.connector import SqsConnector
        from connectors.sqs.models import arn_parts
        from connectors.watching.watch import STALE_LISTING_SECONDS

        watch = context.connector(SqsConnector).watch
        if watch is None or watch.listed_at is None:
            return None, ("", "")
        if self.host.clock.monotonic() - watch.listed_at > STALE_LISTING_SECONDS:
            return None, ("", "")
        known = next((state.known for state in watch.states.values() if state.known is not None), None)
        if known is None:
            return None, ("", "")
        region, account, _ = arn_parts(known.arn)
        return watch.keys_by_name, (region, account)

    def resource(self, key: str) -> "Topic":
        from connectors.sns.models import Topic

        return Topic(key)

    def screen_of(self, resource: "Topic", then: str) -> "TopicScreen":
        from tui.sns.topic import TopicScreen

        return TopicScreen(self.context, resource.arn, resource, then=then)

    def detail_parts(self, row: TopicRow) -> list[Part]:
        return detail_parts(row)

    def openable_views(self) -> list[str]:
        return [f"topic:{name}" for name in self.rows.watch.keys_by_name] if self.rows is not None else []

    def action_publish(self) -> None:
        self.open_current("publish")

    def action_explain(self) -> None:
        self.open_current("explain")

    def action_copy_command(self) -> None:
        from connectors.aws.cli_command import aws_command

        topic = self.current()
        if topic is not None:
            words = ["list-subscriptions-by-topic", "--topic-arn", topic.arn]
            self.host.copy(aws_command(self.session, "sns", words), "the command")
