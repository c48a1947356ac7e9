"""The commands `sluice get queues` and `sluice get messages`, with their options.

What does the work is imported when a command runs: `sluice --version` loads this module.
"""

from typing import Any

import click

from tui.console.options import context_options, merged, settings


@click.command("queues")
@click.option("--prefix", default="", metavar="TEXT", help="Only queues whose name starts with TEXT.")
@click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
@context_options
def get_queues(prefix: str, output: str, **given: Any) -> int:
    """List the queues with their counts. Exit code 3: a queue could not be read, and stderr says why."""
    import asyncio

    from tui.sqs.get_queues import queues

    options = merged(given)
    _, request = settings(options)
    return asyncio.run(
        queues(request, prefix=prefix, as_json=output == "json", allow_plain_http=bool(options["allow_http"]))
    )


@click.command("messages")
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
    """Look at up to N messages of QUEUE, a name or a URL, and give them back.

    SQS knows no look without a cost: this adds 1 to the receive count of each message, which can move it to the
    dead-letter queue; what it cost stands on stderr. The command itself is the agreement to that, also in a read-only
    context, since looking is all that it does; --no-look refuses it.
    """
    import asyncio

    from tui.sqs.get_messages import messages

    options = merged(given)
    _, request = settings(options)
    return asyncio.run(
        messages(request, name=queue, most=most, as_json=output == "json", allow_plain_http=bool(options["allow_http"]))
    )
