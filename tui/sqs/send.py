"""The form for a new message."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Label

from connectors.open_context import OpenContext
from connectors.sqs.models import Draft, Duplicate, Queue, QueueAttributes
from tui.screens.writing import WritingScreen
from tui.sqs import changes
from tui.sqs.commands import SEND
from tui.sqs.draft import DEFAULT_MAXIMUM, MOST_ATTRIBUTES, TYPES, Typed, read_form
from tui.sqs.sent_words import sent_facts, sent_title
from widgets.line import Line, Part, Yield


class SendScreen(WritingScreen[Draft]):
    SCOPE = SEND
    BINDINGS: ClassVar[list[BindingType]] = SEND.bindings()
    ATTRIBUTE_TYPES = TYPES
    MOST_ATTRIBUTES = MOST_ATTRIBUTES
    SERVICE = "SQS"
    DEFAULT_CSS = "SendScreen { #delay { width: 8; } #group { width: 1fr; } #deduplication { width: 1fr; } }"

    def __init__(self, context: OpenContext, queue: Queue, attributes: QueueAttributes | None) -> None:
        super().__init__(context)
        self.queue = queue
        self._attributes = attributes

    @property
    def written_to(self) -> str:
        return self.queue.name

    def compose_options(self) -> ComposeResult:
        with Horizontal(id="options"):
            yield Label("group")
            yield Input(id="group", compact=True)
            yield Label("dedup id")
            yield Input(id="deduplication", compact=True)
            yield Label("delay s")
            yield Input(id="delay", compact=True, disabled=self.queue.is_fifo)

    def read_form(self) -> tuple[Draft, list[str]]:
        typed = Typed(
            body=self.body,
            attributes=self.attributes,
            delay=self.option("delay"),
            group=self.option("group"),
            deduplication=self.option("deduplication"),
        )
        return read_form(
            typed,
            fifo=self.queue.is_fifo,
            content_based=self._attributes.content_based_deduplication if self._attributes else None,
            maximum=self._attributes.maximum_message_size if self._attributes else None,
        )

    def show_draft(self, draft: Draft) -> None:
        maximum = self._attributes.maximum_message_size if self._attributes else None
        limit = (
            f"of {maximum:,}" if maximum is not None else f"of {DEFAULT_MAXIMUM:,} (the queue's own limit is unknown)"
        )
        over = draft.size > (maximum or DEFAULT_MAXIMUM)
        self.query_one("#title", Line).show(
            [Part(" Send to ", "strong"), Part(self.queue.name, "strong", Yield.SHORTEN)],
            [Part(f"{draft.size:,} {limit} bytes ", "error" if over else "muted")],
        )

    async def send(self, draft: Draft) -> None:
        sent = await changes.send(self.host, self.opened, self.queue, draft, self._attributes)
        if sent is not None:
            if self.is_attached and sent.duplicate is Duplicate.NO:
                self.close()  # what may not have been added stays as it was typed
            facts = sent_facts(sent, self.queue.name, self.host.clock.monotonic())
            self.host.show_panel(sent_title(sent), facts, is_error=sent.duplicate is Duplicate.YES)
