"""The command line, run as a person runs it: a process of its own."""

import json
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.support.command import SLUICE, one_line, run
from tests.support.moto import boto_client, fresh_name
from tests.support.stub import SqsStub, unused_port
from tests.support.waiting import until_now
from tests.support.wire import Answering, denied, silence, web_page

# -- without the heavy parts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_import_nothing_that_takes_time(option: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", SLUICE, option], capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0
    assert "sluice" in ran.stdout
    imported = {line.rsplit("|", 1)[-1].strip() for line in ran.stderr.splitlines()}
    assert "click" in imported
    heavy = {"textual", "rich", "botocore", "aiobotocore", "boto3", "aiohttp", "msgspec", "keyring"}
    heavy |= {"asyncio", "ssl", "email", "importlib.metadata"}
    assert not {name for name in imported if {name, name.split(".")[0]} & heavy}


def test_the_version_is_that_of_the_installed_distribution() -> None:
    ran = run("--version")
    assert (ran.returncode, ran.stdout) == (0, f"sluice, version {version('sluice-tui')}\n")


@pytest.mark.parametrize("command", [(), ("open",), ("demo",), ("get", "queues"), ("get", "messages")])
def test_help_of_every_command_names_the_options_that_all_take(command: tuple[str, ...]) -> None:
    ran = run(*command, "--help")
    assert ran.returncode == 0
    for option in ("--profile", "--region", "--endpoint-url", "--read-only", "--no-look", "--config"):
        assert option in ran.stdout


@pytest.mark.parametrize("command", [(), ("open",), ("demo",)])
def test_what_opens_a_screen_can_be_told_that_the_line_is_slow(command: tuple[str, ...]) -> None:
    assert "--low-bandwidth" in run(*command, "--help").stdout


@pytest.mark.parametrize(("slow", "frames"), [(True, "10"), (False, "60")])
def test_a_slow_line_gets_ten_frames_a_second(slow: bool, frames: str) -> None:
    script = f"from tui.cli import run; run._prepare({slow}); from textual.constants import MAX_FPS; print(MAX_FPS)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert ran.stdout.strip() == frames


# -- asked wrongly ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--reed-only",), ("--reed-only", "sluice --help")),
        (("gett",), ("'gett'", "'get'")),
        (("get",), ("Missing command",)),
        (("get", "queues", "--output", "xml"), ("'xml'", "'table', 'json'")),
        (("open", "quues"), ("there is no view 'quues'", "queue:NAME")),
        (("open", "queue:"), ("there is no view 'queue:'",)),
        (("get", "queues", "--profile", "nobody", "--region", "eu-west-1"), ("there is no profile 'nobody'",)),
        (("get", "queues", "--region", "eu-wst-1"), ("there is no region 'eu-wst-1'", "eu-west-1")),
        (("get", "queues", "--endpoint-url", "localhost:4566"), ("is not an endpoint URL", "http://localhost:4566")),
        (("--endpoint-url", "http://:80:80"), ("is not an endpoint URL",)),
        (("get", "queues", "--config", "/nowhere/config.toml"), ("there is no file /nowhere/config.toml",)),
        (("demo", "--emulator", "localstck"), ("'localstck' is no emulator",)),
        (("get", "messages", "-dash-1"), ("sluice get messages -- -dash-1 if that is a name",)),
        (("get", "messages", "-h1"), ("sluice get messages -- -h1 if that is a name",)),
        (("get", "messages", "--dash"), ("sluice get messages -- --dash if that is a name",)),
        (("get", "messages", "https://h/q", "--endpoint-url", "http://127.0.0.1:1"), ("this is no URL of a queue",)),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else None,
)
def test_what_was_asked_wrongly_takes_one_line_and_exit_code_2(
    arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    line = one_line(run(*arguments), 2)
    assert all(word in line for word in words), line


def test_an_unknown_key_of_the_configuration_names_file_key_and_nearest(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('proflie = "checkout"')
    line = one_line(run("get", "queues", "--config", str(file)), 2)
    assert str(file) in line
    assert "'proflie'" in line
    assert "'profile'" in line


def test_a_password_in_an_endpoint_url_is_not_repeated() -> None:
    line = one_line(run("get", "queues", "--endpoint-url", "http://me:hunter2@localhost:4566"), 2)
    assert "hunter2" not in line


def test_without_a_terminal_it_says_what_to_use() -> None:
    assert "`sluice get queues`" in one_line(run(), 2)


# -- get queues ---------------------------------------------------------------------------------------------------

KEYS = ["name", "url", "type", "visible", "in_flight", "delayed", "dlq", "dlq_visible", "max_receive_count"]


@pytest.fixture(scope="module")
def shop(moto_url: str) -> str:
    """Three queues in moto whose names begin with what is given."""
    sqs, prefix = boto_client(moto_url), fresh_name("shop")
    dead = sqs.create_queue(QueueName=f"{prefix}-dlq.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "4"})
    sqs.create_queue(QueueName=f"{prefix}-pay.fifo", Attributes={"FifoQueue": "true", "RedrivePolicy": policy})
    emails = sqs.create_queue(QueueName=f"{prefix}-emails")["QueueUrl"]
    for number in range(3):
        sqs.send_message(QueueUrl=emails, MessageBody=f"{number}")
    sqs.send_message(QueueUrl=emails, MessageBody="later", DelaySeconds=900)
    sqs.receive_message(QueueUrl=emails, VisibilityTimeout=300)
    sqs.send_message(QueueUrl=dead, MessageBody="x", MessageGroupId="g", MessageDeduplicationId="d")
    return prefix


def test_get_queues_prints_json_with_stable_keys(moto_url: str, shop: str) -> None:
    ran = run("get", "queues", "--endpoint-url", moto_url, "--prefix", shop, "--output", "json")
    assert (ran.returncode, ran.stderr) == (0, "")
    queues = json.loads(ran.stdout)
    assert [list(queue) for queue in queues] == [KEYS] * 3
    url = f"{moto_url}/123456789012/{shop}"
    assert queues == [
        dict(zip(KEYS, (f"{shop}-dlq.fifo", f"{url}-dlq.fifo", "fifo", 1, 0, 0, None, None, None), strict=True)),
        dict(zip(KEYS, (f"{shop}-emails", f"{url}-emails", "standard", 2, 1, 1, None, None, None), strict=True)),
        dict(
            zip(KEYS, (f"{shop}-pay.fifo", f"{url}-pay.fifo", "fifo", 0, 0, 0, f"{shop}-dlq.fifo", 1, 4), strict=True)
        ),
    ]


def test_get_queues_prints_a_table_and_the_environment_names_the_endpoint(moto_url: str, shop: str) -> None:
    ran = run("get", "queues", "--prefix", f"{shop}-pay", AWS_ENDPOINT_URL=moto_url)
    header, row = ran.stdout.splitlines()
    assert header.split() == ["NAME", "VISIBLE", "IN", "FLIGHT", "DELAYED", "DLQ", "IN", "DLQ", "TYPE"]
    assert row.split() == [f"{shop}-pay.fifo", "0", "0", "0", f"{shop}-dlq.fifo", "1", "fifo"]
    assert ran.stderr == ""


def test_a_count_that_cannot_be_read_is_null_and_its_reason_stands_on_stderr(stub: SqsStub) -> None:
    stub.queue("orders", visible=3, dead_letter="elsewhere")
    stub.queue("salaries", visible=9)
    stub.on("GetQueueAttributes", denied("sqs:getqueueattributes"), queue="salaries")
    ran = run("get", "queues", "--endpoint-url", stub.url, "--output", "json")
    orders, salaries = json.loads(ran.stdout)
    assert (orders["visible"], orders["dlq"], orders["dlq_visible"]) == (3, "elsewhere", None)
    assert (salaries["visible"], salaries["in_flight"], salaries["delayed"]) == (None, None, None)
    [line] = ran.stderr.splitlines()
    assert line.startswith("sluice: salaries: GetQueueAttributes failed at permission")
    assert ran.returncode == 3


def test_a_dead_letter_queue_outside_the_prefix_that_cannot_be_read_is_partly_read_too(stub: SqsStub) -> None:
    stub.queue("orders", visible=3, dead_letter="dead")
    stub.queue("dead", visible=4)
    stub.on("GetQueueAttributes", denied("sqs:getqueueattributes"), queue="dead")
    ran = run("get", "queues", "--prefix", "orders", "--endpoint-url", stub.url, "--output", "json")
    [orders] = json.loads(ran.stdout)
    assert (orders["visible"], orders["dlq_visible"]) == (3, None)
    [line] = ran.stderr.splitlines()
    assert line.startswith("sluice: dead: GetQueueAttributes failed at permission")
    assert ran.returncode == 3


@pytest.mark.parametrize("elsewhere", ["us-east-1:999999999999", "eu-west-1:123456789012"])
def test_a_dead_letter_queue_of_another_account_or_region_is_not_the_one_of_its_name_here(
    stub: SqsStub, elsewhere: str
) -> None:
    policy = json.dumps({"deadLetterTargetArn": f"arn:aws:sqs:{elsewhere}:dead", "maxReceiveCount": 3})
    stub.queue("orders", visible=3, attributes={"RedrivePolicy": policy})
    stub.queue("dead", visible=4)
    ran = run("get", "queues", "--endpoint-url", stub.url, "--output", "json")
    orders = next(record for record in json.loads(ran.stdout) if record["name"] == "orders")
    assert (orders["dlq"], orders["dlq_visible"]) == ("dead", None)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_more_than_a_thousand_queues_are_all_printed(stub: SqsStub) -> None:
    stub.many(1003)
    ran = run("get", "queues", "--endpoint-url", stub.url, "--output", "json")
    assert [queue["name"] for queue in json.loads(ran.stdout)] == [f"queue-{number:05}" for number in range(1003)]


def test_names_from_the_service_cannot_steer_the_terminal(stub: SqsStub) -> None:
    stub.queue("a\x1b]0;owned\x07\u202eb", visible=1)
    ran = run("get", "queues", "--endpoint-url", stub.url)
    assert "a␛]0;owned␇�b" in ran.stdout
    assert not {"\x1b", "\x07", "\u202e"} & set(ran.stdout)


def test_a_refused_connection_is_named_with_exit_code_1() -> None:
    line = one_line(run("get", "queues", "--endpoint-url", f"http://127.0.0.1:{unused_port()}"), 1)
    assert "ListQueues failed at TCP" in line
    assert "is the endpoint's server running" in line


@pytest.mark.parametrize(
    ("answering", "words"),
    [(denied("sqs:listqueues"), "failed at permission"), (web_page(), "a web page came instead of an answer")],
    ids=["denied", "web page"],
)
def test_a_listing_that_fails_is_named_with_exit_code_1(stub: SqsStub, answering: Answering, words: str) -> None:
    stub.on("ListQueues", answering)
    assert words in one_line(run("get", "queues", "--endpoint-url", stub.url), 1)


def test_without_credentials_it_says_how_to_get_some() -> None:
    line = one_line(run("get", "queues", "--region", "eu-west-1"), 1)
    assert "no credentials were found" in line


def test_a_reader_that_goes_away_leaves_no_traceback(stub: SqsStub) -> None:
    stub.many(20)
    process = subprocess.Popen(
        [SLUICE, "get", "queues", "--endpoint-url", stub.url],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(30)


def test_ctrl_c_ends_a_listing_that_hangs_without_a_traceback(stub: SqsStub) -> None:
    stub.on("ListQueues", silence())
    process = subprocess.Popen(
        [SLUICE, "get", "queues", "--endpoint-url", stub.url],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # where the tests run in the background of a script, their children would inherit that it is ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    until_now(lambda: stub.sent("ListQueues"), 20)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=20)
    assert "".join(said).strip() == ""
    assert process.returncode == 130


# -- demo ---------------------------------------------------------------------------------------------------------


def test_demo_without_a_terminal_runs_the_main_job_and_prints_each_step() -> None:
    ran = run("demo", AWS_PROFILE="not-read", AWS_ENDPOINT_URL="http://127.0.0.1:1")
    assert (ran.returncode, ran.stderr) == (0, "")
    *steps, last = ran.stdout.splitlines()
    assert [step.split()[:2] for step in steps] == [
        ["ok", name] for name in ("start", "seed", "identity", "list", "look", "send", "delete", "purge")
    ]
    assert "ministack at http://127.0.0.1:" in ran.stdout
    assert "40 in orders-dlq" in ran.stdout
    assert last.startswith("all steps worked in")
