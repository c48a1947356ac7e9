"""The emulator's child process for pictures: its time stands still, every request has the same id, and a subscription
over HTTP waits to be confirmed.

Otherwise it is `connectors.emulator.child` on moto, with the same data and the same message ids. ministack, on which
the demo runs, draws its ids by chance and can't be told the time.
"""

import itertools
from datetime import datetime, timedelta
from typing import Any

from moto.core import responses, utils

from connectors.emulator.child import main
from connectors.sns.models import PENDING

SEEDED_AT = datetime(2026, 3, 11, 6, 41)
"""UTC, without a zone, as moto wants it."""
REQUEST_ID = "5fb5cd3c-1d5f-5a76-9b9e-93a2f0b1c0de"

_calls = itertools.count()


def _utcnow() -> datetime:
    """Moves on by a microsecond with each question, for moto calls a message visible once its moment has passed."""
    return SEEDED_AT + timedelta(microseconds=next(_calls))


def _request_id(headerdict: dict[str, Any] | None = None) -> str:
    if headerdict is not None:
        headerdict["x-amzn-requestid"] = REQUEST_ID
    return REQUEST_ID


def _keep_http_pending() -> None:
    """Has moto list such a subscription as AWS does, and deliver nothing there. Its own are confirmed at once."""
    from moto.sns.models import SNSBackend, Subscription

    subscribe, publish = SNSBackend.subscribe, Subscription.publish

    def subscribe_pending(backend: Any, topic_arn: str, endpoint: str, protocol: str) -> Any:
        subscription = subscribe(backend, topic_arn, endpoint, protocol)
        if protocol == "http":
            subscription.arn = PENDING
        return subscription

    def publish_confirmed(subscription: Any, *message: Any, **fields: Any) -> None:
        if subscription.arn != PENDING:
            publish(subscription, *message, **fields)

    SNSBackend.subscribe, Subscription.publish = subscribe_pending, publish_confirmed


if __name__ == "__main__":
    # before moto's services are imported, which take these over by name
    vars(utils)["utcnow"] = _utcnow
    vars(responses)["gen_amzn_requestid_long"] = _request_id
    _keep_http_pending()
    main()
