"""moto's server, one for a whole run, and queues in it."""

import itertools
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_numbers = itertools.count(1)


@contextmanager
def moto_server() -> Iterator[str]:
    """Runs moto's server in a thread; gives its URL."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def boto_client(url: str, service: str = "sqs", *, region: str = "us-east-1", key: str = "producer") -> Any:
    """A plain boto3 client of the emulator at `url`: the other side, as a queue's producer sees it."""
    import boto3

    return boto3.client(
        service,
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=key,
    )


def fresh_name(word: str = "queue", *, fifo: bool = False) -> str:
    """A queue name that no other test of this run has."""
    return f"{word}-{next(_numbers):04}{'.fifo' if fifo else ''}"
