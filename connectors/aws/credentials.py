"""Getting credentials without botocore taking over the terminal, and without sending real ones in the clear.

It is botocore's own chain; a session here is an aiobotocore session.
"""

from collections.abc import Iterable
from typing import Any

from connectors.aws.context import Context, is_loopback, is_plain_http_abroad, is_real_key_id
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


async def prepare(session: Any, context: Context, *, allow_plain_http: bool) -> None:
    """Finds the credentials of the session's profile; those of a role or a login are fetched by the first call.

    Raises `ConnectorError` where there are none, or where real ones would cross a network unencrypted.
    """
    for provider in session.get_component("credential_provider").providers:
        if hasattr(provider, "_prompter"):
            # botocore would ask for the MFA code on the terminal that the screen owns, and block the event loop
            provider._prompter = _refuse_mfa_prompt
    try:
        credentials = await session.get_credentials()
    except Exception as error:
        raise translate(error, operation="credentials") from error
    if credentials is None:
        raise ConnectorError(
            Step.CREDENTIALS,
            f"no credentials were found for profile {context.profile!r}",
            "choose a profile, log in with the AWS CLI, or give an endpoint",
        )
    for service, url in context.endpoints:
        if is_plain_http_abroad(url) and not allow_plain_http and _are_real(credentials):
            raise PlainHttp(
                f"real credentials would go over plain http to {url} ({service})",
                "https://, or --allow-http if you trust the whole way there",
            )


async def renew(session: Any, clients: Iterable[Any]) -> None:
    """botocore keeps static keys for ever. After a login elsewhere the AWS files hold new ones: this reads them again,
    and hands them to `clients`, which would go on signing with the old ones."""
    fresh = await session.get_component("credential_provider").load_credentials()
    if fresh is None:
        return
    session._credentials = fresh
    for client in clients:
        client._request_signer._credentials = fresh


def _are_real(credentials: Any) -> bool:
    """Whether these may be AWS's own. Those of a role or a login are, and are not fetched to find out."""
    from botocore.credentials import RefreshableCredentials

    return isinstance(credentials, RefreshableCredentials) or is_real_key_id(credentials.access_key or "")


def _refuse_mfa_prompt(prompt: str) -> str:
    raise ConnectorError(
        Step.CREDENTIALS,
        "the profile's role asks for an MFA code",
        "get credentials with the AWS CLI first (`aws configure export-credentials`), then start sluice with them",
    )
