from pathlib import Path

import pytest

KEY_ID, SECRET, TOKEN = "AKIAIOSFODNN7EXAMPLE", "s3cr3t-access-key", "s3cr3t-session-token"


class AwsFiles:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def config(self, text: str) -> None:
        (self._folder / "config").write_text(text)

    def keys(self, key_id: str) -> None:
        (self._folder / "credentials").write_text(
            f"[default]\naws_access_key_id = {key_id}\naws_secret_access_key = {SECRET}\naws_session_token = {TOKEN}\n"
        )


@pytest.fixture
def files(isolated_machine: Path) -> AwsFiles:
    return AwsFiles(isolated_machine / ".aws")
