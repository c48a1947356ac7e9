"""The command `sluice get topics`, with its options. What does the work is imported when it runs."""

from typing import Any

import click

from tui.console.options import context_options, merged, settings


@click.command("topics")
@click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
@context_options
def get_topics(output: str, **given: Any) -> int:
    """List the topics with their subscriptions. Exit code 3: the subscriptions could not be read."""
    import asyncio

    from tui.sns.get_topics import topics

    options = merged(given)
    _, request = settings(options)
    return asyncio.run(topics(request, as_json=output == "json", allow_plain_http=bool(options["allow_http"])))
