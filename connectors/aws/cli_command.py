"""The equivalent commands of the AWS CLI."""

import shlex
from collections.abc import Sequence

from connectors.aws.session import AwsSession


def aws_command(session: AwsSession, service: str, words: Sequence[str], rest: str = "") -> str:
    """The equivalent command of the AWS CLI for `service`, ready to paste. `words` are quoted, `rest` is shell text."""
    context = session.context
    command = ["aws", service, *words]
    if not context.dummy_credentials:
        command += ["--profile", context.profile]
    command += ["--region", context.region]
    endpoint = context.endpoint(service)
    if endpoint:
        command += ["--endpoint-url", endpoint]
    return " ".join([*map(shlex.quote, command), *([rest] if rest else [])])
