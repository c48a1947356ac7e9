"""Choices made on the screen that hold for the next start, such as the theme, in a file that sluice writes."""

import os
from pathlib import Path

import msgspec


class Remembered(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    theme: str | None = None


class Memory:
    """The file at `path`. It is made by the first choice."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def recall(self) -> Remembered:
        """The last choices; none if there is no file. Raises ValueError if it is damaged, or OSError."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Remembered)
        except FileNotFoundError:
            return Remembered()
        except msgspec.MsgspecError as error:
            raise ValueError(str(error)) from error

    def keep(self, remembered: Remembered) -> None:
        """Replaces the file as a whole, so that a crash leaves the old one or the new one. Raises OSError."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
        try:
            new.write_bytes(msgspec.json.encode(remembered))
            new.replace(self.path)
        finally:
            new.unlink(missing_ok=True)
