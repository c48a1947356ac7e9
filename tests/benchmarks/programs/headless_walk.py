"""A walk as the screen and the command line do it, leases held and given back, without a screen. Prints the seconds
from the first look to the last give-back.

python -m tests.benchmarks.programs.headless_walk ENDPOINT QUEUE_URL MESSAGES
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.aws.session import Lane
from connectors.open_context import OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.models import Queue
from connectors.sqs.service import SERVICE
from connectors.sqs.walk import Progress, Walk


async def main(endpoint_url: str, queue_url: str, most: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        context = await OpenContext.open(
            ContextRequest(endpoint_url=endpoint_url), audit=AuditLog(Path(folder, "log")), services=[SERVICE]
        )
        leases = context.connector(SqsConnector).leases
        await context.aws.client("sqs", Lane.LOOK)
        walk = Walk(
            leases.messages,
            Queue(queue_url),
            most,
            clock=context.clock,
            hold=leases.hold,
            lease_ends=leases.lease_ends,
        )
        started = time.perf_counter()
        last = Progress((), 0)
        async for step in walk.run():
            last = step
        assert last.seen == most, last
        returned = await leases.give_back_everything(60)
        print(time.perf_counter() - started)
        assert not any(part.lost for part in returned)
        await context.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
