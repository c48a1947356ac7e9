"""The emulator as the application sees it: one child process, its URL, and how far its seeding is.

Standard library only and cheap to import: moto, botocore and boto3 are imported by the child alone
(`connectors.emulator.child`), so neither their import nor the seeding's calls touch the event loop of the screen.

The child lives as long as its standard input is open. Whatever ends this process, kill -9 included, closes the pipe,
and the child ends with everything that it started. It has a session of its own, so the terminal's ctrl+c and hang-up
do not reach it, and no stream of the terminal: events come on its standard output as JSON lines, and the last few
lines of its standard error are kept to be shown when it fails.
"""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Any, Self

from connectors.emulator.errors import EmulatorError
from connectors.emulator.kinds import MOTO, checked_kind

START_TIMEOUT = 20.0
STDERR_KEPT = 4096
STDERR_LINES = 8
# Seconds from the closed standard input to SIGKILL, and from there to giving up: within the two seconds of a quit.
# There is no SIGTERM in between: it would ask the same thread of the child for the same end.
CLOSE_BUDGET = 1.2
KILL_BUDGET = 0.4

# What the child may know of this environment. Not on the list, on purpose: everything of AWS (profiles, keys,
# endpoints), proxies (a call to loopback must not go through one) and the emulators' own settings, which would
# change the demo from one machine to the next. MINISTACK is the path of a command (`kinds.ministack_command`).
INHERITED = ("HOME", "LANG", "LANGUAGE", "LOGNAME", "MINISTACK", "PATH", "TMPDIR", "TZ", "USER", "VIRTUAL_ENV")
INHERITED_PREFIXES = ("DYLD_", "LC_", "LD_LIBRARY_", "NIX_", "PYTHON", "REQUESTS_CA_", "SSL_CERT_")


@dataclass(frozen=True, slots=True)
class SeedProgress:
    """Resources seen to so far, of all that are to be seeded, and the one finished last."""

    done: int
    of: int
    resource: str


@dataclass(frozen=True, slots=True)
class Seeded:
    """What the seeding did: resources created, resources left alone because they existed, messages sent, messages that
    the emulator refused (one that knows a smaller limit than AWS), and seconds taken."""

    created: int
    existing: int
    messages: int
    refused: int
    seconds: float


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of the child: the inherited part of `environ`, and no AWS file or instance profile to read."""
    kept = {name: value for name, value in environ.items() if name in INHERITED or name.startswith(INHERITED_PREFIXES)}
    return kept | {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


class Emulator:
    """One emulator, from its launch to `aclose()`.

    `start()` does all that is needed inside a running event loop. A program that wants the child to load while it
    does something else (importing its screen) calls `launch()` first, which needs no loop, and `await ready()` later.
    """

    def __init__(self, kind: str, process: "subprocess.Popen[bytes]") -> None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise ValueError("the process needs a pipe for each of its three streams")
        self.kind = kind
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout
        self._stderr = process.stderr
        self._url: str | None = None
        self._version: str | None = None
        self._progress: SeedProgress | None = None
        self._seeded: Seeded | None = None
        self._failure: EmulatorError | None = None
        self._end: EmulatorError | None = None
        self._changed = asyncio.Event()
        self._ended = asyncio.Event()
        self._last_errors = b""
        self._watching: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def launch(cls, kind: str = MOTO, seeds: Sequence[str] = ()) -> Self:
        """Start the child process for `kind` (`moto`, `ministack` or a URL) and return at once.

        `seeds` are the modules that write the demo's data (`Service.seeds`).
        Raises EmulatorError when the kind is unknown, refused or not installed, or no process can be started.
        """
        kind = checked_kind(kind)
        try:
            process = subprocess.Popen(  # noqa: S603 (our own module, and a kind that was checked)
                # -P: a folder called "moto" where the person happens to stand must not be imported.
                [sys.executable, "-P", "-m", "connectors.emulator.child", "--kind", kind, "--seeds", *seeds],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
                env=child_environment(os.environ),
            )
        except OSError as error:
            raise EmulatorError("The emulator's process could not be started", str(error)) from error
        return cls(kind, process)

    @classmethod
    async def start(cls, kind: str = MOTO, seeds: Sequence[str] = (), *, timeout: float = START_TIMEOUT) -> Self:  # noqa: ASYNC109
        """Launch and wait until the emulator accepts connections; a cancelled or failed start leaves no process."""
        emulator = cls.launch(kind, seeds)
        try:
            await emulator.ready(timeout)
        except BaseException:
            await emulator.aclose()
            raise
        return emulator

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @property
    def url(self) -> str:
        """The endpoint, such as `http://127.0.0.1:41234`. Known once `ready()` returned."""
        if self._url is None:
            raise EmulatorError("The emulator is not ready yet")
        return self._url

    @property
    def version(self) -> str | None:
        """The version of moto or ministack, once its server runs; None before, and for a URL."""
        return self._version

    @property
    def pid(self) -> int:
        """The process id of the child, which is also the id of the process group of everything it started."""
        return self._process.pid

    async def ready(self, timeout: float = START_TIMEOUT) -> str:  # noqa: ASYNC109
        """Wait until the emulator accepts connections and return its URL.

        moto accepts before it has finished loading: the first answers wait for that, about half a second. ministack
        answers at once.
        Raises EmulatorError when it fails, or is not ready within `timeout` seconds.
        """
        try:
            async with asyncio.timeout(timeout):
                while self._url is None:
                    await self._change()
        except TimeoutError:
            raise EmulatorError(
                f"{self.kind} was not ready within {timeout:g} seconds",
                "Try again; if it happens each time, its last lines may say why",
                self.last_lines(),
            ) from None
        return self._url

    async def progress(self) -> AsyncIterator[SeedProgress]:
        """Yield how far the seeding is, latest state first and steps in between possibly left out, until it is done.

        Raises EmulatorError when the seeding fails. Ends at once when it is done already.
        """
        done = 0
        while True:
            latest = self._progress
            if latest is not None and latest.done > done:
                done = latest.done
                yield latest
            elif self._seeded is not None:
                return
            else:
                await self._change()

    async def wait_seeded(self) -> Seeded:
        """Wait until everything that is seeded is there. Raises EmulatorError when that fails."""
        while self._seeded is None:
            await self._change()
        return self._seeded

    async def wait_ended(self) -> EmulatorError | None:
        """Wait until the child process ended. Returns why, or None when `aclose()` ended it."""
        with contextlib.suppress(EmulatorError):
            while not self._ended.is_set():
                await self._change()
        await self._ended.wait()
        return self._end

    def last_lines(self) -> str:
        """The last lines that the child wrote to its standard error."""
        lines = self._last_errors.decode(errors="replace").splitlines()
        return "\n".join([line for line in lines if line.strip()][-STDERR_LINES:])

    async def aclose(self) -> None:
        """End the child and all that it started, within two seconds. Calling it again waits for the same end."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(), name="end the emulator")
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        self._stdin.close()
        try:
            await self._exited_within(CLOSE_BUDGET)
        finally:
            self._signal_group(signal.SIGKILL)
            await self._exited_within(KILL_BUDGET)
            if self._watching is None:
                self._stdout.close()
                self._stderr.close()
            else:
                self._watching.cancel()
                await asyncio.wait([self._watching])
            self._fail(EmulatorError("The emulator was closed"))
            self._ended.set()

    async def _exited_within(self, budget: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(budget):
                await self._exit()

    async def _exit(self) -> None:
        # asyncio could tell only of processes that it started itself; launch() needs no event loop.
        while self._process.poll() is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    def _signal_group(self, signal_number: signal.Signals) -> None:
        if self._process.returncode is not None:
            return  # waited for: its id may be another's by now
        # macOS answers EPERM for a group that holds only a process that ended and was not waited for.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal_number)

    async def _change(self) -> None:
        """Wait for the next event. Raises what failed."""
        if self._watching is None and self._closing is None:
            self._watching = asyncio.create_task(self._watch(), name="watch the emulator")
        if self._failure is not None:
            failure = self._failure
            raise EmulatorError(failure.title, failure.hint, failure.detail or self.last_lines())
        await self._changed.wait()

    async def _watch(self) -> None:
        try:
            async with _reader(self._stdout) as events, _reader(self._stderr) as errors:
                last_lines = asyncio.create_task(self._keep_last_lines(errors), name="read the emulator's errors")
                async for line in events:
                    self._take(json.loads(line))
                    self._announce()
                # The child is gone, and nobody waited for it yet, so its group's id is still its own. What it could
                # not end itself, when it was killed, ends now, and with it the last writer of standard error.
                self._signal_group(signal.SIGKILL)
                await last_lines
            await self._exit()
        finally:
            if self._closing is None:
                code = self._process.poll()
                self._end = EmulatorError(
                    f"{self.kind} ended by itself" + (f" (exit code {code})" if code else ""),
                    "Start the demo again; its last lines may say why",
                    self.last_lines(),
                )
                self._fail(self._end)
                self._ended.set()

    async def _keep_last_lines(self, stream: asyncio.StreamReader) -> None:
        while chunk := await stream.read(STDERR_KEPT):
            self._last_errors = (self._last_errors + chunk)[-STDERR_KEPT:]

    def _take(self, event: dict[str, Any]) -> None:
        match event:
            case {"event": "ready", "url": str(url)}:
                self._url = url
            case {"event": "serving", "version": str(version)}:
                self._version = version
            case {"event": "seeding", "done": int(done), "of": int(of), "resource": str(resource)}:
                self._progress = SeedProgress(done, of, resource)
            case {"event": "seeded", **counts}:
                self._seeded = Seeded(**{name: counts[name] for name in Seeded.__slots__})
            case {"event": "failed", "title": str(title), "hint": str(hint)}:
                self._fail(EmulatorError(title, hint))

    def _fail(self, error: EmulatorError) -> None:
        if self._failure is None:
            self._failure = error
        self._announce()

    def _announce(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


@contextlib.asynccontextmanager
async def _reader(stream: IO[bytes]) -> AsyncIterator[asyncio.StreamReader]:
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), stream
    )
    try:
        yield reader
    finally:
        transport.close()
