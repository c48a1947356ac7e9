import os

import pytest

from connectors.emulator.kinds import MINISTACK, MOTO, checked_kind


@pytest.fixture(autouse=True)
def own_files(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads the developer's profiles, or leaves anything behind when it kills a server."""
    monkeypatch.setenv("TMPDIR", str(tmp_path_factory.mktemp("scratch")))
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(params=[MOTO, MINISTACK])
def kind(request: pytest.FixtureRequest) -> str:
    """Each emulator. `make test` installs both, so a missing one fails the test."""
    return checked_kind(str(request.param))
