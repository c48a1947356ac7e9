"""A walk through 2,000 messages on ministack, all of them given back, beside a bare loop."""

import contextlib
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from connectors.emulator.kinds import ministack_command
from connectors.emulator.ministack import ministack_environment
from tests.benchmarks.harness import ROOT, RUNS, Figure, against, own_machine, program, say

MESSAGES = 2000
TARGET = 1.25
_WHAT = "walk of 2,000 messages on ministack, all given back"
_CONCURRENCIES = (2, 4, 8)
_BODY = '{"order": %d, "items": ["a", "b"], "note": "' + "x" * 400 + '"}'


@contextlib.contextmanager
def _ministack(command: str) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as scratch:
        environ = ministack_environment(os.environ, port, scratch)
        quiet = subprocess.DEVNULL
        with subprocess.Popen([command], stdin=quiet, stdout=quiet, stderr=quiet, cwd=scratch, env=environ) as process:
            try:
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()


def _filled_queue(client: Any) -> str:
    deadline = time.monotonic() + 15
    while True:
        try:
            url: str = client.create_queue(QueueName="walk")["QueueUrl"]
            break
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    for start in range(0, MESSAGES, 10):
        entries = [{"Id": str(number), "MessageBody": _BODY % number} for number in range(start, start + 10)]
        client.send_message_batch(QueueUrl=url, Entries=entries)
    return url


def _seconds(environ: dict[str, str], client: Any, url: str, argv: list[str]) -> float:
    """What a program says it took; every message is visible again afterwards."""
    ran = subprocess.run(argv, env=environ, cwd=ROOT, check=True, timeout=300, stdout=subprocess.PIPE, text=True)
    attributes = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert int(attributes["ApproximateNumberOfMessages"]) == MESSAGES, attributes
    return float(ran.stdout)


def measure() -> list[Figure]:
    command = ministack_command()
    import boto3

    bare: list[float] = []
    walks: list[float] = []
    with own_machine() as environ, _ministack(command) as endpoint:
        client = boto3.client(
            "sqs",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        url = _filled_queue(client)

        def bare_walk(concurrency: int) -> float:
            argv = program("bare_walk", endpoint, url, str(MESSAGES), str(concurrency))
            return _seconds(environ, client, url, argv)

        trials = {concurrency: bare_walk(concurrency) for concurrency in _CONCURRENCIES}
        best = min(trials, key=lambda concurrency: trials[concurrency])
        for run in range(RUNS):
            bare.append(bare_walk(best))
            argv = program("headless_walk", endpoint, url, str(MESSAGES))
            walks.append(_seconds(environ, client, url, argv))
            say(f"  run {run + 1}: bare {bare[-1]:.2f} s, walk {walks[-1]:.2f} s")
    return [against(_WHAT, bare, walks, TARGET, note=f"aiobotocore, {best} at once")]
