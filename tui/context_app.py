"""The part of the application that knows where it works: opening, switching and closing sessions, and the demo."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import work
from textual.message import Message

from connectors.audit import AuditLog
from connectors.clock import Clock
from connectors.context import ContextRequest
from connectors.errors import ConnectorError, PlainHttp
from tui.typing_ahead import TypingAheadApp
from widgets.dialog import Question
from widgets.facts import Fact

if TYPE_CHECKING:
    from connectors.emulator.process import Emulator
    from connectors.session import AwsSession
    from connectors.sqs.ledger import Ledger
    from tui.leases import Leases
    from tui.workplace import Workplace


SEEDING_SECONDS = 0.5
"""How often the list is read again while the demo is being seeded."""


class ContextApp(TypingAheadApp):
    """`request` is what was asked for last; `session` and `leases` are None until it is open. `view` is what to show
    when it is: a switch keeps it."""

    class ContextOpened(Message):
        """A session is ready; `token` says which opening it answers."""

        def __init__(self, session: "AwsSession", token: int) -> None:
            super().__init__()
            self.session = session
            self.token = token

    class ContextFailed(Message):
        def __init__(self, error: ConnectorError, token: int) -> None:
            super().__init__()
            self.error = error
            self.token = token

    class Identified(Message):
        """STS has answered for this session, or failed to."""

        def __init__(self, session: "AwsSession") -> None:
            super().__init__()
            self.session = session

    class DemoGrew(Message):
        """The demo's emulator holds more than before, or all of it."""

    def __init__(
        self,
        request: ContextRequest,
        *,
        audit: AuditLog,
        demo_audit: AuditLog,
        view: str,
        emulator: "Emulator | None",
        clock: Clock,
        allow_plain_http: bool,
        ansi_color: bool | None = None,
    ) -> None:
        super().__init__(ansi_color=ansi_color)
        self.request = request
        self.view = view
        self.emulator = emulator
        self.clock = clock
        self._ledger: Ledger | None = None
        """The receives of this run, whatever the context; of the first session it is its own."""
        self._audit, self._demo_audit = audit, demo_audit
        self.allow_plain_http = allow_plain_http
        self.workplace: Workplace | None = None
        self.opening = True
        """Whether a context is being opened; true from the start, so that the first paint says so."""
        self._agreed_to_http: ContextRequest | None = None
        self._token = 0
        self._retired: dict[Workplace, asyncio.Task[None]] = {}

    @property
    def session(self) -> "AwsSession | None":
        """The session in use, None while there is none."""
        return self.workplace.session if self.workplace else None

    def note_key(self) -> None:
        super().note_key()
        if self.session is not None:
            self.session.lag.give_way()

    @property
    def at_root(self) -> bool:
        """Whether no screen is open but the list of queues."""
        return len(self.screen_stack) == 1

    @property
    def audit(self) -> AuditLog:
        """Where changes are recorded: those of the demo do not stand among the real ones."""
        return self._demo_audit if self.request.demo else self._audit

    @property
    def leases(self) -> "Leases | None":
        return self.workplace.leases if self.workplace else None

    # -- what the application adds ------------------------------------------------------------------------------

    def go(self, view: str) -> None:
        raise NotImplementedError

    def note(self, kind: str, text: str, error: ConnectorError | None = None) -> None:
        raise NotImplementedError

    def show_error(self, error: ConnectorError) -> None:
        raise NotImplementedError

    def key(self, command: str) -> str:
        raise NotImplementedError

    def tell(self, text: str, *, severe: bool = False) -> None:
        raise NotImplementedError

    def report_lost_record(self, entry: dict[str, Any], lost: ConnectorError) -> None:
        raise NotImplementedError

    # -- contexts -----------------------------------------------------------------------------------------------

    def open_context(self, request: ContextRequest) -> None:
        """Switches to `request` and keeps the view. The old session is closed behind it; its late answers and the
        screens that show its resources go with it."""
        self._token += 1
        self.view = next((view for screen in self.screen_stack if (view := getattr(screen, "view", ""))), self.view)
        self.go("queues")
        self.request = request
        self.opening = True
        self._retire(self.workplace)
        self.workplace = None
        self._open(request, self._token)
        self._context_changed()

    @work(exclusive=True, group="context", exit_on_error=False, description="open a context")
    async def _open(self, request: ContextRequest, token: int) -> None:
        from connectors.session import AwsSession

        try:
            session = await AwsSession.open(
                request,
                audit=self.audit,
                clock=self.clock,
                ledger=self._ledger,
                allow_plain_http=self.allow_plain_http or request == self._agreed_to_http,
            )
        except ConnectorError as error:
            self.post_message(self.ContextFailed(error, token))
        else:
            self.post_message(self.ContextOpened(session, token))

    def on_context_app_context_opened(self, event: ContextOpened) -> None:
        from tui.workplace import Workplace

        if event.token != self._token:
            self._retire(Workplace(event.session))
            return
        self.opening = False
        self.workplace = Workplace(event.session)
        self._ledger = event.session.ledger
        event.session.guard.on_lost_record = self.report_lost_record
        event.session.on_undone = partial(self.tell, severe=True)
        self._identify(event.session)
        self._context_changed()
        view, self.view = self.view, "queues"
        if self.at_root:  # somebody may have opened a form meanwhile, and be typing
            self.go(view)

    def on_context_app_context_failed(self, event: ContextFailed) -> None:
        if event.token != self._token:
            return
        self.opening = False
        self.note("error", str(event.error), event.error)
        self._context_changed()
        from tui.screens.contexts import ContextsScreen

        if isinstance(self.screen, ContextsScreen):
            self.screen.show_failure(event.error)
        else:
            self.push_screen(ContextsScreen(event.error))
        if isinstance(event.error, PlainHttp):
            self._ask_for_http(event.error, self.request)

    @work(exclusive=True, group="plain http", exit_on_error=False, description="ask about plain http")
    async def _ask_for_http(self, error: PlainHttp, request: ContextRequest) -> None:
        facts = [Fact("", error.title, "error"), Fact("", "whoever listens on the way can use them", "warning")]
        question = Question("Send credentials unencrypted?", facts, yes="send them", sleep=self.clock.sleep)
        if await self.push_screen_wait(question):
            self._agreed_to_http = request
            self.open_context(request)

    @work(exclusive=True, group="identity", exit_on_error=False, description="ask who this is")
    async def _identify(self, session: "AwsSession") -> None:
        try:
            await session.identify()
        except ConnectorError as error:
            self.note("identity", str(error), error)
        self.post_message(self.Identified(session))

    def on_context_app_identified(self, event: Identified) -> None:
        if event.session is self.session:
            for show_bar in self.of_each_screen("show_bar"):
                show_bar()

    def start_demo(self, *, read_only: bool = False, no_look: bool = False) -> None:
        """Launches the embedded emulator, or uses the one that runs, and switches to it."""
        from connectors.emulator.process import Emulator

        try:
            self.emulator = self.emulator or Emulator.launch("moto")
        except ConnectorError as error:
            self.show_error(error)
            return
        self._start_demo(self.emulator, ContextRequest(demo=True, read_only=read_only, no_look=no_look))

    @work(exclusive=True, group="context", exit_on_error=False, description="start the demo")
    async def _start_demo(self, emulator: "Emulator", request: ContextRequest) -> None:
        before, self.request, self.opening = self.request, request, True
        try:
            url = await emulator.ready()
        except ConnectorError as error:
            self.request, self.opening, self.emulator = before, False, None
            await emulator.aclose()
            self.post_message(self.ContextFailed(error, self._token))
            return
        self._watch_seeding(emulator)
        self.open_context(replace(request, endpoint_url=url))

    @work(exclusive=True, group="seeding", exit_on_error=False, description="wait for the demo data")
    async def _watch_seeding(self, emulator: "Emulator") -> None:
        try:
            async for _ in emulator.progress():
                self.post_message(self.DemoGrew())
                await self.clock.sleep(SEEDING_SECONDS)
            await emulator.wait_seeded()
        except ConnectorError as error:
            self.show_error(error)
            return
        self.post_message(self.DemoGrew())
        ended = await emulator.wait_ended()
        if self.emulator is emulator:
            self.emulator = None
        if ended is not None:
            self.show_error(ended)

    def on_context_app_demo_grew(self) -> None:
        self._context_changed(seeded=True)

    def _context_changed(self, *, seeded: bool = False) -> None:
        for context_changed in self.of_each_screen("context_changed"):
            context_changed(seeded=seeded)

    def of_each_screen(self, method: str) -> list[Callable[..., object]]:
        """`method` of every screen that has it and stands; one that is just being made looks for itself."""
        return [
            getattr(screen, method) for screen in self.screen_stack if hasattr(screen, method) and screen.is_mounted
        ]

    def _retire(self, workplace: "Workplace | None") -> None:
        """Lets go of a context behind the screen."""
        if workplace is not None:
            self._retired[workplace] = asyncio.create_task(self._close(workplace), name="close a context")

    async def _close(self, workplace: "Workplace") -> None:
        for line in await workplace.close():
            self.tell(line, severe=True)
        self._retired.pop(workplace, None)

    async def close_workplaces(self) -> list[str]:
        """Closes every context, the one in use and those that are being closed; what was left undone, line by line."""
        for stop_looking in self.of_each_screen("stop_looking"):
            stop_looking()
        places = [*self._retired, *([self.workplace] if self.workplace else [])]
        for task in self._retired.values():
            task.cancel()
        return [line for lines in await asyncio.gather(*(place.close() for place in places)) for line in lines]
