"""Dialogs: a question before a change, and a panel for a failure.

A question takes no key in the first moments after it opened: what was typed for the screen below must not answer it.
Enter answers nothing, unless a name was typed in full. A question may ask for a number along with the yes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from widgets.facts import TWO_COLUMNS, Fact, Facts
from widgets.keys import live_keys
from widgets.line import Line, Part, Yield
from widgets.number import NumberAsked, NumberField
from widgets.text import printable

ARMED_AFTER = 4
"""Moments without a key before a question listens."""
MOMENT = 0.1
"""Seconds. Counted one by one: a machine that stood still for long had no more than one of them, and what was typed
meanwhile comes in the next."""

_BORDER = 2
_DIALOG_CSS = """
    align: center middle;
    & > #dialog {
        width: 76; max-width: 100%; height: auto; max-height: 100%;
        padding: 0 1; border: round $primary; background: $surface;
    }
    & .dialog--warning { height: auto; margin-top: 1; color: $text-warning; text-style: bold; }
    & #dialog-prompt { height: auto; margin-top: 1; }
    &.-short .dialog--warning, &.-short #dialog-prompt, &.-short NumberAsked { margin-top: 0; }
    & #dialog-keys { dock: bottom; }
"""


def _fit(screen: ModalScreen[Any]) -> None:
    """On a small screen the facts scroll, down to a line of them; then texts are cut, the last first. Fields and keys
    stay in sight."""
    if not screen.query("#dialog-facts"):
        return  # it is being closed
    dialog, facts = screen.query_one("#dialog", Vertical), screen.query_one("#dialog-facts", Facts)
    margins = sum(child.styles.margin.height for child in dialog.children)
    free = screen.size.height - _BORDER - margins - len(screen.query("#dialog Input, #dialog-keys"))
    least = max(0, min(1, free))
    free -= least
    for text in screen.query("#dialog > Static, NumberAsked > Static"):
        lines = text.get_content_height(dialog.content_size, screen.size, dialog.content_size.width)
        text.styles.max_height = max(0, min(lines, free))
        free -= lines
    facts.styles.max_height = least + max(0, free)


class Question(ModalScreen[bool]):
    """Asks for a yes. `must_type` is a name that has to be typed, for what can't be taken back; `number` is a number to
    go with the yes, which stands in `chosen` when the answer was yes."""

    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = [(0, "-short"), (16, "-high")]  # noqa: RUF012 (Textual declares it)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", id="dialog.yes", show=False, tooltip="Do it"),
        Binding("n", "answer(False)", "No", id="dialog.no", show=False, tooltip="Leave it"),
        Binding("escape", "answer(False)", "Cancel", id="dialog.cancel", show=False, tooltip="Leave it"),
        Binding("down,pagedown", "scroll_facts(3)", "Down", id="dialog.down", show=False, tooltip="Scroll down"),
        Binding("up,pageup", "scroll_facts(-3)", "Up", id="dialog.up", show=False, tooltip="Scroll up"),
    ]
    DEFAULT_CSS = "Question {" + _DIALOG_CSS + "& > #dialog { border: round $warning; } }"

    def __init__(
        self,
        title: str,
        facts: Sequence[Fact],
        *,
        yes: str,
        warning: str = "",
        must_type: str | None = None,
        number: NumberField | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`sleep` is that of the application's clock: the moments before it listens pass by it."""
        super().__init__()
        self._title = title
        self._facts = facts
        self._yes = yes
        self._warning = warning
        self._must_type = must_type
        self._number = number
        self._sleep = sleep
        self.chosen: int | None = None
        self.armed = False
        self._quiet = 0
        self.on_closed: list[Callable[[], object]] = []
        """Called when it has its answer: what had to wait for that."""

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Facts(self._facts, id="dialog-facts")
            if self._number is not None:
                yield NumberAsked(self._number)
            if self._warning:
                yield Static(self._warning, classes="dialog--warning", markup=False)
            if self._must_type is not None:
                yield Static(id="dialog-prompt", markup=False)
                yield Input(id="dialog-name", compact=True)
            yield Line(id="dialog-keys")

    def on_mount(self) -> None:
        self.query_one("#dialog", Vertical).border_title = Content(printable(self._title))
        self._show_keys()
        self.set_focus(None)
        self.run_worker(self._listen_when_quiet(), exit_on_error=False, description="wait for a quiet moment")
        self.call_after_refresh(self._fit)

    def on_resize(self) -> None:
        self.call_after_refresh(self._fit)

    def on_unmount(self) -> None:
        for waiting in self.on_closed:
            self.app.call_later(waiting)

    def _fit(self) -> None:
        if self._must_type is not None:
            prompt = self.query_one("#dialog-prompt", Static)
            text = f"Type {printable(self._must_type)} and press enter:"
            prompt.update(text if cell_len(text) <= prompt.size.width else "Type the name and press enter:")
        _fit(self)

    def action_scroll_facts(self, lines: int) -> None:
        self.query_one("#dialog-facts", Facts).scroll_relative(y=lines, animate=False)

    async def _listen_when_quiet(self) -> None:
        while self._quiet < ARMED_AFTER:
            await self._sleep(MOMENT)
            self._quiet += 1
        self.armed = True
        self._show_keys()
        if fields := self.query(Input):
            fields.last().focus()

    def _show_keys(self) -> None:
        """The key that says yes is dim while it is not listened to."""
        style = ("key", "") if self.armed else ("muted", "muted")
        yes = "enter" if self._must_type is not None else self._key("dialog.yes")
        self.query_one("#dialog-keys", Line).show(
            [Part(f" {yes} ", style[0]), Part(self._yes, style[1]), *self._cancel_parts()]
        )

    def _cancel_parts(self) -> list[Part]:
        return [Part(f"   {self._key('dialog.cancel')} ", "key"), Part("cancel")]

    def _key(self, name: str) -> str:
        return live_keys(self).get(name, ["–"])[0]

    def on_key(self, event: Key) -> None:
        """Keys that come before the question listens are dropped, and it waits anew for a quiet moment; until then no
        field has the focus."""
        if self.armed:
            return
        active = self.active_bindings.get(event.key)
        if active is None or active.binding.id != "dialog.cancel":
            event.stop()
            event.prevent_default()
            self._quiet = 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """None, which keeps a key in sight but does nothing, for a yes that nobody can have meant yet."""
        if action == "answer" and parameters == (True,) and not self.armed:
            return None
        return True

    def action_answer(self, yes: bool) -> None:
        if not yes:
            self.dismiss(False)
        elif self._must_type is None:
            self._agree()

    def _agree(self) -> None:
        """Dismisses with a yes, unless what goes with it is missing."""
        if self._number is not None:
            self.chosen = self.query_one(NumberAsked).number
            if self.chosen is None:
                self._show_wrong(f"a number from {self._number.bounds}, please")
                return
        self.dismiss(True)

    def _show_wrong(self, text: str) -> None:
        self.query_one("#dialog-keys", Line).show([Part(f" {text} ", "error", Yield.SHORTEN), *self._cancel_parts()])

    @on(Input.Changed, "#dialog-number")
    def _show_number(self) -> None:
        self.query_one(NumberAsked).show_meaning()
        self._show_keys()
        self.call_after_refresh(self._fit)

    @on(Input.Submitted, "#dialog-name")
    def _submit_name(self, event: Input.Submitted) -> None:
        if self.armed and event.value == self._must_type:
            self._agree()
        else:
            self._show_wrong("the name is not the same")


class Panel(ModalScreen[None]):
    """Facts to read, scroll and copy: a failure, an identity, the help."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "close", "Close", id="panel.close", show=False, tooltip="Close the panel"),
        Binding("y", "copy", "Copy", id="panel.copy", show=False, tooltip="Copy all of it to the terminal's clipboard"),
    ]
    DEFAULT_CSS = (
        "Panel {"
        + _DIALOG_CSS
        + "&.-error > #dialog { border: round $error; } &.-columns.-wide > #dialog { width: 116; } }"
    )
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (TWO_COLUMNS, "-wide")]  # noqa: RUF012 (Textual declares it)

    def __init__(self, title: str, facts: Sequence[Fact], *, is_error: bool = False, second_column: int = 0) -> None:
        """The facts from the index `second_column` on stand beside the others where the terminal is wide."""
        super().__init__(classes="-error" if is_error else "-columns" if second_column else None)
        self._title = title
        self._facts = facts
        self._second_column = second_column

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Facts(self._facts, second_column=self._second_column, id="dialog-facts")
            yield Line(id="dialog-keys")

    def on_mount(self) -> None:
        self.query_one("#dialog", Vertical).border_title = Content(printable(self._title))
        self.set_focus(self.query_one("#dialog-facts", Facts))
        self._show_keys()
        self.call_after_refresh(_fit, self)

    def _show_keys(self) -> None:
        keys = live_keys(self)
        close, copy = keys.get("panel.close", ["–"])[0], keys.get("panel.copy")
        scroll = [keys[name][0] for name in ("facts.down", "facts.up") if name in keys]
        parts = [Part(f" {close} ", "key"), Part("close")]
        parts += [Part(f"   {copy[0]} ", "key"), Part("copy")] if copy else []
        parts += [Part(f"   {' '.join(scroll)} ", "key"), Part("scroll")] if scroll else []
        self.query_one("#dialog-keys", Line).show(parts)

    def on_resize(self) -> None:
        self.call_after_refresh(_fit, self)

    def action_close(self) -> None:
        self.dismiss()

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self.query_one("#dialog-facts", Facts).text)
        self.notify("Sent to the terminal's clipboard, which may or may not take it", markup=False)
