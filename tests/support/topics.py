"""A small SNS in memory: topics and subscriptions, listed in pages of a hundred as SNS does.

It is asked in the query protocol: form fields come in as `Request.params`, and the stub renders its answers as XML.
"""

from collections.abc import Mapping
from typing import Any

from tests.support.wire import Reply, Request, error

PAGE = 100
NEEDS_CONFIRMATION = ("email", "email-json", "http", "https", "sms")
"""Protocols whose endpoint has to agree: Subscribe makes a pending subscription."""


class SnsModel:
    OPERATIONS = (
        "GetSubscriptionAttributes",
        "GetTopicAttributes",
        "ListSubscriptions",
        "ListSubscriptionsByTopic",
        "ListTagsForResource",
        "ListTopics",
        "Publish",
        "Subscribe",
    )

    def __init__(self) -> None:
        self.topics: list[str] = []
        self.subscriptions: list[dict[str, str]] = []
        self.topic_attributes: dict[str, dict[str, str]] = {}
        """By ARN, beside those that each topic has."""
        self.tags: dict[str, dict[str, str]] = {}
        self.subscription_attributes: dict[str, dict[str, str]] = {}
        self.published: list[dict[str, Any]] = []
        """The form fields of each Publish that was taken."""

    def topic(
        self,
        name: str,
        *,
        account: str = "123456789012",
        attributes: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> str:
        """Makes a topic; gives its ARN."""
        arn = f"arn:aws:sns:us-east-1:{account}:{name}"
        self.topics.append(arn)
        self.topic_attributes[arn], self.tags[arn] = dict(attributes or {}), dict(tags or {})
        return arn

    def subscribe(
        self,
        topic_arn: str,
        protocol: str,
        endpoint: str,
        *,
        state: str = "",
        owner: str = "123456789012",
        attributes: Mapping[str, str] | None = None,
    ) -> str:
        """Gives the subscription's ARN. `state` is `PendingConfirmation` or `Deleted`, in its place; `attributes` are
        those of GetSubscriptionAttributes, such as `FilterPolicy`."""
        arn = state or f"{topic_arn}:{len(self.subscriptions):08}"
        self.subscription_attributes[arn] = dict(attributes or {})
        self.subscriptions.append(
            {
                "SubscriptionArn": arn,
                "Owner": owner,
                "Protocol": protocol,
                "Endpoint": endpoint,
                "TopicArn": topic_arn,
            }
        )
        return arn

    def unsubscribe(self, arn: str) -> None:
        """Takes it out of the lists at once."""
        self.subscriptions = [entry for entry in self.subscriptions if entry["SubscriptionArn"] != arn]

    def reply(self, request: Request) -> Reply:
        params = request.params
        if request.operation == "ListTopics":
            return Reply(answer=_page("Topics", [{"TopicArn": arn} for arn in self.topics], params))
        if request.operation == "ListSubscriptions":
            return Reply(answer=_page("Subscriptions", self.subscriptions, params))
        if request.operation == "GetSubscriptionAttributes":
            return self._subscription_attributes(str(params.get("SubscriptionArn", "")))
        topic_arn = str(params.get("TopicArn") or params.get("ResourceArn") or "")
        if topic_arn not in self.topics:
            code = "ResourceNotFound" if request.operation == "ListTagsForResource" else "NotFound"
            return error(code, "Topic does not exist", 404)
        if request.operation == "ListSubscriptionsByTopic":
            entries = [entry for entry in self.subscriptions if entry["TopicArn"] == topic_arn]
            return Reply(answer=_page("Subscriptions", entries, params))
        if request.operation == "ListTagsForResource":
            tags = [{"Key": key, "Value": value} for key, value in self.tags[topic_arn].items()]
            return Reply(answer={"Tags": tags})
        if request.operation == "GetTopicAttributes":
            return Reply(answer={"Attributes": _entries(self._topic_attributes(topic_arn))})
        if request.operation == "Subscribe":
            protocol = str(params["Protocol"])
            state = "PendingConfirmation" if protocol in NEEDS_CONFIRMATION else ""
            self.subscribe(topic_arn, protocol, str(params["Endpoint"]), state=state)
            arn = "pending confirmation" if state else self.subscriptions[-1]["SubscriptionArn"]
            return Reply(answer={"SubscriptionArn": arn})
        self.published.append(params)
        return Reply(answer={"MessageId": f"{len(self.published):08x}-0000-4000-8000-000000000000"})

    def _topic_attributes(self, topic_arn: str) -> dict[str, str]:
        states = [entry["SubscriptionArn"] for entry in self.subscriptions if entry["TopicArn"] == topic_arn]
        pending, deleted = states.count("PendingConfirmation"), states.count("Deleted")
        return {
            "TopicArn": topic_arn,
            "Owner": topic_arn.split(":")[4],
            "SubscriptionsConfirmed": str(len(states) - pending - deleted),
            "SubscriptionsPending": str(pending),
            "SubscriptionsDeleted": str(deleted),
            **self.topic_attributes[topic_arn],
        }

    def _subscription_attributes(self, arn: str) -> Reply:
        """A pending subscription has no ARN to ask by."""
        if not arn.startswith("arn:"):
            return error("InvalidParameter", "Invalid parameter: SubscriptionArn")
        for entry in self.subscriptions:
            if entry["SubscriptionArn"] == arn:
                attributes = {**entry, "PendingConfirmation": "false", **self.subscription_attributes[arn]}
                return Reply(answer={"Attributes": _entries(attributes)})
        return error("NotFound", "Subscription does not exist", 404)


def _entries(attributes: Mapping[str, str]) -> dict[str, Any]:
    """A map as the query protocol has it: an `entry` with `key` and `value` for each."""
    return {"entry": [{"key": key, "value": value} for key, value in attributes.items()]}


def _page(key: str, entries: list[dict[str, str]], params: Mapping[str, Any]) -> dict[str, Any]:
    start = int(params.get("NextToken", 0))
    more = {"NextToken": str(start + PAGE)} if start + PAGE < len(entries) else {}
    return {key: entries[start : start + PAGE], **more}
