"""A walk through 2,000 messages on ministack, all of them given back, beside a bare loop."""

import subprocess
from typing import Any

from tests.benchmarks.harness import ROOT, RUNS, Figure, against, own_machine, program, say
from tests.support.ministack import ministack_server

MESSAGES = 2000
TARGET = 1.25
_WHAT = "walk of 2,000 messages on ministack, all given back"
_CONCURRENCIES = (2, 4, 8)
_BODY = '{"order": %d, "items": ["a", "b"], "note": "' + "x" * 400 + '"}'


def _filled_queue(client: Any) -> str:
    url: str = client.create_queue(QueueName="walk")["QueueUrl"]
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
    import boto3

    bare: list[float] = []
    walks: list[float] = []
    with own_machine() as environ, ministack_server() as endpoint:
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
