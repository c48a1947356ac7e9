"""Where sluice works: profile, region, endpoints and what is allowed there.

A `ContextRequest` is what a person asked for by options, configuration and environment; making one reads no file and
imports nothing, so the first paint can show it. `resolve` turns it into a `Context`, with botocore's own rules for the
AWS files, and `Context` is the truth from then on.
"""

import difflib
import ipaddress
import os
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from connectors.aws.loading import models, session_type
from connectors.aws.profiles import CREDENTIAL_KINDS, check_texts, endpoint_urls
from connectors.errors import ConnectorError, Step

DEFAULT_PROFILE = "default"
DEMO_PROFILE = "demo"
DUMMY_REGION = "us-east-1"
_REGION = re.compile(r"[A-Za-z0-9-]+")
_PRINTABLE = re.compile(r"[!-~]+")
_REAL_KEY_ID = re.compile(r"(AKIA|ASIA)[A-Z0-9]{16}")


@dataclass(frozen=True, slots=True)
class ContextRequest:
    """What was asked for; None where nothing was said. `demo` ignores everything ambient.

    With `own_region` the profile's region outranks that of the environment, which at the start it does not, as in the
    AWS CLI: somebody who picks a profile from a list means the region that stands beside it.
    """

    profile: str | None = None
    region: str | None = None
    own_region: bool = False
    endpoint_url: str | None = field(default=None, repr=False)  # not checked yet: it may hold a password
    read_only: bool = False
    no_look: bool = False
    demo: bool = False

    def label(self, environ: Mapping[str, str] = os.environ) -> str:
        """The profile's name as far as it is known without reading a file."""
        if self.demo:
            return DEMO_PROFILE
        return self.profile or environ.get("AWS_PROFILE") or environ.get("AWS_DEFAULT_PROFILE") or DEFAULT_PROFILE


@dataclass(frozen=True, slots=True)
class Context:
    """One place to work. `endpoints` holds (service, URL) where it is not AWS's own; `credentials_from` says which of
    botocore's providers will be asked, or that dummy ones are used."""

    profile: str
    region: str
    endpoints: tuple[tuple[str, str], ...] = ()
    read_only: bool = False
    no_look: bool = False
    dummy_credentials: bool = False
    demo: bool = False
    id: str = field(default_factory=lambda: uuid.uuid4().hex, compare=False)

    def endpoint(self, service: str) -> str | None:
        """The endpoint URL of `service`, None for AWS's own."""
        return dict(self.endpoints).get(service)

    def sts_answers_for(self, service: str) -> bool:
        """Whether STS's answer names the account in which `service` works: both are AWS, or one and the same server."""
        return self.endpoint("sts") == self.endpoint(service)


_USER_PART = re.compile(r"^([^/]*//)?.*@", re.DOTALL)


def check_endpoint_url(url: str, source: str = "") -> str:
    """`url` without a trailing slash. `source` is where it was set, for the error.

    Raises `ConnectorError` where it is no http(s) URL with a host; a password in it never stands in the error.
    """
    said = f" ({source})" if source else ""
    try:
        parts = urlsplit(url)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, is_url = urlsplit(""), False
    if parts.username is not None or parts.password is not None:
        raise ConnectorError(
            Step.SETTINGS,
            f"an endpoint URL holds no user name or password{said}",
            "leave out what stands before the @",
        )
    if not is_url or parts.query or parts.fragment or not _PRINTABLE.fullmatch(url):
        shown = _USER_PART.sub(r"\1…@", url).split("?")[0]
        raise ConnectorError(
            Step.SETTINGS,
            f"{shown!r} is not an endpoint URL{said}",
            "write it like http://localhost:4566 or https://sts.eu-west-1.amazonaws.com",
        )
    return url.rstrip("/")


def is_loopback(url: str | None) -> bool:
    """Whether `url` names this machine, by its address or as localhost; no name is looked up."""
    host = (urlsplit(url).hostname or "") if url else ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def is_plain_http_abroad(url: str | None) -> bool:
    """Whether requests to `url` cross a network unencrypted."""
    return bool(url) and urlsplit(url).scheme == "http" and not is_loopback(url)


def is_real_key_id(access_key_id: str) -> bool:
    """Whether an access key id has the form of AWS's own; emulators are used with words such as `test`."""
    return _REAL_KEY_ID.fullmatch(access_key_id) is not None


def resolve(
    request: ContextRequest, services: Sequence[str], environ: Mapping[str, str] = os.environ
) -> tuple[Context, Any]:
    """The `Context` for `request` and the aiobotocore session that reads its profile. `services` are those that will be
    called, beside STS.

    Imports aiobotocore and reads the AWS files: call it in a thread. Raises `ConnectorError` at step `settings`.
    """
    import botocore.exceptions

    if request.demo:
        return _demo(request, services)
    session = session_type()(session_vars={"profile": (None, ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"], None, None)})
    if request.profile and (request.profile != DEFAULT_PROFILE or DEFAULT_PROFILE in _profiles(session)):
        # set on the session, an explicit profile also outranks the keys in the environment
        session.set_config_variable("profile", request.profile)
    profiles = _profiles(session)
    try:
        wanted = session.get_config_variable("profile")
        if wanted and wanted not in profiles:
            raise ConnectorError(
                Step.SETTINGS,
                f"there is no profile {wanted!r}",
                _nearest(
                    wanted,
                    profiles,
                    "the AWS files hold none: `aws configure` makes one, and without --profile the environment is used",
                ),
            )
        check_texts(session.full_config, wanted or DEFAULT_PROFILE)
        scoped = session.get_scoped_config()
        _share_models(session, services)
        endpoints = _endpoints(request, services, session, scoped, environ)
        own = scoped.get("region") if request.own_region else None
        region = str(request.region or own or environ.get("AWS_REGION") or session.get_config_variable("region") or "")
    except botocore.exceptions.BotoCoreError as error:
        raise ConnectorError(Step.SETTINGS, str(error), "mend the AWS files named") from error
    urls = [url for service, url in endpoints if service in services]
    has_emulator = any(is_loopback(url) for url in urls)
    if not region and has_emulator:
        region = DUMMY_REGION
    if not region:
        raise ConnectorError(
            Step.SETTINGS,
            f"no region is set for profile {wanted or DEFAULT_PROFILE!r}",
            "--region eu-west-1, AWS_REGION, or a region in the profile",
        )
    if not _REGION.fullmatch(region) or not urls:
        _check_region(session, region)
    context = Context(
        profile=wanted or DEFAULT_PROFILE,
        region=region,
        endpoints=endpoints,
        read_only=request.read_only,
        no_look=request.no_look,
        dummy_credentials=has_emulator and not _may_find_credentials(session),
    )
    return context, session


def _share_models(session: Any, services: Sequence[str]) -> None:
    """The service models are parsed once for all sessions: that is most of what opening a context costs."""
    session.register_component("data_loader", models(session.get_config_variable("data_path"), tuple(services)))


def _profiles(session: Any) -> list[str]:
    import botocore.exceptions

    try:
        return list(session.available_profiles)
    except botocore.exceptions.BotoCoreError as error:
        raise ConnectorError(Step.SETTINGS, str(error), "mend the AWS files named") from error


def _demo(request: ContextRequest, services: Sequence[str]) -> tuple[Context, Any]:
    """The demo takes nothing from environment and AWS files: each of botocore's settings is its default."""
    aio_session = session_type()
    ambient = {
        name: (None, None, default, conversion)
        for name, (_, _, default, conversion) in aio_session.SESSION_VARIABLES.items()
    }
    nothing = (None, None, os.devnull, None)
    session = aio_session(session_vars={**ambient, "config_file": nothing, "credentials_file": nothing})
    _share_models(session, services)
    url = check_endpoint_url(request.endpoint_url or "", "the demo's")
    context = Context(
        profile=DEMO_PROFILE,
        region=request.region or DUMMY_REGION,
        endpoints=tuple((service, url) for service in (*services, "sts")),
        read_only=request.read_only,
        no_look=request.no_look,
        dummy_credentials=True,
        demo=True,
    )
    return context, session


def _endpoints(
    request: ContextRequest,
    services: Sequence[str],
    session: Any,
    scoped: Mapping[str, Any],
    environ: Mapping[str, str],
) -> tuple[tuple[str, str], ...]:
    """The endpoint of each service in the order that the AWS SDKs document: option, environment for the service,
    environment for all, profile's `services` section, profile."""
    if request.endpoint_url:
        url = check_endpoint_url(request.endpoint_url, "--endpoint-url")
        return tuple((service, url) for service in (*services, "sts"))
    profile = session.get_config_variable("profile") or DEFAULT_PROFILE
    of_section = endpoint_urls(session.full_config, profile, (*services, "sts"), environ)
    if str(session.get_config_variable("ignore_configured_endpoint_urls")).lower() == "true":
        return ()
    found: list[tuple[str, str]] = []
    for service in (*services, "sts"):
        variable = f"AWS_ENDPOINT_URL_{service.upper()}"
        settings = (
            (variable, environ.get(variable)),
            ("AWS_ENDPOINT_URL", environ.get("AWS_ENDPOINT_URL")),
            ("the profile's services section", of_section.get(service)),
            ("endpoint_url of the profile", scoped.get("endpoint_url")),
        )
        for source, configured in settings:
            if configured:
                found.append((service, check_endpoint_url(configured, source)))
                break
    return tuple(found)


def _may_find_credentials(session: Any) -> bool:
    """Whether the environment or the profile names credentials; instance metadata is not asked for an emulator."""
    # beside a profile that was named expressly botocore does not look at keys in the environment
    named = session.instance_variables().get("profile") is not None
    if not named and os.environ.get("AWS_ACCESS_KEY_ID"):
        return True
    return any(key in session.get_scoped_config() for key, _ in CREDENTIAL_KINDS)


def _check_region(session: Any, region: str) -> None:
    partitions = session.get_component("data_loader").load_data("endpoints")["partitions"]
    known = [name for partition in partitions for name in partition["regions"]]
    if region not in known:
        raise ConnectorError(
            Step.SETTINGS,
            f"there is no region {region!r}",
            f"{_nearest(region, known, '')}; or --endpoint-url, if it is new",
        )


def _nearest(wanted: str, names: Sequence[str], otherwise: str) -> str:
    close = difflib.get_close_matches(wanted, names, n=3, cutoff=0.5)
    if close:
        return " or ".join(close)
    return ", ".join(names[:6]) + (" …" if len(names) > 6 else "") if names else otherwise
