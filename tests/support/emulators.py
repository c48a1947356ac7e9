"""What tests of an emulator look at from outside: processes, sockets, and queues over the wire; and its fixtures."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from connectors.emulator.kinds import MINISTACK, MOTO, checked_kind
from connectors.sqs.service import SERVICE as SQS
from tests.support.waiting import until_now

SEEDS = [SQS.seeds]
ROOT = Path(__file__).parents[2]
# Seconds. Against a hang only: on a busy machine one start of an emulator takes several.
DEADLINE = 60.0


@pytest.fixture(autouse=True)
def own_files(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads the developer's profiles, or leaves anything behind when it kills a server."""
    monkeypatch.setenv("TMPDIR", str(tmp_path_factory.mktemp("scratch")))
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(params=[MOTO, MINISTACK])
def kind(request: pytest.FixtureRequest) -> str:
    """Each emulator. `make test` installs both, so a missing one fails the test."""
    return checked_kind(str(request.param))


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Ask again and again until `condition` holds, and fail with `what` when it never does."""
    until_now(condition, DEADLINE, what=what)


def living_in_group(group: int) -> list[int]:
    """The processes of a process group that still run (one that ended and was not waited for does not)."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,pgid=,stat="], capture_output=True, text=True, check=True)
    rows = (line.split() for line in listing.stdout.splitlines())
    return [int(pid) for pid, of_group, state in rows if of_group == str(group) and not state.startswith("Z")]


def followers(group: int) -> list[int]:
    """What runs in a process group beside its leader."""
    return [pid for pid in living_in_group(group) if pid != group]


def runs(pid: int) -> bool:
    listing = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(listing.stdout.strip()) and not listing.stdout.strip().startswith("Z")


def sqs(url: str) -> Any:
    return client("sqs", url)


def client(service: str, url: str) -> Any:
    """A client of its own, so that nothing of sluice is part of the answer."""
    return botocore.session.Session().create_client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def counts(url: str) -> dict[str, tuple[int, int, int]]:
    """Visible, in flight and delayed by queue name, as the emulator tells them."""
    client = sqs(url)
    found = {}
    for queue_url in client.list_queues(MaxResults=1000)["QueueUrls"]:
        attributes = client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])["Attributes"]
        found[queue_url.rpartition("/")[2]] = (
            int(attributes["ApproximateNumberOfMessages"]),
            int(attributes["ApproximateNumberOfMessagesNotVisible"]),
            int(attributes["ApproximateNumberOfMessagesDelayed"]),
        )
    return found


def receive_all(url: str, name: str) -> list[dict[str, Any]]:
    client = sqs(url)
    queue_url = client.get_queue_url(QueueName=name)["QueueUrl"]
    received: list[dict[str, Any]] = []
    while page := client.receive_message(
        QueueUrl=queue_url,
        MaxNumberOfMessages=10,
        VisibilityTimeout=600,
        AttributeNames=["All"],
        MessageAttributeNames=["All"],
    ).get("Messages"):
        received += page
    return received
