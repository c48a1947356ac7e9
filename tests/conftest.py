"""Every test runs on a machine of its own: no AWS file, no variable, no proxy and no home of whoever runs it."""

import gc
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

if TYPE_CHECKING:
    from connectors.audit import AuditLog
    from connectors.aws.session import AwsSession
    from connectors.open_context import OpenContext
    from tests.support.clock import ManualClock
    from tests.support.stub import SqsStub

# a busy machine is no defect, so no example has a deadline; the same examples everywhere, so no run is luck
hypothesis.settings.register_profile("sluice", deadline=None, derandomize=True)
hypothesis.settings.load_profile("sluice")

_FOLDERS_BY_COST = ("chaos", "e2e", "tui", "connectors", "widgets")


def pytest_collection_finish() -> None:
    """Has garbage collected seldom, as sluice itself does it: at Python's own thresholds it takes a quarter of the
    processor seconds of a test with a screen."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The slowest tests first in the share of each worker: none of them is to be the last that all others wait for.

    pytest-xdist gives each worker an equal run of the list to begin with.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    if workers > 1:
        items.sort(key=_cost)  # stable
        items[:] = [item for worker in range(workers) for item in items[worker::workers]]


def _cost(item: pytest.Item) -> int:
    folder = item.nodeid.split("/")[1]
    return _FOLDERS_BY_COST.index(folder) if folder in _FOLDERS_BY_COST else len(_FOLDERS_BY_COST)


_LOOPBACK = "127.0.0.1,localhost,::1"
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
_TERMINAL = ("COLUMNS", "LINES")
_OURS = ("SLUICE_", "AWS_", "BOTO_")


def isolate(patch: pytest.MonkeyPatch, home: Path) -> None:
    """Sets the variables that child processes inherit, too."""
    for name in [*os.environ]:
        if name.startswith(_OURS) or name in _PROXIES or name in _TERMINAL:
            patch.delenv(name)
    aws = home / ".aws"
    aws.mkdir(parents=True, exist_ok=True)
    patch.setenv("HOME", str(home))
    patch.setenv("AWS_CONFIG_FILE", str(aws / "config"))
    patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(aws / "credentials"))
    patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    patch.setenv("BOTO_CONFIG", os.devnull)
    patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    for name, folder in (("CONFIG", ".config"), ("STATE", ".local/state"), ("CACHE", ".cache"), ("DATA", ".data")):
        patch.setenv(f"XDG_{name}_HOME", str(home / folder))
    for name in ("NO_PROXY", "no_proxy"):
        patch.setenv(name, _LOOPBACK)


@pytest.fixture(scope="session", autouse=True)
def isolated_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For what is started once for many tests."""
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch, tmp_path_factory.mktemp("home"))
        yield


@pytest.fixture(scope="session", autouse=True)
def keys_wait_for_widgets() -> Iterator[None]:
    """`Pilot.press` and `Pilot.pause` wait for the widgets of the screen, not for an idle processor."""
    from tests.support.settling import settle_instead_of_idling

    with pytest.MonkeyPatch.context() as patch:
        for module in ("textual.app", "textual.pilot"):
            patch.setattr(f"{module}.wait_for_idle", settle_instead_of_idling)
        yield


@pytest.fixture(autouse=True)
def isolated_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of this test."""
    home = tmp_path / "home"
    isolate(monkeypatch, home)
    return home


@pytest.fixture
def stub() -> "Iterator[SqsStub]":
    """A stub of SQS and STS at the wire, without queues."""
    from tests.support.stub import SqsStub

    with SqsStub() as running:
        yield running


@pytest.fixture(scope="session")
def moto_url(isolated_session: None) -> Iterator[str]:
    """The URL of moto's server, one for the whole run: use fresh names for queues."""
    from tests.support.moto import moto_server

    with moto_server() as url:
        yield url


@pytest.fixture(scope="session")
def ministack_url(isolated_session: None) -> Iterator[str]:
    """The URL of ministack, one for the whole run; its only credentials are `test` and `test`."""
    from tests.support.ministack import ministack_server

    with ministack_server() as url:
        yield url


@pytest.fixture
def clock() -> "ManualClock":
    from tests.support.clock import ManualClock

    return ManualClock()


@pytest.fixture
def audit(tmp_path: Path) -> "AuditLog":
    from connectors.audit import AuditLog

    return AuditLog(tmp_path / "state" / "audit.jsonl")


_FOR_OPEN = ("clock", "timeouts", "allow_plain_http", "audit", "services", "memory")
OpeningContexts = Callable[..., "Awaitable[OpenContext]"]
OpenSession = Callable[..., "Awaitable[AwsSession]"]


@pytest.fixture
async def open_context(audit: "AuditLog") -> AsyncIterator[OpeningContexts]:
    """Opens contexts and closes them after the test: `await open_context(stub.url, read_only=True)`.

    What `_FOR_OPEN` names goes to `OpenContext.open`, all else to the `ContextRequest`.
    """
    from connectors.aws.context import ContextRequest
    from connectors.open_context import OpenContext
    from connectors.sns.service import SERVICE as SNS
    from connectors.sqs.service import SERVICE as SQS

    opened: list[OpenContext] = []

    async def opening(endpoint_url: str | None = None, **settings: Any) -> OpenContext:
        options = {name: settings.pop(name) for name in _FOR_OPEN if name in settings}
        options.setdefault("audit", audit)
        options.setdefault("services", (SQS, SNS))
        context = await OpenContext.open(ContextRequest(endpoint_url=endpoint_url, **settings), **options)
        opened.append(context)
        return context

    yield opening
    for context in opened:
        await context.close()


@pytest.fixture
def open_session(open_context: OpeningContexts) -> OpenSession:
    """As `open_context`, for the session of the context."""

    async def opening(endpoint_url: str | None = None, **settings: Any) -> "AwsSession":
        return (await open_context(endpoint_url, **settings)).aws

    return opening
