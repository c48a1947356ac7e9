"""The two names of an error, that of the model's shape and that of the query protocol's header, are told alike."""

import pytest

from connectors.errors import ConnectorError, Step
from tests.conftest import OpenSession
from tests.support.stub import SqsStub
from tests.support.wire import error

SQS = "AWS.SimpleQueueService."
PAIRS = [
    ("sqs", "KmsAccessDenied", "KMS.AccessDeniedException", Step.PERMISSION, "KMS key refused"),
    ("sqs", "KmsDisabled", "KMS.DisabledException", Step.PERMISSION, "KMS key refused"),
    ("sqs", "KmsInvalidKeyUsage", "KMS.InvalidKeyUsageException", Step.PERMISSION, "KMS key refused"),
    ("sqs", "KmsInvalidState", "KMS.InvalidStateException", Step.PERMISSION, "KMS key refused"),
    ("sqs", "KmsNotFound", "KMS.NotFoundException", Step.PERMISSION, "KMS key refused"),
    ("sqs", "KmsOptInRequired", "KMS.OptInRequired", Step.PERMISSION, "KMS key refused"),
    ("sqs", "KmsThrottled", "KMS.ThrottlingException", Step.THROTTLE, "slow down"),
    ("sqs", "QueueDoesNotExist", f"{SQS}NonExistentQueue", Step.NOT_FOUND, "does not exist"),
    ("sqs", "QueueDoesNotExist", f"{SQS}QueueDoesNotExist", Step.NOT_FOUND, "does not exist"),
    ("sqs", "ResourceNotFoundException", "ResourceNotFound", Step.NOT_FOUND, "does not exist"),
    ("sqs", "OverLimit", f"{SQS}OverLimit", Step.REJECTED, "in flight"),
    ("sqs", "PurgeQueueInProgress", f"{SQS}PurgeQueueInProgress", Step.REJECTED, "within the last 60 s"),
    ("sqs", "UnsupportedOperation", f"{SQS}UnsupportedOperation", Step.UNSUPPORTED, "does not know"),
    ("sqs", "RequestThrottled", "Throttling", Step.THROTTLE, "slow down"),
    ("sqs", "AccessDeniedException", "AccessDenied", Step.PERMISSION, "is denied"),
    ("sqs", "UnrecognizedClientException", "UnrecognizedClient", Step.CREDENTIALS, "does not accept"),
    ("sqs", "ExpiredTokenException", "ExpiredToken", Step.CREDENTIALS, "have expired"),
    ("sns", "KMSAccessDeniedException", "KMSAccessDenied", Step.PERMISSION, "KMS key refused"),
    ("sns", "KMSDisabledException", "KMSDisabled", Step.PERMISSION, "KMS key refused"),
    ("sns", "KMSInvalidStateException", "KMSInvalidState", Step.PERMISSION, "KMS key refused"),
    ("sns", "KMSNotFoundException", "KMSNotFound", Step.PERMISSION, "KMS key refused"),
    ("sns", "KMSOptInRequired", "KMSOptInRequired", Step.PERMISSION, "KMS key refused"),
    ("sns", "KMSThrottlingException", "KMSThrottling", Step.THROTTLE, "slow down"),
    ("sns", "ThrottledException", "Throttled", Step.THROTTLE, "slow down"),
    ("sns", "NotFoundException", "NotFound", Step.NOT_FOUND, "what the service says"),
    ("sns", "ResourceNotFoundException", "ResourceNotFound", Step.NOT_FOUND, "what the service says"),
    ("sns", "AuthorizationErrorException", "AuthorizationError", Step.PERMISSION, "is denied"),
    ("sts", "ExpiredTokenException", "ExpiredToken", Step.CREDENTIALS, "have expired"),
]
OPERATIONS = {"sqs": "ListQueues", "sns": "ListTopics", "sts": "GetCallerIdentity"}


@pytest.mark.parametrize(("service", "shape", "header", "step", "words"), PAIRS, ids=lambda value: str(value)[:30])
async def test_both_names_of_an_error_are_told_alike(
    service: str, shape: str, header: str, step: Step, words: str, stub: SqsStub, open_session: OpenSession
) -> None:
    session = await open_session(stub.url)
    for code, query_code in ((shape, shape), (header, header), (shape, header)):
        stub.heal()
        stub.on(OPERATIONS[service], error(code, "what the service says", 400, query_code))
        with pytest.raises(ConnectorError) as caught:
            await session.call(service, OPERATIONS[service])
        assert caught.value.step is step, (code, caught.value)
        assert words in caught.value.title


def test_every_error_of_the_models_that_a_key_can_cause_is_among_them() -> None:
    import botocore.session

    named = {shape for _, shape, *_ in PAIRS}
    for service in ("sqs", "sns"):
        shapes = botocore.session.Session().get_service_model(service).error_shapes
        of_keys = {shape.name for shape in shapes if shape.name.lower().startswith("kms")}
        assert of_keys
        assert of_keys <= named
