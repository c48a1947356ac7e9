"""The terminal driver: Textual's own, with five differences.

A terminal that goes away ends the application instead of blocking it; nothing is written while the terminal is lent to
another program; of many sizes in a row the last one counts; a process that was stopped goes on as it was; no byte that
comes in can end the application.
"""

import asyncio
import contextlib
import os
import select
import signal
import termios
import threading
from collections.abc import Callable
from typing import IO, Any, Protocol, runtime_checkable

from textual.drivers.linux_driver import LinuxDriver
from textual.events import Resize

from tui.app.terminal_input import TerminalInput
from tui.app.textual_private import (
    app_of,
    restarts_by_itself,
    stop_handler,
    terminal_size,
    terminal_tells_its_size,
    wrap_output,
    writer_is_alive,
)


class _Output:
    """The terminal's file, which drops all writes after the first that fails.

    When its window is closed every write to a terminal fails. Textual's writer thread would end at the first failure,
    and a later write would wait for ever for room in the thread's queue: leases that are held would never be given
    back.
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


_TICK = 0.1
"""Seconds between two looks whether the input has waited long enough for the rest of a sequence."""
_READ = 4096
"""Bytes at once."""


@runtime_checkable
class HangsUp(Protocol):
    """An application that wants to know when its terminal is gone."""

    def hang_up(self) -> None: ...


class TerminalDriver(LinuxDriver):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        wrap_output(self, _Output)
        signal.signal(signal.SIGCONT, self._take_back)  # until the event loop runs
        self._is_lent = False
        self._modes: list[Any] | None = None
        self._watches_for_hang_up = False

    def start_application_mode(self) -> None:
        """Has the event loop call the handlers of SIGWINCH, SIGTSTP and SIGCONT.

        Textual's are signal handlers of Python. That of SIGWINCH can be interrupted by the next SIGWINCH and then sends
        the older size last, which the screen keeps. Those of SIGTSTP and SIGCONT write, and may interrupt a write.
        """
        super().start_application_mode()  # type: ignore[no-untyped-call]
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGWINCH, self._send_size)
        loop.add_signal_handler(signal.SIGTSTP, stop_handler(self))
        loop.add_signal_handler(signal.SIGCONT, self._take_back)
        app = app_of(self)
        if isinstance(app, HangsUp) and hasattr(select, "poll") and not self._watches_for_hang_up:
            self._watches_for_hang_up = True
            thread = threading.Thread(
                target=self._wait_for_hang_up, args=(loop, app.hang_up), name="hang-up", daemon=True
            )
            thread.start()

    def _wait_for_hang_up(self, loop: asyncio.AbstractEventLoop, hang_up: Callable[[], object]) -> None:
        """Calls `hang_up` when the terminal is gone. Runs in a thread.

        SIGHUP goes to the leader of the session only. Under make, or another program that stays, sluice gets none, and
        Textual's input thread would read the end of the file again and again.
        """
        terminal = select.poll()
        terminal.register(self.fileno, 0)  # a hang-up is always told
        if any(event & select.POLLHUP for _, event in terminal.poll()):
            self.exit_event.set()
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(hang_up)

    def run_input_thread(self) -> None:
        """Reads the terminal and dispatches what comes, until `exit_event` is set or the terminal is gone.

        Textual's own ends at the first byte that is not UTF-8, or at a sequence that its parser can't take, and the
        application with it.
        """
        reading = TerminalInput()
        while not self.exit_event.is_set():
            ready, _, _ = select.select([self.fileno], [], [], _TICK)
            messages = reading.tick(tells_size=terminal_tells_its_size(self))
            if ready:
                try:
                    data = os.read(self.fileno, _READ)
                except (BlockingIOError, InterruptedError):
                    continue  # another program on this terminal has switched it to non-blocking reads
                except OSError:
                    return  # the terminal is gone
                if not data:
                    self.exit_event.wait(_TICK)  # an end of file comes again and again
                messages = reading.read(data, tells_size=terminal_tells_its_size(self))
            for message in messages:
                self.process_message(message)

    def _send_size(self) -> None:
        if not terminal_tells_its_size(self):
            size = terminal_size(self)
            app_of(self).post_message(Resize(size, size))

    def _take_back(self, *_: object) -> None:
        """Takes the terminal back and paints all of it: a shell that had it meanwhile painted over the screen.

        A process stopped with SIGSTOP did not let go of the terminal. Textual would start its reader and writer a
        second time, and take its own terminal modes for those that it found; so the terminal is let go of first.
        """
        if not restarts_by_itself(self) or app_of(self).return_code is not None:
            return  # an editor has it, or it was given back for good
        if not self._is_lent:
            self.suspend_application_mode()
        self.resume_application_mode()
        app_of(self).refresh(layout=True)

    def suspend_application_mode(self) -> None:
        super().suspend_application_mode()
        self._is_lent, self._modes = True, self.attrs_before

    def resume_application_mode(self) -> None:
        """Restores the terminal's modes first: the other program may have left it in any."""
        if self._modes is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSADRAIN, self._modes)
        self._is_lent = False
        super().resume_application_mode()
        # in the background nothing is started: the process is stopped once more
        self._is_lent = not writer_is_alive(self)

    def write(self, data: str) -> None:
        """Drops `data` while the terminal is lent: Textual's writer thread has ended, and once its queue is full a
        write would wait for ever."""
        if not self._is_lent:
            super().write(data)
