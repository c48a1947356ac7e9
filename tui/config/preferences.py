"""What was picked on the screen and holds for the next start, in a small file of sluice's own."""

import os
from pathlib import Path

import msgspec


class Remembered(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    theme: str | None = None


class Memory:
    """`path` is the file; it appears when something is first picked."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def recall(self) -> Remembered:
        """What was picked last; nothing where there is no file. Raises ValueError or OSError where it is damaged."""
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
