"""The append-only record of changes: the intent before, the outcome after, one JSON object a line, mode 0600.

It never holds a message's body or an attribute's value. A change whose intent can't be written is not carried out.
"""

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from connectors.errors import Refused


class AuditLog:
    """The log at `path`; None where there is no place for one: then every change is refused."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def check_place(self) -> None:
        """Raises `Refused` where an entry could not be written, as far as that is known without writing one."""
        if self.path is None:
            raise Refused(
                "there is no place for the audit log: no home directory is known",
                "set HOME or XDG_STATE_HOME to a folder of yours; without a record nothing is changed",
            )
        # os.path, for which what is out of reach is not there
        nearest = next(place for place in (self.path, *self.path.parents) if os.path.exists(place))  # noqa: PTH110
        if nearest != self.path and not nearest.is_dir():
            raise _unwritable(self.path, os.strerror(errno.ENOTDIR))
        if not os.access(nearest, os.W_OK):
            raise _unwritable(self.path, f"{nearest} is not writable")

    def append(self, entry: dict[str, Any]) -> None:
        """Writes one entry and waits until the disk has it. Raises `Refused` where that fails."""
        if self.path is None:
            self.check_place()
            return
        line = json.dumps(entry, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.fchmod(descriptor, 0o600)
                if not _ends_with_line(descriptor):
                    line = b"\n" + line  # a write was cut short before: this entry must not end up in its line
                if os.write(descriptor, line) < len(line):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise _unwritable(self.path, str(error.strerror)) from error

    def tail(self, limit: int = 200) -> Iterator[dict[str, Any]]:
        """The newest entries, newest first; a damaged line is passed over."""
        if self.path is None:
            return
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return
        for line in reversed(lines[-limit:]):
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict):
                yield entry


def _unwritable(path: Path, reason: str) -> Refused:
    return Refused(
        f"the audit log {path} can't be written: {reason}",
        "make room or mend its permissions; without a record nothing is changed",
    )


def _ends_with_line(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"
