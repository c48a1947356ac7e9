"""The options that commands share, and how a command ends that failed.

Imports neither Textual nor aiobotocore: `sluice --version` loads this module.
"""

import errno
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from connectors.errors import ConnectorError, Step
from tui.console import streams

if TYPE_CHECKING:
    from connectors.aws.context import ContextRequest
    from tui.config.file import Config

USAGE, FAILURE, PARTLY_READ = 2, 1, 3
"""Exit codes."""
_OUTPUT_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
"""How a system says that standard output takes no more; an error of a file names the file."""
F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--profile", metavar="NAME", help="Profile of the AWS files.  [AWS_PROFILE]"),
    click.option("--region", metavar="NAME", help="Region.  [AWS_REGION]"),
    click.option("--endpoint-url", metavar="URL", help="Endpoint of an emulator.  [AWS_ENDPOINT_URL]"),
    click.option("--read-only", is_flag=True, help="Refuse every change."),
    click.option("--no-look", is_flag=True, help="Refuse to receive messages, even to look."),
    click.option("--allow-http", is_flag=True, help="Let real credentials go over plain http."),
    click.option("--config", metavar="FILE", type=click.Path(path_type=Path), help="Configuration file (TOML)."),
)
_SCREEN_OPTIONS = (
    click.option("--low-bandwidth", is_flag=True, help="Paint less: for a slow line."),
    *_OPTIONS,
)


def context_options(command: F) -> F:
    """Gives `command` the options that every command takes. They hold for it also if they are given before its name."""
    return _with(_OPTIONS, command)


def screen_options(command: F) -> F:
    """Gives `command` the `context_options` and those of a command that opens a screen."""
    return _with(_SCREEN_OPTIONS, command)


def _with(options: Sequence[Callable[[F], F]], command: F) -> F:
    for option in reversed(options):
        command = option(command)
    return command


def merged(given: dict[str, Any]) -> dict[str, Any]:
    """The options by name: those given to the command outrank those given before its name."""
    before = click.get_current_context().obj or {}
    return {name: given.get(name) or before.get(name) for name in (*given, *before)}


class Failing(click.Group):
    """A group of commands that turns every failure which a person can cause into one line and an exit code."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the command and exits. A usage error takes one line; click's own text has four."""
        streams.prepare()
        try:
            try:
                result = self.main(*args, **(kwargs | {"standalone_mode": False}))
            finally:
                sys.stdout.flush()
        except click.UsageError as error:
            command = error.ctx.command_path if error.ctx else "sluice"
            complain(f"{error.format_message()} Try: {command} --help")
            sys.exit(USAGE)
        except ConnectorError as error:
            fail(error)
        except click.Abort:
            sys.exit(FAILURE)
        except BrokenPipeError:
            # the reader of the pipe ended, as `head` does; without this Python fails at exit while it flushes stdout
            sys.stdout = None
            sys.exit(FAILURE)
        except OSError as error:
            if error.errno not in _OUTPUT_ERRORS or error.filename is not None:
                raise
            sys.stdout = None
            complain(f"the output can't be written: {error.strerror}")
            sys.exit(FAILURE)
        sys.exit(result if isinstance(result, int) else 0)


def complain(line: str) -> None:
    """Prints `line` on stderr, under the name of the command."""
    from widgets.text import printable

    click.echo(f"sluice: {printable(line, limit=1000)}", err=True)


def fail(error: ConnectorError) -> None:
    """Prints `error` on stderr and exits: `USAGE` if it is about the settings, else `FAILURE`."""
    complain(str(error))
    sys.exit(USAGE if error.step is Step.SETTINGS else FAILURE)


def settings(options: dict[str, Any]) -> "tuple[Config, ContextRequest]":
    """The configuration, and what `options`, the environment and the configuration ask for together."""
    from tui.config import file as config

    loaded = config.load(options["config"])
    if why := config.why_unread(options["config"]):
        refused = ", and changes are refused" if loaded.read_only or config.audit_path() is None else ""
        complain(f"{why}: no configuration is read{refused} (set HOME)")
    request = config.request(
        loaded,
        profile=options["profile"],
        region=options["region"],
        endpoint_url=options["endpoint_url"],
        read_only=bool(options["read_only"]),
        no_look=bool(options["no_look"]),
    )
    return loaded, request
