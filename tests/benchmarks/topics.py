"""2,000 topics with 5,000 subscriptions at 40 ms a call: the first names, and all counts beside a bare loop."""

import asyncio
import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.open_context import OpenContext
from connectors.sns.connector import SnsConnector
from connectors.sns.service import SERVICE
from tests.benchmarks.harness import RUNS, Figure, against, at_most, own_machine, say
from tests.support.stub import SqsStub

TOPICS = 2_000
SUBSCRIPTIONS = 5_000
LATENCY = 0.04


def _fill(stub: SqsStub) -> None:
    arns = [stub.sns.topic(f"topic-{number:04}") for number in range(TOPICS)]
    for number in range(SUBSCRIPTIONS):
        queue = f"arn:aws:sqs:us-east-1:123456789012:queue-{number:04}"
        stub.sns.subscribe(arns[number % TOPICS], "sqs", queue)
    stub.latency = LATENCY


async def _bare_loop(url: str) -> float:
    """Seconds for both lists side by side."""
    from aiobotocore.config import AioConfig
    from aiobotocore.session import get_session

    async with get_session().create_client(
        "sns",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=AioConfig(proxies={}),
    ) as client:

        async def count(operation: str, key: str) -> int:
            pages = client.get_paginator(operation).paginate()
            return sum([len(page[key]) async for page in pages])

        started = time.perf_counter()
        lists = (count("list_topics", "Topics"), count("list_subscriptions", "Subscriptions"))
        assert [*await asyncio.gather(*lists)] == [TOPICS, SUBSCRIPTIONS]
        return time.perf_counter() - started


async def _watch(stub: SqsStub, folder: Path) -> tuple[float, float]:
    """Seconds to the first names and to all counts, from when the first request arrived."""
    request = ContextRequest(endpoint_url=stub.url)
    context = await OpenContext.open(request, services=(SERVICE,), audit=AuditLog(folder / "audit.jsonl"))
    stub.requests.clear()
    names = 0.0
    try:
        watch = context.connector(SnsConnector).watch(rows_on_screen=20)
        async for update in watch.run():
            names = names or time.monotonic()
            if update.complete:
                break
        ended = time.monotonic()
    finally:
        await context.close()
    assert sum(state.known.total for state in watch.states.values() if state.known) == SUBSCRIPTIONS
    began = stub.requests[0].at
    return names - began, ended - began


@contextlib.contextmanager
def _environment(environ: dict[str, str]) -> Iterator[None]:
    """This process has `environ` for its own while the block runs."""
    before = {**os.environ}
    os.environ.clear()
    os.environ.update(environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def measure() -> list[Figure]:
    bare: list[float] = []
    names: list[float] = []
    counts: list[float] = []
    with own_machine() as environ, TemporaryDirectory() as folder, SqsStub() as stub, _environment(environ):
        _fill(stub)
        for run in range(RUNS):
            bare.append(asyncio.run(_bare_loop(stub.url)))
            first, whole = asyncio.run(_watch(stub, Path(folder)))
            names.append(first / LATENCY)
            counts.append(whole)
            say(f"  run {run + 1}: bare {bare[-1]:.2f} s, watch {whole:.2f} s, names {names[-1]:.1f} trips")
    what = f"{TOPICS:,} topics, {SUBSCRIPTIONS:,} subscriptions, 40 ms a call"
    return [
        at_most(f"{what}: first names", median(names), 3, lambda value: f"{value:.1f} trips"),
        against(f"{what}: all counts", bare, counts, 1.3, note="aiobotocore, both lists"),
    ]
