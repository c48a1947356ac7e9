"""Every operation of every service that sluice talks to is tried without a permit: what is on the allow-list gets to
the wire, everything else is refused before it is signed."""

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from connectors.context import SERVICES
from connectors.errors import Refused
from connectors.guard import READS, SIGN_IN
from tests.conftest import OpenSession
from tests.support.stub import SqsStub

LOOKS = {"ReceiveMessage"}
SIGN_IN_SERVICES = ("sso", "sso-oidc", "signin")
"""What botocore's credential providers talk to."""


def allowed(service: str) -> set[str]:
    return {*READS.get(service, ()), *SIGN_IN.get(service, ()), *(LOOKS if service == "sqs" else ())}


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


def every_operation() -> Iterator[tuple[str, str]]:
    session = botocore.session.Session()
    for service in (*SERVICES, *SIGN_IN_SERVICES):
        for operation in session.get_service_model(service).operation_names:
            yield service, operation


def test_every_service_that_the_guard_names_is_walked() -> None:
    assert {*READS, *SIGN_IN} == {*SERVICES, *SIGN_IN_SERVICES}
    assert len([*every_operation()]) > 40


@pytest.mark.parametrize("read_only", [True, False])
async def test_without_a_permit_no_operation_outside_the_allow_list_is_signed_or_sent(
    read_only: bool, stub: SqsStub, open_session: OpenSession
) -> None:
    session = await open_session(stub.url, read_only=read_only)
    signed: set[str] = set()
    session._botocore.get_component("event_emitter").register(
        "before-sign", lambda operation_name, **_: signed.add(operation_name)
    )
    for service in (*SERVICES, *SIGN_IN_SERVICES):
        sent, refused = set(), set()
        async with session._botocore.create_client(service, region_name="us-east-1", endpoint_url=stub.url) as client:
            for operation in client.meta.service_model.operation_names:
                before = len(stub.requests)
                shape = client.meta.service_model.operation_model(operation).input_shape
                try:
                    await getattr(client, xform_name(operation))(**(some_value(shape) if shape else {}))
                except Refused:
                    refused.add(operation)
                except ClientError:
                    pass  # the stub does not know it, or not these parameters: it got there
                if len(stub.requests) > before:
                    sent.add(operation)
        assert sent == allowed(service)
        assert refused == {*client.meta.service_model.operation_names} - allowed(service)
        assert signed.isdisjoint(refused)
