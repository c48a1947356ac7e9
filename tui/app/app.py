"""The application: the parts that it holds, what Textual calls, what a screen may ask (`Host`), and the actions."""

from collections.abc import Callable, Collection, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events
from textual.binding import BindingType
from textual.command import Provider
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.clock import Clock, SystemClock
from connectors.errors import ConnectorError, Refused
from tui.app.appearance import OFFER, Appearance, Themes, has_256_colours
from tui.app.background import run_in_background
from tui.app.colours import NearestOf256
from tui.app.contexts import Contexts
from tui.app.demo import Demo
from tui.app.editor import Editor
from tui.app.everywhere import EVERYWHERE
from tui.app.exit import Exit
from tui.app.garbage_collection import collect_when_quiet
from tui.app.keymap import Keys
from tui.app.notices import Notices
from tui.app.palette import CommandProvider, Palette
from tui.app.presence import Presence
from tui.app.tabs import Tabs
from tui.app.textual_private import CorrectedApp, close_screen, forget_closed_screens
from tui.app.type_ahead import TypeAhead
from tui.app.views import Drafts, Views, tab_of
from tui.screens.base import SluiceScreen
from tui.screens.host import Edited, Lead
from tui.screens.top_line import TabLabel
from tui.service import Service
from tui.services import SERVICES
from widgets.choice import Choice
from widgets.facts import Fact
from widgets.line import Part

if TYPE_CHECKING:
    from connectors.aws.session import AwsSession
    from connectors.emulator.process import Emulator
    from connectors.open_context import OpenContext
    from connectors.sqs.models import Queue

R = TypeVar("R")
LARGEST_COPY = 74_000
"""Bytes. xterm, tmux and their like drop a longer OSC 52."""


class SluiceApp(CorrectedApp):
    """`request` is where to work, `view` what to open first (`queues`, `queue:NAME`), `emulator` the child that
    `sluice demo` launched. It is a `Host` for its screens."""

    TITLE = "sluice"
    SERVICES: ClassVar[Sequence[Service]] = SERVICES
    DEFAULT_MODE = SERVICES[0].tab.name
    CSS_PATH = "sluice.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [command.binding() for command in EVERYWHERE]
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {CommandProvider}
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 (Textual declares it)
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]  # noqa: RUF012
    COMMAND_PALETTE_BINDING = "ctrl+p"
    ENABLE_COMMAND_PALETTE = False  # its binding has no id; ours has one and opens the same palette

    def __init__(
        self,
        request: ContextRequest,
        *,
        audit: AuditLog,
        demo_audit: AuditLog | None = None,
        view: str = SERVICES[0].tab.name,
        emulator: "Emulator | None" = None,
        clock: Clock | None = None,
        appearance: Appearance | None = None,
        keys: Keys | None = None,
        allow_plain_http: bool = False,
    ) -> None:
        appearance = appearance or Appearance()
        self._filters_of_terminal = [NearestOf256()] if has_256_colours(appearance.environ) else []
        # what Textual reads of the class: here the tab of what is opened first
        self.DEFAULT_MODE = tab_of(view, self.SERVICES)  # type: ignore[misc]
        super().__init__(ansi_color=appearance.ansi_color)
        self.appearance = appearance
        self.clock: Clock = clock or SystemClock()
        self.pace = self.appearance.pace
        if self.appearance.low_bandwidth:
            self.animation_level = "none"
        self._keys = keys or Keys()
        self.set_keymap(self._keys.keymap)
        self._typed_before: list[str] = []
        self.presence = Presence(self.clock)
        self.type_ahead = TypeAhead(self, self._handle, self._note_key)
        self.tabs = Tabs(self, self.SERVICES, lambda: self.workplace)
        self.notices = Notices(self, self.tabs, self.clock, self._keys)
        self.drafts = Drafts(self, self.tabs, self.clock)
        self.views = Views(self, self.SERVICES, self.tabs, self.drafts, lambda: self.workplace)
        self.contexts = Contexts(
            self,
            self.notices,
            self.tabs,
            self.views,
            request,
            audit=audit,
            demo_audit=demo_audit or audit,
            view=view,
            clock=self.clock,
            allow_plain_http=allow_plain_http,
        )
        self.demo = Demo(self, self.contexts, self.notices, self.clock, emulator)
        self.editor = Editor(self)
        self.way_out = Exit(
            self, self.clock, self.notices, self.drafts, self.contexts, self.demo, self.editor, self._keys
        )
        self.themes = Themes(self, self.appearance, self.notices)
        self.themes.start()

    @property
    def left_undone(self) -> list[str]:
        """What could not be finished on the way out, line by line."""
        return self.way_out.left_undone

    # -- what Textual calls -------------------------------------------------------------------------------------------

    def get_driver_class(self) -> type[Driver]:
        from tui.app.terminal import TerminalDriver

        return TerminalDriver

    def get_line_filters(self) -> Sequence[LineFilter]:
        filters = super().get_line_filters()
        return [*filters, *self._filters_of_terminal]

    def on_mount(self) -> None:
        collect_when_quiet(self, self.clock, self.presence)
        self.way_out.watch_signals()
        self.themes.watch()
        if self.appearance.is_remote:
            self.tell(OFFER)
        try:
            self.audit.check_place()
        except Refused as error:
            self.tell(f"changes are refused: {error.title}", severe=True)

    def on_ready(self) -> None:
        """Called when the first paint was handed to the terminal's thread, which needs a moment to write it."""
        self.screen.call_after_refresh(self.call_later, self._begin)

    async def _begin(self) -> None:
        """Opens the first context. What that imports would take turns with the first paint."""
        if self.demo.emulator is not None:
            self.demo.open(self.demo.emulator, self.request)
        else:
            self.open_context(self.request)
        await self.type_ahead.hand_on()

    async def on_unmount(self) -> None:
        await self.way_out.close_after_all()

    async def on_event(self, event: events.Event) -> None:
        await self.type_ahead.on_event(event)

    async def _handle(self, event: events.Event) -> None:
        """What Textual does with an event."""
        if isinstance(event, events.InputEvent | events.Paste):
            self._note_key()
        await super().on_event(event)

    def _note_key(self) -> None:
        self.presence.note_key()
        self.contexts.give_way()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A cursor that blinks writes to the terminal twice a second."""
        if self.appearance.low_bandwidth and hasattr(event.widget, "cursor_blink"):
            event.widget.cursor_blink = False

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Shows the failure of any worker; screens pass on what they hear of theirs."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            if event.worker.group == "context":
                self.contexts.opening = False
            self.notices.show_failure(event.worker)

    def copy_to_clipboard(self, text: str) -> None:
        """Sends a question mark for half of a surrogate pair, which JSON can carry and which has no bytes."""
        super().copy_to_clipboard(text.encode(errors="replace").decode())

    def crashed(self) -> None:
        self.way_out.crashed()

    def hang_up(self) -> None:
        """Called by the driver when the terminal is gone."""
        self.way_out.hang_up()

    # -- what a screen may ask: see `Host` ----------------------------------------------------------------------------

    @property
    def word(self) -> Part | None:
        return self.notices.word

    def key(self, command: str) -> str:
        return self._keys.label(command)

    def note(self, kind: str, text: str, error: ConnectorError | None = None) -> None:
        self.notices.note(kind, text, error)

    def tell(self, text: str, *, severe: bool = False) -> None:
        self.notices.tell(text, severe=severe)

    def show_panel(self, title: str, facts: Sequence[Fact], *, is_error: bool = False) -> None:
        self.notices.show_panel(title, facts, is_error=is_error)

    def show_error(self, error: ConnectorError) -> None:
        self.notices.show_error(error)

    def copy(self, text: str, what: str) -> None:
        """By OSC 52, which no terminal acknowledges."""
        size = len(text.encode(errors="replace"))
        if size > LARGEST_COPY:
            self.tell(f"{what}: {size:,} bytes are too many for a terminal's clipboard", severe=True)
            return
        self.copy_to_clipboard(text)
        self.tell(f"{what}: sent to the terminal's clipboard (tmux: set-clipboard on)")

    def go(self, view: str) -> None:
        self.views.go(view)

    def open(self, view: str) -> None:
        self.views.open(view)

    async def choose(self, title: str, choices: Sequence[tuple[str, str]]) -> str | None:
        return await self.push_screen_wait(Choice(title, choices))

    def pick_theme(self, name: str) -> None:
        self.themes.pick(name)

    async def may_lose_drafts(self, title: str, yes: str, *, in_this_tab: bool = False) -> bool:
        return await self.drafts.may_be_lost(title, yes, tab=self.tabs.front if in_this_tab else None)

    async def edit(self, text: str) -> Edited:
        return await self.editor.edit(text)

    def run_change(self, change: Callable[[], Coroutine[Any, Any, R]], description: str) -> Worker[R]:
        return run_in_background(self, change, group="change", description=description, exclusive=False)

    def forget_closed_screens(self) -> None:
        forget_closed_screens()

    def close_screen(self, screen: Screen[None]) -> None:
        close_screen(self, screen)

    def stop_looking(self) -> None:
        for screen in self.tabs.mounted():
            screen.stop_looking()

    def leases_changed(self, queues: "Collection[Queue]") -> None:
        changed = frozenset(queues)
        self.tabs.tell_in_sight(changed, lambda screen: screen.leases_changed(changed))

    @property
    def somebody_is_here(self) -> bool:
        return self.presence.somebody_is_here

    @property
    def request(self) -> ContextRequest:
        return self.contexts.request

    @property
    def tab_labels(self) -> list[TabLabel]:
        return self.tabs.labels(self.key)

    @property
    def service(self) -> str:
        return self.tabs.service

    @property
    def opening(self) -> bool:
        return self.contexts.opening

    @property
    def filling(self) -> bool:
        return self.request.demo and self.demo.is_filling

    @property
    def audit(self) -> AuditLog:
        return self.contexts.audit

    @property
    def workplace(self) -> "OpenContext | None":
        return self.contexts.workplace

    @property
    def session(self) -> "AwsSession | None":
        return self.contexts.session

    def facts_on(self, context: "OpenContext | None", kind: str, name: str) -> list[Fact]:
        if context is None:
            return []
        added = [service.facts_for[kind] for service in self.SERVICES if kind in service.facts_for]
        return [fact for facts in added for fact in facts(context, name)]

    def sources_on(self, context: "OpenContext | None", kind: str, name: str) -> list[Lead]:
        if context is None:
            return []
        added = [service.sources_for[kind] for service in self.SERVICES if kind in service.sources_for]
        return [lead for sources in added for lead in sources(context, name)]

    def open_context(self, request: ContextRequest) -> None:
        self.contexts.open(request)

    def stop_opening(self) -> bool:
        return self.contexts.stop_opening()

    def start_demo(self, *, read_only: bool = False, no_look: bool = False) -> None:
        self.demo.start(read_only=read_only, no_look=no_look)

    # -- actions ------------------------------------------------------------------------------------------------------

    def action_go(self, view: str) -> None:
        self.views.go(view)

    def action_contexts(self) -> None:
        from tui.screens.contexts import ContextsScreen

        if not isinstance(self.screen, ContextsScreen):
            self.push_screen(ContextsScreen(self.workplace))

    def action_log_screen(self) -> None:
        from tui.screens.log import LogScreen

        if not isinstance(self.screen, LogScreen):
            self.push_screen(LogScreen(self.workplace))

    def action_help(self) -> None:
        from tui.app.help import help_panel

        if isinstance(self.screen, SluiceScreen):
            self.push_screen(help_panel(self.screen, self._keys))

    def action_release(self) -> None:
        self.run_change(self._release, "release everything")

    async def _release(self) -> None:
        if self.workplace is None:
            raise Refused("not connected", f"choose a context ({self.key('app.contexts')})")
        context = self.workplace
        if not any([await service.holding().release(self, context) for service in self.SERVICES]):
            self.tell("nothing is held: there is nothing to give back")

    def action_identity(self) -> None:
        from tui.screens.identity import identity_panel

        if self.screen.is_modal:
            return
        if self.session is None:
            self.tell("not connected yet", severe=True)
        else:
            self.push_screen(identity_panel(self.session, self.service, self.key("app.log")))

    def action_theme(self) -> None:
        if not self.screen.is_modal:
            self.search_themes()

    async def action_quit(self) -> None:
        self.way_out.ask_to_quit()

    def action_interrupt(self) -> None:
        self.way_out.interrupt()

    def action_command_line(self) -> None:
        from tui.app.command_line import CommandLine
        from tui.app.typed import Typed

        if isinstance(self.screen, SluiceScreen):
            typed = Typed(self.screen, self.views, sorted(self.available_themes))
            self.push_screen(CommandLine(typed, self._typed_before))

    def action_command_palette(self) -> None:
        if not self.screen.is_modal:
            self.push_screen(Palette(self.views))
