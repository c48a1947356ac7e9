"""Getting credentials without botocore taking over the terminal, and without sending real ones in the clear.

It is botocore's own chain; a session here is an aiobotocore session.
"""

import re
from collections.abc import Iterable
from functools import partial
from typing import Any

from connectors.aws.context import Context, is_loopback, is_plain_http_abroad, is_real_key_id
from connectors.aws.credential_process import Helpers
from connectors.aws.http import session_class
from connectors.aws.translation import translate
from connectors.errors import ConnectorError, PlainHttp, Step

_SIGN_IN_ATTEMPTS = 2


def direct(session: Any, context: Context, *, connect_timeout: float, read_timeout: float) -> None:
    """Has the clients by which botocore gets credentials (STS, SSO) go where those of `context` go.

    botocore makes them by itself, knows nothing of an endpoint that was given as an option, and waits for minutes. What
    gets the keys of the source profile has to be the STS of the context. An SSO login stays with its own service.
    """
    from aiobotocore.config import AioConfig

    create_client = session.create_client

    def creating(service: str, **settings: Any) -> Any:
        if "endpoint_url" in settings:  # one of our own
            return create_client(service, **settings)
        ours: dict[str, Any] = {
            "connect_timeout": connect_timeout,
            "read_timeout": read_timeout,
            "retries": {"mode": "standard", "total_max_attempts": _SIGN_IN_ATTEMPTS},
            "http_session_cls": session_class(),
        }
        if service == "sts":
            endpoint = context.endpoint("sts")
            ours |= {"ignore_configured_endpoint_urls": True, "proxies": {} if is_loopback(endpoint) else None}
            settings["endpoint_url"] = endpoint
            settings["region_name"] = settings.get("region_name") or context.region
        config = AioConfig(**ours)
        given = settings.get("config")
        settings["config"] = config.merge(given) if given is not None else config
        return create_client(service, **settings)

    session.create_client = creating


async def prepare(session: Any, context: Context, helpers: Helpers, *, allow_plain_http: bool) -> None:
    """Finds the credentials of the session's profile; those of a role or a login are fetched by the first call.

    Raises `ConnectorError` where there are none, or where real ones would cross a network unencrypted.
    """
    for provider in session.get_component("credential_provider").providers:
        if hasattr(provider, "_prompter"):
            # botocore would ask for the MFA code on the terminal that the screen owns, and block the event loop
            provider._prompter = partial(_refuse_mfa_prompt, context.profile)
        _give_helpers(provider, helpers)
    session._credentials = await _load(session, context)
    if session._credentials is None:
        raise ConnectorError(
            Step.CREDENTIALS,
            f"no credentials were found for profile {context.profile!r}",
            "choose a profile, log in with the AWS CLI, or give an endpoint",
        )
    for service, url in context.endpoints:
        if is_plain_http_abroad(url) and not allow_plain_http and _are_real(session._credentials):
            raise PlainHttp(
                f"real credentials would go over plain http to {url} ({service})",
                "https://, or --allow-http if you trust the whole way there",
            )


def _give_helpers(provider: Any, helpers: Helpers) -> None:
    """Has `helpers` run the `credential_process` of the profile, and those of the profiles that its role comes from."""
    from botocore.credentials import ProcessProvider

    if isinstance(provider, ProcessProvider):
        provider._popen = partial(helpers.run, provider._profile_name)
    builder = getattr(provider, "_profile_provider_builder", None)
    if builder is not None:
        make = builder._create_process_provider

        def making(profile: str) -> Any:
            made = make(profile)
            _give_helpers(made, helpers)
            return made

        builder._create_process_provider = making


async def _load(session: Any, context: Context) -> Any:
    """The credentials of the first of botocore's providers that has some, None where none has.

    As the provider chain's own `load_credentials`, which does not say which provider failed.
    """
    for provider in session.get_component("credential_provider").providers:
        try:
            found = await provider.load()
        except Exception as error:
            raise failure(error, context.profile, provider.METHOD) from error
        if found is not None:
            return found
    return None


def must_be_fetched(credentials: Any) -> bool:
    """Whether the next request can't be signed before `fetch`."""
    from botocore.credentials import RefreshableCredentials

    return isinstance(credentials, RefreshableCredentials) and credentials.refresh_needed(
        credentials._mandatory_refresh_timeout
    )


async def fetch(session: Any, context: Context) -> None:
    """Gets the keys of a role or a login, or new ones. Raises `ConnectorError` at step `credentials`."""
    found = session._credentials
    try:
        await found.get_frozen_credentials()
    except Exception as error:
        raise failure(error, context.profile, found.method) from error


async def renew(session: Any, context: Context, clients: Iterable[Any]) -> None:
    """botocore keeps static keys for ever. After a login elsewhere the AWS files hold new ones: this reads them again,
    and hands them to `clients`, which would go on signing with the old ones."""
    fresh = await _load(session, context)
    if fresh is None:
        return
    session._credentials = fresh
    for client in clients:
        client._request_signer._credentials = fresh


def _are_real(credentials: Any) -> bool:
    """Whether these may be AWS's own. Those of a role or a login are, and are not fetched to find out."""
    from botocore.credentials import RefreshableCredentials

    return isinstance(credentials, RefreshableCredentials) or is_real_key_id(credentials.access_key or "")


def _refuse_mfa_prompt(profile: str, prompt: str) -> str:
    raise _wants_mfa(profile)


def _wants_mfa(profile: str) -> ConnectorError:
    return ConnectorError(
        Step.CREDENTIALS,
        f"the role of profile {profile!r} asks for an MFA code",
        "get credentials with the AWS CLI first (`aws configure export-credentials`), then start sluice with them",
    )


_IN_FILES = "check the profile in the AWS files"
_SOURCES = {
    "assume-role": ("the role of {}", _IN_FILES),
    "assume-role-with-web-identity": ("the web identity of {}", "check the token file and the role"),
    "boto-config": ("boto's configuration file", "check BOTO_CONFIG"),
    "config-file": ("the keys of {} in the config file", _IN_FILES),
    "container-role": ("the container's credentials", "check the AWS_CONTAINER_ variables"),
    "custom-process": ("the credential_process of {}", _IN_FILES),
    "ec2-credentials-file": ("the file of AWS_CREDENTIAL_FILE", "check that variable"),
    "env": ("the keys of the environment", "check the AWS_ variables"),
    "iam-role": ("the instance's role", "check the instance's metadata service"),
    "login": ("the console login of {}", "run `aws login`, then try again"),
    "shared-credentials-file": ("the keys of {} in the credentials file", _IN_FILES),
    "sso": ("the SSO login of {}", "run `aws sso login --profile {}`, then try again"),
}
"""What each of botocore's providers reads, and what to try where that fails, both for a profile."""
_OTHER_FORM = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)
"""What botocore raises where a file or an answer has another form than it expects."""


def failure(error: Exception, profile: str, method: str) -> ConnectorError:
    """What went wrong where credentials were fetched: always step `credentials`, with the profile, file or variable
    named that the provider `method` reads."""
    import botocore.exceptions as bc

    if isinstance(error, ConnectorError):
        return error
    if isinstance(error, bc.RefreshWithMFAUnsupportedError):  # its second attempt; the code was never given
        return _wants_mfa(profile)
    source, hint = _SOURCES.get(method, (method, _IN_FILES))
    source, hint = source.format(f"profile {profile!r}"), hint.format(profile)
    code = request_id = ""
    if isinstance(error, bc.MissingDependencyException):
        source = f"profile {profile!r} uses `aws login`"
        what = "botocore needs the package awscrt for it"
        hint = f"set what `aws configure export-credentials --profile {profile} --format env` prints, without --profile"
    elif isinstance(error, RuntimeError) and "still expired" in str(error):
        what, hint = "the keys have expired already", "get new ones, and check this machine's clock"
    elif isinstance(error, OSError) and error.filename:
        what = f"{error.filename} can't be read: {error.strerror}"
    elif isinstance(error, bc.SSOError | bc.TokenRetrievalError):
        what = "expired, or missing"
    elif isinstance(error, _OTHER_FORM) and not isinstance(error, bc.BotoCoreError):
        what = f"another form than expected ({type(error).__name__})"
    else:
        known = translate(error)
        what, code, request_id = f"{_at(error)}{known.title}", known.code, known.request_id
        if isinstance(error, bc.BotoCoreError) and known.step in (Step.CREDENTIALS, Step.SETTINGS, Step.SERVICE):
            what = _WHOLE_ANSWER.sub("", str(error))  # its own words say which setting it is
            hint = _IN_FILES if isinstance(error, bc.InvalidConfigError) else hint
        else:
            hint = known.hint or hint
    return ConnectorError(Step.CREDENTIALS, f"{source}: {what}", hint, code=code, request_id=request_id)


_WHOLE_ANSWER = re.compile(r"(?<=from container metadata)(?: services)?: .*", re.DOTALL)
"""botocore adds it, with the keys in it."""


def _at(error: Any) -> str:
    """Which call failed, and where, as far as `error` knows."""
    operation = getattr(error, "operation_name", "")
    if operation:
        return f"{operation}: "
    url = getattr(error, "kwargs", {}).get("endpoint_url", "").partition("?")[0]
    return f"at {url}: " if url else ""
