"""What SQS declares: its operations by class, what names the resource of each change, words for its errors."""

from connectors.errors import Step
from connectors.service import ErrorWords, Service
from connectors.sqs.taken_leases import RECEIVE, TakenLeases

PURGE_COOLDOWN = 60.0
"""Seconds between two purges of a queue (PurgeQueue)."""

_QUEUE = ("QueueUrl",)


def _error_words(code: str, message: str) -> ErrorWords | None:
    if code in ("ResourceNotFound", "NonExistentQueue", "QueueDoesNotExist"):
        return ErrorWords(
            Step.NOT_FOUND, "the queue does not exist", "check name, account and region; it may be deleted"
        )
    if code.startswith("Kms") and code not in ("KmsThrottled", "KmsThrottling"):
        return ErrorWords(
            Step.PERMISSION, f"the queue's KMS key refused: {message}", "check kms:Decrypt and the key's state"
        )
    if code == "PurgeQueueInProgress":
        return ErrorWords(
            Step.REJECTED,
            "a purge was started within the last 60 s",
            "wait and purge again if messages remain",
            PURGE_COOLDOWN,
        )
    if code == "OverLimit":
        return ErrorWords(Step.REJECTED, "too many messages are in flight on this queue", "give leases back, or wait")
    return None


SERVICE = Service(
    name="sqs",
    reads=frozenset(
        {
            "GetQueueAttributes",
            "GetQueueUrl",
            "ListDeadLetterSourceQueues",
            "ListMessageMoveTasks",
            "ListQueueTags",
            "ListQueues",
        }
    ),
    looks=frozenset({RECEIVE}),
    changes={
        "AddPermission": _QUEUE,
        "CancelMessageMoveTask": ("TaskHandle",),
        "ChangeMessageVisibility": _QUEUE,
        "ChangeMessageVisibilityBatch": _QUEUE,
        "CreateQueue": ("QueueName",),
        "DeleteMessage": _QUEUE,
        "DeleteMessageBatch": _QUEUE,
        "DeleteQueue": _QUEUE,
        "PurgeQueue": _QUEUE,
        "RemovePermission": _QUEUE,
        "SendMessage": _QUEUE,
        "SendMessageBatch": _QUEUE,
        "SetQueueAttributes": _QUEUE,
        "StartMessageMoveTask": ("SourceArn", "DestinationArn"),  # without a destination: back to the sources
        "TagQueue": _QUEUE,
        "UntagQueue": _QUEUE,
    },
    capabilities=frozenset({"ReceiptHandle"}),
    classifier=TakenLeases,
    error_words=_error_words,
    seeds="connectors.sqs.demo.seed",
)
