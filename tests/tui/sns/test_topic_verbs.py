"""`sluice get subscriptions`, `sluice explain TOPIC` and `sluice publish`, as a person runs them."""

import contextlib
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import SLUICE, one_line, run, run_here
from tests.support.stub import SqsStub
from tests.support.wire import denied, error, reset

ACCOUNT = "123456789012"


def queue_arn(name: str) -> str:
    return f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"


def lets_in(topic: str) -> dict[str, str]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "*",
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    return {"Policy": json.dumps({"Statement": [statement]})}


def shop(stub: SqsStub) -> str:
    """A topic that feeds four queues, a function and an address; gives its ARN."""
    topic = stub.sns.topic("order-events")
    stub.queue("shipping", attributes=lets_in(topic))
    stub.queue("billing", attributes=lets_in(topic))
    stub.queue("returns", attributes=lets_in(topic.replace("order-events", "orders")))
    on_price = {"FilterPolicy": '{"price": [{"numeric": [">=", 100]}]}', "FilterPolicyScope": "MessageBody"}
    stub.sns.subscribe(topic, "sqs", queue_arn("shipping"), attributes={"FilterPolicy": '{"type": ["order"]}'})
    stub.sns.subscribe(topic, "sqs", queue_arn("billing"), attributes=on_price | {"RawMessageDelivery": "true"})
    stub.sns.subscribe(topic, "sqs", queue_arn("returns"))
    stub.sns.subscribe(topic, "sqs", queue_arn("deleted"))
    stub.sns.subscribe(topic, "https", "https://hooks.example.com/\x9b31m", state="PendingConfirmation")
    return topic


@pytest.fixture
def body(tmp_path: Path) -> str:
    path = tmp_path / "body.json"
    path.write_text('{"price": 12}')
    return str(path)


# -- get subscriptions ----------------------------------------------------------------------------------------------


def test_the_subscriptions_of_the_account_come_from_one_list(stub: SqsStub) -> None:
    stub.sns.subscribe(shop(stub), "sqs", queue_arn("old"), state="Deleted")
    ran = run_here("get", "subscriptions", "--endpoint-url", stub.url)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [line.split() for line in ran.stdout.splitlines()] == [
        ["TOPIC", "PROTOCOL", "STATE", "ENDPOINT"],
        ["order-events", "https", "pending", "https://hooks.example.com/\ufffd31m"],
        *(
            ["order-events", "sqs", "confirmed", queue_arn(name)]
            for name in ("billing", "deleted", "returns", "shipping")
        ),
    ]
    assert {*stub.operations} == {"ListSubscriptions"}


def test_those_of_a_topic_have_their_settings_and_null_for_what_is_denied(stub: SqsStub) -> None:
    topic = shop(stub)
    of_returns = stub.sns.subscriptions[2]["SubscriptionArn"]
    stub.on(
        "GetSubscriptionAttributes",
        denied("SNS:GetSubscriptionAttributes"),
        when=lambda request: request.params["SubscriptionArn"] == of_returns,
    )
    ran = run_here("get", "subscriptions", "order-events", "--output", "json", "--endpoint-url", stub.url)
    assert ran.returncode == 3
    assert "sluice: returns: " in ran.stderr
    assert "SNS:GetSubscriptionAttributes is denied" in ran.stderr
    records: list[dict[str, Any]] = json.loads(ran.stdout)
    settings = ("state", "filter_policy", "filter_policy_scope", "raw", "dlq")
    by_queue = {record["endpoint"].rsplit(":", 1)[-1]: [record[key] for key in settings] for record in records}
    assert by_queue["shipping"] == ["confirmed", '{"type": ["order"]}', "MessageAttributes", False, ""]
    assert by_queue["billing"][2:4] == ["MessageBody", True]
    assert by_queue["returns"] == ["confirmed", None, None, None, None]
    assert {record["topic"] for record in records} == {topic}
    table = run_here("get", "subscriptions", topic, "--endpoint-url", stub.url).stdout.splitlines()
    assert table[0].split() == ["PROTOCOL", "STATE", "RAW", "ENDPOINT", "FILTER"]
    assert [line.split()[:3] for line in table[1:]] == [
        ["https", "pending", "–"],
        ["sqs", "confirmed", "yes"],
        ["sqs", "confirmed", "no"],
        ["sqs", "confirmed", "–"],
        ["sqs", "confirmed", "no"],
    ]


def test_no_subscription_and_no_topic_are_said_in_one_line(stub: SqsStub) -> None:
    ran = run_here("get", "subscriptions", "--endpoint-url", stub.url)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "no subscriptions\n")
    assert "there is no topic orders" in one_line(
        run_here("get", "subscriptions", "orders", "--endpoint-url", stub.url), 1
    )


# -- explain TOPIC --------------------------------------------------------------------------------------------------


def test_explain_tells_for_each_subscription_whether_it_would_receive_the_message(stub: SqsStub, body: str) -> None:
    shop(stub)
    told = ("explain", "order-events", "--body", body, "--attribute", "type=order", "--endpoint-url", stub.url)
    ran = run_here(*told)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [line.split(maxsplit=3) for line in ran.stdout.splitlines()] == [
        ["VERDICT", "PROTOCOL", "ENDPOINT", "REASONS"],
        ["unreachable", "https", "hooks.example.com", "pending: not confirmed"],
        ["filtered", "sqs", "billing", "price: 12 is not >= 100"],
        ["unreachable", "sqs", "deleted", "queue is gone"],
        ["unreachable", "sqs", "returns", "queue policy: aws:SourceArn is …:orders"],
        ["deliver", "sqs", "shipping"],
    ]
    stub.on("GetQueueAttributes", denied("sqs:GetQueueAttributes"), queue="shipping")
    ran = run_here(*told, "--output", "json")
    assert ran.returncode == 3
    records = {record["endpoint"]: record for record in json.loads(ran.stdout)}
    assert records[queue_arn("shipping")]["verdict"] == "unknown"
    assert records[queue_arn("billing")]["reasons"] == [
        {
            "path": "price",
            "rule": '[{"numeric": [">=", 100]}]',
            "value": "12",
            "text": "price: 12 is not >= 100",
        }
    ]
    assert stub.sns.published == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give either TOPIC or --cases FILE"),
        (("orders", "--cases", "x"), "give either TOPIC or --cases FILE"),
        (("orders",), "give the message"),
        (("--cases", "x", "--attribute", "a=b"), "the messages of --cases are in the file"),
        (("orders", "--attribute", "type"), "the attribute 'type' is not NAME[:TYPE]=VALUE"),
        (("orders", "--attribute", "type:Text=x"), "attribute 'type' is of type 'Text'"),
        (("orders", "--attribute", "b:Binary=xyz"), "b: write the bytes as hex"),
        (("orders", "--body", "/nowhere/at/all"), "there is no file /nowhere/at/all"),
    ],
)
def test_explain_says_what_it_wants(arguments: tuple[str, ...], said: str) -> None:
    assert said in one_line(run_here("explain", *arguments), 2)


# -- publish --------------------------------------------------------------------------------------------------------


def test_publish_with_a_yes_prints_the_id_and_keeps_a_record(stub: SqsStub, body: str, isolated_machine: Path) -> None:
    shop(stub)
    ran = run(
        "publish",
        "order-events",
        "--body",
        body,
        "--attribute",
        "price:Number=12",
        "--subject",
        "An order",
        "--yes",
        "--endpoint-url",
        stub.url,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "00000001-0000-4000-8000-000000000000\n", "")
    (fields,) = stub.sns.published
    assert (fields["Message"], fields["Subject"]) == ('{"price": 12}', "An order")
    assert fields["MessageAttributes.entry.1.Value.DataType"] == "Number"
    record = (isolated_machine / ".local/state/sluice/audit.jsonl").read_text()
    assert '"given_by":"--yes"' in record
    assert f'"account":"{ACCOUNT}"' in record
    assert "price" not in record


def test_publish_without_a_yes_and_without_a_terminal_is_not_done(stub: SqsStub, body: str) -> None:
    shop(stub)
    told = ("publish", "order-events", "--body", body, "--endpoint-url", stub.url)
    assert "Try: --yes" in one_line(run(*told), 4)
    assert "read-only" in one_line(run_here(*told, "--yes", "--read-only"), 1)
    assert stub.sent("Publish") == []


@pytest.mark.parametrize(
    ("answer", "code", "published"),
    [("y\n", 0, 1), ("n\n", 1, 0), ("\n", 1, 0), (None, 130, 0)],
    ids=["yes", "no", "enter", "ctrl+c"],
)
def test_publish_asks_at_a_terminal_and_only_a_yes_is_one(
    answer: str | None, code: int, published: int, stub: SqsStub, body: str
) -> None:
    shop(stub)
    controller, terminal = os.openpty()
    told = (SLUICE, "publish", "order-events", "--body", body, "--endpoint-url", stub.url)
    with subprocess.Popen(told, stdin=terminal, stdout=subprocess.DEVNULL, stderr=terminal) as running:
        os.close(terminal)
        shown = b""
        while b"Publish? [y/N]" not in shown:
            shown += os.read(controller, 4096)
        if answer is not None:
            os.write(controller, answer.encode())
            running.wait(60)
        while running.poll() is None:  # one that comes just before the read begins is seen only by the next
            running.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(3)
        assert running.returncode == code
    os.close(controller)
    assert all(word in shown.decode() for word in ("order-events", ACCOUNT, "us-east-1", stub.url, "13 B"))
    assert len(stub.sns.published) == published


def test_publish_refuses_what_sns_would_refuse_before_it_asks(stub: SqsStub, body: str, tmp_path: Path) -> None:
    stub.sns.topic("payments.fifo")
    told = ("publish", "payments.fifo", "--yes", "--endpoint-url", stub.url)
    line = one_line(run_here(*told, "--body", body, "--group", "g"), 2)
    assert "no content-based deduplication" in line
    empty = tmp_path / "empty"
    empty.touch()
    stub.on("GetTopicAttributes", error("NotFound", "Topic does not exist", 404), times=1)
    assert "Topic does not exist" in one_line(run_here(*told, "--body", body, "--group", "g"), 1)
    assert "the body is empty" in one_line(run_here(*told, "--body", str(empty), "--group", "g", "--dedup", "d"), 2)
    assert stub.sent("Publish") == []


def test_publish_without_an_answer_says_that_the_outcome_is_unknown(stub: SqsStub, body: str) -> None:
    shop(stub)
    stub.on("Publish", reset(), acting=True)
    ran = run_here("publish", "order-events", "--body", body, "--yes", "--endpoint-url", stub.url)
    assert "whether Publish was carried out is unknown" in one_line(ran, 1)
    assert len(stub.sns.published) == 1
