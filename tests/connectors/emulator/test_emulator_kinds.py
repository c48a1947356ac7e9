"""What can be asked for, and what is refused before a process is started."""

import subprocess
import sys
from pathlib import Path

import pytest

from connectors.emulator.errors import EmulatorError
from connectors.emulator.kinds import checked_kind, demo_kind, ministack_command
from tests.support.emulators import ROOT


@pytest.mark.parametrize(
    "url",
    [
        "https://sqs.us-east-1.amazonaws.com",
        "https://SQS.us-east-1.AMAZONAWS.com",
        "https://sqs.us-east-1.amazonaws.com.",
        "https://amazonaws.com:443",
        "https://sqs.cn-north-1.amazonaws.com.cn",
        "https://sqs.us-east-1.api.aws",
        "https://sqs.eusc-de-east-1.amazonaws.eu",
    ],
)
def test_made_up_messages_are_never_sent_to_aws_itself(url: str) -> None:
    with pytest.raises(EmulatorError, match="is AWS itself"):
        checked_kind(url)


@pytest.mark.parametrize(
    "url", ["http://notamazonaws.com:4566", "http://amazonaws.com.example.org", "http://api.aws.test"]
)
def test_a_host_that_only_looks_like_aws_is_taken(url: str) -> None:
    assert checked_kind(url) == url


def test_the_url_of_an_emulator_loses_its_trailing_slash() -> None:
    assert checked_kind("http://localhost:4566/") == "http://localhost:4566"


@pytest.mark.parametrize(
    "text",
    [
        "localstack",
        "localhost:4566",
        "",
        "http://",
        "ftp://localhost:4566",
        "http://localhost:port",
        "http://localhost:99999",
        "http://[::1",
        "http://me:secret@localhost:4566",
        "http://localhost:4566?x=1",
        "http://localhost:4566#x",
    ],
)
def test_what_is_no_emulator_is_named_with_an_example_of_one(text: str) -> None:
    with pytest.raises(EmulatorError) as refused:
        checked_kind(text)
    assert "is no emulator" in refused.value.title
    assert refused.value.hint


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with nothing in it: the current one, with a Python in `.venv` and a PATH that is `bin`."""
    monkeypatch.delenv("MINISTACK", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def installed(command: Path) -> Path:
    command.parent.mkdir(parents=True, exist_ok=True)
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    return command


def test_ministack_is_what_its_variable_names_then_what_make_made_then_what_path_has(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path = installed(machine / "bin" / "ministack")
    assert ministack_command() == str(on_path)
    made = installed(machine / ".venv-ministack" / "bin" / "ministack")
    assert ministack_command() == str(made)
    monkeypatch.setenv("MINISTACK", "")
    assert ministack_command() == str(made)
    chosen = installed(machine / "elsewhere" / "mini")
    monkeypatch.setenv("MINISTACK", str(chosen))
    assert ministack_command() == str(chosen)


@pytest.mark.parametrize("named", ["./mini", "mini"], ids=["a path", "a name"])
def test_the_named_ministack_is_found_from_any_folder(
    machine: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    command = installed(machine / "mini")
    monkeypatch.setenv("PATH", ".")
    monkeypatch.setenv("MINISTACK", named)
    assert ministack_command() == str(command)


@pytest.mark.parametrize("exists", [False, True], ids=["missing", "not executable"])
def test_a_variable_that_names_no_program_is_an_error_that_quotes_it(
    machine: Path, monkeypatch: pytest.MonkeyPatch, exists: bool
) -> None:
    installed(machine / ".venv-ministack" / "bin" / "ministack")
    installed(machine / "bin" / "ministack")
    if exists:
        (machine / "gone").touch()
    monkeypatch.setenv("MINISTACK", "./gone")
    with pytest.raises(EmulatorError, match=r"MINISTACK is '\./gone', which is no program"):
        checked_kind("ministack")


def test_the_demo_is_on_ministack_where_there_is_one_and_on_moto_where_not(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert demo_kind() == "moto"
    installed(machine / ".venv-ministack" / "bin" / "ministack")
    assert demo_kind() == "ministack"
    monkeypatch.setenv("MINISTACK", "./gone")
    with pytest.raises(EmulatorError, match="which is no program"):
        demo_kind()


@pytest.mark.usefixtures("machine")
def test_ministack_that_is_not_installed_says_how_to_get_it() -> None:
    with pytest.raises(EmulatorError, match="ministack is not installed") as missing:
        checked_kind("ministack")
    assert "make ministack" in missing.value.hint
    assert "pipx install ministack" in missing.value.hint


def test_without_moto_one_line_says_how_to_get_it() -> None:
    # -S leaves the installed packages out: this Python has no moto.
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from connectors.emulator.process import Emulator, EmulatorError\n"
        "try: Emulator.launch('moto')\n"
        "except EmulatorError as error: print(error)\n"
    )
    answer = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True)
    assert len(answer.stdout.splitlines()) == 1
    assert "not installed" in answer.stdout
    assert "pipx install --force '.[demo]'" in answer.stdout
    assert "make demo" in answer.stdout


def test_the_application_pays_for_nothing_that_only_the_child_needs() -> None:
    program = (
        "import sys, connectors.emulator.process\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'moto', 'flask', 'boto3', 'botocore', 'aiobotocore', 'textual', 'rich', 'click'}))\n"
        "print(sorted(name for name in sys.modules if name.startswith('connectors.emulator.s')))\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout == "[]\n[]\n"
