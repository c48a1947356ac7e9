"""A topic whose subscriptions show each way in which a message does not arrive."""

import json

from tests.support.stub import SqsStub

FILTERED = {"type": ["invoice-created"], "amount": [{"numeric": [">=", 100]}]}


def policy_for(queue_arn: str, topic_arn: str) -> str:
    """A queue policy that lets one topic send."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def subscribed_queue(
    stub: SqsStub,
    topic_arn: str,
    name: str,
    *,
    filter_policy: object = None,
    lets: str = "",
    visible: int = 0,
    **attributes: str,
) -> str:
    """A queue that lets the topic send, or the topic `lets`, and its subscription; gives the subscription's ARN."""
    queue = stub.queue(name, visible=visible)
    queue.attributes["Policy"] = policy_for(queue.arn, lets or topic_arn)
    if filter_policy is not None:
        attributes["FilterPolicy"] = json.dumps(filter_policy, ensure_ascii=False)
    return stub.sns.subscribe(topic_arn, "sqs", queue.arn, attributes=attributes)


def order_events(stub: SqsStub) -> str:
    """The topic `order-events` with five subscriptions; gives its ARN."""
    topic = stub.sns.topic("order-events", tags={"team": "checkout"})
    returns = stub.sns.topic("returns-events")
    subscribed_queue(stub, topic, "shipping", filter_policy={"type": ["order-placed", "order-paid"]}, visible=3)
    subscribed_queue(stub, topic, "billing-invoice-created", filter_policy=FILTERED)
    subscribed_queue(stub, topic, "analytics-events", visible=150, RawMessageDelivery="true")
    subscribed_queue(stub, topic, "fulfilment-returns", filter_policy={"type": ["order-placed"]}, lets=returns)
    stub.sns.subscribe(topic, "https", "https://hooks.example.com/orders", state="PendingConfirmation")
    return topic
