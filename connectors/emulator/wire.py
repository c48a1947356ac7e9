"""How the demo's data is written: plain clients of an emulator, and one error in place of all that botocore raises.

Only the child process imports this. Every call goes to the URL given, with dummy credentials. Nothing is retried: a
message whose answer got lost could be there twice.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from connectors.emulator.errors import EmulatorError

REGION = "us-east-1"


class ForeignAnswer(Exception):
    """A success without its contents: botocore takes any text for an answer of the JSON protocol, HTML too."""


def client(service: str, url: str) -> Any:
    """A client of `service` (`sqs`). One attempt, no proxies: loopback is reached directly."""
    return botocore.session.Session().create_client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 (what every emulator takes)
        config=Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 1}, proxies={}),
    )


@contextlib.contextmanager
def told_as_emulator_errors(service: str, url: str) -> Iterator[None]:
    """Raises EmulatorError in place of what calls to `service` (`SQS`, as a person reads it) raise."""
    try:
        yield
    except ClientError as error:
        raise EmulatorError(
            "The emulator refused the demo data",
            f"{error.operation_name}: {error.response['Error'].get('Code')}: {error.response['Error'].get('Message')}",
        ) from error
    except (ResponseParserError, ForeignAnswer) as error:
        raise EmulatorError(
            f"The endpoint does not answer as {service} does", f"Is {url} an emulator of AWS?"
        ) from error
    except BotoCoreError as error:
        raise EmulatorError("The emulator did not take the demo data", str(error)) from error
