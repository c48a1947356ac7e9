"""The other teams' topics: one without subscribers, one that an S3 bucket publishes to, one with a DLQ."""

from connectors.sns.demo.model import Subscription, Topic
from connectors.sns.filter_policy import Scope


def _of(team: str) -> dict[str, str]:
    return {"team": team, "env": "demo"}


NEIGHBOURS = (
    Topic(
        "audit-events",
        (Subscription("identity-audit-trail"), Subscription("data-warehouse-load", raw=True)),
        settings={"KmsMasterKeyId": "alias/aws/sns"},
        tags=_of("identity"),
    ),
    Topic(
        "catalog-changes",
        (
            Subscription("catalog-price-updates", filter_policy={"price": [{"numeric": [">", 0]}]}, scope=Scope.BODY),
            Subscription("catalog-stock-levels", filter_policy={"kind": [{"prefix": "stock"}]}),
            Subscription("search-index-updates"),
        ),
        tags=_of("catalog"),
    ),
    Topic(
        "config-changes",
        (
            Subscription(
                "platform-config-changes", filter_policy={"key": [{"prefix": "feature."}, {"suffix": ".enabled"}]}
            ),
        ),
        tags=_of("platform"),
    ),
    Topic("coupon-events", (Subscription("marketing-coupon-redemptions", raw=True),), tags=_of("marketing")),
    Topic(
        "customer-events",
        (
            Subscription("identity-signup-events", filter_policy={"event": ["signup"]}),
            Subscription("marketing-audience-sync", filter_policy={"consent": [{"exists": True}]}),
        ),
        tags=_of("identity"),
    ),
    Topic("deployments", tags=_of("platform")),
    Topic(
        "fraud-signals",
        (Subscription("risk-fraud-checks", filter_policy={"score": [{"numeric": [">=", 80, "<=", 100]}]}),),
        tags=_of("risk"),
    ),
    Topic("image-uploads", (Subscription("catalog-image-uploads"),), tags=_of("catalog"), bucket="demo-product-images"),
    Topic(
        "refund-events",
        (Subscription("billing-refunds", filter_policy={"amount": [{"numeric": [">", 0]}], "currency": ["EUR"]}),),
        tags=_of("billing"),
    ),
    Topic(
        "stock-alarms",
        (Subscription("purchasing@example.com", "email"), Subscription("support-ticket-created")),
        tags=_of("catalog"),
    ),
    Topic(
        "support-events",
        (
            Subscription("support-chat-transcripts", filter_policy={"channel": [{"suffix": "-chat"}]}),
            Subscription("support-satisfaction-surveys", filter_policy={"survey": [{"exists": True}]}),
        ),
        tags=_of("support"),
    ),
    Topic(
        "webhook-events",
        (Subscription("platform-webhooks-out", dead_letter_queue="platform-webhooks-dlq"),),
        tags=_of("platform"),
    ),
)
