"""One shape, and what many of them have in common."""

from dataclasses import dataclass, field
from hashlib import sha1
from pathlib import Path

import pytest
from botocore.credentials import SSOProvider
from botocore.tokens import SSOTokenProvider

from tests.support.stub import EVERY_OPERATION, SqsStub, unused_port
from tests.support.wire import Answering

SECRET = "hunter2PlantedSecret"
"""Stands in every place of these shapes that may hold a secret."""
KEYS = f"aws_access_key_id = word\naws_secret_access_key = {SECRET}\n"


@dataclass(frozen=True)
class Shape:
    """`config` and `credentials` are the AWS files, `files` others by name. In all of them, in `environment` and in
    `words` stand `<url>` for the stub's URL, `<stub>` for its host and port, `<nobody>` for the URL of a port where
    nobody listens, and `<home>` for the home folder."""

    config: str
    words: tuple[str, ...]
    code: int = 1
    credentials: str = ""
    files: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ("--profile", "x")
    answer: Answering | None = None
    """What the stub answers to every request, if not what was asked for."""


ROLE = "[profile x]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/Reader\nsource_profile = base\n"
BASE = f"[profile base]\n{KEYS}"
STUB = {"AWS_ENDPOINT_URL": "<url>"}
SSO_CACHE = f".aws/sso/cache/{sha1(b'company').hexdigest()}.json"
HERE = f"[profile x]\nregion = eu-west-1\n{KEYS}"


def lay_out(shape: Shape, stub: SqsStub, home: Path, patch: pytest.MonkeyPatch) -> list[str]:
    """Writes the files and sets the variables of `shape`. Gives its words."""
    places = {
        "<url>": stub.url,
        "<stub>": f"127.0.0.1:{stub.port}",
        "<nobody>": f"http://127.0.0.1:{unused_port()}",
        "<home>": str(home),
    }

    def filled(text: str) -> str:
        for name, value in places.items():
            text = text.replace(name, value)
        return text

    for cache in (SSOProvider, SSOTokenProvider):  # botocore asks for the home folder once, on import
        patch.setattr(cache, "_SSO_TOKEN_CACHE_DIR", str((home / SSO_CACHE).parent))
    for name, content in {".aws/config": shape.config, ".aws/credentials": shape.credentials, **shape.files}.items():
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(filled(content), errors="surrogateescape")
        file.chmod(0o700)
    if shape.answer is not None:
        stub.on(EVERY_OPERATION, shape.answer)
    nowhere = {"HTTPS_PROXY": "<nobody>", "HTTP_PROXY": "<nobody>"}  # whatever is asked, nothing leaves this machine
    for name, value in (nowhere | shape.environment).items():
        patch.setenv(name, filled(value))
    return [filled(word) for word in shape.words]
