"""The terminal driver: Textual's own, except that neither a terminal which goes away nor one which is lent to another
program holds anything up, and that of many sizes in a row the last one counts."""

import asyncio
import contextlib
import signal
import termios
from typing import IO, Any

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


class TerminalDriver(LinuxDriver):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._file: Any = _Output(self._file)
        self._is_lent = False
        self._modes: list[Any] | None = None

    def start_application_mode(self) -> None:
        """Textual's handler of SIGWINCH can be interrupted by the next one, and then sends the older size last: the
        screen keeps it for good. One that the event loop calls is never interrupted."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        asyncio.get_running_loop().add_signal_handler(signal.SIGWINCH, self._send_size)

    def _send_size(self) -> None:
        if not self._in_band_window_resize:
            size = Size(*self._get_terminal_size())
            self._app.post_message(Resize(size, size))

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

    def write(self, data: str) -> None:
        """While the terminal is lent nothing is written: Textual's writer has ended, and would be waited for for ever
        once its queue is full."""
        if not self._is_lent:
            super().write(data)
