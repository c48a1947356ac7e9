"""The configuration file: strict TOML. The environment outranks it, options outrank both."""

import codecs
import difflib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import msgspec

from connectors.aws.context import ContextRequest
from connectors.errors import ConnectorError, Step

Sections: TypeAlias = Mapping[str, type[msgspec.Struct]]
"""By name the tables that belong to one service each, and what may stand in them. They forbid unknown fields."""
_NO_SECTIONS: Sections = {}


class Config(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What may stand in the file. There is no key for a secret: those never live in a file.

    `low_bandwidth` is None where nobody chose; false declines its offer, too. `keys` are keys by command id,
    which `tui.app.keymap` checks. `sections` has the tables of the services by name; it is no key of the file.
    """

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    read_only: bool = False
    no_look: bool = False
    theme: str | None = None
    low_bandwidth: bool | None = None
    keys: dict[str, object] = {}
    sections: dict[str, msgspec.Struct] = {}


def default_path() -> Path | None:
    """None where there is no home directory: a user id without an account, and no HOME or XDG_CONFIG_HOME."""
    import platformdirs

    return _in_folder(platformdirs.user_config_path, "config.toml")


def audit_path() -> Path | None:
    """As `default_path`, with XDG_STATE_HOME."""
    import platformdirs

    return _in_folder(platformdirs.user_state_path, "audit.jsonl")


def state_path() -> Path | None:
    """The file of `preferences.Memory`; as `audit_path`."""
    import platformdirs

    return _in_folder(platformdirs.user_state_path, "state.json")


def _in_folder(folder: Callable[[str], Path], name: str) -> Path | None:
    try:
        path = folder("sluice") / name
    except RuntimeError:  # so says platformdirs, and before 4.10 it gave a path that begins with ~
        return None
    return path if path.is_absolute() else None


def _is_out_of_reach(file: Path) -> bool:
    """Whether a folder above `file` is closed to this user, as it is with the HOME of another one: whether there is a
    file is unknown."""
    try:
        file.stat()
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def why_unread(path: Path | None) -> str:
    """Why no configuration is read although nobody said so; empty where it is read, or there is none."""
    file = path or default_path()
    if file is None:
        return "no home directory is known"
    return f"{file} is out of reach" if path is None and _is_out_of_reach(file) else ""


def load(path: Path | None, sections: Sections = _NO_SECTIONS) -> Config:
    """The configuration in `path`, or in the default place, where it may be missing.

    Raises `ConnectorError` at step `settings` that names the file, the key and the nearest known one.
    """
    config, problems = read(path, sections)
    if problems:
        raise problems[0]
    return config


def read(path: Path | None, sections: Sections = _NO_SECTIONS) -> tuple[Config, list[ConnectorError]]:
    """As `load`, with everything that is wrong in the file; what is not wrong is in the configuration.

    A default place that is out of reach may hold a file that says `read_only`, so that is what holds.
    """
    file = path or default_path()
    if file is None:
        return Config(), []
    try:
        raw = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):  # the home of some accounts is /dev/null
        if path is None:
            return Config(), []
        return Config(), [_wrong(f"there is no file {file}", "check --config")]
    except OSError as error:
        if path is None and _is_out_of_reach(file):
            return Config(read_only=True), []
        return Config(), [_wrong(f"{file} can't be read: {error.strerror}", "check --config")]
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Config(), [_wrong(f"{file} is written in UTF-16", "save it as UTF-8")]
    try:
        # some editors, above all on Windows, start a UTF-8 file with a byte order mark, which TOML refuses
        written = msgspec.toml.decode(raw.removeprefix(codecs.BOM_UTF8))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Config(), [_wrong(f"{file} is not valid TOML: {error}", "mend that line")]
    config, problems = Config(), []
    known = [*(name for name in Config.__struct_fields__ if name != "sections"), *sections]
    for key, value in written.items():
        try:
            if key not in known:
                problems.append(_unknown_key(file, key, known))
            elif key in sections:
                config.sections[key] = msgspec.convert(value, type=sections[key])
            else:
                one = msgspec.convert({key: value}, type=Config)
                config = msgspec.structs.replace(config, **{key: getattr(one, key)})
        except msgspec.ValidationError as error:
            problems.append(_wrong(f"{file}: key {key!r}: {str(error).split(' - at ')[0]}", "mend the value"))
    return config, problems


def in_file(path: Path | None, error: ConnectorError) -> ConnectorError:
    """`error` with the name of the file that it is about."""
    return _wrong(f"{path or default_path()}: {error.title}", error.hint)


def _wrong(title: str, hint: str) -> ConnectorError:
    return ConnectorError(Step.SETTINGS, title, hint)


def _unknown_key(file: Path, key: str, known: list[str]) -> ConnectorError:
    nearest = difflib.get_close_matches(key, known, n=1, cutoff=0.4)
    return _wrong(f"{file}: unknown key {key!r}", f"{nearest[0]!r}" if nearest else "one of " + ", ".join(known))


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
    """What to open: options outrank the environment, which outranks the file. `read_only` and `no_look` hold if any of
    them asks for it."""

    def unless_set(value: str | None, *names: str) -> str | None:
        return None if any(environ.get(name) for name in names) else value

    return ContextRequest(
        profile=profile or unless_set(config.profile, "AWS_PROFILE", "AWS_DEFAULT_PROFILE"),
        region=region or unless_set(config.region, "AWS_REGION", "AWS_DEFAULT_REGION"),
        endpoint_url=endpoint_url or unless_set(config.endpoint_url, "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS"),
        read_only=read_only or config.read_only,
        no_look=no_look or config.no_look,
    )
