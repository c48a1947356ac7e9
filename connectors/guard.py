"""What may be done, decided in one place below every screen and command.

Every operation is of one class. A *read* is free. A *look* has an effect (the receive count) and changes nothing else;
giving back its lease, and extending it for a while, are part of it.
A *change* is everything else: it needs a `Change` that says what and where, and a `Permit` for exactly that change.
`Guard.before_call` stands in front of every AWS client, before a request is signed: nothing that a connector forgets
and no client that somebody creates gets around it.
"""

import json
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from connectors.audit import AuditLog
from connectors.clock import Clock
from connectors.errors import ConnectorError, OutcomeUnknown, Refused


class OperationClass(StrEnum):
    READ = "read"
    LOOK = "look"
    CHANGE = "change"


READS: Mapping[str, frozenset[str]] = {
    "sqs": frozenset(
        {"ListQueues", "GetQueueAttributes", "GetQueueUrl", "ListQueueTags", "ListDeadLetterSourceQueues"}
    ),
    "sts": frozenset({"GetCallerIdentity"}),
}
"""The allow-list of a read-only context, by service; whatever is not named here or a look is a change."""

SIGN_IN: Mapping[str, frozenset[str]] = {
    "sts": frozenset({"AssumeRole", "AssumeRoleWithWebIdentity"}),
    "sso": frozenset({"GetRoleCredentials"}),
    "sso-oidc": frozenset({"CreateToken"}),
    "signin": frozenset({"CreateOAuth2Token"}),
}
"""What botocore's credential providers call to get a profile's credentials. It changes nothing that is kept, and
without it a profile with a role or an SSO login could not even read."""

_RECEIVE = "ReceiveMessage"
_RETURN = frozenset({"ChangeMessageVisibility", "ChangeMessageVisibilityBatch"})
LONGEST_EXTENSION = 300
"""Seconds to which the lease of a look may be extended as a part of that look. To more it is a change."""


def classify(service: str, operation: str, request: Mapping[str, Any]) -> OperationClass:
    """The class of one call. `request` holds its parameters as they go over the wire.

    Setting a visibility timeout to zero gives a lease back, which is part of a look; to anything else is a change,
    unless it extends a lease that the session took itself: that `Guard` knows.
    """
    if operation in READS.get(service, frozenset()) or operation in SIGN_IN.get(service, frozenset()):
        return OperationClass.READ
    if service == "sqs" and operation == _RECEIVE:
        return OperationClass.LOOK
    if service == "sqs" and operation in _RETURN:
        entries = _entries(request)
        if entries and all(entry.get("VisibilityTimeout") == 0 for entry in entries):
            return OperationClass.LOOK
    return OperationClass.CHANGE


def _entries(request: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The entries of a change of visibility; the single form is one entry."""
    return list(request.get("Entries", [request]))


class TakenLeases:
    """The leases that the looks of one session took, by receipt handle. What has ended is forgotten."""

    _FEW = 1000

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ends: dict[str, float] = {}
        self._sweep_above = self._FEW

    def __len__(self) -> int:
        return len(self._ends)

    def take(self, receipt_handles: Iterable[str], ends: float) -> None:
        """`ends` is on the clock's monotonic scale. A handle that is known gets the new end."""
        self._ends.update(dict.fromkeys(receipt_handles, ends))
        if len(self._ends) > self._sweep_above:
            now = self._clock.monotonic()
            self._ends = {handle: end for handle, end in self._ends.items() if end > now}
            self._sweep_above = max(self._FEW, 2 * len(self._ends))

    def drop(self, receipt_handles: Iterable[str]) -> None:
        for handle in receipt_handles:
            self._ends.pop(handle, None)

    def runs(self, receipt_handle: object) -> bool:
        """Whether this session took that lease, and it has not ended."""
        return self._ends.get(str(receipt_handle), 0.0) > self._clock.monotonic()


@dataclass(frozen=True, slots=True)
class Target:
    """Where a change goes, captured when its key was pressed. `account` is None where no STS answered for it."""

    session_id: str
    profile: str
    account: str | None
    region: str
    endpoint: str
    resource: str
    resource_url: str

    @property
    def account_label(self) -> str:
        return self.account or "unverified"


@dataclass(frozen=True, slots=True)
class Change:
    """One change that a person may agree to. `command` is the equivalent command of the AWS CLI, without bodies."""

    service: str
    operation: str
    target: Target
    count: int | None
    command: str
    id: str = field(default_factory=lambda: uuid.uuid4().hex)


class Permit:
    """A person's yes to one `Change`, good once. Only `Guard.permit` makes one."""

    __slots__ = ("_change", "_issuer", "_used", "given_by")

    def __init__(self, change: Change, given_by: str, *, issuer: "Guard") -> None:
        if not isinstance(issuer, Guard):
            raise TypeError("a Permit is issued by a Guard")
        self._change = change
        self._issuer = issuer
        self._used = False
        self.given_by = given_by

    def use(self, change: Change, guard: "Guard") -> None:
        """Uses it up. Raises `Refused` where it is for another change, from another guard, or was used before."""
        if self._used or self._change != change or self._issuer is not guard:
            raise Refused("this permit is for another change or was used before", operation=change.operation)
        self._used = True


class Outcome:
    """What came of a change; the connector fills it in while it carries the change out. `unknown` counts what may or
    may not have happened, `error` is a failure that is part of the outcome and not raised."""

    def __init__(self) -> None:
        self.request_ids: list[str] = []
        self.confirmed: int | None = None
        self.failed: int = 0
        self.unknown: int = 0
        self.error: ConnectorError | None = None

    @property
    def result(self) -> str:
        if self.unknown:
            return "unknown"
        if self.failed:
            return "partly failed" if self.confirmed else "failed"
        return "done"


class _Gate:
    """Open while one change is carried out. A task that was started meanwhile and lives longer finds it closed."""

    __slots__ = ("change", "is_open")

    def __init__(self, change: Change) -> None:
        self.change = change
        self.is_open = True


_gate: ContextVar[_Gate | None] = ContextVar("the gate of the change under way", default=None)


class Guard:
    """The guard of one session."""

    def __init__(self, *, session_id: str, read_only: bool, no_look: bool, audit: AuditLog, clock: Clock) -> None:
        self.session_id = session_id
        self.read_only = read_only
        self.no_look = no_look
        self.audit = audit
        self._clock = clock
        self.taken = TakenLeases(clock)
        self.on_lost_record: Callable[[dict[str, Any], ConnectorError], None] | None = None
        """Told of an outcome that could not be written, and why."""
        self.lost_records: list[dict[str, Any]] = []
        """Outcomes that could not be written: their changes were tried, and the log holds only the intent."""

    def permit(self, change: Change, given_by: str) -> Permit:
        """A permit for `change`. To be called by the confirmation flow and by `--yes`, and by nobody else.

        Raises `Refused` in a read-only context, so that a person learns it before the dialog asks.
        """
        self.check_change(change)
        return Permit(change, given_by, issuer=self)

    def check_change(self, change: Change) -> None:
        if self.read_only:
            raise Refused("this context is read-only", "switch to one that is not", operation=change.operation)
        if change.target.session_id != self.session_id:
            raise Refused(
                "the context was switched after this change was asked for",
                "ask for it again",
                operation=change.operation,
            )

    def check_look(self) -> None:
        if self.no_look:
            raise Refused("looking is switched off by --no-look", "start without it", operation=_RECEIVE)

    @asynccontextmanager
    async def carry_out(self, change: Change, permit: Permit) -> AsyncIterator[Outcome]:
        """The only way for a change: uses up the permit, writes intent and outcome, opens the gate meanwhile.

        Where the intent can't be written it raises `Refused` and nothing was done. An outcome that can't be written
        never hides what happened: it goes to `lost_records` and `on_lost_record`.
        """
        self.check_change(change)
        permit.use(change, self)
        self._record(change, "intent", given_by=permit.given_by)
        outcome = Outcome()
        gate = _Gate(change)
        token = _gate.set(gate)
        result = "unknown"
        error: ConnectorError | None = None
        try:
            yield outcome
            result, error = outcome.result, outcome.error
        except ConnectorError as failure:
            result, error = "unknown" if isinstance(failure, OutcomeUnknown) else "failed", failure
            raise
        finally:
            gate.is_open = False
            _gate.reset(token)
            self._record_outcome(change, outcome, result, error)

    def _record_outcome(self, change: Change, outcome: Outcome, result: str, error: ConnectorError | None) -> None:
        line = {
            "result": result,
            "confirmed": outcome.confirmed,
            "failed": outcome.failed,
            "unknown": outcome.unknown,
            "request_ids": outcome.request_ids or ([error.request_id] if error and error.request_id else []),
            "error": f"{error.step}: {error.code or type(error).__name__}" if error else None,
        }
        try:
            self._record(change, "outcome", **line)
        except ConnectorError as lost:
            entry = {"change": change.id, "operation": change.operation, "target": change.target.resource, **line}
            self.lost_records.append(entry)
            if self.on_lost_record:
                self.on_lost_record(entry, lost)

    def _record(self, change: Change, entry: str, **more: Any) -> None:
        moment: datetime = self._clock.now()
        target = change.target
        line = {
            "time": moment.isoformat(timespec="milliseconds"),
            "change": change.id,
            "entry": entry,
            "account": target.account,
            "profile": target.profile,
            "region": target.region,
            "endpoint": target.endpoint,
            "operation": change.operation,
            "target": target.resource,
            "count": change.count,
            "command": change.command,
            **more,
        }
        self.audit.append(line)

    def before_call(self, model: Any, params: Mapping[str, Any], **_: Any) -> None:
        """botocore's `before-call` event: refuses what is not allowed, before it is signed."""
        service, operation = model.service_model.service_name, model.name
        request = _wire_parameters(params)
        kind = classify(service, operation, request)
        if kind is OperationClass.CHANGE and service == "sqs" and operation in _RETURN and self._extends_own(request):
            kind = OperationClass.LOOK
        if kind is OperationClass.LOOK and operation == _RECEIVE:
            self.check_look()
        if kind is OperationClass.CHANGE:
            if self.read_only:
                raise Refused("this context is read-only", "switch to one that is not", operation=operation)
            gate = _gate.get()
            if gate is None or not gate.is_open or not self._covers(gate.change, service, operation, request):
                raise Refused("no permit was given for this change", operation=operation)

    def _extends_own(self, request: Mapping[str, Any]) -> bool:
        """Whether every entry is about a lease that a look of this session took, within `LONGEST_EXTENSION`."""
        entries = _entries(request)
        return bool(entries) and all(
            isinstance(seconds := entry.get("VisibilityTimeout"), int)
            and 0 <= seconds <= LONGEST_EXTENSION
            and self.taken.runs(entry.get("ReceiptHandle"))
            for entry in entries
        )

    def _covers(self, change: Change, service: str, operation: str, request: Mapping[str, Any]) -> bool:
        """Whether `change` is this very call: operation, context and resource."""
        target = change.target
        return (change.service, change.operation, target.session_id) == (
            service,
            operation,
            self.session_id,
        ) and request.get("QueueUrl", target.resource_url) == target.resource_url


def _wire_parameters(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters of a request of the JSON protocol; empty, which is never a look, for any other."""
    body = params.get("body")
    try:
        request = json.loads(body) if isinstance(body, bytes | str) and body else {}
    except ValueError:
        return {}
    return request if isinstance(request, dict) else {}
