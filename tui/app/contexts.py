"""Where sluice works: opening, switching and closing contexts."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.worker import Worker

from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.clock import Clock
from connectors.errors import ConnectorError, PlainHttp, Refused
from tui.app.background import run_in_background
from tui.app.notices import Notices
from tui.app.tabs import Tabs
from tui.app.views import Views
from tui.services import CALLED, SERVICES
from widgets.dialog import Question
from widgets.facts import Fact

if TYPE_CHECKING:
    from connectors.aws.session import AwsSession
    from connectors.open_context import OpenContext, RunMemory


class Contexts:
    """The context that is open, the one that is being opened, and those that are being closed.

    `request` is the one asked for last; `view` is what to open first. A worker that opens a context
    answers with the token of that opening, and an answer with an older token is dropped.
    """

    def __init__(
        self,
        app: App[Any],
        notices: Notices,
        tabs: Tabs,
        views: Views,
        request: ContextRequest,
        *,
        audit: AuditLog,
        demo_audit: AuditLog,
        view: str,
        clock: Clock,
        allow_plain_http: bool,
    ) -> None:
        self._app = app
        self._notices = notices
        self._tabs = tabs
        self._views = views
        self.request = request
        self.workplace: OpenContext | None = None
        """The context that is open, None while there is none."""
        self.opening = True
        """Whether a context is being opened. True from the start, so that the first paint says so."""
        self.retired: dict[OpenContext, asyncio.Task[None]] = {}
        """The contexts that are being closed."""
        self._audit, self._demo_audit = audit, demo_audit
        self._view = view
        """What to open when the context is open."""
        self._is_reopened = False
        """Whether `_view` was in front in the context before."""
        self._clock = clock
        self._memory: RunMemory | None = None
        """What connectors remember for the whole run: made by the first context and handed to the next ones."""
        self._allow_plain_http = allow_plain_http
        self._agreed_to_http: ContextRequest | None = None
        self._token = 0
        self._worker: Worker[None] | None = None
        """Opens the context that is asked for."""

    @property
    def session(self) -> "AwsSession | None":
        """The session of `workplace`."""
        return self.workplace.aws if self.workplace else None

    @property
    def audit(self) -> AuditLog:
        """The audit log of this context. The demo has one of its own, so that its changes are not among the real
        ones."""
        return self._demo_audit if self.request.demo else self._audit

    def give_way(self) -> None:
        """Holds readings back for the moment that the paint of a key needs."""
        if self.session is not None:
            self.session.lag.give_way()

    # -- opening ----------------------------------------------------------------------------------------------------

    def open(self, request: ContextRequest) -> None:
        """Switches to `request` and keeps the view in front. Every screen of every tab is closed at once, and the
        context that was open in the background."""
        self._token += 1
        if view := self._views.current:
            self._view, self._is_reopened = view, True
        self.request = request
        self.opening = True
        self._retire(self.workplace)
        self.workplace = None
        self._tabs.start_over()
        self._worker = run_in_background(
            self._app, partial(self._open, request, self._token), group="context", description="open a context"
        )
        for screen in self._tabs.mounted():
            screen.context_changed()

    async def _open(self, request: ContextRequest, token: int) -> None:
        from connectors.open_context import OpenContext

        try:
            opened = await OpenContext.open(
                request,
                audit=self.audit,
                services=CALLED,
                clock=self._clock,
                memory=self._memory,
                allow_plain_http=self._allow_plain_http or request == self._agreed_to_http,
            )
        except ConnectorError as error:
            self._app.call_later(self._failed, error, token)
        else:
            self._app.call_later(self._opened, opened, token)

    def _opened(self, opened: "OpenContext", token: int) -> None:
        if token != self._token:
            self._retire(opened)
            return
        self.opening = False
        self.workplace = opened
        self._memory = opened.memory
        opened.guard.on_lost_record = self._notices.report_lost_record
        opened.on_undone = partial(self._notices.tell, severe=True)
        run_in_background(
            self._app, partial(self._identify, opened.aws), group="identity", description="ask who this is"
        )
        for screen in self._tabs.screens():
            screen.give_context(opened)
        view, self._view = self._view, ""
        is_reopened, self._is_reopened = self._is_reopened, False
        self._views.reopen(view, must_exist=is_reopened)

    def stop_opening(self) -> bool:
        """Gives up the context that is being opened, and ends a helper that it waits for; False where there is none."""
        if not self.opening or self._worker is None or self._worker.is_finished:
            return False
        self._worker.cancel()
        self._token += 1
        self._failed(Refused("opening the context was stopped", "choose another one"), self._token)
        return True

    def fail(self, error: ConnectorError) -> None:
        """Shows why the context that is being opened could not be opened. For a worker."""
        self._app.call_later(self._failed, error, self._token)

    def _failed(self, error: ConnectorError, token: int) -> None:
        if token != self._token:
            return
        self.opening = False
        self._notices.note("error", str(error), error)
        for screen in self._tabs.mounted():
            screen.context_changed()
        from tui.screens.contexts import ContextsScreen

        in_front = self._app.screen
        if isinstance(in_front, ContextsScreen):
            in_front.show_failure(error)
        else:
            self._app.push_screen(ContextsScreen(self.workplace, error))
        if isinstance(error, PlainHttp):
            run_in_background(
                self._app,
                partial(self._ask_for_http, error, self.request),
                group="plain http",
                description="ask about plain http",
            )

    async def _ask_for_http(self, error: PlainHttp, request: ContextRequest) -> None:
        facts = [Fact("", error.title, "error"), Fact("", "whoever listens on the way can use them", "warning")]
        question = Question("Send credentials unencrypted?", facts, yes="send them", sleep=self._clock.sleep)
        if await self._app.push_screen_wait(question):
            self._agreed_to_http = request
            self.open(request)

    async def _identify(self, session: "AwsSession") -> None:
        try:
            await session.identify()
        except ConnectorError as error:
            self._notices.note("identity", str(error), error)
        self._app.call_later(self._identified, session)

    def _identified(self, session: "AwsSession") -> None:
        if session is self.session:
            for screen in self._tabs.mounted():
                screen.show_bar()

    def seeded(self) -> None:
        """Tells the screens that the demo's emulator holds more."""
        self._tabs.tell_in_sight("seeded", lambda screen: screen.context_changed(seeded=True))

    # -- closing ----------------------------------------------------------------------------------------------------

    def _retire(self, workplace: "OpenContext | None") -> None:
        """Closes a context in the background."""
        if workplace is not None:
            self.retired[workplace] = asyncio.create_task(self._close(workplace), name="close a context")

    async def _close(self, workplace: "OpenContext") -> None:
        for line in await self._lines_of_closing(workplace):
            self._notices.tell(line, severe=True)
        self.retired.pop(workplace, None)

    async def close_all(self) -> list[str]:
        """Closes every context, the one that is open and those that are being closed. Returns a line for each thing
        that was left undone."""
        for screen in self._tabs.mounted():
            screen.stop_looking()
        if self._worker is not None:
            self._worker.cancel()
        places = [*self.retired, *([self.workplace] if self.workplace else [])]
        for task in self.retired.values():
            task.cancel()
        return [line for lines in await asyncio.gather(*map(self._lines_of_closing, places)) for line in lines]

    async def _lines_of_closing(self, workplace: "OpenContext") -> list[str]:
        left = await workplace.close()
        lines = [line for service in SERVICES for line in service.holding().left_lines(left, self._clock)]
        return [*lines, *left.undone]
