"""`sluice get topics`, run as a person runs it: a process of its own."""

import json

from tests.support.command import one_line, run
from tests.support.stub import SqsStub
from tests.support.wire import denied


def shop(stub: SqsStub) -> None:
    orders = stub.sns.topic("orders\x9b31m")
    stub.sns.topic("audit")
    stub.sns.subscribe(orders, "sqs", "arn:aws:sqs:us-east-1:123456789012:orders")
    stub.sns.subscribe(orders, "email", "me@example.com", state="PendingConfirmation")


def test_a_table_has_a_line_for_each_topic_and_no_terminal_obeys_a_name(stub: SqsStub) -> None:
    shop(stub)
    ran = run("get", "topics", "--endpoint-url", stub.url)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "\x9b" not in ran.stdout
    assert [line.split() for line in ran.stdout.splitlines()] == [
        ["NAME", "TYPE", "SUBSCRIPTIONS", "PENDING", "PROTOCOLS"],
        ["audit", "standard", "0", "0"],
        ["orders\ufffd31m", "standard", "2", "1", "email", "sqs"],
    ]


def test_json_has_stable_keys_and_null_for_what_is_unknown_and_says_why(stub: SqsStub) -> None:
    arn = stub.sns.topic("orders")
    stub.on("ListSubscriptions", denied("SNS:ListSubscriptions"))
    ran = run("get", "topics", "--output", "json", "--endpoint-url", stub.url)
    assert ran.returncode == 3
    assert json.loads(ran.stdout) == [
        {"arn": arn, "name": "orders", "type": "standard", "subscriptions": None, "pending": None, "protocols": None}
    ]
    assert "subscriptions: " in ran.stderr
    assert "SNS:ListSubscriptions is denied" in ran.stderr


def test_no_topics_is_said_and_a_denied_list_is_one_line(stub: SqsStub) -> None:
    ran = run("get", "topics", "--endpoint-url", stub.url)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "no topics\n")
    stub.on("ListTopics", denied("SNS:ListTopics"))
    assert "SNS:ListTopics is denied" in one_line(run("get", "topics", "--endpoint-url", stub.url), 1)
