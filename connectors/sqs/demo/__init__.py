"""The demo's story: the same queues, bodies and attributes every time; those that it is about come first.

A webshop had a bad night. What failed lies in `orders-dlq`; around it are payments in order, mails that wait, images
that hang, events, an import of everything, an empty queue, and the queues of the other teams.
"""

from connectors.sqs.demo.legacy import LEGACY_IMPORT
from connectors.sqs.demo.neighbours import NEIGHBOURS
from connectors.sqs.demo.orders import ORDERS, ORDERS_DLQ
from connectors.sqs.demo.payments import PAYMENTS, PAYMENTS_DLQ
from connectors.sqs.demo.steady import ANALYTICS_EVENTS, EMAILS, SHIPPING, THUMBNAILS, THUMBNAILS_DLQ

STORY = (
    ORDERS_DLQ,
    ORDERS,
    PAYMENTS_DLQ,
    PAYMENTS,
    THUMBNAILS_DLQ,
    THUMBNAILS,
    EMAILS,
    SHIPPING,
    LEGACY_IMPORT,
    ANALYTICS_EVENTS,
    *NEIGHBOURS,
)
