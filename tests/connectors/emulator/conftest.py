import os
import shutil
from pathlib import Path

import pytest

# Where a development machine may have ministack in an environment of its own.
MINISTACK_FOLDER = Path("/opt/ministack/bin")


@pytest.fixture(autouse=True)
def own_files(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads the developer's profiles, or leaves anything behind when it kills a server."""
    monkeypatch.setenv("TMPDIR", str(tmp_path_factory.mktemp("scratch")))
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def ministack_on_path(monkeypatch: pytest.MonkeyPatch) -> str:
    if MINISTACK_FOLDER.is_dir():
        monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{MINISTACK_FOLDER}")
    if shutil.which("ministack") is None:
        pytest.skip("ministack is not installed")
    return "ministack"


@pytest.fixture(params=["moto", "ministack"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each emulator that is there."""
    if request.param == "ministack":
        request.getfixturevalue("ministack_on_path")
    return str(request.param)
