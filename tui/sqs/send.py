"""The form for a new message."""

from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Label, Select, TextArea

from connectors.errors import ConnectorError
from connectors.open_context import OpenContext
from connectors.sqs.models import Draft, Duplicate, Queue, QueueAttributes
from tui.screens.base import SluiceScreen
from tui.sqs import changes
from tui.sqs.commands import SEND
from tui.sqs.draft import DEFAULT_MAXIMUM, MOST_ATTRIBUTES, TYPES, Typed, TypedAttribute, read_form
from tui.sqs.sent_words import sent_facts, sent_title
from widgets.dialog import Panel
from widgets.facts import Fact
from widgets.line import Line, Part, Yield


class AttributeRow(Horizontal):
    """Name, type and value of one message attribute."""

    DEFAULT_CSS = """
    AttributeRow {
        height: 1; padding: 0 1;
        & > .name { width: 23; } & > Select { width: 14; } & > .value { width: 1fr; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Input(placeholder="attribute name", classes="name", compact=True)
        yield Select([(name, name) for name in TYPES], value=TYPES[0], allow_blank=False, compact=True)
        yield Input(placeholder="value (hex for Binary)", classes="value", compact=True)

    @property
    def typed(self) -> TypedAttribute:
        name, value = self.query(Input)
        return TypedAttribute(name.value.strip(), str(self.query_one(Select).value), value.value)


class SendScreen(SluiceScreen):
    SCOPE = SEND
    BINDINGS: ClassVar[list[BindingType]] = SEND.bindings()
    DEFAULT_CSS = """
    SendScreen {
        #body { height: 1fr; min-height: 4; }
        #fields { height: auto; }
        #attributes { height: auto; max-height: 5; }
        #options { height: 1; }
        #options Label { padding: 0 1; color: $text-muted; }
        #delay { width: 8; } #group { width: 1fr; } #deduplication { width: 1fr; }
    }
    """

    def __init__(self, context: OpenContext, queue: Queue, attributes: QueueAttributes | None) -> None:
        super().__init__(context)
        self.queue = queue
        self._attributes = attributes
        self._sending = False
        self._from_editor = ("", "")
        """What the field shows, and the body as the editor wrote it: the field knows one kind of line end only."""

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        yield TextArea(id="body", show_line_numbers=False, tab_behavior="focus", placeholder="the body")
        with Vertical(id="fields"):
            with Horizontal(id="options"):
                yield Label("group")
                yield Input(id="group", compact=True)
                yield Label("dedup id")
                yield Input(id="deduplication", compact=True)
                yield Label("delay s")
                yield Input(id="delay", compact=True, disabled=self.queue.is_fifo)
            with VerticalScroll(id="attributes", can_focus=False):
                yield AttributeRow()
        yield Line(id="state")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#body", TextArea).focus()
        self._show()

    @property
    def _typed(self) -> Typed:
        return Typed(
            body=self._body,
            attributes=[row.typed for row in self.query(AttributeRow)],
            delay=self.query_one("#delay", Input).value,
            group=self.query_one("#group", Input).value,
            deduplication=self.query_one("#deduplication", Input).value,
        )

    @property
    def _body(self) -> str:
        """The body to send: exactly as the editor wrote it, unless the field was changed since."""
        shown, exact = self._from_editor
        text = self.query_one("#body", TextArea).text
        return exact if text == shown else text

    @property
    def draft_for(self) -> str:
        return self.queue.name if self.has_draft else ""

    @property
    def has_draft(self) -> bool:
        typed = self._typed
        return bool(
            typed.body
            or typed.delay
            or typed.group
            or typed.deduplication
            or any(row.name or row.value for row in typed.attributes)
        )

    def _read(self) -> tuple[Draft, list[str]]:
        return read_form(
            self._typed,
            fifo=self.queue.is_fifo,
            content_based=self._attributes.content_based_deduplication if self._attributes else None,
            maximum=self._attributes.maximum_message_size if self._attributes else None,
        )

    @on(TextArea.Changed)
    @on(Input.Changed)
    @on(Select.Changed)
    def _show(self) -> None:
        draft, faults = self._read()
        maximum = self._attributes.maximum_message_size if self._attributes else None
        limit = (
            f"of {maximum:,}" if maximum is not None else f"of {DEFAULT_MAXIMUM:,} (the queue's own limit is unknown)"
        )
        over = draft.size > (maximum or DEFAULT_MAXIMUM)
        self.query_one("#title", Line).show(
            [Part(" Send to ", "strong"), Part(self.queue.name, "strong", Yield.SHORTEN)],
            [Part(f"{draft.size:,} {limit} bytes ", "error" if over else "muted")],
        )
        state = [Part(f" {faults[0]}", "warning")] if faults and self.has_draft else []
        if not state and self._body != self.query_one("#body", TextArea).text:
            state = [Part(" its line ends are sent as the editor wrote them, unless you type here", "muted")]
        self.query_one("#state", Line).show(state)

    @work(exclusive=True, group="editor", exit_on_error=False, description="edit the body")
    async def action_edit_body(self) -> None:
        before = self._body
        try:
            edited = await self.host.edit(before)
        except ConnectorError as error:
            self.show_error(error)
            return
        if not self.is_attached:
            return
        area = self.query_one("#body", TextArea)
        if edited.text == before:
            self.host.tell("the body is as it was")
            return
        area.load_text(edited.text)
        self._from_editor = (area.text, edited.text)
        self._show()
        left_out = "; its last line end is left out" if edited.final_line_end else ""
        self.host.tell(f"the body is what the editor wrote{left_out}")

    async def action_add_attribute(self) -> None:
        rows = self.query(AttributeRow)
        if len(rows) >= MOST_ATTRIBUTES:
            self.host.tell(f"SQS takes {MOST_ATTRIBUTES} attributes", severe=True)
            return
        row = AttributeRow()
        await self.query_one("#attributes").mount(row)
        row.query(Input).first().focus()
        row.scroll_visible()

    def action_submit(self) -> None:
        """Submits the form after the keys typed before: this key overtakes them in the field's queue."""
        (self.focused or self).call_later(self._submit)

    def _submit(self) -> None:
        if self._sending or not self.is_current:
            return
        draft, faults = self._read()
        if faults:
            facts = [Fact("", fault, "error") for fault in faults]
            self.app.push_screen(Panel("This can't be sent yet", facts, is_error=True))
            return
        self._sending = True
        self.host.run_change(partial(self._send, draft), "send a message")

    async def _send(self, draft: Draft) -> None:
        try:
            sent = await changes.send(self.host, self.opened, self.queue, draft, self._attributes)
        except ConnectorError as error:
            self.show_error(error)
            return
        finally:
            self._sending = False
        if sent is not None:
            if self.is_attached and sent.duplicate is Duplicate.NO:
                self.close()  # what may not have been added stays as it was typed
            facts = sent_facts(sent, self.queue.name, self.host.clock.monotonic())
            self.host.show_panel(sent_title(sent), facts, is_error=sent.duplicate is Duplicate.YES)

    def action_back(self) -> None:
        if self._sending:
            self.host.tell("the message is being sent; wait for what comes of it")
        else:
            self._leave()

    @work(exclusive=True, group="leave", exit_on_error=False, description="leave the form")
    async def _leave(self) -> None:
        if await self.host.may_lose_drafts("Leave the message unsent?", "leave", in_this_tab=True):
            self.close()
