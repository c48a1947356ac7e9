"""The one place of the command line where a `Permit` is issued: `--yes`, or an answer at a terminal."""

import signal
import sys
from collections.abc import Sequence

import click

from connectors.guard import Change, Guard, Permit
from tui.console.options import complain
from widgets.text import printable


class NobodyToAsk(Exception):
    """A change wants a yes, there is no `--yes`, and nobody sits at a terminal."""


def agree(guard: Guard, change: Change, *, yes: bool, facts: Sequence[tuple[str, str]] = ()) -> Permit | None:
    """The permit for `change`; None where the answer is no. `facts` are told before those of the target.

    Raises `Refused` in a read-only context, before it asks, and `NobodyToAsk`.
    """
    guard.check_change(change)
    if yes:
        return guard.permit(change, "--yes")
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        complain(f"{change.operation} changes something and nobody is there to agree to it. Try: --yes")
        raise NobodyToAsk
    target = change.target
    where = [
        (target.kind, target.resource),
        ("account", target.account_label),
        ("region", target.region),
        ("profile", target.profile),
        ("endpoint", target.endpoint),
    ]
    for label, value in (*facts, *where):
        click.echo(f"{label:<10} {printable(value, limit=300)}", err=True)
    return guard.permit(change, "terminal") if _confirmed(f"{change.operation}?") else None


def _confirmed(question: str) -> bool:
    """The answer at the terminal. asyncio's handler of ctrl+c lets a read go on, so it is set aside meanwhile; click
    then raises `Abort`."""
    of_asyncio = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return click.confirm(question, err=True)
    finally:
        signal.signal(signal.SIGINT, of_asyncio)
