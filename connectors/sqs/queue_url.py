"""A queue that is given by its URL: whether this context can reach it."""

import re
from urllib.parse import urlsplit

from connectors.aws.context import Context
from connectors.errors import ConnectorError, Step
from connectors.sqs.models import Queue

_AWS_HOST = re.compile(
    r"(?:sqs(?:-fips)?\.(?P<region>[a-z0-9-]+)|(?P<older>[a-z0-9-]+)\.queue|queue)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)"
)
"""The hosts in the URLs of AWS's queues (ListQueues, GetQueueUrl); `queue.amazonaws.com` is us-east-1."""


def is_url(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def queue_of_url(url: str, context: Context) -> Queue:
    """The queue with this URL. Requests go to the endpoint of `context`, which takes the queue from the URL's path.
    Raises `ConnectorError` where that would be another queue: of another region, or an emulator's in place of AWS's."""
    parts = urlsplit(url)
    if len([part for part in parts.path.split("/") if part]) < 2 or parts.query or parts.fragment:
        raise _refused("this is no URL of a queue", "https://HOST/ACCOUNT/NAME")
    host, endpoint = parts.hostname or "", context.endpoint("sqs")
    match = _AWS_HOST.fullmatch(host)
    if match is None:
        if endpoint is None:
            raise _refused(f"the URL is on {host}, and this context asks AWS", "--endpoint-url for an emulator")
        return Queue(url)
    if endpoint is not None and not (urlsplit(endpoint).hostname or "").endswith((".amazonaws.com", ".api.aws")):
        raise _refused(f"the URL is one of AWS, and this context asks {endpoint}", "a context without an endpoint URL")
    region = match["region"] or match["older"] or "us-east-1"
    if region != context.region:
        raise _refused(f"the queue is in {region}, and this context is in {context.region}", f"--region {region}")
    return Queue(url)


def _refused(title: str, hint: str) -> ConnectorError:
    return ConnectorError(Step.SETTINGS, title, hint)
