"""Opening the screen in this terminal, and what is printed when it has closed."""

import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from connectors.errors import ConnectorError
from tui.console.options import FAILURE, USAGE, settings

if TYPE_CHECKING:
    import tempfile
    from collections.abc import Iterator

    from connectors.audit import AuditLog
    from connectors.aws.context import ContextRequest
    from connectors.emulator.process import Emulator
    from tui.app.keymap import Keys
    from tui.config.file import Config

LEAVE_SECONDS = 5.0
"""Seconds on the way out after which the process ends in any case; giving back leases and closing clients takes two at
most."""
FRAMES_PER_SECOND = "10"
"""With --low-bandwidth, instead of Textual's 60."""


def run_screen(options: dict[str, Any], view: str) -> None:
    """Opens `view` in the context that `options` and the configuration ask for."""
    from connectors.aws.context import check_endpoint_url

    config, request = settings(options)
    if request.endpoint_url:
        check_endpoint_url(request.endpoint_url)
    run(request, view, config, options, None)


def demo_folder() -> "tempfile.TemporaryDirectory[str]":
    """A folder for the demo's audit log, deleted at the end: the real audit log has no changes to an emulator."""
    import tempfile

    return tempfile.TemporaryDirectory(prefix="sluice-demo-")


@contextmanager
def demo_audit() -> "Iterator[AuditLog]":
    """The demo's audit log. Without a folder for temporary files it has no place, and the demo changes nothing."""
    from connectors.audit import AuditLog

    with ExitStack() as stack:
        try:
            path = Path(stack.enter_context(demo_folder())) / "audit.jsonl"
        except OSError:
            path = None
        yield AuditLog(path)


def _insist_on_leaving() -> None:
    """Ends the process in `LEAVE_SECONDS`, and ignores SIGINT until then.

    If the terminal goes away during a write, Textual never comes back from closing the screen. Once the screen is
    closed ctrl+c is a signal again, which would stop the lines that are printed at the end.
    """
    import os
    import signal
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    watchdog = threading.Timer(LEAVE_SECONDS, os._exit, args=[FAILURE])
    watchdog.daemon = True
    watchdog.start()


def _prepare(low_bandwidth: bool) -> None:
    """Sets the variables that Textual reads when it is imported, and drops an exported size: the terminal knows its
    own, also after it was resized."""
    import os

    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)
    if low_bandwidth:
        os.environ.setdefault("TEXTUAL_FPS", FRAMES_PER_SECOND)
    if not os.environ.get("NO_COLOR"):
        os.environ.pop("NO_COLOR", None)  # https://no-color.org asks for a value; to Textual an empty one will do


def _can_paint() -> bool:
    import os

    return os.environ.get("TERM", "").lower() not in ("dumb", "unknown")


def run(
    request: "ContextRequest", view: str, config: "Config", options: dict[str, Any], emulator: "Emulator | None"
) -> None:
    """Runs the application on this terminal and exits with its code. The demo remembers no preferences."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        click.echo("sluice: no terminal here; `sluice get queues` prints the same without one", err=True)
        sys.exit(USAGE)
    if not _can_paint():
        click.echo("sluice: TERM=dumb paints no screen; `sluice get queues` prints the same without one", err=True)
        sys.exit(USAGE)
    low_bandwidth = True if options["low_bandwidth"] else config.low_bandwidth
    _prepare(bool(low_bandwidth))
    from tui.app import garbage_collection

    garbage_collection.disable_until_quiet()
    from connectors.audit import AuditLog
    from tui.app.app import SluiceApp
    from tui.app.appearance import Appearance
    from tui.config.file import audit_path, state_path
    from tui.config.preferences import Memory
    from widgets.text import printable

    state = state_path()
    memory = None if request.demo or state is None else Memory(state)
    with demo_audit() as demo_log:
        app = SluiceApp(
            request,
            audit=AuditLog(audit_path()),
            demo_audit=demo_log,
            view=view,
            emulator=emulator,
            appearance=Appearance(config.theme, low_bandwidth, memory),
            keys=chosen_keys(config, options["config"]),
            allow_plain_http=bool(options["allow_http"]),
        )
        app.way_out.on_leave = _insist_on_leaving
        app.run(mouse=not low_bandwidth)
    for line in app.left_undone:
        click.echo(f"sluice: {printable(line, limit=400)}", err=True)
    sys.exit(app.return_code or 0)


def chosen_keys(config: "Config", path: Path | None) -> "Keys":
    """All keys as `config` has them. Raises `ConnectorError` that names the file `path` if one is wrong."""
    from tui.app.keymap import Keys
    from tui.config.file import in_file

    try:
        return Keys(config.keys)
    except ConnectorError as error:
        raise in_file(path, error) from None
