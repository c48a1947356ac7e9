"""The command `sluice`, run as a person runs it without a terminal: a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

SLUICE = Path(sys.executable).parent / "sluice"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """sluice with these arguments and no terminal."""
    return subprocess.run(
        [SLUICE, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | environment,
    )


def one_line(ran: subprocess.CompletedProcess[str], code: int) -> str:
    """The only line that was said, on stderr; nothing may stand on stdout."""
    assert (ran.returncode, ran.stdout) == (code, ""), ran
    [line] = ran.stderr.splitlines()
    assert line.startswith("sluice: ")
    return line
