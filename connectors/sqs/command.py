"""The equivalent commands of the AWS CLI."""

import shlex

from connectors.session import AwsSession
from connectors.sqs.models import Queue


def aws_command(session: AwsSession, verb: str, queue: Queue, rest: str = "") -> str:
    """The equivalent command of the AWS CLI, ready to paste."""
    context = session.context
    words = ["aws", *verb.split(), "--queue-url", queue.url]
    if not context.dummy_credentials:
        words += ["--profile", context.profile]
    words += ["--region", context.region]
    endpoint = context.endpoint("sqs")
    if endpoint:
        words += ["--endpoint-url", endpoint]
    return " ".join([*map(shlex.quote, words), *([rest] if rest else [])])
