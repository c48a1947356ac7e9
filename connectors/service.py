"""What one service declares: its operations by class, what names the resource of each change, words for its errors.

A declaration imports no session and no AWS library, so the command line and the first paint can have all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from connectors.errors import Step

if TYPE_CHECKING:
    from connectors.clock import Clock

Parameters = Mapping[str, Any]
"""The parameters of one request as they go over the wire."""


class OperationClass(StrEnum):
    """What a call costs. A *read* is free. A *look* has an effect, such as one more on a receive count, and changes
    nothing of the person's. A *change* is everything else."""

    READ = "read"
    LOOK = "look"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """How a person is told of one error: the step that failed, a title, what to try, and seconds to wait if known."""

    step: Step
    title: str
    hint: str = ""
    retry_after: float | None = None


class Classifier(Protocol):
    """Decides the class of requests whose operation alone does not decide it. Each open context has its own."""

    def classify(self, operation: str, request: Parameters) -> OperationClass:
        """The class of one request. It is asked only about operations that are declared as changes."""
        ...


_NAMESPACES = ("AWS.SimpleQueueService.",)


def plain_code(code: str) -> str:
    """`code` in the one form in which codes are compared.

    A service has two names for an error, that of the shape in its model and that of the query protocol, and either may
    come: `KmsAccessDenied` and `KMS.AccessDeniedException`, `QueueDoesNotExist` and
    `AWS.SimpleQueueService.QueueDoesNotExist`. The JSON protocol may put a namespace before it: `com.amazonaws.sqs#…`.
    """
    code = code.rsplit("#", 1)[-1]
    for namespace in _NAMESPACES:
        code = code.removeprefix(namespace)
    if code[:3].upper() == "KMS":
        code = "Kms" + code[3:].removeprefix(".")
    return code.removesuffix("Exception")


def no_words(code: str, message: str) -> ErrorWords | None:
    """The words of a service whose errors need none of their own."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service. An operation that stands nowhere in its declaration is refused, like a service without one."""

    name: str
    """As botocore names it: `sts`."""
    reads: frozenset[str] = frozenset()
    looks: frozenset[str] = frozenset()
    """The operations that begin a look; `--no-look` refuses them."""
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For each change the parameters that may name its resource: `{"TagResource": ("ResourceArn", …)}`. A permit
    holds those that its request has, with their values, and covers only a request that has the same."""
    refused: frozenset[str] = frozenset()
    """Changes that name no resource: a permit could not be bound to anything, so they are refused always."""
    capabilities: frozenset[str] = frozenset()
    """The parameters, at any depth, whose value allows something to whoever has it: a receipt handle, a token. No text
    of an error keeps such a value."""
    classifier: "Callable[[Clock], Classifier] | None" = None
    """Makes the classifier of one open context, for a service that needs one."""
    error_words: Callable[[str, str], ErrorWords | None] = no_words
    """Words for an error by its code, as `plain_code` makes it, and its message; None where those for any service will
    do."""
    seeds: str = ""
    """The module whose `SEEDS` write this service's part of the demo; only the emulator's process imports it."""

    def operation_class(self, operation: str) -> OperationClass | None:
        """The class that `operation` is declared with; None where it stands nowhere."""
        if operation in self.reads:
            return OperationClass.READ
        if operation in self.looks:
            return OperationClass.LOOK
        if operation in self.changes or operation in self.refused:
            return OperationClass.CHANGE
        return None

    def resource(self, operation: str, request: Parameters) -> dict[str, Any]:
        """The parameters of `request` that name the resource of a change, with their values."""
        return {name: request[name] for name in self.changes.get(operation, ()) if name in request}
