"""The command `sluice`, run as a person runs it without a terminal: a process of its own."""

import contextlib
import io
import logging
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


def run_here(*arguments: str) -> subprocess.CompletedProcess[str]:
    """As `run`, in this process: for a test that needs many runs. What libraries log goes where it would go in a
    process of its own."""
    from tui.cli.main import main

    root = logging.getLogger()
    of_pytest, root.handlers = root.handlers, []
    code: object = 0
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        try:
            main([*arguments])
        except SystemExit as end:
            code = end.code
        finally:
            logging.captureWarnings(False)
            root.handlers = of_pytest
    return subprocess.CompletedProcess(arguments, code if isinstance(code, int) else 1, out.getvalue(), err.getvalue())


def one_line(ran: subprocess.CompletedProcess[str], code: int) -> str:
    """The only line that was said, on stderr; nothing may stand on stdout."""
    assert (ran.returncode, ran.stdout) == (code, ""), ran
    [line] = ran.stderr.splitlines()
    assert line.startswith("sluice: ")
    return line
