"""The screens are tested in UTC, so that what they show does not depend on where the test runs."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.tui.person import Person, at_work

if TYPE_CHECKING:
    from connectors.audit import AuditLog

AtWork = Callable[..., AbstractAsyncContextManager[Person]]


@pytest.fixture(autouse=True)
def utc() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def sluice(audit: "AuditLog") -> AtWork:
    """Starts the application: `async with sluice(stub.url) as person`."""

    @asynccontextmanager
    async def start(endpoint_url: str | None = None, **settings: Any) -> AsyncIterator[Person]:
        async with at_work(endpoint_url, **{"audit": audit, **settings}) as person:
            yield person

    return start
