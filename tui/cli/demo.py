"""`sluice demo`: the screen on an emulator of its own, or the check of the main job without a screen."""

import sys
from pathlib import Path
from typing import Any

import click

from connectors.errors import ConnectorError, Step
from tui.cli.run import demo_folder, run
from tui.console.options import merged, screen_options, settings


@click.command()
@click.option(
    "--emulator",
    metavar="moto|ministack|URL",
    help="The emulator to use.  [default: ministack where it is installed, else moto]",
)
@click.option("--check", is_flag=True, help="Run the main job without a screen and print each step.")
@screen_options
def demo(emulator: str | None, check: bool, **given: Any) -> None:
    """Try sluice on an emulator with demo data. Nothing of yours is read or touched."""
    import asyncio

    from connectors.aws.context import ContextRequest
    from connectors.emulator.kinds import MOTO, MOTO_LACKS, demo_kind
    from connectors.emulator.process import Emulator
    from tui.config.file import Config
    from tui.services import SEEDS, TABS
    from tui.sqs import demo_check

    options = merged(given)
    unattended = check or not sys.stdout.isatty()
    for name in ("profile", "region", "endpoint_url"):
        if options[name]:
            option = "--" + name.replace("_", "-")
            raise ConnectorError(
                Step.SETTINGS, f"the demo takes no {option}", "leave it out; --emulator URL names an emulator"
            )
    request = ContextRequest(demo=True, read_only=bool(options["read_only"]), no_look=bool(options["no_look"]))
    if (request.read_only or request.no_look) and (unattended or "://" in (emulator or "")):
        raise ConnectorError(
            Step.SETTINGS,
            "the demo fills its emulator, and the check looks, sends, deletes and purges",
            "leave out --read-only and --no-look, or use sluice --endpoint-url URL",
        )
    config = settings(options)[0] if options["config"] else Config()
    launched = Emulator.launch(emulator or demo_kind(), SEEDS)
    if unattended:
        if launched.kind == MOTO:
            click.echo(f"sluice: {MOTO_LACKS}", err=True)
        with demo_folder() as folder:
            sys.exit(asyncio.run(demo_check.run(launched, Path(folder) / "audit.jsonl", click.echo)))
    run(request, TABS[0], config, options, launched)
