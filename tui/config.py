"""The configuration file: strict TOML. The environment outranks it, options outrank both."""

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from connectors.context import ContextRequest
from connectors.errors import ConnectorError, Step


class Config(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What may stand in the file. There is no key for a secret: those never live in a file."""

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    read_only: bool = False
    no_look: bool = False
    theme: str | None = None


def default_path() -> Path:
    import platformdirs

    return Path(platformdirs.user_config_path("sluice")) / "config.toml"


def audit_path() -> Path:
    import platformdirs

    return Path(platformdirs.user_state_path("sluice")) / "audit.jsonl"


def load(path: Path | None) -> Config:
    """The configuration in `path`, or in the default place, where it may be missing.

    Raises `ConnectorError` at step `settings` that names the file, the key and the nearest known one.
    """
    file = path or default_path()
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        if path is None:
            return Config()
        raise ConnectorError(Step.SETTINGS, f"there is no file {file}", "check --config") from None
    except OSError as error:
        raise ConnectorError(Step.SETTINGS, f"{file} can't be read: {error.strerror}", "check --config") from error
    try:
        return msgspec.toml.decode(text, type=Config)
    except msgspec.ValidationError as error:
        raise _wrong_key(file, str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConnectorError(Step.SETTINGS, f"{file} is not valid TOML: {error}", "mend that line") from error


def _wrong_key(file: Path, reason: str) -> ConnectorError:
    known = list(Config.__struct_fields__)
    unknown = re.search(r"unknown field `(.*?)`", reason)
    if unknown is None:
        key = re.search(r"at `\$\.(.*?)`", reason)
        where = f" key {key.group(1)!r}:" if key else ""
        return ConnectorError(Step.SETTINGS, f"{file}:{where} {reason.split(' - at ')[0]}", "mend the value")
    nearest = difflib.get_close_matches(unknown.group(1), known, n=1, cutoff=0.4)
    return ConnectorError(
        Step.SETTINGS,
        f"{file}: unknown key {unknown.group(1)!r}",
        f"{nearest[0]!r}" if nearest else "one of " + ", ".join(known),
    )


def request(
    config: Config,
    *,
    profile: str | None = None,
    region: str | None = None,
    endpoint_url: str | None = None,
    read_only: bool = False,
    no_look: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> ContextRequest:
    """Options over environment over file. What protects can only be added: no layer takes `read_only` away."""

    def unless_set(value: str | None, *names: str) -> str | None:
        return None if any(environ.get(name) for name in names) else value

    return ContextRequest(
        profile=profile or unless_set(config.profile, "AWS_PROFILE", "AWS_DEFAULT_PROFILE"),
        region=region or unless_set(config.region, "AWS_REGION", "AWS_DEFAULT_REGION"),
        endpoint_url=endpoint_url or unless_set(config.endpoint_url, "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS"),
        read_only=read_only or config.read_only,
        no_look=no_look or config.no_look,
    )
