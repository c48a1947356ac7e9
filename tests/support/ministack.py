"""ministack as a child process, for tests and benchmarks that need what it decides as AWS does."""

import contextlib
import os
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator

from connectors.emulator.kinds import ministack_command
from connectors.emulator.ministack import HEALTH_PATH, ministack_environment

CREDENTIALS = "test"
"""Its only access key, and the secret of it."""
_START_SECONDS = 60.0
"""Against a hang only."""


@contextlib.contextmanager
def ministack_server() -> Iterator[str]:
    """Runs ministack; gives its URL."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="sluice-ministack-") as scratch:
        environ = ministack_environment(os.environ, port, scratch)
        quiet = subprocess.DEVNULL
        command = ministack_command()
        with subprocess.Popen([command], stdin=quiet, stdout=quiet, stderr=quiet, cwd=scratch, env=environ) as process:
            try:
                _await(url, process)
                yield url
            finally:
                process.terminate()


def _await(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            urllib.request.urlopen(url + HEALTH_PATH, timeout=5).close()
            return
        except OSError:
            assert process.poll() is None, "ministack ended while it started"
            assert time.monotonic() < deadline, "ministack does not answer"
            time.sleep(0.02)
