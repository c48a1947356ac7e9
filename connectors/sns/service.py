"""What SNS declares: its operations by class, what names the resource of each change, words for its errors."""

from connectors.errors import Step
from connectors.service import ErrorWords, Service

_TOPIC = ("TopicArn",)
_SUBSCRIPTION = ("SubscriptionArn",)
_APPLICATION = ("PlatformApplicationArn",)
_ENDPOINT = ("EndpointArn",)
_TAGGED = ("ResourceArn",)
_PHONE = ("PhoneNumber",)


def _error_words(code: str, message: str) -> ErrorWords | None:
    if code in ("NotFound", "ResourceNotFound"):
        return ErrorWords(Step.NOT_FOUND, message, "check name, account and region; it may be deleted")
    if code in ("Throttled", "KmsThrottling"):
        return ErrorWords(
            Step.THROTTLE, f"the service asks to slow down ({code})", "wait a moment; sluice slows down too"
        )
    if code == "FilterPolicyLimitExceeded":
        title = f"there are as many filter policies as SNS allows ({code}): {message}"
        return ErrorWords(Step.REJECTED, title, "200 a topic, 10,000 an account: take one away")
    if code.startswith("Kms"):
        return ErrorWords(
            Step.PERMISSION, f"the topic's KMS key refused: {message}", "check kms:Decrypt and the key's state"
        )
    return None


SERVICE = Service(
    name="sns",
    reads=frozenset(
        {
            "CheckIfPhoneNumberIsOptedOut",
            "GetDataProtectionPolicy",
            "GetEndpointAttributes",
            "GetPlatformApplicationAttributes",
            "GetSMSAttributes",
            "GetSMSSandboxAccountStatus",
            "GetSubscriptionAttributes",
            "GetTopicAttributes",
            "ListEndpointsByPlatformApplication",
            "ListOriginationNumbers",
            "ListPhoneNumbersOptedOut",
            "ListPlatformApplications",
            "ListSMSSandboxPhoneNumbers",
            "ListSubscriptions",
            "ListSubscriptionsByTopic",
            "ListTagsForResource",
            "ListTopics",
        }
    ),
    changes={
        "AddPermission": _TOPIC,
        "ConfirmSubscription": _TOPIC,
        "CreatePlatformApplication": ("Name",),
        "CreatePlatformEndpoint": _APPLICATION,
        "CreateSMSSandboxPhoneNumber": _PHONE,
        "CreateTopic": ("Name",),
        "DeleteEndpoint": _ENDPOINT,
        "DeletePlatformApplication": _APPLICATION,
        "DeleteSMSSandboxPhoneNumber": _PHONE,
        "DeleteTopic": _TOPIC,
        "OptInPhoneNumber": ("phoneNumber",),
        "Publish": ("TopicArn", "TargetArn", "PhoneNumber"),  # a request has exactly one of them
        "PublishBatch": _TOPIC,
        "PutDataProtectionPolicy": _TAGGED,
        "RemovePermission": _TOPIC,
        "SetEndpointAttributes": _ENDPOINT,
        "SetPlatformApplicationAttributes": _APPLICATION,
        "SetSubscriptionAttributes": _SUBSCRIPTION,
        "SetTopicAttributes": _TOPIC,
        "Subscribe": _TOPIC,
        "TagResource": _TAGGED,
        "Unsubscribe": _SUBSCRIPTION,
        "UntagResource": _TAGGED,
        "VerifySMSSandboxPhoneNumber": _PHONE,
    },
    refused=frozenset({"SetSMSAttributes"}),
    capabilities=frozenset({"Token"}),
    error_words=_error_words,
    seeds="connectors.sns.demo.seed",
)
