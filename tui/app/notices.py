"""What the application tells: the log of this run, the word in place of the hints, and panels."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from textual.app import App
from textual.timer import Timer
from textual.worker import Worker

from connectors.clock import Clock
from connectors.errors import ConnectorError, Refused, Step
from tui.app.keymap import Keys
from tui.app.tabs import Tabs
from tui.screens.host import Notice
from widgets.dialog import Panel, Question
from widgets.facts import Fact
from widgets.line import Part, Yield

WORD_SECONDS = 6.0
"""How long a word stands in place of the hints."""
MOST_NOTICES = 500
"""Lines of the log that are kept."""


class Notices:
    """The log of this run, oldest line first, and what is shown of it."""

    def __init__(self, app: App[Any], tabs: Tabs, clock: Clock, keys: Keys) -> None:
        self._app = app
        self._tabs = tabs
        self._clock = clock
        self._keys = keys
        self._log: deque[Notice] = deque(maxlen=MOST_NOTICES)
        self.word: Part | None = None
        """What just happened, in place of the hints; None `WORD_SECONDS` later."""
        self._word_ends: Timer | None = None

    def __iter__(self) -> Iterator[Notice]:
        return iter(self._log)

    def note(self, kind: str, text: str, error: ConnectorError | None = None) -> None:
        """Adds a line to the log."""
        self._log.append(Notice(self._clock.now(), kind, text, error))

    def tell(self, text: str, *, severe: bool = False) -> None:
        """Shows `text` in place of the hints, and adds it to the log."""
        self.note("notice", text)
        self.word = Part(f" {text} ", "warning" if severe else "strong", Yield.SHORTEN)
        if self._word_ends is not None:
            self._word_ends.stop()
        self._word_ends = self._app.set_timer(WORD_SECONDS, self._forget_word)
        self._show_hints()

    def _forget_word(self) -> None:
        self.word = self._word_ends = None
        self._show_hints()

    def _show_hints(self) -> None:
        for screen in self._tabs.mounted():
            screen.show_hints()

    def show_panel(self, title: str, facts: Sequence[Fact], *, is_error: bool = False) -> None:
        """Opens a panel of facts; while a question is open, when it is answered."""
        panel = Panel(title, facts, is_error=is_error)
        question = self._app.screen
        if isinstance(question, Question):
            question.on_closed.append(lambda: self._app.push_screen(panel))
        else:
            self._app.push_screen(panel)

    def show_error(self, error: ConnectorError) -> None:
        """Opens a panel on the failure of what somebody asked for, and adds it to the log."""
        self.note("error", str(error), error)
        facts = [Fact(label, value, "error" if label == "error" else "") for label, value in error.details()]
        title = "Refused" if isinstance(error, Refused) else "It did not work"
        self.show_panel(title, facts, is_error=True)

    def show_failure(self, worker: Worker[Any]) -> None:
        """Opens a panel on the error of `worker`; one that is no `ConnectorError` is a defect, and is called so."""
        error = worker.error
        if not isinstance(error, ConnectorError):
            error = ConnectorError(
                Step.SERVICE,
                f"{worker.description or worker.name}: {type(error).__name__}",
                "this is a defect of sluice; please report it with the steps that led here",
            )
        self.show_error(error)

    def report_lost_record(self, entry: dict[str, Any], lost: ConnectorError) -> None:
        """Tells that a change was tried and the audit log holds only its intent: `entry`, its outcome, is lost."""
        self.note("audit", f"outcome not written: {entry}", lost)
        log = self._keys.label("app.log")
        self.tell(f"{entry['operation']}: {entry['result']}, but the audit log could not take it ({log})", severe=True)
