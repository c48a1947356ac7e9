"""The floor for reading counts: aiobotocore and as many loops as there may be calls in flight, and nothing around them.

python -m tests.benchmarks.programs.bare_loop URL CONCURRENCY [CALLS]
"""

import asyncio
import sys
from collections.abc import Iterator
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session


async def _read(client: Any, urls: Iterator[str]) -> None:
    for url in urls:
        await client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])


async def main(endpoint_url: str, concurrency: int, calls: int | None) -> None:
    async with get_session().create_client(
        "sqs",
        endpoint_url=endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=AioConfig(max_pool_connections=concurrency, proxies={}),
    ) as client:
        urls: list[str] = []
        async for page in client.get_paginator("list_queues").paginate(PaginationConfig={"PageSize": 1000}):
            urls += page["QueueUrls"]
        rest = iter(urls[:calls])
        await asyncio.gather(*(_read(client, rest) for _ in range(concurrency)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None))
