"""One `AwsSession` per context: clients, timeouts, retries, the call meter, the log of calls and a clean close.

Every call of every connector goes through `AwsSession.call`.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from connectors.aws import credentials
from connectors.aws.call_log import CallMeter, CallRecord
from connectors.aws.capabilities import hide_in_entries, hide_in_error, without_capabilities
from connectors.aws.context import Context, ContextRequest, is_loopback, resolve
from connectors.aws.credential_process import Helpers
from connectors.aws.http import session_class
from connectors.aws.loading import user_agent, warm_up
from connectors.aws.members import text_of
from connectors.aws.responses import refuse_unusable
from connectors.aws.translation import translate
from connectors.clock import Clock
from connectors.concurrency import MOST, LoopLag, Pace
from connectors.errors import ConnectorError, OutcomeUnknown, Step
from connectors.guard import Guard, Target
from connectors.shield import is_cancelled


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `connect` and `read` hold for each attempt; `close` is the budget of `aclose`: a dead network must not
    hold the exit."""

    connect: float = 5.0
    read: float = 10.0
    close: float = 0.5


class Lane(StrEnum):
    """Clients of one service are kept apart by what they carry: a long poll must not starve the rest, and only a read
    may be retried without asking."""

    READ = "read"
    LOOK = "look"
    CHANGE = "change"


_BESIDE = 4
"""Connections beside those of the readings that the pace allows: for the names, and for a screen's own questions."""
_ATTEMPTS = {Lane.READ: 3, Lane.LOOK: 1, Lane.CHANGE: 1}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the credentials are (GetCallerIdentity), and until when. `expires` is None where they don't expire."""

    account: str
    arn: str
    user_id: str
    expires: datetime | None
    method: str


class Answer(dict[str, Any]):
    """A parsed response; `request_id` is the service's id of the request."""

    request_id: str = ""


class AwsSession:
    """Made by `OpenContext.open`, which closes it with `aclose()`."""

    def __init__(
        self,
        context: Context,
        botocore_session: Any,
        *,
        guard: Guard,
        clock: Clock,
        timeouts: Timeouts,
    ) -> None:
        self.context = context
        self.clock = clock
        self.timeouts = timeouts
        self.meter = CallMeter(clock)
        self.lag = LoopLag(clock.monotonic)
        self.pace = Pace(self.lag)
        self.log: deque[CallRecord] = deque(maxlen=500)
        self.identity: Identity | None = None
        self._services = guard.services
        self._botocore = botocore_session
        self._clients: dict[tuple[str, Lane], asyncio.Task[Any]] = {}
        self._exits = contextlib.AsyncExitStack()
        self._credentials_failed = False
        self._fetching: asyncio.Task[None] | None = None
        self._helpers = Helpers()
        self._closed = False
        events = botocore_session.get_component("event_emitter")
        events.register_first("before-call", guard.before_call)
        events.register("before-send", self._count_request)
        for name in self._services:  # handlers of a shorter name would be asked after botocore's own
            events.register_first(f"needs-retry.{name}", self._stop_retrying)
        events.register_first("before-parse", refuse_unusable)

    @classmethod
    async def start(
        cls,
        context: Context,
        botocore_session: Any,
        *,
        guard: Guard,
        clock: Clock,
        timeouts: Timeouts,
        allow_plain_http: bool,
    ) -> "AwsSession":
        """The session for what `load` returned, with credentials; every request of its clients passes `guard`.

        Raises `ConnectorError` where there are no credentials, or where they would cross a network unencrypted.
        """
        session = cls(context, botocore_session, guard=guard, clock=clock, timeouts=timeouts)
        if context.dummy_credentials:
            botocore_session.set_credentials("test", "test")
        else:
            credentials.direct(botocore_session, context, connect_timeout=timeouts.connect, read_timeout=timeouts.read)
            await credentials.prepare(botocore_session, context, session._helpers, allow_plain_http=allow_plain_http)
        return session

    async def client(self, service: str, lane: Lane = Lane.READ) -> Any:
        """The aiobotocore client of `service` for one lane; made once."""
        if self._closed:
            raise _closed()
        key = (service, lane)
        making = self._clients.get(key)
        if making is None:
            making = self._clients[key] = asyncio.ensure_future(self._create_client(service, lane))
            making.add_done_callback(partial(self._forget_failed, key))
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            if making.cancelled() and not is_cancelled():
                raise _closed() from None
            raise

    def _forget_failed(self, key: tuple[str, Lane], making: asyncio.Task[Any]) -> None:
        """What failed once, for want of credentials say, may work the next time."""
        if (making.cancelled() or making.exception() is not None) and self._clients.get(key) is making:
            del self._clients[key]

    async def _create_client(self, service: str, lane: Lane) -> Any:
        from aiobotocore.config import AioConfig

        endpoint = self.context.endpoint(service)
        config = AioConfig(
            connect_timeout=self.timeouts.connect,
            read_timeout=self.timeouts.read,
            max_pool_connections=MOST + _BESIDE,
            retries={"mode": "standard", "total_max_attempts": _ATTEMPTS[lane]},
            # our own endpoint is always given; this keeps botocore from reading another one
            ignore_configured_endpoint_urls=True,
            user_agent=user_agent(self._botocore),
            http_session_cls=session_class(),
            # a proxy of the environment has no business between us and this machine
            proxies={} if is_loopback(endpoint) else None,
        )
        try:
            client = await self._exits.enter_async_context(
                self._botocore.create_client(
                    service,
                    region_name=self.context.region,
                    endpoint_url=endpoint,
                    config=config,
                    verify=self._verification(endpoint),
                )
            )
        except Exception as error:
            failure = translate(error)
            if failure.step is Step.SERVICE:  # no service was asked yet: it is a setting that botocore can't take
                failure = ConnectorError(Step.SETTINGS, failure.title, "check the AWS files and the AWS_ variables")
            raise failure from error
        client._endpoint._sleep = self.clock.sleep  # between two attempts; aiobotocore 3.10 has no public name for it
        return client

    def _verification(self, endpoint: str | None) -> bool | None:
        """Where nothing is encrypted there is no certificate to check: reading those of all authorities would only
        hold up the first call. A bundle that was set is read all the same, and a missing one told."""
        is_plain = endpoint is not None and endpoint.lower().startswith("http://")
        return False if is_plain and not self._botocore.get_config_variable("ca_bundle") else None

    async def call(
        self, service: str, operation: str, *, lane: Lane = Lane.READ, target: str = "", **params: Any
    ) -> Answer:
        """One API call. `target` names the resource in the log. Raises `ConnectorError` and nothing else."""
        from botocore import xform_name

        started, began = time.perf_counter(), self.clock.monotonic()
        failure: ConnectorError | None = None
        retries = 0
        try:
            if self.context.dummy_credentials and not is_loopback(self.context.endpoint(service)):
                raise ConnectorError(
                    Step.GUARD,
                    f"dummy credentials are not sent to AWS's own {service.upper()}",
                    "set AWS_ENDPOINT_URL for all services of the emulator",
                    operation=operation,
                )
            if not self.context.dummy_credentials:
                await self._sign_in()
            client = await self.client(service, lane)
            response = await getattr(client, xform_name(operation))(**params)
        except asyncio.CancelledError:
            failure = ConnectorError(Step.GUARD, "cancelled before the answer came", operation=operation)
            raise
        except Exception as error:
            called = self._services.get(service)
            hide_in_error(error, called, params)
            failure = translate(error, operation=operation, change=lane is Lane.CHANGE, service=called)
            failure = without_capabilities(failure, called, params)
            if self._closed and not isinstance(failure, OutcomeUnknown):
                failure = _closed(operation)
            retries = _retries(getattr(error, "response", None))
            if failure.step is Step.CREDENTIALS and not self.context.dummy_credentials:
                self._credentials_failed = True
            raise failure from error
        else:
            retries = _retries(response)
            metadata: Mapping[str, Any] = response.pop("ResponseMetadata", {})
            hide_in_entries(response, self._services.get(service), params)
            answer = Answer(response)
            answer.request_id = text_of(metadata.get("RequestId"))
            return answer
        finally:
            if lane is Lane.READ:
                ended = time.perf_counter()  # what the link is like, whatever the clock says
                self.pace.observe(ended - started)
                asyncio.get_running_loop().call_soon(self._take_lag, ended)
            took = round((self.clock.monotonic() - began) * 1000)
            self.log.append(CallRecord(self.clock.now(), service, operation, target, took, retries, failure))

    async def _sign_in(self) -> None:
        """Has credentials for the next request: they are fetched once for all calls that wait for them, and a failure
        to fetch them is told apart from one of the call itself."""
        if self._closed:
            raise _closed()
        if self._credentials_failed:
            self._credentials_failed = False
            await credentials.renew(self._botocore, self.context, self._ready_clients())
        if not credentials.must_be_fetched(self._botocore._credentials):
            return
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.create_task(
                credentials.fetch(self._botocore, self.context), name="fetch credentials"
            )
            self._fetching.add_done_callback(_look_at_failure)
        fetching = self._fetching
        try:
            await asyncio.shield(fetching)
        except asyncio.CancelledError:
            if fetching.cancelled() and not is_cancelled():
                raise _closed() from None
            raise

    def _ready_clients(self) -> list[Any]:
        return [
            making.result()
            for making in self._clients.values()
            if making.done() and not making.cancelled() and making.exception() is None
        ]

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
        account = text_of(answer.get("Account"))
        if not account:
            raise ConnectorError(
                Step.ANSWER,
                "the answer names no account, so the account is unverified",
                "check the endpoint URL",
                operation="GetCallerIdentity",
                request_id=answer.request_id,
            )
        found = await self._botocore.get_credentials()
        self.identity = Identity(
            account=account,
            arn=text_of(answer.get("Arn")),
            user_id=text_of(answer.get("UserId")),
            expires=getattr(found, "_expiry_time", None),
            method="dummy" if self.context.dummy_credentials else str(getattr(found, "method", "")),
        )
        return self.identity

    def account_of(self, service: str) -> str | None:
        """The account in which `service` works, None while that is not verified."""
        if self.identity is None or not self.context.sts_answers_for(service):
            return None
        return self.identity.account

    def target(self, service: str, resource: str, parameters: Mapping[str, str], *, kind: str = "resource") -> Target:
        """Where a change would go, as of now. `parameters` are those of the request that name the resource, which is a
        `kind`, such as a `queue`."""
        return Target(
            context_id=self.context.id,
            profile=self.context.profile,
            account=self.account_of(service),
            region=self.context.region,
            endpoint=self.context.endpoint(service) or "AWS",
            resource=resource,
            resource_parameters=parameters,
            kind=kind,
        )

    def _take_lag(self, ready_at: float) -> None:
        self.lag.observe(time.perf_counter() - ready_at)

    def _count_request(self, **_: Any) -> None:
        self.meter.count()

    def _stop_retrying(self, **_: Any) -> bool | None:
        return False if self._closed else None

    async def aclose(self) -> None:
        """Closes the clients within `Timeouts.close`. Calls under way fail, and new ones are refused."""
        if self._closed:
            return
        self._closed = True
        self._helpers.end()
        making: list[asyncio.Task[Any]] = [task for task in self._clients.values() if not task.done()]
        if self._fetching is not None and not self._fetching.done():
            making.append(self._fetching)
        for task in making:
            task.cancel()
        with contextlib.suppress(Exception):
            async with asyncio.timeout(self.timeouts.close):
                await asyncio.gather(*making, return_exceptions=True)
                await self._exits.aclose()


def _look_at_failure(task: asyncio.Task[None]) -> None:
    """asyncio complains of a failure that nobody looked at, as when each caller was cancelled."""
    if not task.cancelled():
        task.exception()


def _closed(operation: str = "") -> ConnectorError:
    return ConnectorError(Step.GUARD, "this context was closed", "switch to it again", operation=operation)


def _retries(response: Any) -> int:
    metadata = response.get("ResponseMetadata", {}) if isinstance(response, dict) else {}
    return int(metadata.get("RetryAttempts", 0))


def load(request: ContextRequest, services: Sequence[str]) -> tuple[Context, Any]:
    """The context of `request`, and the aiobotocore session for it with the models of `services` loaded.

    Reads files and imports the AWS libraries: call it in a thread. Raises `ConnectorError`; calls no service.
    """
    context, session = resolve(request, services)
    warm_up(session.get_component("data_loader"), [*services, "sts"])
    return context, session
