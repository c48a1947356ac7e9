"""`sluice explain --cases`: filter policies against messages, and what is expected of them, without a network."""

from pathlib import Path

import click

from connectors.errors import ConnectorError, Step
from connectors.sns.filter_policy.cases import Case, CaseFault, read_cases
from tui.console.options import FAILURE
from widgets.text import printable

_MOST_REASONS = 3


def explain_cases(path: Path) -> int:
    """Prints each case of the file that turns out otherwise than expected, and how many do. Returns the exit code."""
    cases = _read(path)
    differing = 0
    for case in cases:
        outcome, reasons = case.outcome()
        if outcome is not case.expected:
            differing += 1
            click.echo(printable(_line(case, outcome.value, reasons), limit=1000))
    if differing:
        click.echo(f"{differing:,} of {_count(len(cases))} differ")
        return FAILURE
    click.echo(f"{_count(len(cases))}, none differs")
    return 0


def _read(path: Path) -> list[Case]:
    try:
        with path.open("rb") as lines:
            cases = list(read_cases(lines))
    except FileNotFoundError as error:
        raise ConnectorError(Step.SETTINGS, f"there is no file {path}") from error
    except OSError as error:
        raise ConnectorError(Step.SETTINGS, f"{path} can't be read: {error.strerror}") from error
    except CaseFault as error:
        raise ConnectorError(Step.SETTINGS, f"{path}, {error.fault}") from error
    if not cases:
        raise ConnectorError(Step.SETTINGS, f"there are no cases in {path}")
    return cases


def _line(case: Case, outcome: str, reasons: tuple[str, ...]) -> str:
    name = f" ({case.name})" if case.name else ""
    line = f"line {case.line}{name}: expected {case.expected}, got {outcome}"
    if reasons:
        line += f": {'; '.join(reasons[:_MOST_REASONS])}"
    if len(reasons) > _MOST_REASONS:
        line += f"; and {len(reasons) - _MOST_REASONS:,} more"
    return line


def _count(cases: int) -> str:
    return "1 case" if cases == 1 else f"{cases:,} cases"
