"""What the commands print: tables, and that they wait for an answer."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from widgets.text import printable

if TYPE_CHECKING:
    from connectors.aws.session import AwsSession

_PATIENCE_SECONDS = 3.0
"""Seconds without a result after which stderr says what is waited for."""


def aligned(rows: Sequence[Sequence[str]], *, right: Collection[int]) -> str:
    """`rows` as a table, each column as wide as its longest cell. `right` has the indexes of right-aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if index in right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def print_list(
    records: list[dict[str, Any]], table: Callable[[list[dict[str, Any]]], str], noun: str, *, as_json: bool
) -> None:
    """Prints `records` as a list of objects, or as `table` makes them; stderr says that there are none of `noun`."""
    if as_json:
        print(json.dumps(records, indent=2))
    elif records:
        print(table(records))
    else:
        print(f"no {noun}", file=sys.stderr)


@asynccontextmanager
async def patience(session: "AwsSession", service: str) -> AsyncIterator[None]:
    """Prints once on stderr which endpoint of `service` (`sqs`) is asked, if the body takes longer than
    `_PATIENCE_SECONDS` and stderr is a terminal."""
    waiting = (
        asyncio.create_task(_say_what_for(session, service), name="say what it waits for")
        if sys.stderr.isatty()
        else None
    )
    try:
        yield
    finally:
        if waiting is not None:
            waiting.cancel()


async def _say_what_for(session: "AwsSession", service: str) -> None:
    await session.clock.sleep(_PATIENCE_SECONDS)
    what = "still reading from" if session.log else "waiting for an answer from"
    where = session.context.endpoint(service) or f"{service.upper()} in {session.context.region}"
    print(f"sluice: {what} {printable(where)} ({_PATIENCE_SECONDS:.0f} s so far)", file=sys.stderr, flush=True)
