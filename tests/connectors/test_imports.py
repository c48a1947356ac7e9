"""What each module loads, seen in a process of its own."""

import json
import pkgutil
import subprocess
import sys

import pytest

import connectors

LIGHT = [
    "connectors",
    *(
        module.name
        for module in pkgutil.walk_packages(connectors.__path__, "connectors.")
        if not {"emulator", "demo"} & {*module.name.split(".")}
    ),
]
"""All but what works in the demo's process."""
HEAVY = {"aiobotocore", "botocore", "boto3", "aiohttp", "moto", "keyring"}
OF_A_TERMINAL = {"textual", "rich", "click", "widgets", "tui"}


def loaded(program: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport json, sys\nprint(json.dumps([*sys.modules]))"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return {name.split(".")[0] for name in json.loads(done.stdout)}


@pytest.mark.parametrize("forbidden", [HEAVY, OF_A_TERMINAL], ids=["heavy", "terminal"])
def test_the_connectors_load_neither_a_screen_nor_the_aws_libraries(forbidden: set[str]) -> None:
    assert loaded("\n".join(f"import {name}" for name in LIGHT)) & forbidden == set()


def test_working_with_aws_loads_no_screen() -> None:
    program = """
import asyncio, pathlib, tempfile
from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.open_context import OpenContext
from connectors.sqs.service import SERVICE

async def main():
    audit = AuditLog(pathlib.Path(tempfile.mkdtemp()) / "audit.jsonl")
    request = ContextRequest(demo=True, endpoint_url="http://127.0.0.1:1")
    context = await OpenContext.open(request, audit=audit, services=[SERVICE])
    await context.aws.client("sqs")
    await context.close()

asyncio.run(main())
"""
    names = loaded(program)
    assert "aiobotocore" in names
    assert names & OF_A_TERMINAL == set()
