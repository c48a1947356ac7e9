"""Editing a text in $VISUAL or $EDITOR: the terminal is lent to the editor, and its file is read byte for byte.

The event loop goes on meanwhile, so leases are extended and signals handled. Nothing is painted: Textual's writer
thread ends while an application is suspended (`App.suspend`), and a paint would wait for it for ever.
"""

import asyncio
import contextlib
import os
import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from connectors.errors import ConnectorError, Step
from tui.screens.host import Edited

LARGEST_FILE = 4 * 1024 * 1024
"""Bytes that are taken from an editor: some more than any queue takes, so that the form can say by how much."""
END_SECONDS = 0.5
"""How long an editor has to end when it is asked to."""


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """$VISUAL, else $EDITOR, split as a shell would. Raises `ConnectorError` where there is none."""
    for name in ("VISUAL", "EDITOR"):
        text = environ.get(name, "").strip()
        if not text:
            continue
        try:
            return shlex.split(text)
        except ValueError as error:
            raise _failure(f"{name} can't be read: {error}", "check its quotation marks") from None
    raise _failure("no editor is set", "set EDITOR before you start sluice, for example: export EDITOR=vi")


def read_back(before: str, after: bytes) -> Edited:
    """The text in `after`. Raises `ConnectorError` where it is none."""
    try:
        text = after.decode()
    except UnicodeDecodeError as error:
        raise _failure(
            f"the file is not UTF-8 (byte {error.start + 1:,}); the body is as it was", "save it as UTF-8"
        ) from None
    if not before.endswith(("\n", "\r")):
        for end in ("\r\n", "\n"):
            if text.endswith(end):
                return Edited(text.removesuffix(end), final_line_end=True)
    return Edited(text)


def _failure(title: str, hint: str) -> ConnectorError:
    return ConnectorError(Step.SETTINGS, title, hint)


class Editor:
    """Lends the terminal of one application, to one program at a time."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._process: asyncio.subprocess.Process | None = None
        self._stopped = False
        self._ours = asyncio.Event()
        self._ours.set()

    async def edit(self, text: str) -> Edited:
        """Opens `text` in the editor and waits for its end. Raises `ConnectorError` where the text is to stay as it
        is: no editor, a status that is not 0, a file that is no UTF-8 or too large."""
        command = editor_command(os.environ)
        folder = Path(tempfile.mkdtemp(prefix="sluice-"))  # mode 0700
        try:
            path = folder / "body.txt"
            _write(path, text)
            status = await self._lend([*command, str(path)])
            if status != 0:
                how = f"with status {status}" if status > 0 else f"by signal {-status}"
                raise _failure(f"{command[0]} ended {how}; the body is as it was", "end it without an error")
            return read_back(text, _read(path))
        finally:
            if not _remove(folder):
                self._app.notify(f"could not be removed: {folder}", severity="warning", markup=False)

    async def stop(self) -> None:
        """Ends the program that has the terminal, or is just being started, and waits until the terminal is given back.
        For the way out."""
        self._stopped = True
        if self._process is not None:
            await _end(self._process)
        await self._ours.wait()

    async def _lend(self, command: Sequence[str]) -> int:
        """Runs `command` in the terminal; its status as asyncio has it, negative for a signal."""
        if not self._ours.is_set():
            raise _failure("an editor is open already", "end it first")
        failure: BaseException | None = None
        status = 0
        self._ours.clear()
        try:
            with self._app.batch_update(), _deaf_to_the_keyboard(), self._app.suspend():
                try:
                    status = await self._run(command)
                except BaseException as error:  # raised in here it would leave the terminal suspended
                    failure = error
        except SuspendNotSupported:
            raise _failure("there is no terminal to open an editor in", "start sluice in a terminal") from None
        finally:
            self._ours.set()
        if failure is not None:
            raise failure
        return status

    async def _run(self, command: Sequence[str]) -> int:
        try:
            # sluice paints on standard error, so that is where the terminal is
            process = await asyncio.create_subprocess_exec(*command, stdout=sys.__stderr__)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise _failure(f"{command[0]} can't be started: {reason}", "check VISUAL and EDITOR") from None
        self._process = process
        try:
            if self._stopped:
                await _end(process)
            return await process.wait()
        except asyncio.CancelledError:
            await _end(process)
            raise
        finally:
            self._process = None


async def _end(process: asyncio.subprocess.Process) -> None:
    for ask in (process.terminate, process.kill):
        with contextlib.suppress(ProcessLookupError):
            ask()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), END_SECONDS)
            return


@contextlib.contextmanager
def _deaf_to_the_keyboard() -> Iterator[None]:
    """Ignores ctrl+c and ctrl+\\, which reach every process in the terminal's foreground: they are for the editor. A
    handler, unlike SIG_IGN, is not inherited by the editor."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGQUIT)}
    try:
        for number in before:
            signal.signal(number, lambda *_: None)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode(errors="surrogatepass"))


def _remove(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise _failure(f"the file can't be read any more: {error.strerror}", "save it under its own name") from None
    if len(content) > LARGEST_FILE:
        raise _failure(
            f"the file holds more than {LARGEST_FILE:,} bytes; the body is as it was", "a queue takes 1 MiB at most"
        )
    return content
