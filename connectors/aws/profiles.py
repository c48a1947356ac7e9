"""The profiles of the AWS files.

botocore reads `name =` with indented lines below it as a section of its own, whatever the name: any value may be a dict
where a text is meant.
"""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.errors import ConnectorError, Step


@dataclass(frozen=True, slots=True)
class ProfileSummary:
    """One profile of the AWS files; `kind` says in a word where its credentials come from."""

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
        f"write `{key} = VALUE` on one line: indented lines belong to the setting above them",
    )


def found_profiles() -> list[ProfileSummary]:
    """The profiles of the AWS files, in their order. Reads files: call it in a thread.

    Raises `ConnectorError` where a file can't be parsed.
    """
    import botocore.exceptions
    import botocore.session

    try:
        profiles = botocore.session.Session().full_config.get("profiles", {})
    except botocore.exceptions.BotoCoreError as error:
        raise ConnectorError(Step.SETTINGS, str(error), "mend the AWS files named") from error
    return [_summary(name, settings) for name, settings in profiles.items()]


def _summary(name: str, settings: Mapping[str, Any]) -> ProfileSummary:
    region = settings.get("region")
    damaged = next(_sections_among_texts(settings), None)
    kind = next((kind for key, kind in CREDENTIAL_KINDS if key in settings), "–")
    return ProfileSummary(
        name,
        region if isinstance(region, str) else None,
        kind if damaged is None else f"{damaged} is a section",
    )
