"""Contexts: the profiles of the AWS files, a form for profile, region and endpoint, and what went wrong last."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Checkbox, Input, Label

from connectors.aws.context import ContextRequest, check_endpoint_url
from connectors.aws.profiles import ProfileSummary, found_profiles
from connectors.errors import ConnectorError
from tui.commands import CONTEXTS
from tui.screens.base import SluiceScreen
from widgets.facts import Fact, Facts
from widgets.line import Line, Part
from widgets.table import messages
from widgets.table.model import Column, TableModel
from widgets.table.view import Table

if TYPE_CHECKING:
    from connectors.open_context import OpenContext


@dataclass(frozen=True, slots=True)
class ProfileRow:
    profile: ProfileSummary
    current: bool


COLUMNS: tuple[Column[ProfileRow], ...] = (
    Column("current", "", lambda row: "now" if row.current else "", style=lambda row: "success", width=3),
    Column("name", "profile", lambda row: row.profile.name, width=20, grow=2),
    Column("region", "region", lambda row: row.profile.region or "–", width=15),
    Column("kind", "credentials", lambda row: row.profile.kind, style=lambda row: "muted", width=20, grow=1),
)


class Tick(Checkbox):
    """A checkbox whose state is seen without colour: Textual's own shows its X always, in another shade."""

    def __init__(self, label: str, value: bool, *, id: str) -> None:
        super().__init__(label, value, id=id, compact=True)
        self.BUTTON_INNER = "X" if value else " "

    def watch_value(self) -> None:
        self.BUTTON_INNER = "X" if self.value else " "
        super().watch_value()


class ContextsScreen(SluiceScreen):
    """`error` is why the last context could not be opened; the page then says what was tried."""

    SCOPE = CONTEXTS
    BINDINGS: ClassVar[list[BindingType]] = CONTEXTS.bindings()
    DEFAULT_CSS = """
    ContextsScreen {
        #failure { display: none; max-height: 8; padding: 0 1; border: round $error; }
        &.-failed #failure { display: block; }
        Table { height: 1fr; min-height: 3; }
        #form { height: auto; padding: 0 1; border-top: solid $primary 40%; }
        #form Horizontal { height: 1; }
        #form Label { width: 10; color: $text-muted; }
        #form Input { width: 1fr; }
        #form Checkbox { width: auto; margin-right: 2; }
    }
    """

    class ProfilesFound(Message):
        def __init__(self, profiles: list[ProfileSummary], error: ConnectorError | None) -> None:
            super().__init__()
            self.profiles = profiles
            self.error = error

    def __init__(self, context: "OpenContext | None", error: ConnectorError | None = None) -> None:
        super().__init__(context)
        self._error = error

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        yield Facts(id="failure")
        yield Table(TableModel(COLUMNS, key=lambda row: row.profile.name, filter_text=lambda row: row.profile.name))
        with Vertical(id="form"):
            for name, placeholder in (
                ("profile", "a profile of the AWS files, or empty for the environment"),
                ("region", "empty for the profile's own"),
                ("endpoint", "empty for the profile's own or AWS; http://localhost:4566"),
            ):
                with Horizontal():
                    yield Label(name)
                    yield Input(id=name, placeholder=placeholder, compact=True)
            with Horizontal():
                yield Label("")
                yield Tick("read-only", self.host.request.read_only, id="read_only")
                yield Tick("no looks", self.host.request.no_look, id="no_look")

    @property
    def _demo_key(self) -> str:
        return self.host.key("contexts.demo")

    @property
    def table(self) -> Table[ProfileRow]:
        return self.query_one(Table)

    def on_mount(self) -> None:
        super().on_mount()
        self._fill_form()
        use, form = self.host.key("table.open"), self.host.key("screen.next")
        self.query_one("#title", Line).show(
            [Part(" Contexts ", "strong"), Part(f"{use} uses a profile, {form} goes to the form", "muted")]
        )
        self.table.empty = "looking for profiles…"
        self.table.focus()
        if self._error is not None:
            self.show_failure(self._error)
        self._find_profiles()

    def _fill_form(self) -> None:
        request = self.host.request
        if not request.demo:
            self.query_one("#profile", Input).value = request.profile or ""
            self.query_one("#region", Input).value = request.region or ""
            self.query_one("#endpoint", Input).value = request.endpoint_url or ""

    def show_failure(self, error: ConnectorError) -> None:
        """What was tried, why it failed, what to do now."""
        self._error = error
        request = self.host.request
        tried = [f"profile {request.label()}", f"region {request.region}" if request.region else ""]
        tried.append(f"endpoint {request.endpoint_url}" if request.endpoint_url else "")
        facts = [Fact("tried", ", ".join(part for part in tried if part))]
        facts += [Fact(label, value, "error" if label == "error" else "") for label, value in error.details()]
        facts.append(Fact("or", f"choose a profile, fill in the form, or press {self._demo_key} for the demo"))
        self.query_one("#failure", Facts).show(facts)
        self.add_class("-failed")
        self.show_bar()

    def context_changed(self, *, seeded: bool = False) -> None:
        self.show_bar()

    @work(thread=True, exclusive=True, group="profiles", exit_on_error=False, description="read the AWS files")
    def _find_profiles(self) -> None:
        try:
            message = self.ProfilesFound(found_profiles(), None)
        except ConnectorError as error:
            message = self.ProfilesFound([], error)
        self.post_message(message)

    def on_contexts_screen_profiles_found(self, event: ProfilesFound) -> None:
        current = self.context.aws.context.profile if self.context else None
        if event.error is not None:
            self.table.empty = str(event.error)
        else:
            self.table.empty = (
                f"The AWS files hold no profile. Fill in the form, or press {self._demo_key} for the demo."
            )
        self.table.replace([ProfileRow(profile, profile.name == current) for profile in event.profiles])

    @on(Table.Opened)
    def _use_profile(self, event: messages.Opened) -> None:
        self._switch(
            ContextRequest(
                profile=event.key,
                own_region=True,
                read_only=self._checked("read_only"),
                no_look=self._checked("no_look"),
            )
        )

    def _checked(self, name: str) -> bool:
        return self.query_one(f"#{name}", Checkbox).value

    def _value(self, name: str) -> str | None:
        return self.query_one(f"#{name}", Input).value.strip() or None

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_submit()

    def action_submit(self) -> None:
        endpoint = self._value("endpoint")
        try:
            endpoint = check_endpoint_url(endpoint) if endpoint else None
        except ConnectorError as error:
            self.show_error(error)
            return
        profile = self._value("profile")
        self._switch(
            ContextRequest(
                profile=profile,
                region=self._value("region"),
                own_region=profile is not None,
                endpoint_url=endpoint,
                read_only=self._checked("read_only"),
                no_look=self._checked("no_look"),
            )
        )

    @work(exclusive=True, group="switch", exit_on_error=False, description="switch the context")
    async def _switch(self, request: ContextRequest) -> None:
        if not await self.host.may_lose_drafts("Switch the context?", "switch"):
            return
        self.remove_class("-failed")
        self.host.open_context(request)

    def action_back(self) -> None:
        """While a context is being opened the first key gives that up: it may wait for a helper that asks something."""
        if not self.host.stop_opening():
            super().action_back()

    def action_demo(self) -> None:
        self._use_demo()

    @work(exclusive=True, group="switch", exit_on_error=False, description="switch to the demo")
    async def _use_demo(self) -> None:
        if await self.host.may_lose_drafts("Switch the context?", "switch"):
            self.remove_class("-failed")
            self.host.start_demo(read_only=self._checked("read_only"), no_look=self._checked("no_look"))
