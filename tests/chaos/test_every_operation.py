"""Every operation of every declared service is tried: a read or a look gets to the wire, a change only with a permit
for its own resource, and everything else is refused before it is signed.

Which parameters name a resource is read from botocore's model here, so that a declaration is never its own proof.
"""

import contextlib
import functools
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from connectors.aws import sign_in
from connectors.errors import Refused
from connectors.guard import Change
from connectors.open_context import OpenContext
from connectors.service import OperationClass, Service
from connectors.sns.service import SERVICE as SNS
from connectors.sqs.service import SERVICE as SQS
from tests.conftest import OpeningContexts
from tests.support.stub import SqsStub
from tui.services import CALLED as REGISTERED

SERVICES = (SQS, SNS)
DECLARED = (*SERVICES, *sign_in.SERVICES)
SOMEWHERE = {"region_name": "us-east-1"}
_RESOURCE = re.compile(r"(Arn|Url|PhoneNumber|TaskHandle)$", re.IGNORECASE)
_NAME = re.compile(r"Name$")
"""What names the resource where it does not exist yet: CreateQueue, CreateTopic."""


def some_value(shape: Any) -> Any:
    """A valid value of a shape with its required members only."""
    if shape.type_name == "structure":
        return {name: some_value(shape.members[name]) for name in shape.required_members or ()}
    if shape.type_name == "list":
        return [some_value(shape.member)]
    if shape.type_name == "map":
        return {(shape.key.enum or ["All"])[0]: some_value(shape.value)}
    plain = {"integer": 7, "long": 7, "boolean": True, "blob": b"x", "timestamp": 0}
    if shape.type_name in plain:
        return plain[shape.type_name]
    return shape.enum[0] if shape.enum else "x" * 30


@functools.cache
def model_of(service_name: str) -> Any:
    return botocore.session.get_session().get_service_model(service_name)


def operation_model(service: Service, operation: str) -> Any:
    return model_of(service.name).operation_model(operation)


def operations(service: Service) -> list[str]:
    return list(model_of(service.name).operation_names)


def texts(model: Any) -> list[str]:
    """The parameters of an operation that are plain text."""
    shape = model.input_shape
    return [name for name, member in shape.members.items() if member.type_name == "string"] if shape else []


def naming(model: Any) -> list[str]:
    """The parameters of an operation that name its resource, by their names in botocore's model."""
    named = [name for name in texts(model) if _RESOURCE.search(name)]
    return named or [name for name in texts(model) if _NAME.search(name)]


def requests(model: Any) -> Iterator[dict[str, Any]]:
    """Valid parameters of an operation, one for each way to name its resource."""
    needed = some_value(model.input_shape) if model.input_shape else {}
    names = naming(model)
    optional = [name for name in names if name not in needed]
    if optional != names or not names:
        yield needed
    for name in optional:
        yield {**needed, name: "x" * 30}


def of_another_resource(model: Any, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """`request` with each parameter that names its resource changed, added and, where it may be, left out, alone."""
    required = model.input_shape.required_members or ()
    for name in naming(model):
        yield {**request, name: "y" * 30}
        if name in request and name not in required:
            yield {other: value for other, value in request.items() if other != name}


class Walk:
    """Sends requests of one service under permits, and sees which of them get to the wire."""

    def __init__(self, context: OpenContext, client: Any, stub: SqsStub, service: Service) -> None:
        self._context, self._client, self._stub, self._service = context, client, stub, service

    async def call(self, operation: str, request: dict[str, Any]) -> None:
        with contextlib.suppress(ClientError):  # the stub does not know it, or not these parameters: it got there
            await getattr(self._client, xform_name(operation))(**request)

    def change(self, operation: str, named: dict[str, str]) -> Change:
        return Change(self._service.name, operation, self._context.aws.target(self._service.name, "it", named), 1, "")

    async def reaches_the_wire(self, operation: str, request: dict[str, Any], named: dict[str, str]) -> bool:
        """Whether `request` got out under a permit for the resource that `named` names."""
        before = len(self._stub.requests)
        change = self.change(operation, named)
        try:
            permit = self._context.guard.permit(change, "test")
            async with self._context.guard.carry_out(change, permit):
                await self.call(operation, request)
        except Refused:
            return False
        return len(self._stub.requests) > before

    async def held_back(self, operation: str) -> list[dict[str, Any]]:
        """The requests that a permit for exactly their resource does not let out: there must be none."""
        model = operation_model(self._service, operation)
        return [
            request
            for request in requests(model)
            if not await self.reaches_the_wire(
                operation, request, {name: request[name] for name in naming(model) if name in request}
            )
        ]

    async def let_out(self, operation: str) -> list[dict[str, Any]]:
        """The requests on other resources that get out under a permit for this one: there must be none."""
        model = operation_model(self._service, operation)
        return [
            other
            for request in requests(model)
            for other in of_another_resource(model, request)
            if await self.reaches_the_wire(operation, other, self._service.resource(operation, request))
        ]


async def walk(opened: OpenContext, stub: SqsStub, service: Service) -> Walk:
    return Walk(opened, await opened.aws.client(service.name), stub, service)


def test_every_declared_service_is_walked() -> None:
    assert {service.name for service in REGISTERED} <= {service.name for service in SERVICES}
    assert {service.name for service in DECLARED} == {"sqs", "sns", "sts", "sso", "sso-oidc", "signin"}
    assert sum(len(operations(service)) for service in DECLARED) > 90


@pytest.mark.parametrize("service", DECLARED, ids=lambda service: service.name)
@pytest.mark.parametrize("read_only", [True, False])
async def test_without_a_permit_only_reads_and_looks_are_signed_and_sent(
    service: Service, read_only: bool, stub: SqsStub, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url, read_only=read_only)
    signed: set[str] = set()
    context.aws._botocore.get_component("event_emitter").register(
        "before-sign", lambda operation_name, **_: signed.add(operation_name)
    )
    sent, refused = set(), set()
    async with context.aws._botocore.create_client(
        service.name, region_name="us-east-1", endpoint_url=stub.url
    ) as client:
        walking = Walk(context, client, stub, service)
        for operation in operations(service):
            before = len(stub.requests)
            shape = operation_model(service, operation).input_shape
            try:
                await walking.call(operation, some_value(shape) if shape else {})
            except Refused:
                refused.add(operation)
            if len(stub.requests) > before:
                sent.add(operation)
    assert sent == service.reads | service.looks
    assert refused == {*operations(service)} - sent
    assert signed.isdisjoint(refused)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_nothing_of_a_service_that_is_not_declared_is_sent(
    service: Service, stub: SqsStub, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url, services=[other for other in SERVICES if other is not service])
    every_model = botocore.session.get_session().get_component("data_loader")
    context.aws._botocore.register_component("data_loader", every_model)
    async with context.aws._botocore.create_client(
        service.name, region_name="us-east-1", endpoint_url=stub.url
    ) as client:
        walking = Walk(context, client, stub, service)
        for operation in operations(service):
            shape = operation_model(service, operation).input_shape
            with pytest.raises(Refused, match="does not use this operation"):
                await walking.call(operation, some_value(shape) if shape else {})
    assert stub.requests == []


# -- with a permit --------------------------------------------------------------------------------------------------


def changes() -> Iterator[Any]:
    for service in DECLARED:
        for operation in service.changes:
            yield pytest.param(service, operation, id=f"{service.name}-{operation}")


@pytest.mark.parametrize(("service", "operation"), changes())
async def test_a_change_gets_to_the_wire_with_a_permit_for_its_resource_and_with_no_other(
    service: Service, operation: str, stub: SqsStub, open_context: OpeningContexts
) -> None:
    walking = await walk(await open_context(stub.url), stub, service)
    assert await walking.held_back(operation) == []
    assert await walking.let_out(operation) == []


@pytest.mark.parametrize(("service", "operation"), changes())
async def test_a_read_only_context_refuses_a_change_at_the_wire_even_while_its_gate_is_open(
    service: Service, operation: str, stub: SqsStub, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url)
    walking = await walk(context, stub, service)
    for request in requests(operation_model(service, operation)):
        change = walking.change(operation, service.resource(operation, request))
        context.guard.read_only = False
        permit = context.guard.permit(change, "test")
        async with context.guard.carry_out(change, permit):
            context.guard.read_only = True
            with pytest.raises(Refused, match="read-only"):
                await walking.call(operation, request)
    assert stub.requests == []


@pytest.mark.parametrize(("service", "operation"), changes())
async def test_a_parameter_taken_out_of_a_declaration_or_a_wrong_one_is_noticed(
    service: Service, operation: str, stub: SqsStub, open_context: OpeningContexts
) -> None:
    """The two halves of the test above are seen to fail, for each parameter of each declaration."""
    declared = service.changes[operation]
    beside = [name for name in texts(operation_model(service, operation)) if name not in declared]
    for name in declared:
        rest = tuple(other for other in declared if other != name)
        less = replace(service, changes={**service.changes, operation: rest})
        walking = await walk(await open_context(stub.url, services=[less]), stub, less)
        assert await walking.held_back(operation) != []
        wrong = replace(service, changes={**service.changes, operation: (*rest, *(beside or ["Nothing"]))})
        walking = await walk(await open_context(stub.url, services=[wrong]), stub, wrong)
        if any(other in request for other in beside for request in requests(operation_model(service, operation))):
            assert await walking.let_out(operation) != []
        else:  # nothing else stands in the request that could be taken for a resource
            assert await walking.held_back(operation) != []


# -- the declarations -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_operation_is_placed_once(service: Service) -> None:
    placed = [*service.reads, *service.looks, *service.changes, *service.refused]
    assert sorted(placed) == sorted(operations(service))


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_the_changes_that_are_refused_always_are_those_that_name_no_resource(service: Service) -> None:
    kinds = {operation: service.operation_class(operation) for operation in operations(service)}
    nameless = {
        operation
        for operation, kind in kinds.items()
        if kind is OperationClass.CHANGE and not naming(operation_model(service, operation))
    }
    assert service.refused == nameless


@pytest.mark.parametrize("service", [service for service in SERVICES if service.refused], ids=lambda one: one.name)
async def test_no_permit_is_given_for_a_change_that_names_no_resource(
    service: Service, stub: SqsStub, open_context: OpeningContexts
) -> None:
    context = await open_context(stub.url)
    walking = await walk(context, stub, service)
    for operation in service.refused:
        for named in ({}, {"TopicArn": "arn"}, dict.fromkeys(texts(operation_model(service, operation)), "x")):
            with pytest.raises(Refused, match="names no resource"):
                context.guard.permit(walking.change(operation, named), "test")
    assert stub.requests == []
