"""What may be done, decided in one place below every screen and command.

A *read* is free, a *look* is stated first, and a *change* needs a `Change` that says what and where and a `Permit` for
exactly that change. What class an operation is of and what names its resource is declared by its `Service`; an
operation that no declaration places is refused. `Guard.before_call` stands in front of every AWS client, before a
request is signed: no call that a connector forgets and no client that somebody creates gets around it.
"""

import json
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from connectors.audit import AuditLog
from connectors.clock import Clock
from connectors.errors import ConnectorError, OutcomeUnknown, Refused
from connectors.service import Classifier, OperationClass, Parameters, Service


@dataclass(frozen=True, slots=True)
class Target:
    """Where a change goes, captured when its key was pressed.

    `account` is None where no STS answered for it. `resource` is the name to show and `kind` says what it is (`queue`);
    `resource_parameters` are the parameters of the request that name the resource, with their values:
    `{"ResourceArn": "arn:…"}`.
    """

    context_id: str
    profile: str
    account: str | None
    region: str
    endpoint: str
    resource: str
    resource_parameters: Mapping[str, str]
    kind: str = "resource"

    def __post_init__(self) -> None:
        # a copy that nobody can write to: a permit holds it
        object.__setattr__(self, "resource_parameters", MappingProxyType({**self.resource_parameters}))

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
    """The guard of one open context. It lets through what the `services` declare, and nothing of any other service."""

    def __init__(
        self,
        services: Iterable[Service],
        *,
        context_id: str,
        read_only: bool,
        no_look: bool,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self.context_id = context_id
        self.read_only = read_only
        self.no_look = no_look
        self.audit = audit
        self._clock = clock
        self.services: Mapping[str, Service] = {service.name: service for service in services}
        self._classifiers = {
            service.name: service.classifier(clock) for service in self.services.values() if service.classifier
        }
        self.on_lost_record: Callable[[dict[str, Any], ConnectorError], None] | None = None
        """Told of an outcome that could not be written, and why."""
        self.lost_records: list[dict[str, Any]] = []
        """Outcomes that could not be written: their changes were tried, and the log holds only the intent."""

    def classifier(self, service: str) -> Classifier | None:
        """The classifier that `service` declares, as it is for this context."""
        return self._classifiers.get(service)

    def permit(self, change: Change, given_by: str) -> Permit:
        """A permit for `change`. To be called by the confirmation flow and by `--yes`, and by nobody else.

        Raises `Refused` in a read-only context and for a change that no permit could cover, so that a person learns it
        before the dialog asks.
        """
        self.check_change(change)
        return Permit(change, given_by, issuer=self)

    def check_change(self, change: Change) -> None:
        if self.read_only:
            raise Refused("this context is read-only", "switch to one that is not", operation=change.operation)
        self.audit.check_place()
        if change.target.context_id != self.context_id:
            raise Refused(
                "the context was switched after this change was asked for",
                "ask for it again",
                operation=change.operation,
            )

        service = self.services.get(change.service)
        may_name = service.changes.get(change.operation, ()) if service else ()
        named = change.target.resource_parameters
        if not named or not named.keys() <= {*may_name}:
            raise Refused("no permit can be given for this: it names no resource", operation=change.operation)

    def check_look(self, operation: str) -> None:
        """Raises `Refused` where looks are switched off. `operation` is the one that would look."""
        if self.no_look:
            raise Refused("looking is switched off by --no-look", "start without it", operation=operation)

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
        """botocore's `before-call` event: refuses a request that is not allowed, before it is signed."""
        self.check_request(model.service_model.service_name, model.name, _wire_parameters(params))

    def check_request(self, service_name: str, operation: str, request: Parameters) -> None:
        """Raises `Refused` unless the request is a read, an allowed look, or the change that is being carried out."""
        service = self.services.get(service_name)
        kind = service.operation_class(operation) if service else None
        if service is None or kind is None:
            raise Refused(f"sluice does not use this operation of {service_name}", operation=operation)
        if kind is OperationClass.LOOK:
            self.check_look(operation)
        if kind is OperationClass.CHANGE and self._class_of_change(service, operation, request) is kind:
            if self.read_only:
                raise Refused("this context is read-only", "switch to one that is not", operation=operation)
            gate = _gate.get()
            if gate is None or not gate.is_open or not self._covers(gate.change, service, operation, request):
                raise Refused("no permit was given for this change", operation=operation)

    def _class_of_change(self, service: Service, operation: str, request: Parameters) -> OperationClass:
        """The class of a request whose operation is declared as a change."""
        classifier = self._classifiers.get(service.name)
        return OperationClass.CHANGE if classifier is None else classifier.classify(operation, request)

    def _covers(self, change: Change, service: Service, operation: str, request: Parameters) -> bool:
        """Whether `change` is this very request: operation, context and resource."""
        target = change.target
        resource = service.resource(operation, request)
        return (
            (change.service, change.operation, target.context_id) == (service.name, operation, self.context_id)
            and bool(resource)
            and resource == target.resource_parameters
        )


def _wire_parameters(params: Mapping[str, Any]) -> Parameters:
    """The parameters of a request: the members of a JSON body, or the form fields of the query protocol.

    Empty, which names no resource and is never part of a look, for any other body.
    """
    body = params.get("body")
    if isinstance(body, Mapping):
        return body
    try:
        request = json.loads(body) if isinstance(body, bytes | str) and body else {}
    except ValueError:
        return {}
    return request if isinstance(request, dict) else {}
