"""What the tests of each folder cost in processor seconds, against a budget.

A pytest plugin: `pytest -p tests.support.processor` prints a table at the end; with `--budgets` a folder above its
budget is named, and one above twice of it fails the run. Seconds are scaled to those of a reference machine by a loop
that is timed at the start, since machines and moments differ.
"""

import resource
import time
from collections import defaultdict
from collections.abc import Generator
from typing import Any

import pytest

BUDGETS = {
    "tests/chaos": 170,
    "tests/connectors": 155,
    "tests/e2e": 100,
    "tests/tui": 410,
    "tests/widgets": 40,
}
"""Processor seconds in `make test`, on the reference machine: what a folder took on the day it was set, and a tenth."""

_REFERENCE_SECONDS = 0.28
"""What the loop takes on the reference machine."""
_PROPERTY = "processor seconds"


class ProcessorSeconds:
    def __init__(self, config: pytest.Config) -> None:
        self._has_budgets = bool(config.getoption("--budgets"))
        self._seconds: dict[str, float] = defaultdict(float)
        self._scale = 1.0

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        if not hasattr(session.config, "workerinput"):
            self._scale = _REFERENCE_SECONDS / min(_loop() for _ in range(5))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Setup and teardown count, and so does what a test started and waited for."""
        began = _spent()
        item.user_properties.append((_PROPERTY, began))
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: Any) -> Generator[None, Any, Any]:
        report = yield
        if report.when == "teardown":
            report.user_properties = [
                (name, _spent() - value if name == _PROPERTY else value) for name, value in report.user_properties
            ]
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "teardown":
            folder = "/".join(report.nodeid.split("::")[0].split("/")[:2])
            self._seconds[folder] += sum(
                float(str(value)) for name, value in report.user_properties if name == _PROPERTY
            )

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        terminalreporter.section("processor seconds")
        for folder, seconds in sorted(self._scaled().items()):
            budget = BUDGETS.get(folder)
            line = f"{folder:20} {seconds:6.1f}"
            if self._has_budgets and budget is not None:
                line += f" of {budget:.0f}"
                if seconds > budget:
                    line += "  above its budget" if seconds <= 2 * budget else "  above twice its budget: the run fails"
            terminalreporter.line(line)
        terminalreporter.line(f"{'together':20} {sum(self._scaled().values()):6.1f} (scaled by {self._scale:.2f})")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workerinput") or not self._has_budgets:
            return
        if any(seconds > 2 * BUDGETS.get(folder, seconds) for folder, seconds in self._scaled().items()):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _scaled(self) -> dict[str, float]:
        return {folder: seconds * self._scale for folder, seconds in self._seconds.items()}


def _spent() -> float:
    """Seconds of this process and of those of its children that it waited for."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _loop() -> float:
    began = time.process_time()
    total = 0
    for number in range(10_000_000):
        total += number & 7
    return time.process_time() - began


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--budgets", action="store_true", help="compare the processor seconds of each folder with its budget"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(ProcessorSeconds(config), "processor seconds")
