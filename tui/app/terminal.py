"""The terminal driver: Textual's own, except that neither a terminal which goes away nor one which is lent to another
program holds anything up, that of many sizes in a row the last one counts, and that a process which was stopped goes on
as it was."""

import asyncio
import contextlib
import select
import signal
import termios
import threading
from collections.abc import Callable
from typing import IO, Any, Protocol, runtime_checkable

from textual.drivers.linux_driver import LinuxDriver
from textual.events import Resize
from textual.geometry import Size


class _Output:
    """The terminal's file; from the first write that fails on, what is written is dropped.

    A window that is closed makes every write fail. Textual's writer thread would end with the first, and whoever
    writes after it would wait for ever for room in its queue: the leases held then never went back.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._is_gone = False

    def write(self, text: str) -> int:
        if not self._is_gone:
            try:
                return self._file.write(text)
            except OSError:
                self._is_gone = True
        return len(text)

    def flush(self) -> None:
        if not self._is_gone:
            try:
                self._file.flush()
            except OSError:
                self._is_gone = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@runtime_checkable
class HangsUp(Protocol):
    """An application that wants to know when its terminal is gone."""

    def hang_up(self) -> None: ...


class TerminalDriver(LinuxDriver):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._file: Any = _Output(self._file)
        self._is_lent = False
        self._modes: list[Any] | None = None
        self._watches_for_hang_up = False

    def start_application_mode(self) -> None:
        """Textual's handler of SIGWINCH can be interrupted by the next one, and then sends the older size last: the
        screen keeps it for good. Those of SIGTSTP and SIGCONT write, and may have interrupted who was writing. What the
        event loop calls interrupts nobody."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGWINCH, self._send_size)
        loop.add_signal_handler(signal.SIGTSTP, self._sigtstp_application)
        loop.add_signal_handler(signal.SIGCONT, self._sigcont_application)
        app = self._app
        if isinstance(app, HangsUp) and hasattr(select, "poll") and not self._watches_for_hang_up:
            self._watches_for_hang_up = True
            thread = threading.Thread(
                target=self._wait_for_hang_up, args=(loop, app.hang_up), name="hang-up", daemon=True
            )
            thread.start()

    def _wait_for_hang_up(self, loop: asyncio.AbstractEventLoop, hang_up: Callable[[], object]) -> None:
        """Calls `hang_up` when the terminal is gone.

        SIGHUP goes to the leader of the session only: under make, or another program that stays, nobody else is told,
        and Textual's input thread would read the end of the file again and again.
        """
        terminal = select.poll()
        terminal.register(self.fileno, 0)  # a hang-up is always told
        if any(event & select.POLLHUP for _, event in terminal.poll()):
            self.exit_event.set()
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(hang_up)

    def _send_size(self) -> None:
        if not self._in_band_window_resize:
            size = Size(*self._get_terminal_size())
            self._app.post_message(Resize(size, size))

    def _sigcont_application(self, *_: object) -> None:
        """What was stopped outright, with SIGSTOP, let nothing go before: Textual would start to read and to write a
        second time, and take the modes of its own for those that it found. Who had the terminal meanwhile, as a shell
        has, painted over it."""
        if not self._auto_restart or self._app.return_code is not None:
            return  # an editor has it, or it was given back for good
        if not self._is_lent:
            self.suspend_application_mode()
        self.resume_application_mode()
        self._app.refresh(layout=True)

    def suspend_application_mode(self) -> None:
        super().suspend_application_mode()
        self._is_lent, self._modes = True, self.attrs_before

    def resume_application_mode(self) -> None:
        """Whoever had the terminal may have left it in any mode."""
        if self._modes is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSADRAIN, self._modes)
        self._is_lent = False
        super().resume_application_mode()
        # in the background nothing is started: the process is stopped once more
        self._is_lent = self._writer_thread is None or not self._writer_thread.is_alive()

    def write(self, data: str) -> None:
        """While the terminal is lent nothing is written: Textual's writer has ended, and would be waited for for ever
        once its queue is full."""
        if not self._is_lent:
            super().write(data)
