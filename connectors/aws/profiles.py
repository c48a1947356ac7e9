"""The profiles of the AWS files.

botocore reads `name =` with indented lines below it as a section of its own, whatever the name: any value may be a dict
where a text is meant.
"""

import difflib
import functools
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.errors import ConnectorError, Step


@dataclass(frozen=True, slots=True)
class ProfileSummary:
    """One profile of the AWS files. `region` is its own, else that of the environment; `kind` says in a word where its
    credentials come from."""

    name: str
    region: str | None
    kind: str


CREDENTIAL_KINDS = (
    ("sso_session", "SSO"),
    ("sso_start_url", "SSO"),
    ("role_arn", "role"),
    ("credential_process", "process"),
    ("login_session", "console login"),
    ("web_identity_token_file", "web identity"),
    ("aws_access_key_id", "keys"),
)
"""The setting of a profile that names a source of credentials, and the word for it; the first that a profile has."""


_TEXTS = {key for key, _ in CREDENTIAL_KINDS} | {
    *("aws_account_id", "aws_secret_access_key", "aws_security_token", "aws_session_token"),
    *("credential_source", "duration_seconds", "external_id", "mfa_serial", "role_session_name", "source_profile"),
    *("sso_account_id", "sso_region", "sso_registration_scopes", "sso_role_name"),
    *("endpoint_url", "services"),
}
"""The settings of a profile that are read as a text, beside those of botocore's sessions."""


@functools.cache
def _texts() -> frozenset[str]:
    """Every setting of a profile that is read as a text."""
    import botocore.session

    of_sessions = {name for name, *_ in botocore.session.Session.SESSION_VARIABLES.values() if name}
    return frozenset(_TEXTS | of_sessions - {"api_versions"})


def _sections_among_texts(settings: Mapping[str, Any]) -> Iterator[str]:
    return (key for key, value in settings.items() if key in _texts() and not isinstance(value, str))


def check_texts(files: Mapping[str, Any], profile: str) -> None:
    """Raises `ConnectorError` if a setting of `profile`, of its source profiles, or of their SSO sessions is a section.

    `files` is botocore's `full_config`.
    """
    seen: set[str] = set()
    while profile in files["profiles"] and profile not in seen:
        seen.add(profile)
        settings = files["profiles"][profile]
        for key in _sections_among_texts(settings):
            raise _is_section(key, f"profile {profile!r}")
        sso_session = settings.get("sso_session", "")
        for key in _sections_among_texts(files.get("sso_sessions", {}).get(sso_session, {})):
            raise _is_section(key, f"sso-session {sso_session!r}")
        profile = settings.get("source_profile", "")


def _is_section(key: str, where: str) -> ConnectorError:
    return ConnectorError(
        Step.SETTINGS,
        f"{key} of {where} is a section, not a value",
        f"write the value on the line of {key}: indented lines belong to the setting above them",
    )


_CHOOSING = ("endpoint_url", "region", "services")
"""The settings of a profile by which calls go elsewhere than to AWS's default."""
_SWITCHES = ("ignore_configured_endpoint_urls", "use_dualstack_endpoint", "use_fips_endpoint")
_ALIKE = 0.8
"""Of `difflib`'s ratio: two names of three letters with one letter changed are not alike, one added letter is."""


def endpoint_urls(
    files: Mapping[str, Any], profile: str, services: Collection[str], environ: Mapping[str, str]
) -> dict[str, str]:
    """The URL of each of `services` that the `services` section of `profile` has.

    Raises `ConnectorError` where a setting that chooses the target has an unknown name or form: botocore passes over
    most of them, and the calls would go to AWS. `files` is botocore's `full_config`.
    """
    settings = files["profiles"].get(profile, {})
    _refuse_misspelt(settings, profile, services, environ)
    if "services" not in settings:
        return {}
    name, sections = settings["services"], files.get("services", {})
    if not sections.get(name):
        state = "is empty" if name in sections else "does not exist"
        close = [] if name in sections else difflib.get_close_matches(name, sections, n=1)
        raise _unknown(
            f"profile {profile!r} names the services section {name!r}, which {state}",
            f"services = {close[0]}" if close else f"[services {name or 'NAME'}] with `sqs =`, and {_BELOW}",
        )
    where = f"the services section {name!r}"
    _refuse_alike(sections[name], services, (), where)
    found: dict[str, str] = {}
    for service, section in sections[name].items():
        if service not in services:
            continue
        if not isinstance(section, dict):
            raise _unknown(f"{service} of {where} is a value, not a section", f"`{service} =`, and {_BELOW}")
        for key, url in section.items():
            if key != "endpoint_url" or not url:
                what = "is empty" if key == "endpoint_url" else "is unknown"
                raise _unknown(f"{key!r} of {service} in {where} {what}", "endpoint_url = URL")
            found[service] = url
    return found


_BELOW = "indented below it `endpoint_url = URL`"


def _refuse_misspelt(
    settings: Mapping[str, Any], profile: str, services: Collection[str], environ: Mapping[str, str]
) -> None:
    where = f"profile {profile!r}"
    _refuse_alike(settings, _CHOOSING, _texts(), where)
    for service in services:
        if service in settings:
            raise _unknown(
                f"{service!r} of {where} is not read", f"services = NAME, and [services NAME] with {service}"
            )
    if settings.get("endpoint_url") == "":
        raise _unknown(f"endpoint_url of {where} is empty", "endpoint_url = URL, or no such line")
    for name in _SWITCHES:
        variable = f"AWS_{name.upper()}"
        source, value = (variable, environ[variable]) if environ.get(variable) else (name, settings.get(name, "false"))
        if value.lower() not in ("true", "false"):
            raise _unknown(f"{source} is {value!r}", "true or false")
    prefix = "AWS_ENDPOINT_URL_"
    variables = {name: "" for name, value in environ.items() if name.startswith(prefix) and value}
    _refuse_alike(variables, [prefix + service.upper() for service in services], (), "the environment", len(prefix))


def _refuse_alike(
    names: Collection[str], meant: Collection[str], known: Collection[str], where: str, prefix: int = 0
) -> None:
    """Raises `ConnectorError` if one of `names` is like one of `meant` and neither that nor `known`. The first `prefix`
    characters of all of them are the same."""
    for name in names:
        if name in meant or name in known:
            continue
        plain = name.replace("-", "_")[prefix:]
        for other in meant:
            if difflib.SequenceMatcher(None, plain.lower(), other[prefix:].lower()).ratio() >= _ALIKE:
                raise _unknown(f"{name!r} of {where} is not read", repr(other))


def _unknown(title: str, hint: str) -> ConnectorError:
    return ConnectorError(Step.SETTINGS, title, hint)


def found_profiles(environ: Mapping[str, str] = os.environ) -> list[ProfileSummary]:
    """The profiles of the AWS files, in their order. Reads files: call it in a thread.

    Raises `ConnectorError` where a file can't be parsed.
    """
    import botocore.exceptions
    import botocore.session

    try:
        profiles = botocore.session.Session().full_config.get("profiles", {})
    except botocore.exceptions.BotoCoreError as error:
        raise ConnectorError(Step.SETTINGS, str(error), "mend the AWS files named") from error
    ambient = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or None
    return [_summary(name, settings, ambient) for name, settings in profiles.items()]


def _summary(name: str, settings: Mapping[str, Any], ambient_region: str | None) -> ProfileSummary:
    region = settings.get("region") or ambient_region
    damaged = next(_sections_among_texts(settings), None)
    kind = next((kind for key, kind in CREDENTIAL_KINDS if key in settings), "–")
    return ProfileSummary(
        name,
        region if isinstance(region, str) else None,
        kind if damaged is None else f"{damaged} is a section",
    )
