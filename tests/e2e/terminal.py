"""A program in a real pseudo-terminal, and what stands on its screen.

with Terminal([SLUICE, "demo"]) as terminal:
    terminal.sees("orders-dlq")
    terminal.press("/", "enter", "ctrl+q")
    assert terminal.wait() == 0
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "space": " ",
    "f10": "\x1b[21~",
    "ctrl+c": "\x03",
    "ctrl+s": "\x13",
    "ctrl+o": "\x0f",
}
KEYS |= {"ctrl+q": "\x11", "ctrl+u": "\x15"}


PATIENCE = 1.0
"""Seconds before a person presses the same key again."""


class Terminal:
    """80 columns and 24 lines unless said otherwise. Reading goes on while a method waits, and only then."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        size: tuple[int, int] = (80, 24),
        environment: dict[str, str] | None = None,
    ) -> None:
        columns, lines = size
        self.raw = bytearray()
        """Every byte that the program wrote to the terminal."""
        self._display = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._display)
        self._master, self.slave = pty.openpty()
        self._is_gone = False
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.modes_before = termios.tcgetattr(self.slave)
        variables = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TZ": "UTC"} | (environment or {})
        self.process = subprocess.Popen(
            command,
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            env=variables,
            start_new_session=True,
            preexec_fn=self._take_control,
        )

    def _take_control(self) -> None:
        """In the child: the pseudo-terminal becomes the one that controls it, so that its hang-up is a SIGHUP. A shell
        that runs the tests in the background has them ignore SIGINT; who sits at a terminal does not."""
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        if not self._is_gone:
            os.close(self._master)
            os.close(self.slave)

    # -- seeing ---------------------------------------------------------------------------------------------------

    def _read(self, seconds: float) -> bool:
        if self._is_gone:
            time.sleep(seconds)
            return False
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        try:
            chunk = os.read(self._master, 65536)
        except OSError:  # the other end is gone
            return False
        self.raw += chunk
        # two sequences of today's terminals that pyte does not know and would print the ends of
        self._stream.feed(re.sub(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]", b"", chunk))
        return True

    @property
    def text(self) -> str:
        """The screen as it stands now, each line without the spaces at its end."""
        while self._read(0):
            pass
        return "\n".join(line.rstrip() for line in self._display.display)

    def until(self, condition: Callable[[str], object], seconds: float = 20.0, what: str = "it") -> str:
        """Waits until `condition` holds for the screen; gives the screen."""
        deadline = time.monotonic() + seconds
        while not condition(text := self.text):
            assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain for {what}; the screen is\n{text}"
            self._read(0.05)
        return text

    def sees(self, *texts: str, seconds: float = 20.0) -> str:
        """Waits until all of `texts` stand on the screen."""
        return self.until(lambda screen: all(text in screen for text in texts), seconds, f"{texts}")

    def no_longer_sees(self, text: str) -> str:
        return self.until(lambda screen: text not in screen, what=f"the end of {text!r}")

    def row(self, start: str) -> str:
        """The first line that starts with `start`, with single spaces; empty where there is none."""
        lines = (" ".join(line.split()).lstrip("● ") for line in self.text.splitlines())
        return next((line for line in lines if line.startswith(start)), "")

    def is_reversed(self, text: str) -> bool:
        """Whether `text` stands on the screen with its colours reversed."""
        for row, line in enumerate(self.text.splitlines()):
            at = line.find(text)
            if at >= 0 and all(self._display.buffer[row][at + cell].reverse for cell in range(len(text))):
                return True
        return False

    # -- acting ---------------------------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Keys by name, or texts to be typed."""
        for key in keys:
            self.send(KEYS.get(key, key).encode())

    def send(self, data: bytes) -> None:
        """Bytes as they are, whole: the terminal takes 4 KiB at once and the rest when the program has read."""
        while data:
            data = data[os.write(self._master, data[:1024]) :]

    def insists(self, *keys: str, on: Callable[[str], object], seconds: float = 20.0) -> str:
        """Presses, and presses again after a moment, as a person does, until the screen is as wanted; gives it."""
        deadline = time.monotonic() + seconds
        while not on(text := self.text):
            assert time.monotonic() < deadline, f"{keys} did not help; the screen is\n{text}"
            self.press(*keys)
            pressed = time.monotonic()
            while not on(self.text) and time.monotonic() < pressed + PATIENCE:
                self._read(0.05)
        return text

    def answers(self, question: str, *keys: str) -> None:
        """A question listens once no key came for a moment; what came before that is dropped."""
        self.insists(*keys, on=lambda screen: question not in screen)

    def resize(self, columns: int, lines: int) -> None:
        self._display.resize(lines, columns)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def hang_up(self) -> None:
        """The window is closed: the terminal goes away, and with it what the program writes."""
        self._is_gone = True
        os.close(self._master)
        os.close(self.slave)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def wait(self, seconds: float = 20.0) -> int:
        """Waits for the end of the program while the terminal goes on reading; gives its exit code."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"it still runs after {seconds:.0f} s; the screen is\n{self.text}"
            self._read(0.05)
        while self._read(0):  # what it wrote last
            pass
        return int(self.process.returncode)

    # -- what is left of it ---------------------------------------------------------------------------------------

    def _last_of(self, on: bytes, off: bytes) -> bool:
        return self.raw.rfind(on) > self.raw.rfind(off)

    def complaints(self) -> list[str]:
        """What the program left behind in the terminal; empty when it is as it was."""
        left = {
            "the alternate screen is still on": self._last_of(b"\x1b[?1049h", b"\x1b[?1049l"),
            "the cursor is hidden": self._last_of(b"\x1b[?25l", b"\x1b[?25h"),
            "bracketed paste is on": self._last_of(b"\x1b[?2004h", b"\x1b[?2004l"),
            "the mouse is reported": self._last_of(b"\x1b[?1000h", b"\x1b[?1000l"),
            "the modes (echo, line editing) are others": termios.tcgetattr(self.slave)[:4] != self.modes_before[:4],
        }
        return [complaint for complaint, holds in left.items() if holds]
