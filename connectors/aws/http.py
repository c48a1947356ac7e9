"""The HTTP session below the AWS clients: aiobotocore's own, without redirects.

aiohttp follows a redirect by itself: a captive portal, or an endpoint that moved, would get the message's body and the
session token sent on to whatever host it names. botocore never does that; a redirect is an answer like any other.
"""

import functools
from typing import Any


@functools.cache
def session_class() -> Any:
    """For aiobotocore's `http_session_cls`. Imports aiobotocore."""
    from aiobotocore.httpsession import AIOHTTPSession

    class SessionWithoutRedirects(AIOHTTPSession):  # type: ignore[misc]
        async def _get_session(self, proxy_url: str | None) -> Any:
            return _WithoutRedirects(await super()._get_session(proxy_url))

    return SessionWithoutRedirects


class _WithoutRedirects:
    def __init__(self, session: Any) -> None:
        self.request = functools.partial(session.request, allow_redirects=False)
