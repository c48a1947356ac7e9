"""A user id without an account, and without HOME: sluice starts, says what it lacks, and changes nothing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from connectors.audit import AuditLog
from tests.support.stub import SqsStub
from tests.tui.conftest import AtWork
from tui.config import file as config

NOBODY = """
import pwd, sys

def getpwuid(number):
    raise KeyError(f"getpwuid(): uid not found: {number}")

pwd.getpwuid = getpwuid
from tui.cli.main import main
main()
"""
"""What Python's own module says of a user id that has no account, as of most in a container."""


def run_as_nobody(
    folder: Path, *arguments: str, above: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    ours = ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
    variables = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        [*above, sys.executable, "-c", NOBODY, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=folder,
        env=variables | {"PYTHONPATH": str(Path(config.__file__).parents[2])} | environment,
    )


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("arguments", [["--help"], ["keys"], ["config", "check"]])
def test_what_needs_no_place_works(empty: Path, arguments: list[str]) -> None:
    ran = run_as_nobody(empty, *arguments)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout
    assert [*empty.iterdir()] == []


@pytest.mark.parametrize("environment", [{}, {"HOME": "relative"}], ids=["no HOME", "a HOME that is no path"])
def test_get_works_and_says_that_no_configuration_is_read(
    stub: SqsStub, empty: Path, environment: dict[str, str]
) -> None:
    stub.queue("orders", messages=["hello"])
    ran = run_as_nobody(empty, "get", "messages", "orders", "--endpoint-url", stub.url, **environment)
    assert ran.returncode == 0
    assert "hello" in ran.stdout
    assert (
        ran.stderr.splitlines()[0]
        == "sluice: no home directory is known: no configuration is read, and changes are refused (set HOME)"
    )
    assert [*empty.iterdir()] == []


def test_the_home_of_an_account_that_has_none_is_no_mistake(stub: SqsStub, empty: Path) -> None:
    stub.queue("orders")
    ran = run_as_nobody(empty, "get", "queues", "--endpoint-url", stub.url, HOME="/dev/null")
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_configuration_out_of_reach_may_say_read_only_and_so_it_is(stub: SqsStub, tmp_path: Path) -> None:
    stub.queue("orders")
    home = tmp_path / "closed"
    (home / ".config" / "sluice").mkdir(parents=True)
    (home / ".config" / "sluice" / "config.toml").write_text("read_only = true")
    home.chmod(0)
    as_anybody = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all"]
    if os.geteuid() != 0:
        as_anybody = []
    elif shutil.which("setpriv") is None:
        pytest.skip("no setpriv: the superuser can't be kept out of a folder")
    try:
        ran = run_as_nobody(tmp_path, "get", "queues", "--endpoint-url", stub.url, above=as_anybody, HOME=str(home))
    finally:
        home.chmod(0o700)
    assert ran.returncode == 0
    assert "orders" in ran.stdout
    file = home / ".config" / "sluice" / "config.toml"
    assert ran.stderr == (
        f"sluice: {file} is out of reach: no configuration is read, and changes are refused (set HOME)\n"
    )


@pytest.mark.parametrize(
    ("key", "place"), [("s", None), ("P", Path("/dev/null/sluice/audit.jsonl"))], ids=["no place", "no folder"]
)
async def test_without_a_place_for_the_audit_log_a_change_is_refused_before_it_is_asked_about(
    stub: SqsStub, sluice: AtWork, key: str, place: Path | None
) -> None:
    stub.queue("orders", messages=["hello"])
    async with sluice(stub.url, view="queue:orders", audit=AuditLog(place), size=(120, 30)) as person:
        await person.sees("changes are refused: ")
        await person.reads("cost", "A look (p)")
        await person.press(key)
        assert "audit log" in await person.is_shown("Refused")
        await person.press("escape", "p")
        await person.reads("cost", "1 held")
        await person.press("L")
        await person.reads("title", "without an audit trail" if place is None else str(place))
    assert {"SendMessage", "PurgeQueue"} & {*stub.operations} == set()
