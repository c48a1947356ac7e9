"""The commands of SNS, with their options. What does the work is imported when they run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from tui.console.options import context_options, merged, settings

F = TypeVar("F", bound=Callable[..., Any])


def _attribute_option(command: F) -> F:
    return click.option(
        "--attribute",
        "attributes",
        metavar="NAME[:TYPE]=VALUE",
        multiple=True,
        help="A message attribute. TYPE is String (where there is none), String.Array (a JSON array), Number, or "
        "Binary (bytes as hex). May be given several times.",
    )(command)


def _body_option(*, required: bool) -> Callable[[F], F]:
    return click.option(
        "--body", metavar="FILE", required=required, help="The body, as the file has it; - is standard input."
    )


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


@click.command("subscriptions")
@click.argument("topic", required=False, default="")
@click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
@context_options
def get_subscriptions(topic: str, output: str, **given: Any) -> int:
    """List the subscriptions of this account, or of TOPIC.

    TOPIC is a name or an ARN. Of a topic all subscriptions are listed, also those of other accounts, and each is read:
    filter policy, raw delivery, dead-letter queue. Exit code 3: one could not be read, and stderr says why.

    Without TOPIC a subscription counts as confirmed where the list has its ARN.
    """
    import asyncio

    from tui.sns.get_subscriptions import subscriptions

    options = merged(given)
    _, request = settings(options)
    plain_http = bool(options["allow_http"])
    return asyncio.run(subscriptions(request, name=topic, as_json=output == "json", allow_plain_http=plain_http))


@click.command("publish")
@click.argument("topic")
@_body_option(required=True)
@_attribute_option
@click.option("--subject", default="", metavar="TEXT", help="1 to 99 characters in one line.")
@click.option("--group", default="", metavar="ID", help="Message group; a FIFO topic wants one.")
@click.option("--dedup", default="", metavar="ID", help="Deduplication id, on a FIFO topic.")
@click.option("--yes", is_flag=True, help="Agree to it; without this it asks, at a terminal only.")
@context_options
def publish(
    topic: str,
    body: str,
    attributes: tuple[str, ...],
    subject: str,
    group: str,
    dedup: str,
    yes: bool,
    **given: Any,
) -> int:
    """Publish a message to TOPIC, a name or an ARN, and print its id.

    It is never tried again: where no answer comes, whether it was published is unknown, and that is the failure. Exit
    code 4: there is no --yes, and nobody is there to be asked.
    """
    import asyncio

    from tui.sns.message_options import draft_of
    from tui.sns.publish_message import publish_message

    options = merged(given)
    _, request = settings(options)
    draft = draft_of(body, attributes, subject=subject, group=group, deduplication=dedup)
    plain_http = bool(options["allow_http"])
    return asyncio.run(publish_message(request, name=topic, draft=draft, yes=yes, allow_plain_http=plain_http))


@click.command("explain")
@click.argument("topic", required=False, default="")
@_body_option(required=False)
@_attribute_option
@click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--cases", metavar="FILE", type=click.Path(path_type=Path), help="Lines of JSON, without a network.")
@context_options
def explain(
    topic: str,
    body: str | None,
    attributes: tuple[str, ...],
    output: str,
    cases: Path | None,
    **given: Any,
) -> int:
    """Tell who would receive a message to TOPIC and why others would not, or try the policies of a file.

    The verdicts are those of AWS's rules; an emulator may be laxer.

    With TOPIC, a name or an ARN, and --body or --attribute: a verdict for each subscription, which is deliver, filtered
    (by its filter policy), unreachable (pending, its queue is gone, or the queue's policy or raw delivery keeps the
    message out) or unknown. Nothing is published. Exit code 3: one is unknown.

    With --cases it needs no network, and prints the cases that differ from what is expected, with the reason. Exit code
    1: some differ; 2: FILE has a line that is no case.

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
    """
    if bool(cases) is bool(topic):
        raise click.UsageError("give either TOPIC or --cases FILE.", click.get_current_context())
    if cases:
        if body is not None or attributes:
            raise click.UsageError("the messages of --cases are in the file.", click.get_current_context())
        from tui.sns.explain_cases import explain_cases

        return explain_cases(cases)
    if body is None and not attributes:
        raise click.UsageError("give the message: --body FILE or --attribute.", click.get_current_context())
    import asyncio

    from tui.sns.explain_topic import explain_topic
    from tui.sns.message_options import draft_of

    options = merged(given)
    _, request = settings(options)
    draft, plain_http = draft_of(body, attributes), bool(options["allow_http"])
    as_json = output == "json"
    return asyncio.run(explain_topic(request, name=topic, draft=draft, as_json=as_json, allow_plain_http=plain_http))
