"""Somebody at the keyboard: presses keys and reads what stands on the screen.

    async with at_work(stub.url, audit=audit) as person:
        await person.sees("orders")
        await person.press("enter")

The application runs as it does in a terminal, with a size of its own; what is read is what it paints.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from textual import events
from textual._context import visible_screen_stack
from textual.driver import Driver
from textual.keys import _character_to_key
from textual.pilot import Pilot

from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.clock import Clock
from tests.support.clock import ManualClock, RunningClock
from tests.support.settling import settle
from tests.support.waiting import LONG, until
from tui.app.app import SluiceApp
from tui.app.appearance import Appearance
from tui.app.keymap import Keys
from widgets.dialog import MOMENT, Panel, Question
from widgets.facts import Facts
from widgets.line import Line
from widgets.table.view import Table

LOOKS_PER_SECOND = 50
TRUECOLOR = {"COLORTERM": "truecolor", "TERM": "xterm-256color"}


class Person:
    def __init__(self, app: SluiceApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        self._seen = ""
        self._looked_at = 0.0

    # -- seeing ---------------------------------------------------------------------------------------------------

    @property
    def screen(self) -> str:
        """Every line that stands on the screen now, a dialog and what shows around it included."""
        token = visible_screen_stack.set(self.app._background_screens)
        try:
            strips = self.app.screen._compositor.render_strips()
        finally:
            visible_screen_stack.reset(token)
        return "\n".join(strip.text.rstrip() for strip in strips)

    def _glance(self) -> str:
        """The screen; painting it for a test costs some milliseconds, which the application needs, too."""
        if time.monotonic() - self._looked_at > 1 / LOOKS_PER_SECOND:
            self._seen = self.screen
            self._looked_at = time.monotonic()
        return self._seen

    async def sees(self, *texts: str, seconds: float = LONG) -> str:
        """Waits until every one of `texts` stands on the screen, each within one line; gives the screen."""
        return await self._see(lambda screen: all(text in screen for text in texts), seconds, f"{texts}")

    async def no_longer_sees(self, text: str, seconds: float = LONG) -> str:
        return await self._see(lambda screen: text not in screen, seconds, f"the end of {text!r}")

    async def _see(self, condition: Callable[[str], bool], seconds: float, what: str) -> str:
        self._looked_at = 0.0
        try:
            await until(lambda: condition(self._glance()), seconds)
        except AssertionError:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what}; the screen is\n{self.screen}") from None
        return self._seen

    def line(self, name: str) -> str:
        """The text of a line of the full screen below any dialog: `bar`, `title`, `detail`, `cost`, `hints`, ..."""
        return str(self._find(f"#{name}", Line).text).strip()

    async def reads(self, name: str, text: str, seconds: float = LONG) -> str:
        """Waits until `text` stands in the line `name`."""

        def found() -> str:
            with suppress(LookupError):
                return line if text in (line := self.line(name)) else ""
            return ""

        try:
            return str(await until(found, seconds))
        except AssertionError:
            raise AssertionError(f"{text!r} does not stand in {name}; the screen is\n{self.screen}") from None

    def row(self, start: str) -> str:
        """The first line of the screen that starts with `start`, with single spaces; empty where there is none."""
        lines = (" ".join(line.split()).lstrip("● ") for line in self.screen.splitlines())
        return next((line for line in lines if line.startswith(start)), "")

    @property
    def table(self) -> Table[Any]:
        table: Table[Any] = self._find("Table", Table)
        return table

    @property
    def under_cursor(self) -> Any:
        """The record of the row under the cursor."""
        return self.table.cursor_record

    @property
    def facts(self) -> str:
        """All facts of the dialog or panel that is open, else of the screen, also those that are scrolled away."""
        dialog = self.app.screen.query("#dialog-facts")
        return (dialog.first(Facts) if dialog else self._find("Facts", Facts)).text

    @property
    def clipboard(self) -> str:
        return self.app.clipboard

    @property
    def _driver(self) -> Driver:
        assert self.app._driver is not None
        return self.app._driver

    def _find(self, selector: str, kind: type[Any]) -> Any:
        """On the topmost full screen that has it."""
        for screen in reversed(self.app.screen_stack):
            if found := screen.query(selector):
                return found.first(kind)
        raise LookupError(selector)

    @property
    def clock(self) -> ManualClock:
        """The application's, which can be moved on."""
        clock = self.app.clock
        assert isinstance(clock, ManualClock)
        return clock

    # -- the wire -----------------------------------------------------------------------------------------------------

    @property
    def nothing_is_under_way(self) -> bool:
        """Whether every call that was sent has come to its end. Only while none is retried and the log is not full."""
        session = self.app.session
        return session is not None and session.meter.total <= len(session.log)

    async def lets_pass(self, clock: ManualClock, seconds: float) -> None:
        """Lets time pass, and the calls that come due in it be answered in their time."""

        async def answered() -> None:
            await until(lambda: self.nothing_is_under_way)

        await clock.advance(seconds, between=answered)

    async def waits(self, clock: ManualClock, text: str, seconds: float = LONG) -> str:
        """Lets time pass until `text` stands on the screen."""

        deadline = time.monotonic() + seconds
        while text not in (screen := self.screen):
            assert time.monotonic() < deadline, f"waited in vain for {text!r}; the screen is\n{screen}"
            await clock.advance(0.1)
            await asyncio.sleep(0)
        return screen

    # -- acting ---------------------------------------------------------------------------------------------------

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    def sends_key(self, key: str, character: str | None = None) -> None:
        """As `press`, and waits for nothing. `character` is what it types, where that is not how it is called."""
        self._driver.send_message(events.Key(key, character or (key if len(key) == 1 else None)))

    async def types(self, text: str) -> None:
        """All keys at once, as a fast typist or a script sends them; "\\r" is Enter."""
        for character in text:
            key = "enter" if character == "\r" else _character_to_key(character)
            self.sends_key(key, character)
        await self.pilot.pause()

    async def pastes(self, text: str) -> None:
        """As a terminal does it with bracketed paste."""
        self._driver.send_message(events.Paste(text))
        await self.pilot.pause()

    async def interrupts_twice(self) -> None:
        """Both keys at once: between two that are waited for a busy machine may let more than two seconds pass."""
        self.sends_key("ctrl+c")
        self.sends_key("ctrl+c")
        await settle(self.app)

    async def leaves(self) -> None:
        """As ctrl+c twice does, whatever is open; nothing where the way out was taken already."""
        if self.app.is_running and self.app.return_code is None:
            self.app.action_interrupt()
            self.app.action_interrupt()
        await until(lambda: self.has_left, what="the way out")

    @property
    def has_left(self) -> bool:
        return not self.app.is_running or self.app.return_code is not None

    async def is_asked(self, title: str) -> str:
        """Waits for a question that listens; gives its facts."""
        question = await until(
            lambda: isinstance(self.app.screen, Question) and self.app.screen.is_mounted and self.app.screen,
            what=f"a question; the screen is\n{self.screen}",
        )
        assert isinstance(question, Question)
        deadline = time.monotonic() + LONG
        while not question.armed:
            assert time.monotonic() < deadline, f"the question does not listen; the screen is\n{self.screen}"
            await self.clock.advance(MOMENT)
        assert title in self.screen, self.screen
        return str(question.query_one(Facts).text)

    async def says(self, *keys: str) -> None:
        """Answers the question that is open, and waits until it is gone."""
        question = self.app.screen
        assert isinstance(question, Question)
        await self.press(*keys)
        await until(lambda: self.app.screen is not question, what="the end of the question")

    async def is_shown(self, title: str, seconds: float = LONG) -> str:
        """Waits for a panel; gives its facts."""
        await until(lambda: isinstance(self.app.screen, Panel), seconds, what=f"the panel {title!r}\n{self.screen}")
        await self.sees(title)
        return self.facts


@asynccontextmanager
async def at_work(
    endpoint_url: str | None = None,
    *,
    audit: AuditLog,
    application: type[SluiceApp] = SluiceApp,
    view: str = "queues",
    size: tuple[int, int] = (80, 24),
    clock: Clock | None = None,
    appearance: Appearance | None = None,
    keys: dict[str, str] | None = None,
    **request: Any,
) -> AsyncIterator[Person]:
    """sluice, started on `endpoint_url`; `keys` is what the configuration says of them, `request` goes to the
    `ContextRequest`."""
    app = application(
        ContextRequest(endpoint_url=endpoint_url, **request),
        audit=audit,
        view=view,
        clock=clock or RunningClock(),
        appearance=appearance or Appearance(environ=TRUECOLOR),
        keys=Keys(keys),
    )
    async with app.run_test(size=size, notifications=True) as pilot:
        person = Person(app, pilot)
        try:
            yield person
        finally:
            await person.leaves()
