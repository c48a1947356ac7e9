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
from datetime import UTC, datetime
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from typing import IO, Any

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

Process = Popen[bytes]


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
        process = _start(profile, name, command)
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
            _end(process)
        if process.returncode:
            raise _complaint(profile, name, process.returncode, complaint)
        return Finished(_checked(_named(name, profile), name, out))

    def end(self) -> None:
        """Ends those that run."""
        for process in self._running:
            _end(process)


def _named(name: str, profile: str) -> str:
    return f"the helper {name[:_WORDS]!r} of profile {profile!r}"


def _failed(title: str, name: str) -> ConnectorError:
    return ConnectorError(Step.CREDENTIALS, title, f"run it once in a shell: {name[:_WORDS]}")


def _start(profile: str, name: str, command: tuple[str, ...]) -> Process:
    """asyncio's own way of starting a program can be cancelled half-way, and would leave what the program started."""
    if not name:
        raise ConnectorError(
            Step.CREDENTIALS, f"credential_process of profile {profile!r} is empty", "name a program, or drop that line"
        )
    environment = {variable: value for variable, value in os.environ.items() if variable not in _OF_TERMINALS}
    try:
        return Popen(  # noqa: S603 (the person's own AWS files name it)
            command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, start_new_session=True, env=environment
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
        asyncio.create_task(_read(pipe, kept), name="read what a helper prints")
        for pipe, kept in ((process.stdout, out), (process.stderr, complaint))
    }
    try:
        while process.poll() is None:
            await asyncio.wait(reading, timeout=1 / _LOOKS_PER_SECOND)
            if all(task.done() for task in reading):
                await asyncio.sleep(1 / _LOOKS_PER_SECOND)
        await asyncio.wait(reading, timeout=_LATE)
    finally:
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)
    return bytes(out), bytes(complaint)


async def _read(pipe: IO[bytes] | None, kept: bytearray) -> None:
    stream = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), pipe
    )
    try:
        while chunk := await stream.read(65536):
            kept += chunk[: _MOST - len(kept)]
    finally:
        transport.close()


def _end(process: Process) -> None:
    """Ends it, and all that it started in its session, if it runs."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(TimeoutExpired):
            process.wait(_LATE)  # a moment, after that signal
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


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
