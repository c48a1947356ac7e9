import gc
import logging
from collections.abc import Iterator

import pytest


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


@pytest.fixture(autouse=True, scope="module")
def nothing_is_left_behind() -> Iterator[None]:
    """asyncio and aiohttp complain to a logger when a session is not closed or a task's failure was never looked at."""
    complaints = _Complaints()
    loggers = [logging.getLogger(name) for name in ("asyncio", "aiohttp.client")]
    for logger in loggers:
        logger.addHandler(complaints)
    yield
    gc.collect()
    for logger in loggers:
        logger.removeHandler(complaints)
    assert complaints.texts == []
