"""The demo's topics: `order-events`, whose subscribers do not all get what they wait for, and those around it.

They feed queues of the SQS story; what a queue's policy lets send stands there (`Queue.senders`). The filter policies
keep to what ministack decides as AWS does, on scalars, and moto knows: exact, prefix, suffix, numeric and exists.
"""

from connectors.sns.demo.model import Subscription, Topic
from connectors.sns.demo.neighbours import NEIGHBOURS

WEBHOOK = "http://127.0.0.1:9/partner/order-events"
"""A partner's endpoint that never confirms. An emulator asks it to: nothing may answer, and no packet may leave the
machine, so it is the port of the discard service on loopback."""

ORDER_EVENTS = Topic(
    "order-events",
    (
        Subscription("shipping", filter_policy={"type": ["order_paid", "order_returned"]}),
        # The shop has not sent `order_completed` since its events were renamed.
        Subscription("billing-invoice-created", filter_policy={"type": ["order_completed"]}),
        Subscription("analytics-events", raw=True),
        # The right filter; the queue's policy still names the topic that came before this one.
        Subscription("fulfilment-returns", filter_policy={"type": ["order_returned"]}),
        Subscription(WEBHOOK, "http"),
    ),
    tags={"team": "checkout", "env": "demo"},
)
PAYMENTS_TOPIC = Topic(
    "payments-topic.fifo",
    (Subscription("payments.fifo", raw=True),),
    settings={"FifoTopic": "true", "ContentBasedDeduplication": "true"},
    tags={"team": "payments", "env": "demo"},
)

TOPICS = (ORDER_EVENTS, PAYMENTS_TOPIC, *NEIGHBOURS)
