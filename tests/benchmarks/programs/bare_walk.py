"""The floor for a walk: aiobotocore, as many loops as there may be calls in flight, batches of ten, and nothing around
them. Prints the seconds from the first receive to the last give-back.

python -m tests.benchmarks.programs.bare_walk ENDPOINT QUEUE_URL MESSAGES CONCURRENCY
"""

import asyncio
import sys
import time
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session

BATCH = 10


class _Loop:
    def __init__(self, client: Any, url: str, most: int) -> None:
        self.client, self.url = client, url
        self.missing = most
        self.handles: list[str] = []

    async def receive(self) -> None:
        while self.missing > 0:
            self.missing -= BATCH
            answer = await self.client.receive_message(
                QueueUrl=self.url,
                MaxNumberOfMessages=BATCH,
                VisibilityTimeout=120,
                WaitTimeSeconds=1,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
            found = answer.get("Messages", ())
            self.missing += BATCH - len(found)
            self.handles += [message["ReceiptHandle"] for message in found]

    async def give_back(self) -> None:
        while self.handles:
            batch, self.handles = self.handles[:BATCH], self.handles[BATCH:]
            entries = [
                {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                for number, handle in enumerate(batch)
            ]
            answer = await self.client.change_message_visibility_batch(QueueUrl=self.url, Entries=entries)
            assert len(answer["Successful"]) == len(batch)


async def main(endpoint_url: str, queue_url: str, most: int, concurrency: int) -> None:
    async with get_session().create_client(
        "sqs",
        endpoint_url=endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=AioConfig(max_pool_connections=concurrency, proxies={}),
    ) as client:
        loop = _Loop(client, queue_url, most)
        started = time.perf_counter()
        await asyncio.gather(*(loop.receive() for _ in range(concurrency)))
        assert len(loop.handles) == most
        await asyncio.gather(*(loop.give_back() for _ in range(concurrency)))
        print(time.perf_counter() - started)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
