"""Retries of botocore without their delays, for what is not about them."""

import asyncio

from connectors.aws.session import AwsSession


async def retry_at_once(session: AwsSession, service: str = "sqs") -> None:
    """Reads of `service` are tried anew without a delay from now on, whatever the session's clock says."""
    client = await session.client(service)
    client._endpoint._sleep = lambda seconds: asyncio.sleep(0)
