"""Loading the AWS libraries and their service models without what nobody here needs.

Most of what stands between the command and the first counts is this import, so it is done once, in a thread.
"""

import functools
import os
import ssl
import threading
from collections.abc import Iterable
from typing import Any

import msgspec

from connectors import __version__
from connectors.aws import sign_in

_importing = threading.Lock()


def session_type() -> Any:
    """aiobotocore's session. Imports it, which takes a quarter of a second: call it in a thread."""
    with _importing:  # of two threads, the later one would put back what the earlier one had put in place
        return _session_type()


@functools.cache
def _session_type() -> Any:
    default_context = ssl.create_default_context
    # On import aiohttp makes a TLS context for itself and reads the certificates of all authorities for it. aiobotocore
    # never uses that one: it makes its own for each client. A context without authorities trusts nobody.
    ssl.create_default_context = lambda *_, **__: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        import aiohttp.connector  # noqa: F401
    finally:
        ssl.create_default_context = default_context
    from aiobotocore.session import AioSession

    return AioSession


@functools.cache
def models(data_path: str | None, services: tuple[str, ...]) -> Any:
    """botocore's loader of the models of `services` and of signing in, one for all sessions: they are parsed once."""
    from botocore.exceptions import DataNotFoundError
    from botocore.loaders import JSONFileLoader, create_loader

    class ModelFiles(JSONFileLoader):  # type: ignore[misc]
        """Parses the models in a fifth of botocore's time, into plain dicts, which take less memory."""

        def _load_file(self, full_path: str, open_method: Any) -> Any:
            if not os.path.isfile(full_path):  # noqa: PTH113 (botocore's own path)
                return None
            with open_method(full_path, "rb") as file:
                return msgspec.json.decode(file.read())

    def has_model(service: str, type_name: str) -> bool:
        try:
            return bool(loader.determine_latest_version(service, type_name))
        except DataNotFoundError:
            return False

    def list_available_services(type_name: str) -> list[str]:
        """botocore would look through the folders of four hundred services to find one of these."""
        return [service for service in known if has_model(service, type_name)]

    known = sorted({*services, *(service.name for service in sign_in.SERVICES)})

    loader = create_loader(data_path)
    loader.file_loader = ModelFiles()
    loader.list_available_services = list_available_services
    return loader


def warm_up(loader: Any, services: Iterable[str]) -> None:
    """Reads what making a client of each of `services` reads."""
    for name in ("_retry", "endpoints", "partitions", "sdk-default-configuration"):
        loader.load_data_with_path(name)
    for service in services:
        loader.load_service_model(service, "service-2")
        loader.load_service_model(service, "endpoint-rule-set-1")


def user_agent(session: Any) -> str:
    """What requests say of their sender: the libraries, the application id of the AWS files (`sdk_ua_app_id`), sluice.

    A given text is sent as it is; botocore's own is put together anew twice a call, an eighth of all that a call costs.
    """
    from botocore.useragent import UserAgentComponent

    application = session.get_config_variable("user_agent_appid")
    words = [session.user_agent(), f"sluice/{__version__}"]
    if application:
        words.append(UserAgentComponent("app", application).to_string())
    return " ".join(words)
