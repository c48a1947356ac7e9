"""`sluice config check`: everything about the configuration file that can be found out without a network."""

from pathlib import Path

from connectors.aws.context import ContextRequest, check_endpoint_url, resolve
from connectors.errors import ConnectorError
from tui.app import keymap as keys
from tui.app.appearance import check_theme
from tui.config.file import Config, in_file, read
from tui.services import CALLED, sections

_NAMES = [service.name for service in CALLED]
_SOME_REGION = "us-east-1"
"""A region for the check of a profile: a profile without one is no fault of the file."""


def check(path: Path | None) -> list[ConnectorError]:
    """Every problem: first of the TOML, then of the values, then of the keys."""
    config, problems = read(path, sections())
    return [*problems, *(in_file(path, problem) for problem in (*_values(config), *keys.problems(config.keys)))]


def _values(config: Config) -> list[ConnectorError]:
    problems: list[ConnectorError] = []
    for value, use in (
        (config.profile, lambda name: resolve(ContextRequest(profile=name, region=_SOME_REGION), _NAMES)),
        (config.region, lambda name: resolve(ContextRequest(region=name), _NAMES)),
        (config.endpoint_url, lambda url: check_endpoint_url(url, "endpoint_url")),
        (config.theme, check_theme),
    ):
        try:
            if value is not None:
                use(value)
        except ConnectorError as error:
            problems.append(error)
    return problems
