"""The kinds of emulator, and what each needs before a process is started for it (standard library only)."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from connectors.emulator.errors import EmulatorError
from connectors.errors import Step

MOTO = "moto"
MINISTACK = "ministack"

MOTO_LACKS = "moto, not ministack: nothing is pending, queue policies don't count"
"""What the demo on moto can't show: a subscription that waits to be confirmed, and a queue whose policy keeps messages
of a topic away."""

# The parts of moto that serve HTTP; `moto` alone comes without the last two.
MOTO_MODULES = ("moto", "flask", "flask_cors")

# The domains of AWS's own endpoints in every partition (botocore's partitions.json: dnsSuffix and dualStackDnsSuffix).
AWS_DOMAINS = (
    "amazonaws.com",
    "api.aws",
    "amazonaws.com.cn",
    "api.amazonwebservices.com.cn",
    "amazonaws.eu",
    "api.amazonwebservices.eu",
    "c2s.ic.gov",
    "api.aws.ic.gov",
    "sc2s.sgov.gov",
    "api.aws.scloud",
    "cloud.adc-e.uk",
    "api.cloud-aws.adc-e.uk",
    "csp.hci.ic.gov",
    "api.aws.hci.ic.gov",
)


def checked_kind(kind: str) -> str:
    """Return `moto`, `ministack` or a plain endpoint URL (no trailing slash), once what it needs is there.

    Raises EmulatorError for a word that is none of these, a URL that is no endpoint or belongs to AWS, and for an
    emulator that is not installed (the hint says how to get it).
    """
    if kind == MOTO:
        _require_moto()
        return kind
    if kind == MINISTACK:
        ministack_command()
        return kind
    return endpoint_url(kind)


def endpoint_url(text: str) -> str:
    """Return the URL of an emulator that runs elsewhere, without a trailing slash. Raises EmulatorError."""
    title = f"{text!r} is no emulator"
    if "://" not in text:
        raise EmulatorError(title, "give moto, ministack or a URL such as http://localhost:4566", step=Step.SETTINGS)
    try:
        url = urlsplit(text)
        host, _ = url.hostname or "", url.port
    except ValueError as error:
        raise EmulatorError(title, f"The URL is malformed: {error}", step=Step.SETTINGS) from None
    if url.scheme not in ("http", "https") or not host:
        raise EmulatorError(title, "The URL must look like http://localhost:4566", step=Step.SETTINGS)
    if url.username is not None or url.query or url.fragment:
        raise EmulatorError(
            title, "The URL must be scheme, host and port only: http://localhost:4566", step=Step.SETTINGS
        )
    if any(f".{host.rstrip('.')}".endswith(f".{domain}") for domain in AWS_DOMAINS):
        raise EmulatorError(
            f"{host} is AWS itself, not an emulator",
            "The demo writes made-up queues and messages; give the URL of an emulator",
        )
    return text.rstrip("/")


def demo_kind() -> str:
    """Return the kind of the demo where nobody chose one: ministack where it is found, else moto.

    Raises EmulatorError when `$MINISTACK` names no program.
    """
    return MOTO if _found_ministack() is None else MINISTACK


def ministack_command() -> str:
    """Return the absolute path of the `ministack` command. The application, the tests and the benchmarks ask here.

    1. `$MINISTACK`, a path or a name on PATH. When it names no program, nothing else is tried.
    2. The environment that `make ministack` makes. Its folder is that of the running Python's environment with
       "-ministack" at the end: a Python in `.venv` finds `.venv-ministack`.
    3. `ministack` on PATH.

    Raises EmulatorError when `$MINISTACK` names no program, and when ministack is in none of the three places.
    """
    command = _found_ministack()
    if command is None:
        raise EmulatorError(
            "ministack is not installed",
            "In a checkout of sluice: make ministack. "
            "Elsewhere: pipx install ministack && pipx inject ministack cryptography",
        )
    # The command runs in a folder of its own, where a relative path leads nowhere.
    return str(Path(command).absolute())


def _found_ministack() -> str | None:
    chosen = os.environ.get("MINISTACK")
    if chosen:
        command = shutil.which(chosen)
        if command is None:
            raise EmulatorError(
                f"MINISTACK is {chosen!r}, which is no program",
                "Give the path of the command, or unset MINISTACK",
                step=Step.SETTINGS,
            )
        return command
    return shutil.which(_made_for(sys.prefix)) or shutil.which("ministack")


def _made_for(prefix: str) -> Path:
    environment = Path(prefix)
    return environment.with_name(f"{environment.name}-ministack") / "bin" / "ministack"


def _require_moto() -> None:
    missing = [name for name in MOTO_MODULES if find_spec(name) is None]
    if missing:
        raise EmulatorError(
            f"The demo's emulator is not installed ({', '.join(missing)} not found)",
            "In a checkout of sluice: pipx install --force '.[demo]' (or: make demo)",
        )
