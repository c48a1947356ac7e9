"""What each module loads, seen in a process of its own."""

import json
import subprocess
import sys

import pytest

LIGHT = [
    "connectors",
    "connectors.audit",
    "connectors.aws",
    "connectors.aws.call_log",
    "connectors.aws.cli_command",
    "connectors.aws.context",
    "connectors.aws.credential_process",
    "connectors.aws.credentials",
    "connectors.aws.http",
    "connectors.aws.loading",
    "connectors.aws.profiles",
    "connectors.aws.responses",
    "connectors.aws.session",
    "connectors.aws.sign_in",
    "connectors.aws.translation",
    "connectors.clock",
    "connectors.concurrency",
    "connectors.errors",
    "connectors.guard",
    "connectors.open_context",
    "connectors.redaction",
    "connectors.service",
    "connectors.shield",
    "connectors.sns",
    "connectors.sns.connector",
    "connectors.sns.models",
    "connectors.sns.service",
    "connectors.sns.source",
    "connectors.sns.topics",
    "connectors.sqs",
    "connectors.sqs.changes",
    "connectors.sqs.connector",
    "connectors.sqs.leases",
    "connectors.sqs.models",
    "connectors.sqs.queues",
    "connectors.sqs.receive_log",
    "connectors.sqs.receiving",
    "connectors.sqs.service",
    "connectors.sqs.snapshot",
    "connectors.sqs.source",
    "connectors.sqs.state",
    "connectors.sqs.taken_leases",
    "connectors.sqs.walk",
    "connectors.sqs.wire",
    "connectors.watching",
    "connectors.watching.history",
    "connectors.watching.reading",
    "connectors.watching.schedule",
    "connectors.watching.source",
    "connectors.watching.watch",
]
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


def test_every_module_is_named_here() -> None:
    import pkgutil

    import connectors

    found = {module.name for module in pkgutil.walk_packages(connectors.__path__, "connectors.")}
    light = {name for name in found if not name.startswith(("connectors.emulator", "connectors.sqs.demo"))}
    assert light == set(LIGHT) - {"connectors"}


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
