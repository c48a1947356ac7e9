"""One `AwsSession` per context: clients, timeouts, retries, the call meter, the log of calls and a clean close.

Every call of every connector goes through `AwsSession.call`.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from connectors.audit import AuditLog
from connectors.clock import Clock, SystemClock
from connectors.context import (
    Context,
    ContextRequest,
    is_loopback,
    is_plain_http_abroad,
    is_real_key_id,
    resolve,
)
from connectors.errors import ConnectorError, Step, translate
from connectors.guard import Guard, Target
from connectors.pace import MOST, Pace

CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 15.0
CLOSE_BUDGET = 1.0
"""Seconds that closing the clients may take; a dead network must not hold the exit."""


class Lane(StrEnum):
    """Clients of one service are kept apart by what they carry: a long poll must not starve the rest, and only a read
    may be retried without asking."""

    READ = "read"
    LOOK = "look"
    CHANGE = "change"


_ATTEMPTS = {Lane.READ: 3, Lane.LOOK: 1, Lane.CHANGE: 1}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the credentials are (GetCallerIdentity), and until when. `expires` is None where they don't expire."""

    account: str
    arn: str
    user_id: str
    expires: datetime | None
    method: str


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One finished call for the log."""

    at: datetime
    service: str
    operation: str
    target: str
    milliseconds: int
    retries: int
    error: ConnectorError | None


class CallMeter:
    """Requests of the last minute, retries included."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._moments: deque[float] = deque()
        self.total = 0

    def count(self) -> None:
        self.total += 1
        self._moments.append(self._clock.monotonic())

    @property
    def per_minute(self) -> int:
        horizon = self._clock.monotonic() - 60
        while self._moments and self._moments[0] < horizon:
            self._moments.popleft()
        return len(self._moments)


class Answer(dict[str, Any]):
    """A parsed response; `request_id` is the service's id of the request."""

    request_id: str = ""


class AwsSession:
    """Open one with `await AwsSession.open(request, ...)`, and close it with `aclose()`."""

    def __init__(self, context: Context, botocore_session: Any, *, audit: AuditLog, clock: Clock) -> None:
        self.context = context
        self.clock = clock
        self.guard = Guard(
            session_id=context.id, read_only=context.read_only, no_look=context.no_look, audit=audit, clock=clock
        )
        self.meter = CallMeter(clock)
        self.pace = Pace()
        self.log: deque[CallRecord] = deque(maxlen=500)
        self.identity: Identity | None = None
        self._botocore = botocore_session
        self._clients: dict[tuple[str, Lane], asyncio.Task[Any]] = {}
        self._exits = contextlib.AsyncExitStack()
        self._closed = False
        events = botocore_session.get_component("event_emitter")
        events.register_first("before-call", self.guard.before_call)
        events.register("before-send", self._count_request)
        events.register_first("before-parse", _refuse_web_page)

    @classmethod
    async def open(
        cls,
        request: ContextRequest,
        *,
        audit: AuditLog,
        clock: Clock | None = None,
        allow_plain_http: bool = False,
    ) -> "AwsSession":
        """Resolves `request` and loads the models, in a thread. Raises `ConnectorError`; calls no service."""
        context, session = await asyncio.to_thread(_load, request)
        opened = cls(context, session, audit=audit, clock=clock or SystemClock())
        if context.dummy_credentials:
            session.set_credentials("test", "test")
        else:
            await opened._prepare_credentials(allow_plain_http)
        return opened

    async def _prepare_credentials(self, allow_plain_http: bool) -> None:
        resolver = self._botocore.get_component("credential_provider")
        for provider in resolver.providers:
            if hasattr(provider, "_prompter"):
                # botocore would ask for the MFA code on the terminal that the screen owns, and block the event loop
                provider._prompter = _refuse_mfa_prompt
        try:
            credentials = await self._botocore.get_credentials()
        except Exception as error:
            raise translate(error, operation="credentials") from error
        if credentials is None:
            raise ConnectorError(
                Step.CREDENTIALS,
                f"no credentials were found for profile {self.context.profile!r}",
                "choose a profile, log in with the AWS CLI, or give an endpoint",
            )
        for service, url in self.context.endpoints:
            if is_plain_http_abroad(url) and not allow_plain_http and is_real_key_id(credentials.access_key or ""):
                raise ConnectorError(
                    Step.GUARD,
                    f"real credentials would go over plain http to {url} ({service})",
                    "https://, or --allow-http if you trust the whole way there",
                )

    async def client(self, service: str, lane: Lane = Lane.READ) -> Any:
        """The aiobotocore client of `service` for one lane; made once."""
        if self._closed:
            raise ConnectorError(Step.GUARD, "this context was closed", "switch to it again")
        key = (service, lane)
        if key not in self._clients:
            self._clients[key] = asyncio.ensure_future(self._create_client(service, lane))
        return await asyncio.shield(self._clients[key])

    async def _create_client(self, service: str, lane: Lane) -> Any:
        from aiobotocore.config import AioConfig

        config = AioConfig(
            connect_timeout=CONNECT_TIMEOUT,
            read_timeout=READ_TIMEOUT,
            max_pool_connections=MOST,
            retries={"mode": "standard", "total_max_attempts": _ATTEMPTS[lane]},
            # our own endpoint is always given; this keeps botocore from reading another one
            ignore_configured_endpoint_urls=True,
            user_agent_extra="sluice",
        )
        return await self._exits.enter_async_context(
            self._botocore.create_client(
                service,
                region_name=self.context.region,
                endpoint_url=self.context.endpoint(service),
                config=config,
            )
        )

    async def call(
        self, service: str, operation: str, *, lane: Lane = Lane.READ, target: str = "", **params: Any
    ) -> Answer:
        """One API call. `target` names the resource in the log. Raises `ConnectorError` and nothing else."""
        from botocore import xform_name

        started = time.perf_counter()
        failure: ConnectorError | None = None
        retries = 0
        try:
            client = await self.client(service, lane)
            response = await getattr(client, xform_name(operation))(**params)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            failure = translate(error, operation=operation, change=lane is Lane.CHANGE)
            raise failure from error
        else:
            metadata: Mapping[str, Any] = response.pop("ResponseMetadata", {})
            retries = int(metadata.get("RetryAttempts", 0))
            answer = Answer(response)
            answer.request_id = str(metadata.get("RequestId", ""))
            return answer
        finally:
            seconds = time.perf_counter() - started
            if lane is Lane.READ:
                self.pace.observe(seconds)
            self.log.append(
                CallRecord(self.clock.now(), service, operation, target, round(seconds * 1000), retries, failure)
            )

    async def identify(self) -> Identity:
        """Asks STS who this is (GetCallerIdentity, which needs no permission) and keeps the answer."""
        if self.context.dummy_credentials and not is_loopback(self.context.endpoint("sts")):
            raise ConnectorError(
                Step.GUARD,
                "dummy credentials are not sent to AWS's own STS, so the account is unverified",
                "set AWS_ENDPOINT_URL for all services of the emulator",
                operation="GetCallerIdentity",
            )
        answer = await self.call("sts", "GetCallerIdentity")
        credentials = await self._botocore.get_credentials()
        self.identity = Identity(
            account=str(answer.get("Account", "")),
            arn=str(answer.get("Arn", "")),
            user_id=str(answer.get("UserId", "")),
            expires=getattr(credentials, "_expiry_time", None),
            method="dummy" if self.context.dummy_credentials else str(getattr(credentials, "method", "")),
        )
        return self.identity

    @property
    def account(self) -> str | None:
        """The account in which SQS works, None while that is not verified."""
        if self.identity is None or not self.context.sts_answers_for_sqs:
            return None
        return self.identity.account or None

    def target(self, service: str, resource: str, resource_url: str) -> Target:
        """Where a change would go, as of now."""
        return Target(
            session_id=self.context.id,
            profile=self.context.profile,
            account=self.account,
            region=self.context.region,
            endpoint=self.context.endpoint(service) or "AWS",
            resource=resource,
            resource_url=resource_url,
        )

    def _count_request(self, **_: Any) -> None:
        self.meter.count()

    async def aclose(self) -> None:
        """Closes the clients within `CLOSE_BUDGET`. Calls under way fail; new ones are refused."""
        if self._closed:
            return
        self._closed = True
        for task in self._clients.values():
            if not task.done():
                task.cancel()
        with contextlib.suppress(Exception):
            async with asyncio.timeout(CLOSE_BUDGET):
                await self._exits.aclose()


def _load(request: ContextRequest) -> tuple[Context, Any]:
    context, session = resolve(request)
    session.warm_up_loader_caches("sqs")
    session.warm_up_loader_caches("sts")
    return context, session


def _refuse_mfa_prompt(prompt: str) -> str:
    raise ConnectorError(
        Step.CREDENTIALS,
        "the profile's role asks for an MFA code",
        "get credentials with the AWS CLI first (`aws configure export-credentials`), then start sluice with them",
    )


def _refuse_web_page(operation_model: Any, response_dict: Mapping[str, Any], **_: Any) -> None:
    """botocore reads a web page with status 200 as an empty answer: an empty list that is none."""
    body = response_dict.get("body")
    if response_dict["status_code"] < 300 and isinstance(body, bytes) and body.lstrip()[:1] == b"<":
        protocol = operation_model.service_model.resolved_protocol
        content_type = str(response_dict["headers"].get("content-type", ""))
        if protocol == "json" or "html" in content_type:
            raise ConnectorError(
                Step.ANSWER,
                "a web page came instead of an answer",
                "check the endpoint URL; a proxy or a login page may stand in between",
                operation=operation_model.name,
            )
