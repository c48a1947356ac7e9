"""The form in which a message is written, whatever service takes it."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Select, TextArea

from connectors.errors import ConnectorError
from connectors.open_context import OpenContext
from tui.screens.base import SluiceScreen
from widgets.dialog import Panel
from widgets.facts import Fact
from widgets.line import Line, Part
from widgets.writing import AttributeRows, BodyField, TypedAttribute

DraftT = TypeVar("DraftT")


class WritingScreen(SluiceScreen, Generic[DraftT]):
    """A subclass has the fields beside body and attributes, reads the form, and sends what it says."""

    ATTRIBUTE_TYPES: ClassVar[Sequence[str]]
    MOST_ATTRIBUTES: ClassVar[int | None] = None
    """How many attributes the service takes; None where it has no limit."""
    SERVICE: ClassVar[str]
    """The service in the words of a person, such as SQS."""
    FAULTY: ClassVar[str] = "This can't be sent yet"
    """The title of the panel with the faults of the form."""
    DEFAULT_CSS = """
    WritingScreen {
        #body { height: 1fr; min-height: 4; }
        #fields { height: auto; }
        #options { height: 1; }
        #options Label { padding: 0 1; color: $text-muted; }
    }
    """

    def __init__(self, context: OpenContext) -> None:
        super().__init__(context)
        self._sending = False

    # -- what a subclass says ----------------------------------------------------------------------------------------

    @property
    def written_to(self) -> str:
        """The name of the resource that the message is for."""
        raise NotImplementedError

    def compose_options(self) -> ComposeResult:
        """The fields between body and attributes."""
        raise NotImplementedError

    def compose_below(self) -> ComposeResult:
        """What stands below the attributes."""
        return
        yield

    def read_form(self) -> tuple[DraftT, list[str]]:
        """The draft, and every reason why it can't be sent."""
        raise NotImplementedError

    def show_draft(self, draft: DraftT) -> None:
        """Says in the title what is written, and how large it is."""
        raise NotImplementedError

    async def send(self, draft: DraftT) -> None:
        """Asks, sends, and closes the form where that was done. Raises `ConnectorError`."""
        raise NotImplementedError

    # -- the parts ---------------------------------------------------------------------------------------------------

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        yield BodyField(self.first_body, id="body")
        with Vertical(id="fields"):
            yield from self.compose_options()
            yield AttributeRows(self.ATTRIBUTE_TYPES, self.first_attributes, id="attributes")
        yield from self.compose_below()
        yield Line(id="state")

    @property
    def first_body(self) -> str:
        """The body that the form opens with."""
        return ""

    @property
    def first_attributes(self) -> Sequence[TypedAttribute]:
        """The attributes that the form opens with."""
        return ()

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(BodyField).focus()
        self._show()

    @property
    def body(self) -> str:
        """The body to send: exactly as the editor wrote it, unless the field was changed since."""
        return self.query_one(BodyField).exact

    @property
    def attributes(self) -> list[TypedAttribute]:
        return self.query_one(AttributeRows).typed

    def option(self, name: str) -> str:
        """The text of the field `name` of the options."""
        return self.query_one(f"#{name}", Input).value

    @property
    def draft_for(self) -> str:
        return self.written_to if self.has_draft else ""

    @property
    def has_draft(self) -> bool:
        """Whether something is written that closing the form loses."""
        options = self.query("#options Input").results(Input)
        return bool(
            self.body or any(field.value for field in options) or any(row.name or row.value for row in self.attributes)
        )

    @on(TextArea.Changed)
    @on(Input.Changed)
    @on(Select.Changed)
    def _show(self) -> None:
        draft, faults = self.read_form()
        self.show_draft(draft)
        state = [Part(f" {faults[0]}", "warning")] if faults and self.has_draft else []
        if not state and self.body != self.query_one(BodyField).text:
            state = [Part(" its line ends are sent as the editor wrote them, unless you type here", "muted")]
        self.query_one("#state", Line).show(state)

    # -- commands ----------------------------------------------------------------------------------------------------

    @work(exclusive=True, group="editor", exit_on_error=False, description="edit the body")
    async def action_edit_body(self) -> None:
        before = self.body
        try:
            edited = await self.host.edit(before)
        except ConnectorError as error:
            self.show_error(error)
            return
        if not self.is_attached:
            return
        if edited.text == before:
            self.host.tell("the body is as it was")
            return
        self.query_one(BodyField).load_exact(edited.text)
        self._show()
        left_out = "; its last line end is left out" if edited.final_line_end else ""
        self.host.tell(f"the body is what the editor wrote{left_out}")

    async def action_add_attribute(self) -> None:
        most = self.MOST_ATTRIBUTES
        if most is not None and len(self.attributes) >= most:
            self.host.tell(f"{self.SERVICE} takes {most} attributes", severe=True)
            return
        await self.query_one(AttributeRows).add()

    def action_submit(self) -> None:
        """Submits the form after the keys typed before: this key overtakes them in the field's queue."""
        (self.focused or self).call_later(self._submit)

    def _submit(self) -> None:
        if self._sending or not self.is_current:
            return
        draft, faults = self.read_form()
        if faults:
            facts = [Fact("", fault, "error") for fault in faults]
            self.app.push_screen(Panel(self.FAULTY, facts, is_error=True))
            return
        self._sending = True
        self.host.run_change(partial(self._send, draft), "send a message")

    async def _send(self, draft: DraftT) -> None:
        try:
            await self.send(draft)
        except ConnectorError as error:
            self.show_error(error)
        finally:
            self._sending = False

    def action_back(self) -> None:
        if self._sending:
            self.host.tell("the message is being sent; wait for what comes of it")
        else:
            self._leave()

    @work(exclusive=True, group="leave", exit_on_error=False, description="leave the form")
    async def _leave(self) -> None:
        if await self.host.may_lose_drafts("Leave the message unsent?", "leave", in_this_tab=True):
            self.close()
