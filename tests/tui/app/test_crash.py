"""A crash prints where it happened, and none of the values that were at hand."""

import subprocess
import sys
from pathlib import Path

import pytest

CRASHING = """
import asyncio, sys
from pathlib import Path

import tui.app
from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from tui.app.app import SluiceApp


class Crashing(SluiceApp):
    CSS_PATH = Path(tui.app.__file__).with_name("sluice.tcss")

    async def on_mount(self):
        token = Path(sys.argv[1]).read_text()
        session_token = {"token": token, "again": [token]}
        if sys.argv[2] == "handler":
            self.fail(token, session_token)
        elif sys.argv[2] == "worker":
            self.run_worker(self.fail_later(token), exit_on_error=True)
        else:
            self.call_later(self.fail, token, session_token)

    async def fail_later(self, token):
        await asyncio.sleep(0)
        self.fail(token, {})

    def fail(self, token, session_token):
        raise RuntimeError("forced by a test")


app = Crashing(ContextRequest(), audit=AuditLog(Path(sys.argv[1] + ".audit")))
app.run(headless=True)
sys.exit(app.return_code)
"""
SECRET = "FwoGZXIvYXdzEPlantedSessionToken"


@pytest.mark.parametrize("where", ["handler", "worker", "callback"])
def test_a_crash_prints_no_locals(tmp_path: Path, where: str) -> None:
    planted = tmp_path / "token"
    planted.write_text(SECRET)
    program = tmp_path / "crashing.py"
    program.write_text(CRASHING)
    ran = subprocess.run([sys.executable, program, planted, where], capture_output=True, text=True, timeout=60)
    printed = ran.stdout + ran.stderr
    assert "forced by a test" in printed
    assert "RuntimeError" in printed
    assert " locals " not in printed
    assert SECRET not in printed.replace("\n", "")
    assert not any(SECRET[start : start + 8] in printed for start in range(len(SECRET) - 8))
    assert ran.returncode == 1
