"""Helpers: the programs that the `credential_process` of a profile names, which print its credentials as JSON.

A helper gets no terminal: it would share the keyboard with the screen. It runs in a session of its own, without
standard input, and opening /dev/tty fails. It ends with whoever waits for it.
"""

import asyncio
import contextlib
import json
import os
import re
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

from connectors.errors import ConnectorError, Step

PATIENCE = 120.0
"""Seconds after which a helper is ended."""
_MOST = 1024 * 1024
"""Bytes of its answer that are kept."""
_LATE = 1.0
"""Seconds that its output may take after its end: what it left running may hold the pipe open."""
_LOOKS_PER_SECOND = 20
_WORDS = 200
"""Characters of its first line of complaint that are told."""
_OF_TERMINALS = ("GPG_TTY", "SSH_TTY")
"""Variables by which a program finds the terminal that the screen owns."""
_WANTS_A_TERMINAL = re.compile(
    r"/dev/tty|not a (?:tty|terminal)|\bno tty\b|a tty|terminal|inappropriate ioctl|no such device or address"
    r"|EOF when reading|EOFError|unexpected EOF|passphrase|\b(?:MFA|OTP|PIN)\b|one.time|prompt|[?:]\s*$",
    re.IGNORECASE | re.MULTILINE,
)


class Finished:
    """What botocore wants to know of a process. Its answer was checked before."""

    returncode = 0

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    async def communicate(self) -> tuple[bytes, bytes]:
        return self._answer, b""


class Helpers:
    """The helpers of one session of AWS."""

    def __init__(self) -> None:
        self._running: set[Process] = set()

    async def run(self, profile: str, *command: str, **_: Any) -> Finished:
        """Runs the helper of `profile` to its end. In place of `asyncio.create_subprocess_exec` in botocore's provider.

        Raises `ConnectorError` at step `credentials` where it gives no credentials. Cancelling ends the helper.
        """
        name = command[0] if command else ""
        process = await _started(_start(profile, name, command))
        self._running.add(process)
        try:
            async with asyncio.timeout(PATIENCE):
                out, complaint = await _output(process)
        except TimeoutError:
            raise _failed(
                f"{_named(name, profile)} gave no answer in {PATIENCE:.0f} s and was ended; it may ask for something",
                name,
            ) from None
        finally:
            self._running.discard(process)
            await _drop(process)
        if process.returncode:
            raise _complaint(profile, name, process.returncode, complaint)
        return Finished(_checked(f"{_named(name, profile)}", name, out))

    def end(self) -> None:
        """Ends those that run."""
        for process in self._running:
            _end(process)


def _named(name: str, profile: str) -> str:
    return f"the helper {name[:_WORDS]!r} of profile {profile!r}"


def _failed(title: str, name: str) -> ConnectorError:
    return ConnectorError(Step.CREDENTIALS, title, f"run it once in a shell: {name[:_WORDS]}")


async def _started(start: Coroutine[Any, Any, Process]) -> Process:
    """What `start` returns. If it is cancelled, asyncio ends the program alone and waits for all that it started."""
    starting = asyncio.create_task(start, name="start a helper")
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        with contextlib.suppress(ConnectorError):
            await _drop(await asyncio.shield(starting))
        raise


async def _start(profile: str, name: str, command: tuple[str, ...]) -> Process:
    if not name:
        raise ConnectorError(
            Step.CREDENTIALS, f"credential_process of profile {profile!r} is empty", "name a program, or drop that line"
        )
    environment = {variable: value for variable, value in os.environ.items() if variable not in _OF_TERMINALS}
    try:
        return await asyncio.create_subprocess_exec(
            *command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, start_new_session=True, env=environment
        )
    except (OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError) and "/" not in name:
            reason = "is not in PATH"
        else:
            reason = f"can't be started: {getattr(error, 'strerror', None) or error}"
        raise ConnectorError(
            Step.CREDENTIALS,
            f"{_named(name, profile)} {reason}",
            "check credential_process in the AWS files, and PATH",
        ) from error


async def _output(process: Process) -> tuple[bytes, bytes]:
    """What it printed on standard output and error, when it has ended."""
    out, complaint = bytearray(), bytearray()
    reading = {
        asyncio.create_task(_read(stream, kept), name="read what a helper prints")
        for stream, kept in ((process.stdout, out), (process.stderr, complaint))
        if stream is not None
    }
    try:
        while process.returncode is None:  # `Process.wait` of some Pythons waits for the pipes, too
            await asyncio.wait(reading, timeout=1 / _LOOKS_PER_SECOND)
            if all(task.done() for task in reading):
                await process.wait()
        await asyncio.wait(reading, timeout=_LATE)
    finally:
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)
    return bytes(out), bytes(complaint)


async def _read(stream: asyncio.StreamReader, kept: bytearray) -> None:
    while chunk := await stream.read(65536):
        kept += chunk[: _MOST - len(kept)]


def _end(process: Process) -> None:
    """Ends it and all that it started in its session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


async def _drop(process: Process) -> None:
    """Ends it, if it runs, and closes its pipes: what it left running may hold them open, and asyncio complains of that
    when the event loop ends."""
    if process.returncode is None:
        _end(process)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LATE):
                await process.wait()  # before `close`, which would take the exit status from asyncio's own watcher
    process._transport.close()  # type: ignore[attr-defined]


def _complaint(profile: str, name: str, status: int, complaint: bytes) -> ConnectorError:
    text = complaint.decode(errors="replace").strip()
    words = next((line.strip() for line in text.splitlines() if line.strip()), "")[:_WORDS]
    how = f"ended by signal {-status}" if status < 0 else f"failed with status {status}"
    told = f": {words}" if words else " and said nothing"
    if _WANTS_A_TERMINAL.search(text[-4 * _WORDS :]) or _WANTS_A_TERMINAL.search(words):
        return _failed(f"{_named(name, profile)} asks for something, and has no terminal here{told}", name)
    return _failed(f"{_named(name, profile)} {how}{told}", name)


def _checked(helper: str, name: str, out: bytes) -> bytes:
    """`out` if botocore can read it. No word of it is told: it may hold half of a secret."""

    def unusable(what: str) -> ConnectorError:
        return _failed(f"{helper} printed {what}", name)

    text = out.decode(errors="replace")
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        if not text.strip():
            raise unusable("nothing") from None
        begins = text.lstrip().startswith("{")
        raise unusable("half an answer" if begins else "something before its answer, or no JSON") from None
    if not isinstance(answer, dict):
        raise unusable("no JSON object")
    if answer.get("Version") != 1:
        raise unusable("an answer whose Version is not 1")
    for member in ("AccessKeyId", "SecretAccessKey"):
        if not _is_key(answer.get(member)):
            raise unusable(f"an answer without a usable {member}")
    if answer.get("SessionToken") is not None and not _is_key(answer["SessionToken"]):
        raise unusable("an answer without a usable SessionToken")
    if answer.get("Expiration") is not None:
        expiration = _moment(answer["Expiration"])
        if expiration is None:
            raise unusable("an answer whose Expiration is no moment with a time zone")
        if expiration <= datetime.now(UTC):
            raise _failed(f"{helper} gave keys that expired at {expiration:%Y-%m-%d %H:%M:%S} UTC", name)
    return out


def _is_key(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable() and bool(value.strip())


def _moment(value: object) -> datetime | None:
    from botocore.credentials import parse  # dateutil's, with which botocore reads it

    try:
        moment = parse(str(value))
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
