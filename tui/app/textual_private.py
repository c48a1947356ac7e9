"""Every private name of Textual that sluice uses, and why. Seen in Textual 8.2.8.

A release of Textual may change or drop these names without notice: this is the one file to check against a new one. No
other module of `tui/` and none of `widgets/` uses a private name of Textual; `tests/tui/app/test_textual_private.py`
proves it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual._styles_cache import StylesCache
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.css.query import NoMatches
from textual.geometry import Size
from textual.screen import Screen

if TYPE_CHECKING:
    from textual.drivers.linux_driver import LinuxDriver


class CorrectedApp(App[None]):
    """Textual's application with three of its private methods corrected, and an exit code after every crash. There is
    no public hook for them."""

    def crashed(self) -> None:
        """Called when the application is about to end by a failure, while its screens are still there; for more than
        one failure more than once."""

    def panic(self, *renderables: Any) -> None:
        """Called where a thread or the style sheet failed; ends the application. `_return_code` is otherwise left at
        that of a good end."""
        self._return_code = 1
        self.crashed()
        super().panic(*renderables)

    async def _replace_screen(self, screen: Screen[Any]) -> Screen[Any]:
        """Called with a screen that was popped. Waits until the screen has its parts before it is removed.

        `Screen` looks for its parts when it is mounted. If it is removed before that, the search fails and ends the
        application. `_mounted_event` is set when a widget is mounted; the public `is_mounted` can't be awaited.
        """
        await screen._mounted_event.wait()
        return await super()._replace_screen(screen)

    def _handle_exception(self, error: Exception) -> None:
        """Called with an exception that no handler caught; ends the application.

        While the application ends, a screen that is still being made may look for parts that it doesn't get. That
        failure means nothing and is dropped.
        """
        if self.return_code is None or not isinstance(error, NoMatches):
            self.crashed()
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Prints the traceback of a crash without local variables.

        Textual prints the values of all locals, and those hold credentials and message bodies. `_exit_renderables` are
        printed when the screen is closed, and `_close_messages_no_wait` ends the application, as in Textual's own.
        """
        from rich.segment import Segments
        from rich.traceback import Traceback

        self.bell()
        traceback = Traceback(show_locals=False, width=None)
        self._exit_renderables.append(Segments(self.console.render(traceback, self.console.options)))
        self._close_messages_no_wait()


def close_screen(app: App[Any], screen: Screen[Any]) -> None:
    """Closes `screen`, in whichever stack and below whatever it stands; the root of a stack stays.

    `App.pop_screen` closes only the screen in front. `_screen_stacks` has the stack of each mode.
    """
    if app.screen is screen and len(app.screen_stack) > 1:
        screen.dismiss()
        return
    for stack in app._screen_stacks.values():
        if screen in stack[1:]:
            stack.remove(screen)
            screen._pop_result_callback()
            AwaitComplete(app._replace_screen(screen)).call_next(app)


def forget_closed_screens() -> None:
    """Clears the cache in which Textual keeps the painted borders and padding of the last 1,024 widgets.

    The widgets of closed screens are among them, with all that they hold: some 30 MB. Textual has no call for it.
    """
    StylesCache.get_inner_outer.cache_clear()


class InputParser(XTermParser):
    """Textual's parser of a terminal's input. Its module is private; there is no other way from bytes to messages."""

    def renewed(self) -> "InputParser":
        """A parser in place of this one, which failed, with what this one knew of mouse and screen."""
        new = InputParser()
        new.last_x, new.last_y = self.last_x, self.last_y
        new.mouse_pixels = self.mouse_pixels
        new.terminal_size, new.terminal_pixel_size = self.terminal_size, self.terminal_pixel_size
        return new

    def forget_size(self) -> None:
        """Undoes the reading of a size: from then on it takes the mouse's position for pixels."""
        self.mouse_pixels = False
        self.terminal_size = self.terminal_pixel_size = None


# -- of the terminal driver, which has no public property for any of these


def wrap_output(driver: "LinuxDriver", wrap: Callable[[Any], Any]) -> None:
    """Has the driver write to `wrap(file)` in place of the terminal's file."""
    driver._file = wrap(driver._file)


def app_of(driver: "LinuxDriver") -> App[Any]:
    return driver._app


def stop_handler(driver: "LinuxDriver") -> Callable[..., object]:
    """Textual's handler of SIGTSTP, to be called by the event loop instead of as a signal handler."""
    return driver._sigtstp_application


def terminal_tells_its_size(driver: "LinuxDriver") -> bool:
    """Whether the terminal sends its size in its input (mode 2048), so that SIGWINCH is not needed."""
    return driver._in_band_window_resize


def terminal_size(driver: "LinuxDriver") -> Size:
    """The size of the terminal as the driver reads it, with `COLUMNS` and `LINES` of the environment."""
    return Size(*driver._get_terminal_size())


def restarts_by_itself(driver: "LinuxDriver") -> bool:
    """False while the terminal is lent to an editor, and when it was given back for good."""
    return driver._auto_restart


def writer_is_alive(driver: "LinuxDriver") -> bool:
    """Whether the thread that writes to the terminal runs. Without it a write waits for ever once its queue is full."""
    return driver._writer_thread is not None and driver._writer_thread.is_alive()
