"""The application: screens, words and panels. Where it works is `ContextApp`'s business, the way out `LeavingApp`'s."""

from collections import deque
from collections.abc import Callable, Collection, Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import work
from textual.binding import BindingType
from textual.command import CommandPalette, Provider
from textual.driver import Driver
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import Worker, WorkerState

from connectors.audit import AuditLog
from connectors.clock import Clock, SystemClock
from connectors.context import ContextRequest
from connectors.errors import ConnectorError, Refused, Step
from tui.app.appearance import Appearance
from tui.app.editor import Editor
from tui.app.exit import LeavingApp
from tui.app.garbage_collection import collect_when_quiet
from tui.app.palette import CommandProvider
from tui.commands import EVERYWHERE
from tui.keys import Keys
from tui.screens.base import SluiceScreen, mounted_screens_of
from tui.screens.host import Edited, Notice
from widgets.dialog import Panel, Question
from widgets.facts import Fact
from widgets.line import Part, Yield

if TYPE_CHECKING:
    from connectors.emulator.process import Emulator
    from connectors.sqs.models import Queue

R = TypeVar("R")
LARGEST_COPY = 74_000
"""Bytes. xterm, tmux and their like drop a longer OSC 52."""
WORD_SECONDS = 6.0


class SluiceApp(LeavingApp):
    """`request` is where to work, `view` what to open first (`queues`, or `queue:NAME`), `emulator` the child that
    `sluice demo` launched."""

    TITLE = "sluice"
    CSS_PATH = "../sluice.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [command.binding() for command in EVERYWHERE]
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {CommandProvider}
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 (Textual declares it)
    COMMAND_PALETTE_BINDING = "ctrl+p"
    ENABLE_COMMAND_PALETTE = False  # its binding has no id; ours has one and opens the same palette

    def __init__(
        self,
        request: ContextRequest,
        *,
        audit: AuditLog,
        demo_audit: AuditLog | None = None,
        view: str = "queues",
        emulator: "Emulator | None" = None,
        clock: Clock | None = None,
        appearance: Appearance | None = None,
        keys: Keys | None = None,
        allow_plain_http: bool = False,
    ) -> None:
        super().__init__(
            request,
            audit=audit,
            demo_audit=demo_audit or audit,
            view=view,
            emulator=emulator,
            clock=clock or SystemClock(),
            allow_plain_http=allow_plain_http,
            appearance=appearance or Appearance(),
        )
        self._keys = keys or Keys()
        self.set_keymap(self._keys.keymap)
        self.notices: deque[Notice] = deque(maxlen=500)
        self.editor = Editor(self)
        self.word: Part | None = None
        """What just happened, for the line of hints; None after some seconds."""
        self._word_ends: Timer | None = None
        self.dress()

    def get_driver_class(self) -> type[Driver]:
        from tui.app.terminal import TerminalDriver

        return TerminalDriver

    def get_default_screen(self) -> Screen[None]:
        """Called by Textual: the list of queues is the root, and nothing is below it that would be laid out first."""
        from tui.screens.queues import QueuesScreen

        return QueuesScreen()

    def on_mount(self) -> None:
        collect_when_quiet(self)
        self.watch_signals()
        self.watch_appearance()

    async def on_ready(self) -> None:
        """Called by Textual after the first paint. Opening a context loads the AWS libraries in a thread, and before
        that paint the two would take turns."""
        if self.emulator is not None:
            self._start_demo(self.emulator, self.request)
        else:
            self.open_context(self.request)
        await self.hand_on_what_was_typed()

    # -- what every screen uses ---------------------------------------------------------------------------------

    def key(self, command: str) -> str:
        """What to press for a command, by its id, as a text names it."""
        return self._keys.label(command)

    def note(self, kind: str, text: str, error: ConnectorError | None = None) -> None:
        self.notices.append(Notice(self.clock.now(), kind, text, error))

    def tell(self, text: str, *, severe: bool = False) -> None:
        """A short word in place of the hints for some seconds, and in the log."""
        self.note("notice", text)
        self.word = Part(f" {text} ", "warning" if severe else "strong", Yield.SHORTEN)
        if self._word_ends is not None:
            self._word_ends.stop()
        self._word_ends = self.set_timer(WORD_SECONDS, self._forget_word)
        self._show_hints()

    def _forget_word(self) -> None:
        self.word = self._word_ends = None
        self._show_hints()

    def _show_hints(self) -> None:
        for screen in mounted_screens_of(self):
            screen.show_hints()

    def show_panel(self, title: str, facts: Sequence[Fact], *, is_error: bool = False) -> None:
        """Facts to read, scroll and copy. They wait until a question that is open has its answer."""
        panel = Panel(title, facts, is_error=is_error)
        if isinstance(self.screen, Question):
            self.screen.on_closed.append(lambda: self.push_screen(panel))
        else:
            self.push_screen(panel)

    def run_change(self, change: Callable[[], Coroutine[Any, Any, R]], description: str) -> Worker[R]:
        """Runs `change` to its end, also when the screen that began it is closed."""
        return self.run_worker(change, group="change", exit_on_error=False, description=description)

    def show_error(self, error: ConnectorError) -> None:
        """A failure of what somebody asked for: a panel that scrolls and copies, and a line in the log."""
        self.note("error", str(error), error)
        facts = [Fact(label, value, "error" if label == "error" else "") for label, value in error.details()]
        title = "Refused" if isinstance(error, Refused) else "It did not work"
        self.show_panel(title, facts, is_error=True)

    def copy(self, text: str, what: str) -> None:
        """To the terminal's clipboard by OSC 52, which no terminal acknowledges."""
        size = len(text.encode(errors="replace"))
        if size > LARGEST_COPY:
            self.tell(f"{what}: {size:,} bytes are too many for a terminal's clipboard", severe=True)
            return
        self.copy_to_clipboard(text)
        self.tell(f"{what}: sent to the terminal's clipboard (tmux: set-clipboard on)")

    def copy_to_clipboard(self, text: str) -> None:
        """Half of a surrogate pair, which JSON can carry, has no bytes to send: a question mark takes its place."""
        super().copy_to_clipboard(text.encode(errors="replace").decode())

    def stop_looking(self) -> None:
        for screen in mounted_screens_of(self):
            screen.stop_looking()

    def leases_changed(self, queues: "Collection[Queue]") -> None:
        for screen in mounted_screens_of(self):
            screen.leases_changed(queues)

    async def edit(self, text: str) -> Edited:
        return await self.editor.edit(text)

    def report_lost_record(self, entry: dict[str, Any], lost: ConnectorError) -> None:
        """The change was tried, and the audit log holds only its intent."""
        self.note("audit", f"outcome not written: {entry}", lost)
        log = self.key("app.log")
        self.tell(f"{entry['operation']}: {entry['result']}, but the audit log could not take it ({log})", severe=True)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """The one place that shows a worker which failed; screens pass on what they hear of theirs."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            error = event.worker.error
            if event.worker.group == "context":
                self.opening = False
            if not isinstance(error, ConnectorError):
                error = ConnectorError(
                    Step.SERVICE,
                    f"{event.worker.description or event.worker.name}: {type(error).__name__}",
                    "this is a defect of sluice; please report it with the steps that led here",
                )
            self.show_error(error)

    # -- actions ------------------------------------------------------------------------------------------------

    def show_view(self, view: str) -> None:
        """Opens a view: `queues`, or `queue:NAME`. The screens above the root are closed."""
        name = view.removeprefix("queue:") if view.startswith("queue:") else None
        while not self.at_root:
            if isinstance(self.screen, Question):
                self.screen.dismiss(False)
            else:
                self.pop_screen()
        if name:
            from tui.screens.queue import QueueScreen

            self.push_screen(QueueScreen(name))

    async def _replace_screen(self, screen: Screen[Any]) -> Screen[Any]:
        """Called by Textual when a screen was popped. One that is still being made gets its parts before it goes: it
        would look for them in vain, and take the application with it."""
        await screen._mounted_event.wait()
        return await super()._replace_screen(screen)

    def action_go(self, view: str) -> None:
        self.go(view)

    def go(self, view: str) -> None:
        """Opens a view, at once where no draft is lost: the next key is for the screen that it leads to."""
        if self.has_draft:
            self._ask_and_go(view)
        else:
            self.show_view(view)

    @work(exclusive=True, group="go", exit_on_error=False, description="go to a view")
    async def _ask_and_go(self, view: str) -> None:
        if await self.may_lose_drafts("Leave the message unsent?", "leave"):
            self.show_view(view)

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

        if isinstance(self.screen, SluiceScreen):
            self.push_screen(help_panel(self.screen, self._keys))

    def action_release(self) -> None:
        from tui.release import release_everything

        self.run_change(partial(release_everything, self), "release everything")

    def action_identity(self) -> None:
        from tui.screens.identity import identity_panel

        if self.screen.is_modal:
            return
        if self.session is None:
            self.tell("not connected yet", severe=True)
        else:
            self.push_screen(identity_panel(self.session, self.key("app.log")))

    def action_command_line(self) -> None:
        from tui.screens.command_line import CommandLine

        if isinstance(self.screen, SluiceScreen):
            self.push_screen(CommandLine(self.screen))

    def action_command_palette(self) -> None:
        if not self.screen.is_modal:
            self.push_screen(CommandPalette(id="--command-palette"))
