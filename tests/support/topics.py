"""A small SNS in memory: topics and subscriptions, listed in pages of a hundred as SNS does."""

from collections.abc import Mapping
from typing import Any

from tests.support.wire import Reply, Request

PAGE = 100


class SnsModel:
    OPERATIONS = ("ListTopics", "ListSubscriptions")

    def __init__(self) -> None:
        self.topics: list[str] = []
        self.subscriptions: list[dict[str, str]] = []

    def topic(self, name: str, *, account: str = "123456789012") -> str:
        """Makes a topic; gives its ARN."""
        arn = f"arn:aws:sns:us-east-1:{account}:{name}"
        self.topics.append(arn)
        return arn

    def subscribe(self, topic_arn: str, protocol: str, endpoint: str, *, state: str = "") -> None:
        """`state` is `PendingConfirmation` or `Deleted`, in place of the subscription's ARN."""
        arn = state or f"{topic_arn}:{len(self.subscriptions):08}"
        self.subscriptions.append(
            {
                "SubscriptionArn": arn,
                "Owner": "123456789012",
                "Protocol": protocol,
                "Endpoint": endpoint,
                "TopicArn": topic_arn,
            }
        )

    def reply(self, request: Request) -> Reply:
        if request.operation == "ListTopics":
            return Reply(answer=_page("Topics", [{"TopicArn": arn} for arn in self.topics], request.params))
        return Reply(answer=_page("Subscriptions", self.subscriptions, request.params))


def _page(key: str, entries: list[dict[str, str]], params: Mapping[str, Any]) -> dict[str, Any]:
    start = int(params.get("NextToken", 0))
    more = {"NextToken": str(start + PAGE)} if start + PAGE < len(entries) else {}
    return {key: entries[start : start + PAGE], **more}
