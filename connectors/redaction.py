"""Taking secrets out of texts that come from services, libraries and programs.

Any of them may repeat what it was given: a proxy's URL with its password, a header, the canonical request of a
signature, which has the session token in it.
"""

import functools
import os
import re

HIDDEN = "…"
LONGEST = 4000
"""Characters of a text that are kept."""

_SECRET_VARIABLES = (
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
)
_PROXY_VARIABLES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")
_SHORTEST_KNOWN = 4
"""Characters of a value of the environment below which it is not looked for: it would stand in every text."""
_TOKEN_LENGTH = 100
"""Characters without a break from which a text is a token: no name of a resource is as long."""

_NAME = r"[\w.-]*(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key)[\w.-]*"
_HEADER = r"(?:proxy-)?authorization|x-amz-security-token|x-amz-sso_bearer_token|(?:set-)?cookie"
_PATTERNS = (
    # the user information of a URL; a password may hold / and @ itself
    (r"(?i)([a-z][a-z0-9+.-]*://)[^\s'\"<>]*@", rf"\1{HIDDEN}@"),
    # the same without a scheme; the session name of an ARN may be an address of e-mail
    (r"(?<![\w:/.@%-])(?!arn:)[^\s'\"/@:<>]+:[^\s'\"@]+@(?=[\w.\[\]:-]+:\d)", f"{HIDDEN}@"),
    (rf"(?i)\b({_HEADER})(['\"]?\s*[:=]\s*['\"]?)(?:[a-z]+\s+(?=\S{{6}}))?[^\s,;'\"]+", rf"\1\2{HIDDEN}"),
    (r"(?i)\b(basic|bearer)\s+(?=\S*[\d=])[\w+/=.~-]{6,}", rf"\1 {HIDDEN}"),
    # name=value, and as JSON has it
    (rf"(?i)\b({_NAME}\s*=\s*)(?:'[^']*'|\"[^\"]*\"|[^\s,;&'\"]+)", rf"\1{HIDDEN}"),
    (rf"(?i)(['\"]{_NAME}['\"]\s*:\s*['\"])[^'\"]*", rf"\1{HIDDEN}"),
    # a JSON web token
    (r"\beyJ[\w-]+\.[\w-]+\.?[\w-]*", HIDDEN),
    # 40 characters of base64, as AWS makes its secret keys
    (
        r"(?<![\w+/=])(?!/)(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])(?=(?:\D*\d){3}|[^/+]*[/+])[A-Za-z0-9+/]{40}(?![\w+/=])",
        HIDDEN,
    ),
)


@functools.cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Compiled at the first error: the command line imports this module before it knows what to do."""
    return [(re.compile(pattern), instead) for pattern, instead in _PATTERNS]


def without_secrets(text: str) -> str:
    """`text` with `HIDDEN` in place of what may be a secret, cut to `LONGEST` characters."""
    if len(text) > LONGEST:
        text = text[:LONGEST].rpartition(" ")[0] + HIDDEN
    for secret in _of_environment():
        text = text.replace(secret, HIDDEN)
    for pattern, instead in _patterns():
        text = pattern.sub(instead, text)
    return re.sub(rf"[A-Za-z0-9+/=_-]{{{_TOKEN_LENGTH},}}", _hide_token, text)


def _hide_token(run: re.Match[str]) -> str:
    is_path = run.group().count("/") * 16 > len(run.group())
    return run.group() if is_path else HIDDEN


def _of_environment() -> list[str]:
    """The secrets of the environment, the longest first."""
    from urllib.parse import unquote

    found = {os.environ.get(name, "") for name in _SECRET_VARIABLES}
    for name in _PROXY_VARIABLES:
        user_information, at, _ = os.environ.get(name, "").rpartition("@")
        if at:
            both = user_information.rpartition("//")[2]
            password = both.partition(":")[2]
            found |= {both, unquote(both), password, unquote(password)}
    return sorted((secret for secret in found if len(secret) >= _SHORTEST_KNOWN), key=len, reverse=True)
