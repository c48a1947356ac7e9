"""The command line. Imports neither Textual nor aiobotocore before a command needs them."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from connectors import __version__
from connectors.errors import ConnectorError, Step

if TYPE_CHECKING:
    import tempfile

    from connectors.context import ContextRequest
    from connectors.emulator.process import Emulator
    from tui.app.keymap import Keys
    from tui.config.file import Config

USAGE, FAILURE = 2, 1
LEAVE_SECONDS = 5.0
"""After this long on the way out the process ends whatever holds it; leases and clients take two at most."""
FRAMES_PER_SECOND = "10"
"""With --low-bandwidth, instead of Textual's 60."""
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
    """The options that every command takes. Given before a command's name they hold for it, too."""
    return _with(_OPTIONS, command)


def screen_options(command: F) -> F:
    """The same, and those of the commands that open a screen."""
    return _with(_SCREEN_OPTIONS, command)


def _with(options: Sequence[Callable[[F], F]], command: F) -> F:
    for option in reversed(options):
        command = option(command)
    return command


def _merged(given: dict[str, Any]) -> dict[str, Any]:
    """The options of the command over those before its name."""
    before = click.get_current_context().obj or {}
    return {name: given.get(name) or before.get(name) for name in (*given, *before)}


class Failing(click.Group):
    """Turns every failure that a person can cause into one line and an exit code."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """As click's own, except that what was typed wrongly takes one line and not four."""
        try:
            result = self.main(*args, **(kwargs | {"standalone_mode": False}))
        except click.UsageError as error:
            command = error.ctx.command_path if error.ctx else "sluice"
            _complain(f"{error.format_message()} Try: {command} --help")
            sys.exit(USAGE)
        except ConnectorError as error:
            fail(error)
        except click.Abort:
            sys.exit(FAILURE)
        except BrokenPipeError:
            # the reader of a pipe went away, as `head` does: what is still buffered must not fail at exit
            sys.stdout = None
            sys.exit(FAILURE)
        sys.exit(result if isinstance(result, int) else 0)


def _complain(line: str) -> None:
    from widgets.text import printable

    click.echo(f"sluice: {printable(line, limit=1000)}", err=True)


def fail(error: ConnectorError) -> None:
    """One line on stderr; exit code 2 for what was asked wrongly, 1 for what did not work."""
    _complain(str(error))
    sys.exit(USAGE if error.step is Step.SETTINGS else FAILURE)


@click.group(cls=Failing, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sluice")
@screen_options
@click.pass_context
def main(ctx: click.Context, /, **given: Any) -> None:
    """A terminal control room for queues: Amazon SQS, on AWS or on an emulator.

    Without a command it opens the list of queues.
    """
    ctx.obj = given
    if ctx.invoked_subcommand is None:
        run_screen(given, "queues")


@main.command("open")
@click.argument("view")
@screen_options
def open_view(view: str, **given: Any) -> None:
    """Open VIEW: `queues`, or `queue:NAME`."""
    if view != "queues" and not (view.startswith("queue:") and view != "queue:"):
        raise ConnectorError(Step.SETTINGS, f"there is no view {view!r}", "queues, or queue:NAME")
    run_screen(_merged(given), view)


@main.command()
@click.option(
    "--emulator", default="moto", metavar="moto|ministack|URL", help="The emulator to use.", show_default=True
)
@click.option("--check", is_flag=True, help="Run the main job without a screen and print each step.")
@screen_options
def demo(emulator: str, check: bool, **given: Any) -> None:
    """Try sluice on an emulator with demo data. Nothing of yours is read or touched."""
    import asyncio

    from connectors.context import ContextRequest
    from connectors.emulator.process import Emulator
    from tui.config.file import Config
    from tui.sqs import demo_check

    options = _merged(given)
    unattended = check or not sys.stdout.isatty()
    for name in ("profile", "region", "endpoint_url"):
        if options[name]:
            option = "--" + name.replace("_", "-")
            raise ConnectorError(
                Step.SETTINGS, f"the demo takes no {option}", "leave it out; --emulator URL names an emulator"
            )
    request = ContextRequest(demo=True, read_only=bool(options["read_only"]), no_look=bool(options["no_look"]))
    if (request.read_only or request.no_look) and (unattended or "://" in emulator):
        raise ConnectorError(
            Step.SETTINGS,
            "the demo fills its emulator, and the check looks, sends, deletes and purges",
            "leave out --read-only and --no-look, or use sluice --endpoint-url URL",
        )
    config = _settings(options)[0] if options["config"] else Config()
    launched = Emulator.launch(emulator)
    if unattended:
        with _demo_folder() as folder:
            sys.exit(asyncio.run(demo_check.run(launched, Path(folder) / "audit.jsonl", click.echo)))
    _run(request, "queues", config, options, launched)


@main.group("get", no_args_is_help=False)
def get() -> None:
    """The same data without a screen."""


@get.command("queues")
@click.option("--prefix", default="", metavar="TEXT", help="Only queues whose name starts with TEXT.")
@click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
@context_options
def get_queues(prefix: str, output: str, **given: Any) -> None:
    """List the queues with their counts."""
    import asyncio

    from tui.sqs import cli as getting

    options = _merged(given)
    _, request = _settings(options)
    asyncio.run(
        getting.queues(request, prefix=prefix, as_json=output == "json", allow_plain_http=bool(options["allow_http"]))
    )


@get.command("messages")
@click.argument("queue")
@click.option(
    "--max",
    "most",
    type=click.IntRange(1, 10_000),
    default=10,
    metavar="N",
    help="How many messages to look at, up to 10,000.",
    show_default=True,
)
@click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
@context_options
def get_messages(queue: str, most: int, output: str, **given: Any) -> int:
    """Look at up to N messages of QUEUE, and give them back.

    SQS knows no look without a cost: this adds 1 to the receive count of each message, which can move it to the
    dead-letter queue; what it cost stands on stderr. The command itself is the agreement to that, also in a read-only
    context, since looking is all that it does; --no-look refuses it.
    """
    import asyncio

    from tui.sqs import get_messages as getting

    options = _merged(given)
    _, request = _settings(options)
    return asyncio.run(
        getting.messages(
            request, name=queue, most=most, as_json=output == "json", allow_plain_http=bool(options["allow_http"])
        )
    )


@main.group("config", no_args_is_help=False)
def config_group() -> None:
    """The configuration file."""


@config_group.command("check")
@click.option("--config", metavar="FILE", type=click.Path(path_type=Path), help="Configuration file (TOML).")
def config_check(**given: Any) -> None:
    """Check the configuration file. Each problem is one line; no network is asked."""
    from tui.cli.config_check import check
    from tui.config.file import default_path

    asked = _merged(given)["config"]
    problems = check(asked)
    for problem in problems:
        _complain(str(problem))
    if problems:
        sys.exit(USAGE)
    path = asked or default_path()
    click.echo(f"OK: {path}" if path.exists() else f"OK: no file; defaults ({path})")


@main.command("keys")
@click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--config", metavar="FILE", type=click.Path(path_type=Path), help="Configuration file (TOML).")
def print_keys(output: str, **given: Any) -> None:
    """Print all keys by screen. They are shown as the configuration has them, with the ids by which it names them."""
    from tui.cli import keys as key_table
    from tui.config import file as config

    path = _merged(given)["config"]
    keys = _keys(config.load(path), path)
    click.echo(key_table.as_json(keys) if output == "json" else key_table.as_table(keys))


def _settings(options: dict[str, Any]) -> "tuple[Config, ContextRequest]":
    from tui.config import file as config

    loaded = config.load(options["config"])
    request = config.request(
        loaded,
        profile=options["profile"],
        region=options["region"],
        endpoint_url=options["endpoint_url"],
        read_only=bool(options["read_only"]),
        no_look=bool(options["no_look"]),
    )
    return loaded, request


def run_screen(options: dict[str, Any], view: str) -> None:
    from connectors.context import check_endpoint_url

    config, request = _settings(options)
    if request.endpoint_url:
        check_endpoint_url(request.endpoint_url)
    _run(request, view, config, options, None)


def _demo_folder() -> "tempfile.TemporaryDirectory[str]":
    """A folder for the demo's audit log, gone when the run is: the real one holds what really happened."""
    import tempfile

    return tempfile.TemporaryDirectory(prefix="sluice-demo-")


def _insist_on_leaving() -> None:
    """Where the terminal went away in the middle of a write, the screen can't be taken down; the process must go. Until
    then ctrl+c, which is a signal again once the screen is gone, must not take what is said at the end."""
    import os
    import signal
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    watchdog = threading.Timer(LEAVE_SECONDS, os._exit, args=[FAILURE])
    watchdog.daemon = True
    watchdog.start()


def _prepare(low_bandwidth: bool) -> None:
    """What has to hold before the terminal library is imported, which looks at the environment only then."""
    import os

    if low_bandwidth:
        os.environ.setdefault("TEXTUAL_FPS", FRAMES_PER_SECOND)
    if not os.environ.get("NO_COLOR"):
        os.environ.pop(
            "NO_COLOR", None
        )  # to the library an empty one is a wish, too; to https://no-color.org it is none


def _can_paint() -> bool:
    import os

    return os.environ.get("TERM", "").lower() not in ("dumb", "unknown")


def _run(
    request: "ContextRequest", view: str, config: "Config", options: dict[str, Any], emulator: "Emulator | None"
) -> None:
    """Opens the screen. The demo takes nothing of the person's, and remembers nothing."""
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

    memory = None if request.demo else Memory(state_path())
    with _demo_folder() as folder:
        app = SluiceApp(
            request,
            audit=AuditLog(audit_path()),
            demo_audit=AuditLog(Path(folder) / "audit.jsonl"),
            view=view,
            emulator=emulator,
            appearance=Appearance(config.theme, low_bandwidth, memory),
            keys=_keys(config, options["config"]),
            allow_plain_http=bool(options["allow_http"]),
        )
        app.way_out.on_leave = _insist_on_leaving
        app.run(mouse=not low_bandwidth)
    for line in app.left_undone:
        click.echo(f"sluice: {printable(line, limit=400)}", err=True)
    sys.exit(app.return_code or 0)


def _keys(config: "Config", path: Path | None) -> "Keys":
    """All keys; raises `ConnectorError` for what is wrong with those of the file."""
    from tui.app.keymap import Keys
    from tui.config.file import in_file

    try:
        return Keys(config.keys)
    except ConnectorError as error:
        raise in_file(path, error) from None
