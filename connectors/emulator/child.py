"""The child process of `process.Emulator`: serves (or finds) an emulator, seeds it, and reports as JSON lines.

`python -P -m connectors.emulator.child --kind moto|ministack|URL [--seeds MODULE ...]`, with the modules that hold the
`SEEDS` of the services. The events on standard output:

    {"event": "ready", "url": ...}                        connections are accepted
    {"event": "serving", "version": ...}                  the server has loaded; not for a URL
    {"event": "seeding", "done": n, "of": m, "resource": ...}
    {"event": "seeded", "created": n, "existing": n, "messages": n, "refused": n, "seconds": s}
    {"event": "failed", "title": ..., "hint": ...}        before "ready": the process ends; after it: seeding stopped

It runs until its standard input ends or it gets SIGTERM, and ends whatever it started first.
"""

import argparse
import contextlib
import importlib
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from typing import Protocol

from connectors.emulator.errors import EmulatorError
from connectors.emulator.kinds import MINISTACK, MOTO, checked_kind
from connectors.emulator.seeding import SeedCounts, Seeds


class Server(Protocol):
    """What the child keeps running while somebody uses it. Making one does nothing yet."""

    def open(self) -> str:
        """Return the URL as soon as connections to it are accepted. Raises EmulatorError."""

    def serve(self) -> str | None:
        """Finish loading; from here on requests are answered. Returns the version, None where nobody tells it."""

    def stop(self) -> None:
        """End what was started, quickly; called once, from the main thread, at any moment."""


class Events:
    """The event stream. It takes standard output over: a stray `print` of a library goes to standard error instead."""

    def __init__(self) -> None:
        self._stream = os.fdopen(os.dup(1), "w", encoding="ascii")
        self._lock = threading.Lock()
        os.dup2(2, 1)

    def send(self, event: str, **fields: object) -> None:
        # Nobody reads any more: then standard input has ended too, which is what ends this process.
        with self._lock, contextlib.suppress(OSError):
            self._stream.write(json.dumps({"event": event, **fields}) + "\n")
            self._stream.flush()


class Child:
    """Runs the server and the seeding on a thread, so that the main thread can wait for the end."""

    def __init__(self, kind: str, seeds: Sequence[str], events: Events) -> None:
        """`seeds` are the modules that hold the `SEEDS` of the services."""
        self._kind = kind
        self._seeds = seeds
        self._events = events
        self._server: Server | None = None

    def run(self) -> None:
        threading.Thread(target=self._serve_and_seed, name="emulator", daemon=True).start()
        while os.read(0, 65536):
            pass

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()

    def _serve_and_seed(self) -> None:
        try:
            self._server = server = _server(checked_kind(self._kind))
            url = server.open()
            self._events.send("ready", url=url)
            version = server.serve()
            if version is not None:
                self._events.send("serving", version=version)
        except Exception as error:
            self._report(error, f"{self._kind} could not be started")
            os.kill(os.getpid(), signal.SIGTERM)
            return
        try:
            self._seed(url)
        except Exception as error:
            self._report(error, "The demo data could not be written")

    def _seed(self, url: str) -> None:
        # Imported here: each brings botocore, and connections are accepted without it.
        seeds: list[Seeds] = [importlib.import_module(name).SEEDS for name in self._seeds]
        total = SeedCounts(created=0, existing=0, messages=0, refused=0, seconds=0.0)
        resources, before = sum(each.resources for each in seeds), 0

        def report(done: int, resource: str) -> None:
            self._events.send("seeding", done=before + done, of=resources, resource=resource)

        for each in seeds:
            counts = each.write(url, report)
            total = SeedCounts(
                created=total["created"] + counts["created"],
                existing=total["existing"] + counts["existing"],
                messages=total["messages"] + counts["messages"],
                refused=total["refused"] + counts["refused"],
                seconds=total["seconds"] + counts["seconds"],
            )
            before += each.resources
        self._events.send("seeded", **total)

    def _report(self, error: Exception, title: str) -> None:
        if isinstance(error, EmulatorError):
            self._events.send("failed", title=error.title, hint=error.hint)
            return
        traceback.print_exc()
        self._events.send("failed", title=title, hint=f"{type(error).__name__}: {error}")


def _server(kind: str) -> Server:
    # Imported here because each brings much that the others do not need.
    if kind == MOTO:
        from connectors.emulator.moto import MotoServer

        return MotoServer()
    if kind == MINISTACK:
        from connectors.emulator.ministack import Ministack

        return Ministack()
    from connectors.emulator.external import External

    return External(kind)


def main() -> None:
    parser = argparse.ArgumentParser(prog="connectors.emulator.child")
    parser.add_argument("--kind", required=True)
    parser.add_argument("--seeds", nargs="*", default=[])
    arguments = parser.parse_args()
    if os.getpgid(0) != os.getpid():
        os.setpgid(0, 0)
    child = Child(arguments.kind, arguments.seeds, Events())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        child.run()
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        child.stop()
        # Not sys.exit(): that would wait for server threads which are still answering.
        os._exit(0)


if __name__ == "__main__":
    main()
