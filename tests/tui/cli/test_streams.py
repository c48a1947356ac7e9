"""Standard output and error that can't hold a character, that are full, or that are closed."""

import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.support.command import SLUICE, one_line, run
from tests.support.stub import SqsStub

BODY = "caf\u00e9 \u6f22 \u2013 \U0001f600"


def run_in_shell(command: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(["sh", "-c", command], capture_output=True, timeout=60, env=os.environ | environment)


def test_keys_are_printed_where_the_encoding_lacks_some_of_their_characters() -> None:
    whole = run("keys", PYTHONIOENCODING="utf-8").stdout.splitlines()
    ran = run_in_shell(shlex.join([str(SLUICE), "keys"]), PYTHONIOENCODING="latin-1")
    assert (ran.returncode, ran.stderr) == (0, b"")
    lacking = ran.stdout.decode("latin-1").splitlines()
    assert lacking == [line.encode("latin-1", "replace").decode("latin-1") for line in whole]
    assert lacking != whole


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("latin-1", b"caf\xe9 ? ? ?"),
        ("ascii:xmlcharrefreplace", b"caf&#233; &#28450; &#8211; &#128512;"),
    ],
)
def test_messages_are_printed_with_question_marks_for_what_the_encoding_lacks(
    stub: SqsStub, encoding: str, shown: bytes
) -> None:
    queue = stub.queue("orders", messages=[BODY])
    command = shlex.join([str(SLUICE), "get", "messages", "orders", "--endpoint-url", stub.url])
    ran = run_in_shell(command, PYTHONIOENCODING=encoding)
    assert ran.returncode == 0
    assert ran.stdout.splitlines()[1].endswith(shown)
    assert ran.stderr.splitlines()[-1] == b"sluice: given back"
    assert not any(message.in_flight for message in queue.messages)


def test_json_holds_every_character_in_any_encoding(stub: SqsStub) -> None:
    stub.queue("orders", messages=[BODY])
    command = shlex.join([str(SLUICE), "get", "messages", "orders", "--output", "json", "--endpoint-url", stub.url])
    # standard error is closed: what it would have had must not be among the data
    ran = run_in_shell(f"{command} 2>&-", PYTHONIOENCODING="ascii")
    assert ran.returncode == 0
    assert [message["body"] for message in json.loads(ran.stdout)] == [BODY]


def test_the_name_of_a_file_that_is_no_text_is_printed(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.toml")).touch()
    folder = shlex.quote(str(tmp_path))
    ran = run_in_shell(f"cd {folder}; {shlex.quote(str(SLUICE))} config check --config $(printf 'caf\\351.toml')")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"OK: caf?.toml\n", b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no device that is always full")
def test_an_output_that_is_full_is_one_line_and_a_failure(stub: SqsStub) -> None:
    stub.queue("orders")
    ran = run_in_shell(f"{shlex.quote(str(SLUICE))} get queues --endpoint-url {stub.url} >/dev/full")
    assert ran.returncode == 1
    assert ran.stderr == b"sluice: the output can't be written: No space left on device\n"


def test_without_standard_input_it_says_that_there_is_no_terminal() -> None:
    ran = run_in_shell(f"{shlex.quote(str(SLUICE))} <&-")
    assert "no terminal here" in one_line(
        subprocess.CompletedProcess(ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode()), 2
    )
