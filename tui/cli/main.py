"""The command `sluice`. Neither Textual nor aiobotocore is imported before a command needs it."""

import sys
from pathlib import Path
from typing import Any

import click

from connectors import __version__
from connectors.errors import ConnectorError, Step
from tui.cli.demo import demo
from tui.cli.run import chosen_keys, run_screen
from tui.console.options import USAGE, Failing, complain, merged, screen_options, silence_libraries
from tui.services import SERVICES, TABS, VIEWS, sections


@click.group(cls=Failing, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sluice")
@screen_options
@click.pass_context
def main(ctx: click.Context, /, **given: Any) -> None:
    """A terminal control room for queues: Amazon SQS, on AWS or on an emulator.

    Without a command it opens the list of queues.
    """
    silence_libraries()  # here, where --version does not come by: `logging` takes 9 ms to import
    ctx.obj = given | {"sections": sections()}
    if ctx.invoked_subcommand is None:
        run_screen(ctx.obj, TABS[0])


@main.command("open", help=f"Open VIEW: {', '.join(VIEWS)}.")
@click.argument("view")
@screen_options
def open_view(view: str, **given: Any) -> None:
    kind, _, name = view.partition(":")
    if view not in TABS and not (name and f"{kind}:NAME" in VIEWS):
        raise ConnectorError(Step.SETTINGS, f"there is no view {view!r}", ", or ".join(VIEWS))
    run_screen(merged(given), view)


main.add_command(demo)


@main.group("get", no_args_is_help=False)
def get() -> None:
    """The same data without a screen."""


for _service in SERVICES:
    for _command in _service.verbs.get("get", ()):
        get.add_command(_command)
    for _command in _service.verbs.get("", ()):
        main.add_command(_command)


@main.group("config", no_args_is_help=False)
def config_group() -> None:
    """The configuration file."""


@config_group.command("check")
@click.option("--config", metavar="FILE", type=click.Path(path_type=Path), help="Configuration file (TOML).")
def config_check(**given: Any) -> None:
    """Check the configuration file. Each problem is one line; no network is asked."""
    from tui.cli.config_check import check
    from tui.config.file import default_path

    asked = merged(given)["config"]
    problems = check(asked)
    for problem in problems:
        complain(str(problem))
    if problems:
        sys.exit(USAGE)
    path = asked or default_path()
    if path is None:
        click.echo("OK: no file; defaults (no home directory is known)")
    else:
        click.echo(f"OK: {path}" if path.exists() else f"OK: no file; defaults ({path})")


@main.command("keys")
@click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--config", metavar="FILE", type=click.Path(path_type=Path), help="Configuration file (TOML).")
def print_keys(output: str, **given: Any) -> None:
    """Print all keys by screen. They are shown as the configuration has them, with the ids by which it names them."""
    from tui.cli import keys as key_table
    from tui.config import file as config

    path = merged(given)["config"]
    keys = chosen_keys(config.load(path, sections()), path)
    click.echo(key_table.as_json(keys) if output == "json" else key_table.as_table(keys))
