"""The lines of a file of cases, as `sluice explain --cases` and the tests of the policies read them."""

import json

import pytest

from connectors.sns.filter_policy.cases import CaseFault, Outcome, read_cases

CASE = {
    "name": "a cheap one",
    "scope": "MessageBody",
    "policy": {"price": [{"numeric": [">=", 100]}]},
    "body": {"price": 12},
    "expected": "filtered",
}


def test_a_body_and_a_policy_are_taken_as_they_are_written() -> None:
    rest = b', "scope": "MessageBody", "expected": "unknown"}'
    lines = [
        b'\xef\xbb\xbf{"policy": "{\\"n\\": [1]}", "body": {"n" : 1}' + rest + b"\r\n",
        b'{"policy": {"n": [{"numeric": ["<", 1]}]}, "body": {"n": 1e400}' + rest + b"\n",
        b'{"policy": {"n": [1]}, "body": "{\\"n\\": 1}"' + rest,
    ]
    cases = list(read_cases(lines))
    assert [case.message.body for case in cases] == ['{"n" : 1}', '{"n": 1e400}', '{"n": 1}']
    assert [case.outcome()[0] for case in cases] == [Outcome.DELIVER, Outcome.UNKNOWN, Outcome.DELIVER]
    assert [case.line for case in cases] == [1, 2, 3]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"policy": {"a": ["b"]},', "line 3, column 25: no JSON: the text ends"),
        (b"[1]", "line 3, column 1: a case is an object"),
        (b'{"policy": {}, "body": "\xff", "expected": "deliver"}', "line 3, column 25: the line is no UTF-8"),
        ({"body": "x", "expected": "deliver"}, "line 3, column 1: policy is missing"),
        ({"policy": {}, "body": "x"}, "line 3, column 1: expected is missing"),
        ({"policy": {}, "expected": "deliver"}, "line 3, column 1: there is neither a body nor attributes"),
        (CASE | {"expected": "delivered"}, "one of deliver, filtered, rejected, unknown is wanted"),
        (CASE | {"scope": "body"}, "line 3, column 34: one of MessageAttributes, MessageBody is wanted"),
        (CASE | {"scopes": "MessageBody"}, 'a case has no "scopes"; there are name, scope, policy'),
        (CASE | {"name": 5}, "name is a string"),
        (CASE | {"message_structure": True}, "one of json is wanted"),
        (CASE | {"attributes": ["type"]}, "attributes is an object"),
        (CASE | {"attributes": {"type": "order"}}, "an attribute is an object"),
        (CASE | {"attributes": {"type": {"Type": "String"}}}, "an attribute has a Type and a Value"),
        (CASE | {"attributes": {"type": {"Type": "Number", "Value": 5}}}, "Value is a string"),
        (b'{"policy": {}, "policy": {}, "body": "x", "expected": "deliver"}', 'column 16: "policy" stands twice'),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_line_that_is_no_case_says_where_it_goes_wrong(line: object, words: str) -> None:
    lines = [json.dumps(CASE), "", line if isinstance(line, bytes) else json.dumps(line)]
    with pytest.raises(CaseFault) as caught:
        list(read_cases(text if isinstance(text, bytes) else text.encode() for text in lines))
    assert str(caught.value.fault).startswith("line 3, column ")
    assert words in str(caught.value.fault)
