"""A program in a pseudo-terminal: what it writes, when, and what it costs meanwhile."""

import fcntl
import os
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_ASKS_FOR_SYNC = b"\x1b[?2026$p"
_HAS_SYNC = b"\x1b[?2026;2$y"
_TICKS = os.sysconf("SC_CLK_TCK")
_LEAVE_SECONDS = 3.0


class Terminal:
    """`output` is every byte so far. The terminal answers, as today's do, that it can paint a frame at once."""

    def __init__(self, argv: Sequence[str], environ: dict[str, str], *, columns: int = 80, rows: int = 24) -> None:
        ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._fd = ours
        self.output = bytearray()
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            argv, env=environ, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, close_fds=True
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Quits with ctrl+q, which Textual's own programs know, too."""
        try:
            if self._process.poll() is None:
                self.press("\x11")
                deadline = time.monotonic() + _LEAVE_SECONDS
                while self._process.poll() is None and time.monotonic() < deadline:
                    self._take(0.05)
        except OSError:
            pass
        finally:
            if self._process.poll() is None:
                self._process.kill()
            self._process.wait()
            os.close(self._fd)

    def press(self, keys: str) -> float:
        """Sends keys; the moment at which they went out."""
        now = time.monotonic()
        os.write(self._fd, keys.encode())
        return now

    def wait(self, found: Callable[[bytes], object], *, since: int = 0, seconds: float = 60.0) -> float:
        """The moment at which what was written from offset `since` on first satisfied `found`."""
        deadline = time.monotonic() + seconds
        now = time.monotonic()
        while not found(bytes(self.output[since:])):
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {seconds:.0f} s in vain; last came {bytes(self.output[-400:])!r}")
            if self._take(0.1):
                now = time.monotonic()
            elif self._process.poll() is not None:
                raise RuntimeError(f"the program ended: {bytes(self.output[-2000:]).decode(errors='replace')}")
        return now

    def wait_for(self, text: str, *, since: int = 0, seconds: float = 60.0) -> float:
        """As `wait`, for a text that is written in one piece."""
        wanted = text.encode()
        return self.wait(lambda output: wanted in output, since=since, seconds=seconds)

    def drain(self, seconds: float) -> int:
        """Reads for so long; how many bytes came."""
        before, deadline = len(self.output), time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self._take(left)
        return len(self.output) - before

    def settle(self, quiet: float, seconds: float = 30.0) -> None:
        """Reads until nothing came for `quiet` seconds."""
        deadline = time.monotonic() + seconds
        while self.drain(quiet):
            if time.monotonic() > deadline:
                raise TimeoutError(f"it went on writing for {seconds:.0f} s")

    def _take(self, seconds: float) -> int:
        ready, _, _ = select.select([self._fd], [], [], max(seconds, 0))
        if not ready:
            return 0
        try:
            chunk = os.read(self._fd, 65536)
        except OSError:  # the other end is closed
            time.sleep(min(seconds, 0.01))
            return 0
        if _ASKS_FOR_SYNC in self.output[-len(_ASKS_FOR_SYNC) :] + chunk:
            os.write(self._fd, _HAS_SYNC)
        self.output += chunk
        return len(chunk)

    @property
    def processor_seconds(self) -> float:
        """User and system time of the program so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    @property
    def memory(self) -> int:
        """Resident bytes of the program (RSS)."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
