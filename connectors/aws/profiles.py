"""The profiles of the AWS files."""

from dataclasses import dataclass

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
    return [
        ProfileSummary(
            name,
            settings.get("region"),
            next((kind for key, kind in CREDENTIAL_KINDS if key in settings), "–"),
        )
        for name, settings in profiles.items()
    ]
