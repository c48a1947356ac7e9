"""ministack as a child of this process, on a loopback port, in this process's group."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping

from connectors.emulator.errors import EmulatorError
from connectors.emulator.kinds import ministack_command

HEALTH_PATH = "/_ministack/health"
ACCOUNT = "123456789012"
"""The account that moto has, too."""
START_BUDGET = 15.0
STOP_BUDGET = 0.6
PORT_ATTEMPTS = 3
_TRY = "Try it by hand: GATEWAY_PORT=4566 ministack, or take moto: sluice demo --emulator moto"


def ministack_environment(environ: Mapping[str, str], port: int, scratch: str) -> dict[str, str]:
    """What ministack may know. It has an environment of its own, so nothing of this Python's goes to it."""
    kept = {name: value for name, value in environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "AWS_"))}
    return kept | {
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "localhost",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        # It removes containers that an earlier ministack left behind, at its start and at its end: not for a demo.
        "DOCKER_HOST": f"unix://{scratch}/no-docker",
        "TMPDIR": scratch,
    }


class Ministack:
    """The command, with a folder of its own for what it writes."""

    def __init__(self) -> None:
        self._command = ministack_command()
        self._scratch = tempfile.mkdtemp(prefix="sluice-ministack-")
        self._process: subprocess.Popen[bytes] | None = None
        self._version = ""

    def open(self) -> str:
        deadline = time.monotonic() + START_BUDGET
        # It takes no listening socket, so another program can take the port in between; then the next one is tried.
        for _ in range(PORT_ATTEMPTS):
            port = _free_port()
            if self._start(port, deadline):
                return f"http://127.0.0.1:{port}"
        raise EmulatorError("ministack ended while it started", _TRY)

    def serve(self) -> str:
        threading.Thread(target=self._end_with_it, name="ministack", daemon=True).start()
        return self._version

    def _end_with_it(self) -> None:
        if self._process is not None:
            self._process.wait()
        os.kill(os.getpid(), signal.SIGTERM)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_BUDGET)
        shutil.rmtree(self._scratch, ignore_errors=True)
        # This process leads the group: whatever is left in it, also what was being started just now, ends here.
        os.killpg(0, signal.SIGKILL)

    def _start(self, port: int, deadline: float) -> bool:
        self._process = process = subprocess.Popen(  # noqa: S603 (the command that was found, no argument)
            [self._command],
            stdin=subprocess.DEVNULL,
            stdout=2,
            stderr=2,
            cwd=self._scratch,
            env=ministack_environment(os.environ, port, self._scratch),
        )
        while process.poll() is None:
            version = _health(port)
            if version is not None and process.poll() is None:
                self._version = version
                return True
            if time.monotonic() > deadline:
                raise EmulatorError(f"ministack did not answer within {START_BUDGET:g} seconds", _TRY)
            time.sleep(0.02)
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def _health(port: int) -> str | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", HEALTH_PATH)
        return str(json.load(connection.getresponse())["version"])
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return None
    finally:
        connection.close()
