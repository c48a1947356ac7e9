"""A policy is checked before it is sent: what SNS refuses is named, with line and column; what AWS leaves open warns.

`recorded` cases are refused in localstack's tests/aws/services/sns/test_sns_filter_policy.py, which ran against AWS.
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sns.filter_policy import Scope, check_policy
from connectors.sns.filter_policy.located_json import JsonFault, place, plain, read

ANYWHERE, ATTRIBUTES, BODY = tuple(Scope), (Scope.ATTRIBUTES,), (Scope.BODY,)


def values(count: int) -> str:
    return json.dumps([f"v{number}" for number in range(count)])


# What is refused, in which scopes, where (line, column), and a part of what is said.
REFUSED: list[tuple[str, tuple[Scope, ...], str, tuple[int, int], str]] = [
    ("JSON", ANYWHERE, "hello", (1, 1), "no JSON: 'h' where a value"),
    ("JSON", ANYWHERE, '{"a": ["b"]', (1, 12), "the text ends where a comma"),
    ("JSON", ANYWHERE, '{\n  "a": ["b",]\n}', (2, 13), "']' where a value"),
    ("JSON", ANYWHERE, '{"a": [NaN]}', (1, 8), "'N' where a value"),
    ("JSON", ANYWHERE, '{"a": [01]}', (1, 9), "'1' where a comma"),
    ("JSON", ANYWHERE, '{"a": ["b"]} x', (1, 14), "text follows the end"),
    ("JSON", ANYWHERE, "{'a': ['b']}", (1, 2), "a name in double quotes"),
    ("JSON", ANYWHERE, '{"a": ["b\nc"]}', (1, 8), "a control character"),
    ("guide", ANYWHERE, '["a"]', (1, 1), "a policy is an object, not a list"),
    ("guide", ANYWHERE, " null", (1, 2), "a policy is an object, not null"),
    ("recorded", ANYWHERE, '{"key_a": "value_one"}', (1, 11), '"key_a" must have a list of values'),
    ("recorded", BODY, '{"key":{"suffix":"value"}}', (1, 18), '"suffix" must have a list of values'),
    ("recorded", ATTRIBUTES, '{"key":{"suffix":["value"]}}', (1, 8), "a policy on attributes has a list of values"),
    ("recorded", ANYWHERE, '{"key":[["value"]]}', (1, 9), "not a list"),
    ("recorded", ANYWHERE, '{"key":[{"wrong-operator":true}]}', (1, 10), '"wrong-operator" is no operator'),
    ("recorded", ANYWHERE, '{"key":[{"suffix":"v","prefix":"w"}]}', (1, 23), "a second operator beside suffix"),
    ("recorded", ANYWHERE, '{"key":[{"suffix":100}]}', (1, 19), "suffix takes a string, not a number"),
    ("recorded", ANYWHERE, '{"key":[{"suffix":null}]}', (1, 19), "not null"),
    ("recorded", ANYWHERE, '{"key":[{"suffix":[]}]}', (1, 19), "not a list"),
    ("recorded", ANYWHERE, '{"key":[{"suffix":["a","b"]}]}', (1, 19), "not a list"),
    ("recorded", ANYWHERE, '{"key":[{"numeric":[]}]}', (1, 20), "numeric has an empty list"),
    ("recorded", ANYWHERE, '{"key":[{"numeric":["operator"]}]}', (1, 21), 'is wanted, not "operator"'),
    ("recorded", ANYWHERE, '{"key":[{"numeric":[1,"<="]}]}', (1, 21), "is wanted, not 1"),
    ("recorded", ANYWHERE, '{"key":[{"numeric":["=","000"]}]}', (1, 25), "= takes a number, not a string"),
    ("recorded", ANYWHERE, '{"key":[{"numeric":[">="]}]}', (1, 21), "a number is missing after >="),
    ("recorded", ANYWHERE, '{"key":[{"numeric":["<",100,">",10]}]}', (1, 29), "lower bound first"),
    ("recorded", ANYWHERE, '{"key":[{"numeric":[">=",1,">",2]}]}', (1, 28), "then the upper one"),
    ("recorded", ANYWHERE, '{"key":[{"numeric":[">",3,"<",1]}]}', (1, 31), "must be less than the upper"),
    ("recorded", ANYWHERE, '{"key":[{"numeric":[">",20,"<="]}]}', (1, 28), "a number is missing after <="),
    ("recorded", ANYWHERE, '{"key":[{"numeric":[">",20,30]}]}', (1, 28), "is wanted, not 30"),
    ("recorded", ANYWHERE, '{"key":[{"numeric":[">",20,"test"]}]}', (1, 28), 'is wanted, not "test"'),
    ("recorded", ANYWHERE, '{"key":[{"numeric":[">","20","<","30"]}]}', (1, 25), "> takes a number"),
    ("recorded", ANYWHERE, '{"key":[{"numeric":[">",20,"<","30"]}]}', (1, 32), "< takes a number"),
    ("recorded", ANYWHERE, '{"key":[{"numeric":[">",20,"<",30,"<",50]}]}', (1, 35), "a range has two bounds"),
    ("recorded", ANYWHERE, '{"key":[{"exists":null}]}', (1, 19), "exists takes true or false, not null"),
    ("recorded", ANYWHERE, '{"key":[{"exists":"no"}]}', (1, 19), "not a string"),
    ("recorded", ANYWHERE, '{"key":[{"anything-but":{"wrong":null}}]}', (1, 26), 'not "wrong"'),
    ("recorded", ANYWHERE, '{"key":[{"anything-but":{"exists":false}}]}', (1, 26), 'not "exists"'),
    ("recorded", ANYWHERE, '{"key":[{"anything-but":{"prefix":false}}]}', (1, 35), "takes a string, not false"),
    ("recorded", ANYWHERE, f'{{"key": {values(151)}}}', (1, 1), "151 combinations of values: at most 150"),
    ("recorded", ANYWHERE, f'{{"a": {values(100)}, "b": {values(51)}}}', (1, 1), "5,100 combinations"),
    (
        "recorded",
        BODY,
        f'{{"a":{{"b":{{"c":{values(4)}}}}},"d":{{"e":{values(3)}}},"f":{values(3)}}}',
        (1, 1),
        "216",
    ),
    (
        "recorded",
        ATTRIBUTES,
        f'{{"s":{values(4)},"$or":[{{"m":{values(6)}}},{{"t":{values(4)},"$or":[{{"i":{values(4)}}},{{"p":{values(4)}}}]}}]}}',
        (1, 1),
        "152 combinations",
    ),
    (
        "recorded",
        BODY,
        f'{{"$or":[{{"m":{values(3)}}},{{"n":{values(2)}}}],"d":{{"s":{values(2)},"$or":[{{"r":{values(1)}}},{{"t":{values(3)}}}]}}}}',
        (1, 1),
        "160 combinations",
    ),
    ("recorded", ANYWHERE, json.dumps({f"k{number}": ["v"] for number in range(6)}), (1, 67), "6 keys: at most 5"),
    ("ruler", ANYWHERE, '{"key": []}', (1, 9), '"key" has an empty list'),
    ("ruler", BODY, '{"key": {}}', (1, 9), '"key" has an empty object'),
    ("ruler", ANYWHERE, '{"key": [{}]}', (1, 10), "an operator is missing"),
    ("ruler", ANYWHERE, '{"key": [{"numeric": 5}]}', (1, 22), "not a number"),
    ("ruler", ANYWHERE, '{"key": [{"anything-but": []}]}', (1, 27), "anything-but has an empty list"),
    ("ruler", ANYWHERE, '{"key": [{"anything-but": ["a", 1]}]}', (1, 33), "not both in one list"),
    ("ruler", ANYWHERE, '{"key": [{"anything-but": [true]}]}', (1, 28), "not true"),
    ("ruler", ANYWHERE, '{"key": [{"anything-but": null}]}', (1, 27), "not null"),
    ("ruler", ANYWHERE, '{"key": [{"anything-but": {}}]}', (1, 27), "an empty object"),
    ("ruler", ANYWHERE, '{"key": [{"anything-but": {"prefix": []}}]}', (1, 38), "prefix has an empty list"),
    ("ruler", ANYWHERE, '{"key": [{"cidr": "10.0.0.0"}]}', (1, 19), "a range of addresses"),
    ("ruler", ANYWHERE, '{"key": [{"cidr": "10.0.0.0/33"}]}', (1, 19), "a range of addresses"),
    ("ruler", ANYWHERE, '{"key": [{"wildcard": "a**b"}]}', (1, 23), "two * follow each other"),
    ("ruler", ANYWHERE, '{"key": [{"wildcard": "a\\\\b"}]}', (1, 23), "a backslash stands before"),
    ("guide", ANYWHERE, '{"key": [{"wildcard": "*a*b*c*"}]}', (1, 23), "4 * in a pattern, at most 3"),
    (
        "guide",
        ANYWHERE,
        json.dumps({"k": [{"wildcard": f"*{n}"} for n in range(11)]}),
        (1, 1),
        "121 points of",
    ),
    (
        "guide",
        ANYWHERE,
        json.dumps({"k": [{"wildcard": f"*{n}*"} for n in range(6)]}),
        (1, 1),
        "108 points of",
    ),
    ("guide", ANYWHERE, '{"$or": [{"numeric": 123}, {"prefix": "abc"}]}', (1, 22), "numeric takes a list"),
    ("guide", ANYWHERE, '{"$or": [{"a": ["b"]}]}', (1, 11), '"a" is no operator'),
    ("guide", ANYWHERE, '{"$or": [{"a": ["b"]}, {}]}', (1, 24), "a branch of $or is empty"),
    ("guide", ANYWHERE, json.dumps({"a": ["b" * 262_144]}), (1, 1), "larger than 256 KB"),
    ("guide", ANYWHERE, json.dumps({"a": ["é" * 131_072]}, ensure_ascii=False), (1, 1), "larger than 256 KB"),
]


@pytest.mark.parametrize(
    ("scope", "policy", "where", "words"),
    [(scope, policy, where, words) for _, scopes, policy, where, words in REFUSED for scope in scopes],
    ids=lambda value: str(value)[:60],
)
def test_what_sns_refuses_is_named_with_line_and_column(
    scope: Scope, policy: str, where: tuple[int, int], words: str
) -> None:
    checked = check_policy(policy, scope)
    assert checked.policy is None
    [fault] = checked.faults
    assert words in fault.text
    assert (fault.place.line, fault.place.column) == where


def test_several_faults_are_all_named_in_the_order_of_the_text() -> None:
    policy = '{\n  "a": [],\n  "b": [{"prefix": 1}],\n  "c": ["ok"],\n  "d": "no"\n}'
    assert [str(fault) for fault in check_policy(policy).faults] == [
        'line 2, column 8: "a" has an empty list',
        "line 3, column 20: prefix takes a string, not a number",
        'line 5, column 8: "d" must have a list of values',
    ]


WARNED: list[tuple[tuple[Scope, ...], Any, str]] = [
    (BODY, {"a": {f"k{number}": ["v"] for number in range(6)}}, "6 keys with rules"),
    (ANYWHERE, {"$or": [{"a": ["1"], "b": ["2"], "c": ["3"]}, {"d": ["4"], "e": ["5"], "f": ["6"]}]}, "6 keys with"),
    (ANYWHERE, {"a": [{"numeric": [">", 2_000_000_000]}]}, "beyond ±1e9"),
    (ANYWHERE, {"a": [-1e10]}, "beyond ±1e9"),
    (ANYWHERE, {"a": [{"anything-but": [9007199254740993]}]}, "beyond ±1e9"),
    (ANYWHERE, {"a": [0.000001]}, "more than five decimals"),
    (ANYWHERE, {"a": [{"anything-but": {"equals-ignore-case": "b"}}]}, "documents disagree"),
    (ANYWHERE, {"a": [{"anything-but": {"prefix": ["b", "c"]}}]}, "one string only"),
    (ANYWHERE, {"a": [{"anything-but": [f"v{number}" for number in range(151)]}]}, "up to 151 combinations"),
    (ANYWHERE, {"a": [{"wildcard": f"*{n}*"} for n in range(5)]}, "up to 150 points of wildcard complexity"),
    (ANYWHERE, {}, "every message is delivered"),
]


@pytest.mark.parametrize(
    ("scope", "policy", "words"),
    [(scope, policy, words) for scopes, policy, words in WARNED for scope in scopes],
    ids=lambda value: str(value)[:60],
)
def test_what_aws_leaves_open_warns_and_lets_go(scope: Scope, policy: Any, words: str) -> None:
    checked = check_policy(json.dumps(policy), scope)
    assert checked.policy is not None, checked.faults
    assert any(words in warning.text for warning in checked.warnings), checked.warnings


def test_a_key_that_stands_twice_warns_where_it_stands_again() -> None:
    checked = check_policy('{"a": ["b"],\n "a": ["c"]}')
    assert checked.policy is not None
    [warning] = checked.warnings
    assert str(warning) == 'line 2, column 2: "a" stands twice: AWS does not say which of the two counts'


@pytest.mark.parametrize("policy", ["", " \n", "{}"])
def test_an_empty_policy_takes_the_filter_away_as_on_aws(policy: str) -> None:
    checked = check_policy(policy)
    assert checked.policy is not None
    assert "every message is delivered" in checked.warnings[0].text


ACCEPTED = [
    ("guide", BODY, {"a": {"b": {"c": ["1", "2", "3", "4"]}}, "d": {"e": ["1", "2", "3"]}}),
    ("guide", ATTRIBUTES, {"s": ["1"], "$or": [{"m": ["1", "2"]}, {"t": ["1"], "$or": [{"i": [1, 2]}, {"p": [3]}]}]}),
    ("recorded", ATTRIBUTES, {"key": [{"anything-but": {"prefix": "test-"}}]}),
    ("recorded", ATTRIBUTES, {"key": [{"anything-but": ["test", "test2"]}]}),
    ("recorded", ANYWHERE, {"attr1": [None, {"anything-but": "whatever"}]}),
    ("guide", ANYWHERE, {"k": [{"wildcard": f"*{n}"} for n in range(10)]}),
    ("guide", ANYWHERE, {"a": [f"v{number}" for number in range(150)]}),
    ("guide", ANYWHERE, {"a": [{"numeric": [">=", -1e9, "<", 1e9]}, 0.00001]}),
    ("guide", ANYWHERE, {f"k{number}": ["v"] for number in range(5)}),
    ("ruler", ANYWHERE, {"a": [{"cidr": "10.0.0.5/24"}]}),
    ("guide", ANYWHERE, {"prefix": ["a key of this name"], "$or": ["x", "y"]}),
]


@pytest.mark.parametrize(
    ("scope", "policy"), [(scope, policy) for _, scopes, policy in ACCEPTED for scope in scopes], ids=str
)
def test_what_sns_takes_is_neither_refused_nor_warned_of(scope: Scope, policy: Any) -> None:
    checked = check_policy(json.dumps(policy), scope)
    assert (checked.faults, checked.warnings) == ((), ())
    assert checked.policy is not None


def nested(levels: int) -> str:
    return '{"a":' * levels + '["x"]' + "}" * levels


def chosen(levels: int) -> str:
    return '{"$or":[{"a":["x"]},' * levels + '{"b":["y"]}' + "]}" * levels


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (nested(1000), "more than 150 levels"),
        (nested(40_000), "more than 150 levels"),
        (nested(151), "more than 150 levels"),
        (chosen(1000), "more than 150 levels"),
        (json.dumps({"a" + ".a" * 1000: ["x"]}), "more than 150 levels"),
        (json.dumps({"a" + ".a" * 140: {"b" + ".b" * 140: ["x"]}}), "more than 150 levels"),
        (json.dumps({f"k{number}": ["v"] for number in range(10_000)}), "10,000 keys"),
        (json.dumps({"a": {f"k{number}": ["v"] for number in range(10_000)}}), "1,000,000 or more combinations"),
        (json.dumps({"$or": [{f"k{number}": ["v"] for number in range(10_000)}, {"a": ["b"]}]}), "10,000 keys"),
        ("[" * 100_000, "the text ends"),
    ],
    ids=lambda value: value[:40],
)
def test_a_policy_of_any_depth_or_size_is_answered(policy: str, words: str) -> None:
    checked = check_policy(policy, Scope.BODY)
    assert checked.policy is None
    assert 1 <= len(checked.faults) <= 20
    assert any(words in fault.text for fault in checked.faults), checked.faults
    assert all(len(fault.text) < 200 for fault in checked.faults)


# -- JSON with places ---------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(json_values, st.sampled_from([None, 0, 2]), st.booleans())
def test_json_is_read_as_pythons_json_reads_it(value: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    node = read(text)
    assert plain(node) == value
    assert text[node.at : node.end] == text


@given(st.text(st.sampled_from('{}[]:," \n\\1-.e0nulltrue'), max_size=12))
def test_a_text_is_refused_exactly_where_pythons_json_refuses_it(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(JsonFault) as caught:
            read(text)
        assert 0 <= caught.value.at <= len(text)
    else:
        assert plain(read(text)) == expected


def test_a_place_counts_lines_and_characters_from_one() -> None:
    text = '{\n  "é": [\n    x'
    with pytest.raises(JsonFault) as caught:
        read(text)
    assert (place(text, caught.value.at).line, place(text, caught.value.at).column) == (3, 5)
