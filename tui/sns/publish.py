"""The forms for a message to a topic: one that publishes it, and one that only says who would receive it."""

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Label

from connectors.sns.models import DEFAULT_MAXIMUM, PublishDraft
from connectors.sns.publish import faults
from tui.screens.writing import WritingScreen
from tui.sns import changes
from tui.sns.commands import EXPLAIN, PUBLISH
from tui.sns.judging import Judging
from tui.sns.kept_messages import TYPES, Written
from tui.sns.receiver_words import WHO, count_parts, receiver_facts
from tui.sns.watched_topic import WatchedTopic
from widgets.facts import Fact, Facts
from widgets.line import Line, Part, Yield
from widgets.writing import TypedAttribute


class Judged(NamedTuple):
    """Who would receive the message: how many, and a line for each."""

    counts: list[Part]
    facts: list[Fact]


class ExplainScreen(WritingScreen[PublishDraft]):
    """A test message, and below it who would receive it, following while one types. What is written is kept for the
    topic."""

    SCOPE = EXPLAIN
    BINDINGS: ClassVar[list[BindingType]] = EXPLAIN.bindings()
    ATTRIBUTE_TYPES = TYPES
    SERVICE = "SNS"
    FAULTY = "This can't be published yet"
    TITLE_WORDS: ClassVar[str] = " Test message for "
    DEFAULT_CSS = """
    ExplainScreen, PublishScreen {
        #subject { width: 2fr; } #group { width: 1fr; } #deduplication { width: 1fr; }
        #receivers { height: 2fr; min-height: 3; padding: 0 1; }
        #count { background: $surface; }
        AttributeRow > Select { width: 17; }
        &.-low #body { min-height: 3; } &.-low #receivers { height: 1fr; min-height: 2; }
    }
    """

    def __init__(self, watched: WatchedTopic) -> None:
        super().__init__(watched.context)
        self.watched = watched
        self._opened_with = watched.written
        self._judging = Judging(self, self._judgement, self._show_receivers)

    # -- the parts ---------------------------------------------------------------------------------------------------

    @property
    def written_to(self) -> str:
        return self.watched.topic.name

    @property
    def first_body(self) -> str:
        return self._opened_with.body

    @property
    def first_attributes(self) -> Sequence[TypedAttribute]:
        return self._opened_with.attributes

    def compose_options(self) -> ComposeResult:
        """None: the fields of a publish stand below the attributes, which the filter policies look at."""
        return
        yield

    def compose_below(self) -> ComposeResult:
        yield Line(id="count")
        yield Facts(id="receivers")

    def on_mount(self) -> None:
        super().on_mount()
        self._judging.begin()

    def on_unmount(self) -> None:
        self.watched.leave(self)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.watched.enter(self, self._judging.soon)
        if self.is_mounted:
            self._judging.soon()  # of what came while a dialog was in front

    def on_screen_suspend(self) -> None:
        self.watched.leave(self)

    # -- what it says ------------------------------------------------------------------------------------------------

    @property
    def written(self) -> Written:
        rows = tuple(row for row in self.attributes if row.name or row.value)
        return Written(self.body, rows, self._opened_with.subject, self._opened_with.group)

    @property
    def draft_for(self) -> str:
        """Empty: a test message is for nobody, and it is kept."""
        return ""

    @property
    def has_draft(self) -> bool:
        return self.written != self._opened_with

    def read_form(self) -> tuple[PublishDraft, list[str]]:
        draft, of_attributes = self.written.draft()
        return draft, of_attributes

    def show_draft(self, draft: PublishDraft) -> None:
        self.watched.written = self.written
        details = self.watched.details
        known = details.maximum_message_size if details is not None else None
        limit = f"of {known or DEFAULT_MAXIMUM:,}"
        over = draft.size > (known or DEFAULT_MAXIMUM)
        self.query_one("#title", Line).show(
            [Part(self.TITLE_WORDS, "strong"), Part(self.written_to, "strong", Yield.SHORTEN)],
            [Part(f"{draft.size:,} {limit} bytes ", "error" if over else "muted")],
        )
        self._judging.soon()

    def _judgement(self) -> Callable[[], Judged]:
        """Judges what is typed now."""
        draft, _ = self.read_form()
        judge, complete = self.watched.judge, self.watched.watch.complete

        def judged() -> Judged:
            receipts = judge(draft)
            return Judged(count_parts(receipts, complete=complete), receiver_facts(receipts))

        return judged

    def _show_receivers(self, judged: Judged) -> None:
        watch = self.watched.watch
        if not watch.states:
            error = watch.listing_error
            word = "loading the subscriptions…" if not watch.complete else "nobody is subscribed"
            judged = Judged(
                [Part(f" {WHO} ", "strong")], [Fact("", word) if error is None else Fact("failed", str(error), "error")]
            )
        self.query_one("#count", Line).show(judged.counts)
        self.query_one("#receivers", Facts).show(judged.facts)

    def action_back(self) -> None:
        if self._sending:
            self.host.tell("the message is being published; wait for what comes of it")
            return
        self.close()
        if self.has_draft:
            self.host.tell("what you wrote is kept for this topic until sluice ends")


class PublishScreen(ExplainScreen):
    SCOPE = PUBLISH
    BINDINGS: ClassVar[list[BindingType]] = PUBLISH.bindings()
    TITLE_WORDS = " Publish to "

    def compose_below(self) -> ComposeResult:
        with Horizontal(id="options"):
            yield Label("subject")
            yield Input(self._opened_with.subject, id="subject", compact=True)
            yield Label("group")
            yield Input(self._opened_with.group, id="group", compact=True)
            yield Label("dedup id")
            yield Input(id="deduplication", compact=True, disabled=not self.watched.topic.is_fifo)
        yield from super().compose_below()

    @property
    def draft_for(self) -> str:
        return self.written_to if self.has_draft else ""

    @property
    def written(self) -> Written:
        rows = tuple(row for row in self.attributes if row.name or row.value)
        return Written(self.body, rows, self.option("subject"), self.option("group"), self.option("deduplication"))

    def read_form(self) -> tuple[PublishDraft, list[str]]:
        draft, of_attributes = self.written.draft()
        return draft, [*of_attributes, *faults(draft, self.watched.topic, self.watched.details)]

    async def send(self, draft: PublishDraft) -> None:
        published = await changes.publish(self.host, self.watched, draft)
        if published is not None:
            if self.is_attached:
                self.close()
            self.host.show_panel("Published", changes.published_facts(published, self.watched.topic))
