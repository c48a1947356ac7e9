"""The application: contexts, leases, screens and the way out. Everything else lives in its screen."""

import asyncio
import contextlib
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import App
from textual.binding import BindingType
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from connectors.audit import AuditLog
from connectors.clock import Clock, SystemClock
from connectors.context import ContextRequest
from connectors.errors import ConnectorError, Step
from connectors.session import AwsSession
from connectors.sqs.models import EntryOutcome
from tui.commands import EVERYWHERE, Command, commands_of
from tui.leases import Leases
from widgets.dialog import Panel, Question
from widgets.facts import Fact

if TYPE_CHECKING:
    from connectors.emulator.process import Emulator

INTERRUPT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened in this run, for the log."""

    at: datetime
    kind: str
    text: str
    error: ConnectorError | None = None


class CommandProvider(Provider):
    """The commands of the screen below, in the palette."""

    async def discover(self) -> Hits:
        for command in self._commands():
            yield DiscoveryHit(command.title, self._run(command), help=command.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in self._commands():
            score = matcher.match(f"{command.title} {command.word}")
            if score > 0:
                yield Hit(score, matcher.highlight(command.title), self._run(command), help=command.help)

    def _commands(self) -> tuple[Command, ...]:
        return commands_of(getattr(self.screen, "SCOPE", ""))

    def _run(self, command: Command) -> Callable[[], None]:
        screen = self.screen

        def run() -> None:
            self.app.call_later(screen.run_action, command.action)

        return run


class SluiceApp(App[None]):
    """`request` is where to work, `view` what to open first (`queues`, or `queue:NAME`), `emulator` the child that
    `sluice demo` launched."""

    TITLE = "sluice"
    CSS_PATH = "sluice.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [command.binding() for command in EVERYWHERE]
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {CommandProvider}
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 (Textual declares it)
    COMMAND_PALETTE_BINDING = "ctrl+p"
    ENABLE_COMMAND_PALETTE = False  # its binding has no id; ours has one and opens the same palette

    class ContextOpened(Message):
        """A session is ready; `token` says which opening it answers."""

        def __init__(self, session: AwsSession, token: int) -> None:
            super().__init__()
            self.session = session
            self.token = token

    class ContextFailed(Message):
        def __init__(self, error: ConnectorError, token: int) -> None:
            super().__init__()
            self.error = error
            self.token = token

    def __init__(
        self,
        request: ContextRequest,
        *,
        audit: AuditLog,
        view: str = "queues",
        emulator: "Emulator | None" = None,
        clock: Clock | None = None,
        theme: str | None = None,
        allow_plain_http: bool = False,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        super().__init__()
        self.request = request
        self.view = view
        self.emulator = emulator
        self.clock = clock or SystemClock()
        self.audit = audit
        self.allow_plain_http = allow_plain_http
        self.session: AwsSession | None = None
        self.leases: Leases | None = None
        self.opening = False
        self.notices: deque[Notice] = deque(maxlen=500)
        self.not_given_back: list[str] = []
        """What could not be given back on the way out; the command line prints it when the screen is gone."""
        self._token = 0
        self._interrupted_at = 0.0
        self._leaving = False
        self._farewells: set[asyncio.Task[None]] = set()
        if theme:
            self.theme = theme
        elif "COLORTERM" not in environ and environ.get("TERM", "").split("-")[0] in ("screen", "xterm", "linux"):
            self.theme = "ansi-dark" if "256color" not in environ.get("TERM", "") else self.theme

    # -- start and context --------------------------------------------------------------------------------------

    async def on_mount(self) -> None:
        from tui.screens.queues import QueuesScreen

        await self.push_screen(QueuesScreen())
        self._watch_signals()
        if self.emulator is not None:
            self._start_demo(self.emulator)
        else:
            self.open_context(self.request)

    def open_context(self, request: ContextRequest) -> None:
        """Switches to `request` and keeps the view. The old session is closed behind it; its late answers and the
        screens that show its resources go with it."""
        self._token += 1
        self.view = next((view for screen in self.screen_stack if (view := getattr(screen, "view", ""))), self.view)
        self.request = request
        self.opening = True
        self._retire_session()
        self._open(request, self._token)
        self._context_changed()

    @work(exclusive=True, group="context", exit_on_error=False, description="open a context")
    async def _open(self, request: ContextRequest, token: int) -> None:
        try:
            session = await AwsSession.open(
                request, audit=self.audit, clock=self.clock, allow_plain_http=self.allow_plain_http
            )
        except ConnectorError as error:
            self.post_message(self.ContextFailed(error, token))
        else:
            self.post_message(self.ContextOpened(session, token))

    def on_sluice_app_context_opened(self, event: ContextOpened) -> None:
        if event.token != self._token:
            self._close_soon(event.session)
            return
        self.opening = False
        self.session = event.session
        self.leases = Leases(event.session)
        self._identify(event.session)
        self._context_changed()
        view, self.view = self.view, "queues"
        self.go(view)

    def on_sluice_app_context_failed(self, event: ContextFailed) -> None:
        if event.token != self._token:
            return
        self.opening = False
        self.note("error", str(event.error), event.error)
        self._context_changed()
        from tui.screens.contexts import ContextsScreen

        if not isinstance(self.screen, ContextsScreen):
            self.push_screen(ContextsScreen(event.error))
        else:
            self.screen.show_failure(event.error)

    @work(exclusive=True, group="identity", exit_on_error=False, description="ask who this is")
    async def _identify(self, session: AwsSession) -> None:
        try:
            await session.identify()
        except ConnectorError as error:
            self.note("identity", str(error), error)
        if session is self.session:
            for screen in self.screen_stack:
                if hasattr(screen, "show_bar") and screen.is_mounted:
                    screen.show_bar()

    def start_demo(self) -> None:
        """Launches the embedded emulator and switches to it."""
        from connectors.emulator.errors import EmulatorError
        from connectors.emulator.process import Emulator

        try:
            self.emulator = self.emulator or Emulator.launch("moto")
        except EmulatorError as error:
            self.show_error(emulator_failure(error))
            return
        self._start_demo(self.emulator)

    @work(exclusive=True, group="context", exit_on_error=False, description="start the demo")
    async def _start_demo(self, emulator: "Emulator") -> None:
        from connectors.emulator.errors import EmulatorError

        self.opening = True
        self.request = replace(self.request, demo=True, profile=None, region=None)
        try:
            url = await emulator.ready()
        except EmulatorError as error:
            self.opening = False
            self.emulator = None
            self.request = replace(self.request, demo=False)
            self.post_message(self.ContextFailed(emulator_failure(error), self._token))
            return
        self.open_context(replace(self.request, demo=True, endpoint_url=url))
        self._watch_seeding(emulator)

    @work(exclusive=True, group="seeding", exit_on_error=False, description="wait for the demo data")
    async def _watch_seeding(self, emulator: "Emulator") -> None:
        from connectors.emulator.errors import EmulatorError

        try:
            await emulator.wait_seeded()
        except EmulatorError as error:
            self.show_error(emulator_failure(error))
            return
        self._context_changed(seeded=True)
        ended = await emulator.wait_ended()
        if ended is not None:
            self.show_error(emulator_failure(ended))

    def _context_changed(self, *, seeded: bool = False) -> None:
        """Tells every screen that stands; one that is just being made looks for itself."""
        for screen in self.screen_stack:
            if hasattr(screen, "context_changed") and screen.is_mounted:
                screen.context_changed(seeded=seeded)

    def _retire_session(self) -> None:
        if self.session is not None:
            session, leases = self.session, self.leases
            self.session = self.leases = None

            async def close() -> None:
                if leases is not None:
                    self._report_given_back(await leases.give_back())
                await session.aclose()

            task = asyncio.create_task(close(), name="close a context")
            self._farewells.add(task)
            task.add_done_callback(self._farewells.discard)

    def _close_soon(self, session: AwsSession) -> None:
        task = asyncio.create_task(session.aclose(), name="close a late context")
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)

    # -- what every screen uses ---------------------------------------------------------------------------------

    def note(self, kind: str, text: str, error: ConnectorError | None = None) -> None:
        self.notices.append(Notice(self.clock.now(), kind, text, error))

    def tell(self, text: str, *, severe: bool = False) -> None:
        """A short word in place of the hints for some seconds, and in the log."""
        self.note("notice", text)
        for screen in reversed(self.screen_stack):
            if hasattr(screen, "show_word"):
                screen.show_word(text, severe=severe)
                return

    def show_panel(self, title: str, facts: Sequence[Fact], *, is_error: bool = False) -> None:
        """Facts to read, scroll and copy. A question that is open is not covered."""
        if not isinstance(self.screen, Question):
            self.push_screen(Panel(title, facts, is_error=is_error))

    def show_error(self, error: ConnectorError) -> None:
        """A failure of what somebody asked for: a panel that scrolls and copies, and a line in the log."""
        self.note("error", str(error), error)
        facts = [Fact(label, value, "error" if label == "error" else "") for label, value in error.details()]
        self.show_panel("It did not work", facts, is_error=True)

    def copy(self, text: str, what: str) -> None:
        """To the terminal's clipboard by OSC 52, which no terminal acknowledges."""
        self.copy_to_clipboard(text)
        self.tell(f"{what}: sent to the terminal's clipboard. In tmux that needs `set -g set-clipboard on`")

    def give_back(self, queue: "object | None" = None) -> None:
        """Gives back the leases of one queue, or all, behind the screen; what failed is named."""
        self._give_back(queue)

    @work(group="give back", exit_on_error=False, description="give leases back")
    async def _give_back(self, queue: "object | None") -> None:
        if self.leases is not None:
            self._report_given_back(await self.leases.give_back(queue))  # type: ignore[arg-type]

    def _report_given_back(self, outcomes: list[EntryOutcome]) -> None:
        lost = [outcome for outcome in outcomes if not outcome.confirmed]
        if lost:
            self.tell(
                f"{len(lost)} of {len(outcomes)} messages could not be given back ({lost[0].reason}); "
                "they return by themselves when their lease ends",
                severe=True,
            )
        elif outcomes:
            self.tell(f"{len(outcomes)} {'message' if len(outcomes) == 1 else 'messages'} given back")

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """The one place that shows a worker which failed."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            error = event.worker.error
            if not isinstance(error, ConnectorError):
                error = ConnectorError(
                    Step.SERVICE,
                    f"{event.worker.description or event.worker.name}: {type(error).__name__}",
                    "this is a defect of sluice; please report it with the steps that led here",
                )
            self.show_error(error)

    # -- actions ------------------------------------------------------------------------------------------------

    def go(self, view: str) -> None:
        """Opens a view: `queues`, or `queue:NAME`. The screens above the root are closed."""
        name = view.removeprefix("queue:") if view.startswith("queue:") else None
        while len(self.screen_stack) > 2:
            self.pop_screen()
        if name:
            from tui.screens.queue import QueueScreen

            self.push_screen(QueueScreen(name))

    def action_go(self, view: str) -> None:
        self.go(view)

    def action_contexts(self) -> None:
        from tui.screens.contexts import ContextsScreen

        if not isinstance(self.screen, ContextsScreen):
            self.push_screen(ContextsScreen())

    def action_log_screen(self) -> None:
        from tui.screens.log import LogScreen

        if not isinstance(self.screen, LogScreen):
            self.push_screen(LogScreen())

    def action_help(self) -> None:
        from tui.screens.help import help_panel

        if not self.screen.is_modal:
            self.push_screen(help_panel(self.screen))

    def action_identity(self) -> None:
        from tui.screens.identity import identity_panel

        if self.screen.is_modal:
            return
        if self.session is None:
            self.tell("not connected yet", severe=True)
        else:
            self.push_screen(identity_panel(self.session))

    def action_command_line(self) -> None:
        from tui.screens.command_line import CommandLine

        if not self.screen.is_modal:
            screen: Screen[object] = self.screen
            self.push_screen(CommandLine(screen))

    def action_command_palette(self) -> None:
        if not self.screen.is_modal:
            self.push_screen(CommandPalette(id="--command-palette"))

    # -- the way out --------------------------------------------------------------------------------------------

    def _watch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self._leave)

    async def action_quit(self) -> None:
        self._ask_to_quit()

    @work(exclusive=True, group="quit", exit_on_error=False, description="quit")
    async def _ask_to_quit(self) -> None:
        open_leases = self.leases.open() if self.leases else []
        drafts = sum(bool(getattr(screen, "has_draft", False)) for screen in self.screen_stack)
        if isinstance(self.screen, Question):
            return
        if open_leases or drafts:
            facts = []
            if open_leases:
                facts.append(Fact("leases", f"{len(open_leases)} messages are held; quitting gives them back"))
            if drafts:
                facts.append(Fact("draft", "a message is written and not sent; quitting loses it", "warning"))
            if not await self.push_screen_wait(Question("Quit?", facts, yes="quit")):
                return
        self._leave()

    def action_interrupt(self) -> None:
        now = time.monotonic()
        if now - self._interrupted_at < INTERRUPT_SECONDS:
            self._leave()
        else:
            self._interrupted_at = now
            self.tell("press ctrl+c once more to quit at once")

    def _leave(self) -> None:
        """Gives leases back, closes what is open and exits, all within a budget; a second call exits at once."""
        if self._leaving:
            self.exit()
            return
        self._leaving = True
        self.run_worker(self._close_everything(), group="leave", exit_on_error=False)

    async def _close_everything(self) -> None:
        try:
            if self.leases is not None:
                held = self.leases.open()
                outcomes = await self.leases.give_back()
                wait = self.leases.returns_in(held)
                self.not_given_back = [
                    f"{outcome.message_id} ({outcome.reason}), visible again within {wait:.0f} s"
                    for outcome in outcomes
                    if not outcome.confirmed
                ]
            if self.session is not None:
                await self.session.aclose()
            if self._farewells:
                await asyncio.wait(self._farewells, timeout=1.0)
            if self.emulator is not None:
                await self.emulator.aclose()
        finally:
            self.exit()

    async def on_unmount(self) -> None:
        """Whatever ended the screen, no client stays open."""
        if self.session is not None:
            await self.session.aclose()

    def _fatal_error(self) -> None:
        """Textual prints a traceback with the values of all locals, which hold tokens and bodies: print it without."""
        from rich.segment import Segments
        from rich.traceback import Traceback

        self.bell()
        traceback = Traceback(show_locals=False, width=None)
        self._exit_renderables.append(Segments(self.console.render(traceback, self.console.options)))
        self._close_messages_no_wait()


def emulator_failure(error: Exception) -> ConnectorError:
    """An `EmulatorError` as one of the family that panels show."""
    title, hint = getattr(error, "title", str(error)), getattr(error, "hint", "")
    detail = getattr(error, "detail", "")
    return ConnectorError(Step.SERVICE, f"{title}\n{detail}" if detail else title, hint, operation="the emulator")
