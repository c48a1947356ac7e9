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

USAGE, FAILURE, PARTLY_READ, NO_ANSWER, CANCELLED = 2, 1, 3, 4, 130
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


def silence_libraries() -> None:
    """Keeps what libraries log and warn of away from the terminal.

    botocore logs each failed refresh of credentials with its traceback, and where nobody handles a record Python prints
    it on stderr. What a person has to know comes as a `ConnectorError`.
    """
    import logging

    logging.getLogger().addHandler(logging.NullHandler())
    logging.captureWarnings(True)


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
            named = _dashed_name(error, args[0] if args else kwargs.get("args") or sys.argv[1:])
            name = f", or {command} -- {named} if that is a name" if named else ""
            complain(f"{error.format_message()} Try: {command} --help{name}")
            sys.exit(USAGE)
        except ConnectorError as error:
            fail(error)
        except click.Abort:  # ctrl+c
            sys.exit(CANCELLED)
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


def _dashed_name(error: click.UsageError, arguments: Sequence[str]) -> str:
    """The argument that click took for options, where the command wants a name: a queue may be called `-dash-1`. Empty
    where it was something else."""
    takes_name = error.ctx and any(isinstance(parameter, click.Argument) for parameter in error.ctx.command.params)
    if not isinstance(error, click.NoSuchOption) or error.possibilities or not takes_name:
        return ""
    letter = error.option_name.lstrip("-")
    return next(
        (
            argument
            for argument in arguments
            if argument == error.option_name or (argument[:1] == "-" != argument[1:2] and letter in argument)
        ),
        "",
    )


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

    loaded = config.load(options["config"], options["sections"])
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
