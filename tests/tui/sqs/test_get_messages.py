"""`sluice get messages`, run as a person runs it: a process of its own."""

import json
import os
import signal
import subprocess
from datetime import datetime
from typing import Any

import pytest

from connectors.sqs.walk import MOST_MESSAGES
from tests.support.command import SLUICE, one_line, run
from tests.support.moto import boto_client, fresh_name
from tests.support.stub import SqsStub
from tests.support.waiting import until_now
from tests.support.wire import Reply, Request, answer, denied, server_error

KEYS = [
    "message_id",
    "body",
    "receive_count",
    "sent",
    "first_received",
    "group_id",
    "attributes",
    "system_attributes",
]


def in_flight(stub: SqsStub, name: str = "orders") -> int:
    return sum(message.in_flight for message in stub.model.queues[name].messages)


def get(stub: SqsStub, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run("get", "messages", *arguments, "--endpoint-url", stub.url)


def test_ten_messages_are_printed_the_cost_is_said_and_all_are_given_back(stub: SqsStub) -> None:
    stub.queue("orders", messages=[f"body {n}" for n in range(25)], dead_letter="orders-dlq", max_receive_count=5)
    ran = get(stub, "orders")
    assert ran.returncode == 0
    header, *rows = ran.stdout.splitlines()
    assert header.split() == ["RECEIVES", "SENT", "SIZE", "MESSAGE", "ID", "BODY"]
    assert len(rows) == 10
    assert rows[0].startswith("1 of 5 ")
    assert rows[0].endswith("body 0")
    assert ran.stderr.splitlines() == [
        "sluice: a look adds 1 to the receive count of up to 10 messages; "
        "after 5 receives a message goes to orders-dlq",
        "sluice: 10 messages seen, as many as asked for; 10 receives counted",
        "sluice: all 10 given back",
    ]
    assert in_flight(stub) == 0


def test_json_has_stable_keys_and_keeps_every_byte(moto_url: str) -> None:
    sqs = boto_client(moto_url)
    name = fresh_name("get")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    sqs.send_message(
        QueueUrl=url,
        MessageBody="[/x]\u009b31m é 漢",
        MessageAttributes={
            "bytes": {"DataType": "Binary.gzip", "BinaryValue": b"\x00\xff\x1b"},
            "number": {"DataType": "Number", "StringValue": "1e-3"},
        },
    )
    ran = run("get", "messages", name, "--max", "5", "--output", "json", "--endpoint-url", moto_url)
    assert ran.returncode == 0
    assert ran.stdout.isascii()
    [record] = json.loads(ran.stdout)
    assert [*record] == KEYS
    assert record["body"] == "[/x]\u009b31m é 漢"
    assert record["receive_count"] == 1
    assert record["attributes"] == {
        "bytes": {"type": "Binary.gzip", "base64": "AP8b"},
        "number": {"type": "Number", "value": "1e-3"},
    }
    assert datetime.fromisoformat(record["sent"]).tzinfo is not None
    assert record["system_attributes"]["ApproximateReceiveCount"] == "1"
    assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1


def test_an_empty_queue_is_an_empty_list(stub: SqsStub) -> None:
    stub.queue("orders")
    ran = get(stub, "orders", "--output", "json")
    assert (ran.returncode, json.loads(ran.stdout)) == (0, [])
    assert "0 messages seen: several looks brought nothing; 0 receives counted" in ran.stderr


def test_what_a_terminal_would_obey_is_shown_and_not_sent(stub: SqsStub) -> None:
    stub.queue("orders", messages=["\x1b]0;title\x07\u202e\u009b31m"])
    ran = get(stub, "orders")
    assert not set(ran.stdout) & set("\x1b\x07\u202e\u009b")
    assert "]0;title" in ran.stdout


def test_messages_on_their_last_receive_are_counted(stub: SqsStub) -> None:
    orders = stub.queue("orders", messages=["a", "b", "c"], dead_letter="orders-dlq", max_receive_count=3)
    orders.messages[0].receive_count = 2
    ran = get(stub, "orders", "--max", "3")
    assert "1 on their last receive: the next one moves them to orders-dlq" in ran.stderr
    assert "3 of 3 LAST" in ran.stdout


@pytest.mark.parametrize("output", ["table", "json"])
def test_no_look_refuses(stub: SqsStub, output: str) -> None:
    stub.queue("orders", messages=["a"])
    line = one_line(get(stub, "orders", "--no-look", "--output", output), 1)
    assert "--no-look" in line
    assert stub.sent("ReceiveMessage") == stub.sent("ChangeMessageVisibilityBatch") == []


def test_the_command_is_the_agreement_in_a_read_only_context(stub: SqsStub) -> None:
    stub.queue("orders", messages=["a"])
    ran = get(stub, "orders", "--read-only")
    assert ran.returncode == 0
    assert in_flight(stub) == 0
    assert "in a read-only\n  context" in run("get", "messages", "--help").stdout


@pytest.mark.parametrize("wrong", ["0", "-1", str(MOST_MESSAGES + 1), "many"])
def test_a_number_that_can_not_be_takes_one_line(stub: SqsStub, wrong: str) -> None:
    assert "'--max'" in one_line(get(stub, "orders", "--max", wrong), 2)


def test_an_unknown_queue_takes_one_line(stub: SqsStub) -> None:
    assert "not found" in one_line(get(stub, "nowhere"), 1)


def test_where_giving_back_is_denied_it_says_so_before_and_how_long_after(stub: SqsStub) -> None:
    stub.queue("orders", messages=["a", "b"])
    stub.on("ChangeMessageVisibilityBatch", denied("sqs:changemessagevisibility"))
    ran = get(stub, "orders", "--output", "json")
    assert len(json.loads(ran.stdout)) == 2
    said = ran.stderr.splitlines()
    assert said[1] == "sluice: giving back is denied here: what is looked at stays hidden for 30 s"
    assert "2 not given back, visible again in" in said[-1]
    assert {request.params["VisibilityTimeout"] for request in stub.sent("ReceiveMessage")} == {30}


def test_a_failure_in_the_middle_prints_what_was_seen_and_is_partly_read(stub: SqsStub) -> None:
    stub.queue("orders", messages=[str(n) for n in range(60)])
    stub.on("ReceiveMessage", server_error(), when=lambda _: len(stub.sent("ReceiveMessage")) > 2)
    ran = get(stub, "orders", "--max", "60", "--output", "json")
    assert ran.returncode == 3
    assert len(json.loads(ran.stdout)) == 20
    assert "ReceiveMessage failed at service" in ran.stderr
    assert in_flight(stub) == 0


def test_a_reader_that_goes_away_early_leaves_no_traceback(stub: SqsStub) -> None:
    stub.queue("orders", messages=["x" * 60_000] * 10)
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as pipe:
        ran = subprocess.run(
            [SLUICE, "get", "messages", "orders", "--output", "json", "--endpoint-url", stub.url],
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert in_flight(stub) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_gives_everything_back_and_prints_nothing(stub: SqsStub, number: signal.Signals) -> None:
    stub.queue("orders", messages=[str(n) for n in range(100)])
    answers = stub.hold("ReceiveMessage", when=lambda _: len(stub.sent("ReceiveMessage")) > 4)
    with subprocess.Popen(
        [SLUICE, "get", "messages", "orders", "--max", "100", "--endpoint-url", stub.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        until_now(lambda: in_flight(stub) > 40, 20)
        process.send_signal(number)
        until_now(lambda: in_flight(stub) <= 60, 20)
        answers.release()
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (128 + number, "")
    assert "stopped; what was taken is given back" in err
    assert "Traceback" not in err
    until_now(lambda: in_flight(stub) == 0)


def test_its_own_limit_is_that_of_a_walk() -> None:
    from tui.sqs.cli import get_messages

    [option] = [parameter for parameter in get_messages.params if parameter.name == "most"]
    kind: Any = option.type
    assert (kind.min, kind.max) == (1, MOST_MESSAGES)


def test_no_receipt_handle_is_printed_where_the_service_names_one(stub: SqsStub) -> None:
    orders = stub.queue("orders", messages=["one"])

    def refuse(request: Request) -> Reply:
        [entry] = request.params["Entries"]
        message = f"Value {entry['ReceiptHandle']} for parameter ReceiptHandle is invalid. Reason: not today."
        return answer(Failed=[{"Id": entry["Id"], "Code": "InvalidParameterValue", "Message": message}])

    stub.on("ChangeMessageVisibilityBatch", refuse)
    ran = get(stub, "orders")
    assert "Value [ReceiptHandle] for parameter ReceiptHandle is invalid. Reason: not today." in ran.stderr
    assert orders.messages[0].handle not in ran.stderr + ran.stdout
