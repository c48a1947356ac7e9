"""The demo: its emulator, and the wait for its data."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import App

from connectors.aws.context import ContextRequest
from connectors.clock import Clock
from connectors.emulator.kinds import MOTO, MOTO_LACKS, demo_kind
from connectors.errors import ConnectorError
from tui.app.background import run_in_background
from tui.app.contexts import Contexts
from tui.app.notices import Notices
from tui.services import SEEDS

if TYPE_CHECKING:
    from connectors.emulator.process import Emulator

SEEDING_SECONDS = 0.5
"""How often the list is read again while the demo is being seeded."""


class Demo:
    """`emulator` is the child process that runs, None where there is none."""

    def __init__(
        self, app: App[Any], contexts: Contexts, notices: Notices, clock: Clock, emulator: "Emulator | None"
    ) -> None:
        self._app = app
        self._contexts = contexts
        self._notices = notices
        self._clock = clock
        self.emulator = emulator
        self.is_filling = False
        """Whether the demo's data is being written."""

    def start(self, *, read_only: bool = False, no_look: bool = False) -> None:
        """Launches the embedded emulator, or takes the one that runs, and switches to it."""
        from connectors.emulator.process import Emulator

        try:
            emulator = self.emulator = self.emulator or Emulator.launch(demo_kind(), SEEDS)
        except ConnectorError as error:
            self._notices.show_error(error)
            return
        self.open(emulator, ContextRequest(demo=True, read_only=read_only, no_look=no_look))

    def open(self, emulator: "Emulator", request: ContextRequest) -> None:
        """Switches to `emulator` when it is ready; `request` lacks only the endpoint."""
        run_in_background(
            self._app, partial(self._open, emulator, request), group="context", description="start the demo"
        )

    async def _open(self, emulator: "Emulator", request: ContextRequest) -> None:
        contexts = self._contexts
        before, contexts.request, contexts.opening = contexts.request, request, True
        try:
            url = await emulator.ready()
        except ConnectorError as error:
            contexts.request, contexts.opening, self.emulator = before, False, None
            await emulator.aclose()
            contexts.fail(error)
            return
        run_in_background(
            self._app, partial(self._watch_seeding, emulator), group="seeding", description="wait for the demo data"
        )
        contexts.open(replace(request, endpoint_url=url))
        if emulator.kind == MOTO:
            self._notices.tell(MOTO_LACKS, severe=True)

    async def _watch_seeding(self, emulator: "Emulator") -> None:
        """Has the screens read again while data comes, then waits for the end of the emulator and says so."""
        self.is_filling = True
        try:
            async for _ in emulator.progress():
                self._app.call_later(self._contexts.seeded)
                await self._clock.sleep(SEEDING_SECONDS)
            await emulator.wait_seeded()
        except ConnectorError as error:
            self._notices.show_error(error)
            return
        finally:
            self.is_filling = False
        self._app.call_later(self._contexts.seeded)
        ended = await emulator.wait_ended()
        if self.emulator is emulator:
            self.emulator = None
        if ended is not None:
            self._notices.show_error(ended)
