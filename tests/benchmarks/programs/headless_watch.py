"""Reads every count once through the watch over all queues, without a screen.

python -m tests.benchmarks.programs.headless_watch URL
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.open_context import OpenContext
from connectors.sqs.service import SERVICE
from connectors.sqs.source import watch_queues


async def main(endpoint_url: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        context = await OpenContext.open(
            ContextRequest(endpoint_url=endpoint_url), audit=AuditLog(Path(folder, "log")), services=[SERVICE]
        )
        watch = watch_queues(context.aws)
        async for _ in watch.run():
            if watch.complete and all(state.read_at is not None for state in watch.states.values()):
                break
        await context.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
