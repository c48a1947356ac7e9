"""The commands of SNS, `sluice get topics` and `sluice explain`. What does the work is imported when they run."""

from pathlib import Path
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


@click.command("explain")
@click.option("--cases", metavar="FILE", type=click.Path(path_type=Path), required=True, help="Lines of JSON.")
def explain(cases: Path) -> int:
    """Try SNS filter policies on messages, without a network.

    The verdicts are those of AWS's rules; an emulator may be laxer.

    \b
    Each line of FILE is one case:
      {"scope": "MessageBody", "policy": {"price": [{"numeric": [">=", 100]}]},
       "body": {"price": 12}, "expected": "filtered"}

    \b
    scope       MessageAttributes (where there is none), or MessageBody
    policy      the filter policy: JSON, or a string with its text
    attributes  {"type": {"Type": "String", "Value": "order"}}, for example
    body        the message's body: JSON, or a string with its text
    expected    deliver, filtered, rejected (SNS refuses the policy),
                or unknown (AWS's rules leave it open)
    name        what the case is about, for people
    message_structure
                "json" where the message is published so

    Cases that differ from what is expected are printed, with the reason. Exit code 1: some differ; 2: FILE has a line
    that is no case.
    """
    from tui.sns.explain_cases import explain_cases

    return explain_cases(cases)
