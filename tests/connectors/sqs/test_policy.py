"""May a topic send to a queue? By the elements of a policy, as the User Guide of IAM has them."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sqs.policy import Answer, glob, lets_send

TOPIC = "arn:aws:sns:us-east-1:123456789012:order-events"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:shipping"
OTHER = "arn:aws:sns:us-east-1:123456789012:orders"
SNS = {"Service": "sns.amazonaws.com"}
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def allow(**elements: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": SNS, "Action": "sqs:SendMessage", "Resource": QUEUE, **elements}
    return {name: value for name, value in statement.items() if value is not None}


def source(operator: str, *arns: str) -> dict[str, Any]:
    return {operator: {"aws:SourceArn": arns[0] if len(arns) == 1 else [*arns]}}


OWNER = allow(Principal={"AWS": "arn:aws:iam::123456789012:root"}, Action="SQS:*")
INSECURE = {
    "Sid": "TLS",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sqs:*",
    "Resource": QUEUE,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


CASES: list[tuple[Any, Answer, str | None]] = [
    # as the Developer Guide of SNS gives it ("Subscribing an Amazon SQS queue to an Amazon SNS topic")
    ([allow(Condition=source("ArnEquals", TOPIC))], YES, ""),
    ([OWNER, allow(Condition=source("ArnLike", TOPIC))], YES, ""),
    (allow(Condition=source("StringEquals", OTHER, TOPIC)), YES, ""),
    ([allow(Condition=source("StringLike", "arn:aws:sns:*:order-*"))], YES, ""),
    ([allow(Condition=source("ArnLike", "arn:aws:sns:*:*:order-?vents"))], YES, ""),
    ([allow(Condition={"ArnLike": {"AWS:sourcearn": TOPIC}})], YES, ""),
    ([allow(Condition={"StringEquals": {"aws:SourceAccount": "123456789012"}})], YES, ""),
    ([allow(Condition={"StringEqualsIfExists": {"aws:SourceAccount": ["1", "123456789012"]}})], YES, ""),
    ([allow(Condition={"ArnNotLike": {"aws:SourceArn": OTHER}})], YES, ""),
    ([allow(Condition={"Null": {"aws:SourceArn": "false"}})], YES, ""),
    ([allow(Principal="*", Condition=source("ArnEquals", TOPIC))], YES, ""),
    ([allow(Principal={"AWS": "*"}, Action=["sqs:ReceiveMessage", "SQS:send*"], Resource="*")], YES, ""),
    ([allow(Principal={"Service": ["s3.amazonaws.com", "sns.amazonaws.com"]}, Action="*")], YES, ""),
    ([allow(Resource="arn:aws:sqs:*:*:ship*"), INSECURE], YES, ""),
    ([allow(), {**INSECURE, "NotAction": "sqs:GetQueueUrl", "Action": None, "Resource": OTHER}], YES, ""),
    # no
    ([allow(Condition=source("ArnEquals", OTHER))], NO, "aws:SourceArn is …:orders"),
    ([OWNER, allow(Condition=source("ArnEquals", OTHER))], NO, "aws:SourceArn is …:orders"),
    (
        [allow(Condition=source("ArnEquals", f"{OTHER}-{number}")) for number in range(5)],
        NO,
        "aws:SourceArn is …:orders-0 or …:orders-1 or …:orders-2 or 2 more",
    ),
    (
        [allow(Condition=source("ArnLike", "arn:aws:sns:eu-west-1:*:order-events"))],
        NO,
        "aws:SourceArn is arn:aws:sns:eu-west-1:*:order-events",
    ),
    ([allow(Condition=source("ArnLike", "arn:aws:sns:*:order-events:x"))], NO, None),
    (
        [allow(Condition=source("StringEquals", "arn:aws:sns:us-east-1:123456789012:*"))],
        NO,
        "aws:SourceArn is …:* (StringEquals takes * as it is)",
    ),
    (
        [allow(Condition=source("StringNotEquals", TOPIC))],
        NO,
        "aws:SourceArn is …:order-events (which is excepted)",
    ),
    (
        [allow(Condition={"StringEquals": {"aws:SourceAccount": "999999999999"}})],
        NO,
        "aws:SourceAccount is 999999999999",
    ),
    ([OWNER], NO, "Principal is arn:aws:iam::123456789012:root, not sns.amazonaws.com"),
    ([allow(Principal={"AWS": "123456789012"})], NO, "Principal is 123456789012, not sns.amazonaws.com"),
    ([allow(Principal={"Service": "events.amazonaws.com"})], NO, None),
    ([allow(Action="sqs:ReceiveMessage")], NO, "Action is sqs:ReceiveMessage, not sqs:SendMessage"),
    ([allow(Resource=f"{QUEUE}-2")], NO, "Resource is …:shipping-2"),
    ([allow(), {**INSECURE, "Condition": {}}], NO, "the Deny TLS covers this topic"),
    ([allow(), allow(Effect="Deny", Condition=source("ArnLike", "arn:aws:sns:*:*:*"))], NO, None),
    ([], NO, "it allows nothing"),
    ([INSECURE], NO, "it allows nothing"),
    # can't tell
    ([allow(Principal=None, NotPrincipal={"AWS": "1"})], UNKNOWN, "NotPrincipal is not judged here"),
    ([allow(Action=None, NotAction="sqs:DeleteQueue")], UNKNOWN, "NotAction is not judged here"),
    ([allow(Resource=None, NotResource="x")], UNKNOWN, "NotResource is not judged here"),
    ([allow(Resource=None)], UNKNOWN, "a statement has no Resource"),
    ([allow(Principal={"Service": "sns.us-east-1.amazonaws.com"})], UNKNOWN, None),
    ([allow(Condition=source("ArnLike", "arn:aws:sns:*"))], UNKNOWN, "aws:SourceArn is arn:aws:sns:*"),
    (
        [allow(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})],
        UNKNOWN,
        "StringEquals on aws:PrincipalOrgID is not judged here",
    ),
    ([allow(Condition={"DateLessThan": {"aws:SourceArn": "2020"}})], UNKNOWN, None),
    ([allow(Condition=source("StringLike", "${aws:username}"))], UNKNOWN, None),
    ([allow(), {**INSECURE, "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}], UNKNOWN, None),
    ([allow(), "Deny"], UNKNOWN, "a statement can't be read"),
    ([allow(Action={"sqs": 1})], UNKNOWN, "an Action can't be read"),
    ([allow(Condition=["aws:SourceArn"])], UNKNOWN, "a Condition can't be read"),
]


@pytest.mark.parametrize(("statements", "answer", "reason"), CASES)
def test_a_policy_says_whether_the_topic_may_send_and_why_not(
    statements: Any, answer: Answer, reason: str | None
) -> None:
    policy = {"Version": "2012-10-17", "Statement": statements}
    found = lets_send(json.dumps(policy), TOPIC, QUEUE)
    assert found.answer is answer
    assert reason is None or found.reason == (f"queue policy: {reason}" if reason else "")


@pytest.mark.parametrize(
    ("text", "answer"),
    [("", NO), (" \n", NO), ("{", UNKNOWN), ("[]", UNKNOWN), ("{}", UNKNOWN), ("[" * 100_000, UNKNOWN)],
    ids=["none", "blank", "half", "a list", "no statement", "deep"],
)
def test_without_a_policy_nobody_else_may_send_and_what_is_none_is_open(text: str, answer: Answer) -> None:
    found = lets_send(text, TOPIC, QUEUE)
    assert found.answer is answer
    assert found.reason


_WORDS = [
    "Allow",
    "Deny",
    "*",
    "sqs:*",
    "sns.amazonaws.com",
    TOPIC,
    QUEUE,
    "AWS",
    "Service",
    "aws:SourceArn",
    "ArnLike",
    "",
]
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(_WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_WORDS), inner, max_size=3),
    max_leaves=8,
)
_ELEMENTS = ["Effect", "Principal", "Action", "Resource", "Condition", "NotPrincipal", "Sid"]


@settings(max_examples=200)
@given(st.lists(_VALUES | st.dictionaries(st.sampled_from(_ELEMENTS), _VALUES), max_size=3))
def test_whatever_a_policy_has_there_is_an_answer_and_a_reason_unless_it_is_yes(statements: list[Any]) -> None:
    found = lets_send(json.dumps({"Statement": statements}), TOPIC, QUEUE)
    assert bool(found.reason) is (found.answer is not YES)


def test_a_pattern_of_many_stars_comes_to_an_end() -> None:
    assert not glob("*a" * 5_000 + "b", "a" * 5_000)
