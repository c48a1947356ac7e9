"""The emulator's process: it comes up on loopback, keeps to itself, and never outlives the one who started it."""

import asyncio
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.emulator.errors import EmulatorError
from connectors.emulator.kinds import MOTO
from connectors.emulator.process import Emulator
from connectors.sqs.demo import STORY
from tests.support.emulators import DEADLINE, ROOT, SEEDS, counts, followers, living_in_group, runs, sqs, wait_for
from tests.support.waiting import until

# Starts an emulator and stays, as the application does; tells pid and URL, and each interrupt that reaches it.
PARENT = """
import asyncio, json, signal, sys
from connectors.emulator.process import Emulator

async def main():
    emulator = await Emulator.start(sys.argv[1], ["connectors.sqs.demo.seed", "connectors.sns.demo.seed"])
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, lambda: print("interrupted", flush=True))
    print(json.dumps({"pid": emulator.pid, "url": emulator.url}), flush=True)
    await emulator.wait_seeded()
    print("seeded", flush=True)
    await emulator.wait_ended()

asyncio.run(main())
"""


# Answers as ministack does while it is healthy, with a process of its own beside it.
FAKE_SERVER = """
import http.server, os, pathlib, signal, subprocess, sys

def ask(*_):
    pathlib.Path(sys.argv[1]).touch()
    os._exit(0)

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"version": "0"}')

    def do_POST(self):
        signal.pause()

signal.signal(signal.SIGTERM, signal.SIG_IGN if sys.argv[2] == "True" else ask)
subprocess.Popen(["sleep", "600"])
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["GATEWAY_PORT"])), Handler).serve_forever()
"""


@contextlib.contextmanager
def parent_of(kind: str) -> Iterator[tuple["subprocess.Popen[str]", int, str]]:
    """A program that keeps an emulator, the pid of the emulator's process, and its URL."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, kind],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=ROOT,
    ) as parent:
        pid = None
        try:
            assert parent.stdout is not None
            started = json.loads(parent.stdout.readline())
            pid = started["pid"]
            yield parent, pid, started["url"]
        finally:
            parent.kill()
            if pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)


def fake_ministack(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    command = folder / "ministack"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)
    monkeypatch.setenv("MINISTACK", str(command))


async def first_queue(emulator: Emulator) -> str:
    return (await anext(emulator.progress())).resource


async def file_text(path: Path) -> str:
    return str(await until(lambda: path.exists() and (text := path.read_text()).endswith("\n") and text, DEADLINE))


async def test_it_is_on_loopback_and_has_every_queue_with_the_counts_of_the_story(kind: str) -> None:
    async with asyncio.timeout(DEADLINE), await Emulator.start(kind, seeds=SEEDS) as emulator:
        assert emulator.url.startswith("http://127.0.0.1:")
        seeded = await emulator.wait_seeded()
        assert emulator.version
        found = await asyncio.to_thread(counts, emulator.url)
    assert found == {queue.name: (queue.visible, queue.in_flight, queue.delayed) for queue in STORY}
    assert (seeded.created, seeded.refused) == (len(STORY), 0)
    assert seeded.messages == sum(len(queue.messages) for queue in STORY)


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="listening sockets are read from /proc")
async def test_no_other_host_can_reach_it(kind: str) -> None:
    async with asyncio.timeout(DEADLINE), await Emulator.start(kind, seeds=SEEDS) as emulator:
        port = int(emulator.url.rpartition(":")[2])
        sockets = [
            line.split()[1]
            for table in ("/proc/net/tcp", "/proc/net/tcp6")
            if Path(table).exists()  # noqa: ASYNC240
            for line in Path(table).read_text().splitlines()[1:]  # noqa: ASYNC240
            if line.split()[3] == "0A"
        ]
    listening = [address for address in sockets if int(address.rpartition(":")[2], 16) == port]
    assert listening == [f"0100007F:{port:04X}"]


async def test_progress_names_the_queues_and_ends_with_the_last_one() -> None:
    async with asyncio.timeout(DEADLINE), await Emulator.start(seeds=SEEDS) as emulator:
        steps = [step async for step in emulator.progress()]
        await emulator.wait_seeded()
        late = [step async for step in emulator.progress()]
    assert [step.done for step in steps] == sorted({step.done for step in steps})
    assert all(step.of == len(STORY) for step in steps)
    assert steps[-1].done == len(STORY)
    assert steps[-1].resource == STORY[-1].name
    assert late == steps[-1:]


async def test_it_can_be_launched_before_there_is_an_event_loop() -> None:
    emulator = await asyncio.to_thread(Emulator.launch, MOTO, SEEDS)
    async with asyncio.timeout(DEADLINE), emulator:
        assert await emulator.ready() == emulator.url


async def test_closing_ends_the_process_and_can_be_repeated(kind: str) -> None:
    async with asyncio.timeout(DEADLINE):
        emulator = await Emulator.start(kind, seeds=SEEDS)
        ended = asyncio.create_task(emulator.wait_ended())
        await asyncio.gather(emulator.aclose(), emulator.aclose())
        await emulator.aclose()
        assert await ended is None
    assert living_in_group(emulator.pid) == []
    with pytest.raises(EmulatorError, match="closed"):
        await emulator.wait_seeded()


async def test_a_child_that_does_not_listen_any_more_is_killed_on_closing() -> None:
    async with asyncio.timeout(DEADLINE):
        emulator = await Emulator.start(seeds=SEEDS)
        os.kill(emulator.pid, signal.SIGSTOP)
        await emulator.aclose()
    left = living_in_group(emulator.pid)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == []


def test_kill_9_of_the_application_ends_the_emulator(kind: str) -> None:
    with parent_of(kind) as (parent, pid, _):
        assert parent.stdout is not None
        assert parent.stdout.readline() == "seeded\n"
        assert living_in_group(pid)
        parent.kill()
        wait_for(lambda: not living_in_group(pid), "the end of the emulator's processes")


def test_kill_9_while_it_still_loads_and_seeds_leaves_nothing_either(kind: str) -> None:
    with parent_of(kind) as (parent, pid, _):
        parent.kill()
        wait_for(lambda: not living_in_group(pid), "the end of the emulator's processes")


def test_ctrl_c_in_the_terminal_does_not_reach_it() -> None:
    with parent_of("moto") as (parent, pid, url):
        assert parent.stdout is not None
        assert os.getsid(pid) == pid
        os.killpg(parent.pid, signal.SIGINT)
        assert "interrupted\n" in (parent.stdout.readline(), parent.stdout.readline())
        assert sqs(url).list_queues()


def test_what_its_libraries_print_reaches_neither_the_terminal_nor_the_events() -> None:
    with parent_of("moto") as (parent, _, url):
        assert parent.stdout is not None
        assert parent.stderr is not None
        # moto answers an operation that it lacks with a traceback on standard error, and an unknown service with a
        # line on standard output, where the events go.
        unknown = "AWS4-HMAC-SHA256 Credential=test/20260311/us-east-1/no-such-service/aws4_request, Signature=0"
        for headers in ({"X-Amz-Target": "AmazonSQS.StartMessageMoveTask"}, {"Authorization": unknown}):
            with contextlib.suppress(OSError, http.client.HTTPException):
                urllib.request.urlopen(urllib.request.Request(url, b"{}", headers), timeout=DEADLINE)
        assert parent.stdout.readline() == "seeded\n"
        parent.kill()
        assert parent.stderr.read() == ""


@pytest.mark.parametrize("stubborn", [False, True], ids=["polite", "stubborn"])
def test_ministack_is_asked_to_end_and_made_to_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stubborn: bool
) -> None:
    (tmp_path / "server.py").write_text(FAKE_SERVER)
    fake_ministack(tmp_path, monkeypatch, f"exec {sys.executable} {tmp_path}/server.py {tmp_path}/ended {stubborn}")
    with parent_of("ministack") as (parent, pid, _):
        parent.kill()
        wait_for(lambda: not living_in_group(pid), "the end of all processes")
    assert (tmp_path / "ended").exists() is not stubborn


async def test_what_ended_by_itself_says_so_and_takes_its_server_along(kind: str) -> None:
    async with asyncio.timeout(DEADLINE), await Emulator.start(kind, seeds=SEEDS) as emulator:
        await first_queue(emulator)
        os.kill(emulator.pid, signal.SIGKILL)
        reason = await emulator.wait_ended()
        assert reason is not None
        assert f"{kind} ended by itself" in reason.title
        wait_for(lambda: not living_in_group(emulator.pid), "the end of all processes")


async def test_the_end_of_ministack_alone_is_noticed() -> None:
    async with asyncio.timeout(DEADLINE), await Emulator.start("ministack", seeds=SEEDS) as emulator:
        [server] = followers(emulator.pid)
        os.kill(server, signal.SIGKILL)
        reason = await emulator.wait_ended()
    assert reason is not None
    assert "ministack ended by itself" in reason.title


async def test_a_server_that_fails_to_start_shows_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_ministack(tmp_path, monkeypatch, "echo 'no such flux capacitor' >&2; exit 3")
    with pytest.raises(EmulatorError, match="ministack ended while it started") as failed:
        await Emulator.start("ministack", seeds=SEEDS)
    assert "no such flux capacitor" in failed.value.detail
    assert "by hand" in failed.value.hint


async def test_a_start_that_takes_too_long_is_given_up_and_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid_file = tmp_path / "pid"
    fake_ministack(tmp_path, monkeypatch, f"echo 'still thinking' >&2; echo $$ >{pid_file}; exec sleep 600")
    with pytest.raises(EmulatorError, match="not ready within 1 seconds") as failed:
        await Emulator.start("ministack", timeout=1, seeds=SEEDS)
    assert failed.value.detail == "still thinking"
    assert not runs(int(await file_text(pid_file)))


async def test_a_cancelled_start_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pid_file = tmp_path / "pid"
    fake_ministack(tmp_path, monkeypatch, f"echo $$ >{pid_file}; exec sleep 600")
    start = asyncio.create_task(Emulator.start("ministack", seeds=SEEDS))
    pid = int(await file_text(pid_file))
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    assert not runs(pid)


async def test_nothing_that_answers_at_the_url_is_an_error_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(EmulatorError, match=f"Nothing answers at {url}"):
        await Emulator.start(url, seeds=SEEDS)


async def test_profiles_keys_endpoints_and_proxies_of_the_environment_are_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text(
        "[profile poison]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:1\nsource_profile = gone\n"
    )
    for name, value in {
        "AWS_PROFILE": "poison",
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(config),
        "AWS_ACCESS_KEY_ID": "AKIAPLANTEDPLANTED12",
        "AWS_SECRET_ACCESS_KEY": "planted-secret",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:1",
        "AWS_REGION": "eu-west-1",
        "HTTP_PROXY": "http://127.0.0.1:1",
        "http_proxy": "http://127.0.0.1:1",
        "MOTO_ACCOUNT_ID": "999999999999",
        "INITIAL_NO_AUTH_ACTION_COUNT": "0",
    }.items():
        monkeypatch.setenv(name, value)
    async with asyncio.timeout(DEADLINE), await Emulator.start(seeds=SEEDS) as emulator:
        assert await first_queue(emulator)
        environment = Path(f"/proc/{emulator.pid}/environ")
        if environment.exists():  # noqa: ASYNC240
            assert b"planted" not in environment.read_bytes().lower()  # noqa: ASYNC240


async def test_a_folder_called_moto_where_one_stands_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("moto", "botocore", "connectors"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('a stranger was run')")
    monkeypatch.chdir(tmp_path)
    async with asyncio.timeout(DEADLINE), await Emulator.start(seeds=SEEDS) as emulator:
        assert await first_queue(emulator)
