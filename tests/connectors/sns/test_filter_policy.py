"""What is delivered and what is not, against published and recorded cases; and what is always true."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sns.filter_policy import Attribute, FilterMessage, Judgement, Scope, Verdict, check_policy
from connectors.sns.filter_policy.cases import Case, Outcome
from tests.connectors.sns.filter_cases import CASES, RULES, name_of, on_attributes, on_body


def judged(policy: Any, message: FilterMessage, scope: Scope = Scope.ATTRIBUTES) -> Judgement:
    checked = check_policy(policy if isinstance(policy, str) else json.dumps(policy), scope)
    assert checked.policy is not None, checked.faults
    return checked.policy.judge(message)


def reasons(policy: Any, message: FilterMessage, scope: Scope = Scope.ATTRIBUTES) -> list[str]:
    return [str(reason) for reason in judged(policy, message, scope).reasons]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_verdict_is_that_of_aws_and_all_but_a_delivery_has_a_reason(case: Case) -> None:
    outcome, why = case.outcome()
    assert outcome is case.expected, why
    assert bool(why) is (outcome is not Outcome.DELIVER)


def test_each_case_says_where_it_comes_from_and_there_are_enough() -> None:
    assert len(CASES) >= 400
    assert all(case.name for case in CASES)


# -- reasons ------------------------------------------------------------------------------------------------------

ON_BODY = [
    ([{"numeric": [">=", 100]}], {"price": 12}, "price: 12 is not >= 100"),
    ([{"numeric": [">", 0, "<=", 9]}], {"price": 12}, "price: 12 is not > 0 and <= 9"),
    ([{"numeric": [">=", 100]}], {"price": "120"}, 'price: "120" is not >= 100 (it is no number)'),
    (["a", "b"], {"price": "c"}, 'price: "c" is not "a" or "b"'),
    (["a", {"prefix": "b"}], {"price": "c"}, 'price: "c" is not "a" and does not begin with "b"'),
    ([{"suffix": "b"}], {"price": None}, 'price: null does not end with "b" (it is no string)'),
    ([{"wildcard": "a*b"}], {"price": ["c", "d"]}, 'price: ["c", "d"] does not match "a*b"'),
    ([{"equals-ignore-case": "a"}], {"price": "c"}, 'price: "c" is not "a" in any case'),
    ([{"cidr": "10.0.0.0/8"}], {"price": "11.0.0.1"}, 'price: "11.0.0.1" is no address in 10.0.0.0/8'),
    ([{"anything-but": ["a", "c"]}], {"price": "c"}, 'price: "c" is "a" or "c", which is excluded'),
    ([{"anything-but": {"prefix": "c"}}], {"price": "cd"}, 'price: "cd" begins with "c", which is excluded'),
    ([{"exists": False}], {"price": 1}, "price: 1 is there (the policy wants that it is not)"),
    ([{"exists": True}], {"price": None}, "price: null is null or empty (the policy wants something there)"),
    ([True, None], {"price": 1}, "price: 1 is not true or null"),
    (["a"], {"cost": "a"}, "no key price in the body"),
    (["a"], {"price": {"net": "a"}}, "price: {…} is an object, and its own keys are not in the policy"),
    (["a"], {"price": []}, "price: [] has no values"),
]


@pytest.mark.parametrize(("rules", "body", "words"), ON_BODY, ids=lambda value: str(value)[:50])
def test_a_reason_is_in_the_words_of_the_message(rules: list[Any], body: dict[str, Any], words: str) -> None:
    assert reasons({"price": rules}, on_body(body), Scope.BODY) == [words]


def test_a_value_in_the_other_place_is_pointed_out() -> None:
    message = FilterMessage('{"store": "x", "deep": {"er": 1}}', {"color": Attribute("String", "red")})
    assert reasons({"store": ["x"]}, message) == [
        "no attribute store (this policy looks at attributes; the body has it)"
    ]
    assert reasons({"deep.er": [1]}, message) == [
        "no attribute deep.er (this policy looks at attributes; the body has it)"
    ]
    assert reasons({"color": ["red"]}, message, Scope.BODY) == [
        "no key color in the body (this policy looks at the body; the attributes have it)"
    ]


def test_what_sns_ignores_or_cannot_read_is_said() -> None:
    photo = on_attributes(photo=Attribute("Binary", "aGk="), price=Attribute("Number", "dear"))
    assert reasons({"photo": ["x"]}, photo) == ["no attribute photo (it is Binary, which SNS ignores here)"]
    assert reasons({"price": [5]}, photo) == ['price: "dear" is of type Number and no number']
    assert reasons({"price": [5]}, FilterMessage("x"))[0].startswith("the message has no attributes")
    assert reasons({"say": ['a "b"']}, on_attributes(say='a "b"')) == [
        r'say: "a \"b\"" is not "a \"b\"" (a policy on attributes must escape " and \ twice)'
    ]
    assert reasons({"a": ["b"]}, on_body("text"), Scope.BODY) == [
        "the body is no JSON (a policy on the body then never matches)"
    ]
    assert "but no object" in reasons({"a": ["b"]}, on_body([1]), Scope.BODY)[0]


def test_each_rule_that_keeps_a_message_away_is_a_reason_of_its_own() -> None:
    policy = {"a": {"b": ["x"], "c": ["y"]}, "$or": [{"d": [1]}, {"e": [{"numeric": [">", 5]}]}], "f": ["z"]}
    judgement = judged(policy, on_body({"a": {"b": "x", "c": "n"}, "d": 2, "e": 3, "f": "z"}), Scope.BODY)
    assert [(reason.path, reason.rule, reason.value, reason.text) for reason in judgement.reasons] == [
        ("a.c", '["y"]', '"n"', 'a.c: "n" is not "y"'),
        ("d", "[1]", "2", "d: 2 is not 1"),
        ("e", '[{"numeric": [">", 5]}]', "3", "e: 3 is not > 5"),
    ]


def test_elements_of_an_array_are_told_apart() -> None:
    policy = {"Records": {"event": ["created"], "key": [{"prefix": "auto-"}]}}
    records = {"Records": [{"event": "gone", "key": "auto-1"}, {"event": "gone", "key": "home-1"}]}
    assert reasons(policy, on_body(records), Scope.BODY) == [
        'Records[0].event: "gone" is not "created"',
        'Records[1].event: "gone" is not "created"',
        'Records[1].key: "home-1" does not begin with "auto-"',
    ]


def test_each_rule_has_a_verdict_of_its_own() -> None:
    rules = (
        '"a": {"b": ["x"]}, "$or": [{"d": [1]}, {"e": [{"numeric": [">", 5]}]}], "f": ["z"], "r": {"k": [2], "l": [3]}'
    )
    policy = check_policy(f"{{{rules}}}", Scope.BODY).policy
    assert policy is not None

    def said(message: FilterMessage) -> list[tuple[str, str, str]]:
        return [(rule.path, rule.rule, rule.verdict.value) for rule in policy.by_rule(message)]

    body = {"a": {"b": "x"}, "d": 2, "e": 2e9, "f": "y", "r": [{"k": 2}, {"l": 3}]}
    assert said(on_body(body)) == [
        ("f", '["z"]', "filtered"),
        ("a.b", '["x"]', "deliver"),
        ("r.k", "[2]", "deliver"),
        ("r.l", "[3]", "deliver"),
        ("d", "[1]", "filtered"),
        ("e", '[{"numeric": [">", 5]}]', "unknown"),
    ]
    assert {verdict for _, _, verdict in said(on_body("text"))} == {"filtered"}
    assert {verdict for _, _, verdict in said(FilterMessage("{}", structure_json=True))} == {"unknown"}
    for scope, verdicts in ((Scope.ATTRIBUTES, ["filtered", "filtered"]), (Scope.BODY, ["deliver", "filtered"])):
        absent = check_policy('{"a": [{"exists": false}], "b": ["c"]}', scope).policy
        assert absent is not None
        assert [rule.verdict for rule in absent.by_rule(FilterMessage("{}"))] == verdicts


@pytest.mark.parametrize(
    ("rules", "value", "words"),
    [
        ([{"anything-but": ["a", "b"]}], ["a", "c"], "AWS's documents disagree"),
        ([{"anything-but": {"equals-ignore-case": "a"}}], "c", "anything-but with equals-ignore-case"),
        ([{"exists": False}], None, "`exists: false`"),
        ([{"numeric": [">", 5]}], 2e9, "beyond ±1e9"),
    ],
)
def test_what_nobody_can_tell_says_what_is_open(rules: list[Any], value: Any, words: str) -> None:
    [reason] = reasons({"a": ["x", *rules], "b": [{"exists": True}]}, on_body({"a": value, "b": 1}), Scope.BODY)
    assert words in reason


def test_a_long_value_and_a_long_name_are_cut() -> None:
    name = "name" * 5000
    [reason] = reasons({name: ["x" * 100_000]}, on_body({name: "long " * 20_000}), Scope.BODY)
    assert len(reason) < 300


# -- what is always true ------------------------------------------------------------------------------------------

scalars = (
    st.text(st.sampled_from('abAB*\\"é'), max_size=4)
    | st.integers(-5, 5)
    | st.sampled_from([0.5, 1e9, 2e9, 1e-7, 100.00001])
    | st.booleans()
    | st.none()
)
operators = st.sampled_from([rule for _, rules, *_ in RULES for rule in rules if isinstance(rule, dict)])
rules = st.lists(scalars | operators, min_size=1, max_size=3)
names = st.sampled_from(["a", "b", "c", "a.b", "d"])
objects = st.recursive(
    st.dictionaries(names, rules, min_size=1, max_size=2),
    lambda inner: (
        st.dictionaries(names, rules | inner, min_size=1, max_size=2)
        | st.builds(lambda one, other: {"$or": [one, other]}, inner, inner)
    ),
    max_leaves=4,
)
bodies = st.dictionaries(
    names,
    st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=6
    ),
    max_size=4,
)


def verdict(policy: Any, body: Any) -> Verdict | None:
    """None where the policy is refused."""
    checked = check_policy(json.dumps(policy), Scope.BODY)
    return checked.policy.judge(on_body(body)).verdict if checked.policy is not None else None


@given(st.lists(scalars, min_size=1, max_size=4), scalars, scalars | st.lists(scalars, max_size=3))
def test_one_value_more_in_a_list_never_turns_a_delivery_into_none(values: list[Any], more: Any, value: Any) -> None:
    if verdict({"a": values}, {"a": value}) is Verdict.DELIVER:
        assert verdict({"a": [*values, more]}, {"a": value}) is Verdict.DELIVER


@given(st.text(max_size=4) | st.integers(-5, 5) | st.floats(-1e10, 1e10), scalars)
def test_anything_but_a_value_is_the_reverse_of_the_value_where_the_key_is_there(wanted: Any, value: Any) -> None:
    reverse = {Verdict.DELIVER: Verdict.FILTERED, Verdict.FILTERED: Verdict.DELIVER, Verdict.UNKNOWN: Verdict.UNKNOWN}
    plain = verdict({"a": [wanted]}, {"a": value})
    assert plain is not None
    assert verdict({"a": [{"anything-but": wanted}]}, {"a": value}) is reverse[plain]
    assert verdict({"a": [{"anything-but": wanted}]}, {"b": value}) is Verdict.FILTERED


def turned(value: Any) -> Any:
    """The same with the keys of every object and the values of every list in the reverse order, but for `numeric`."""
    if isinstance(value, dict):
        return {key: inner if key == "numeric" else turned(inner) for key, inner in reversed(value.items())}
    return [turned(element) for element in reversed(value)] if isinstance(value, list) else value


@given(objects, bodies)
def test_the_order_of_keys_values_and_branches_is_of_no_matter(policy: Any, body: Any) -> None:
    assert verdict(policy, body) is verdict(turned(policy), body) is verdict(policy, turned(body))


@given(objects, bodies)
def test_all_but_a_delivery_has_a_reason_in_one_line(policy: Any, body: Any) -> None:
    checked = check_policy(json.dumps(policy), Scope.BODY)
    if checked.policy is None:
        assert checked.faults
        return
    judgement = checked.policy.judge(on_body(body))
    assert bool(judgement.reasons) is (judgement.verdict is not Verdict.DELIVER)
    assert all(reason.text and "\n" not in reason.text for reason in judgement.reasons)


@given(objects, bodies)
def test_a_message_that_all_rules_take_is_never_filtered(policy: Any, body: Any) -> None:
    checked = check_policy(json.dumps(policy), Scope.BODY)
    if checked.policy is None:
        return
    judgement, said = checked.policy.judge(on_body(body)), checked.policy.by_rule(on_body(body))
    if all(rule.verdict is Verdict.DELIVER for rule in said):
        assert judgement.verdict is not Verdict.FILTERED
    if all(rule.verdict is Verdict.FILTERED for rule in said):
        assert judgement.verdict is Verdict.FILTERED


# -- bodies of any size and depth ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"a":' * 1000 + '"x"' + "}" * 1000, Verdict.FILTERED),
        ('{"a":' + "[" * 100_000 + '"x"' + "]" * 100_000 + "}", Verdict.DELIVER),
        ('{"a":' * 100_000 + '"x"' + "}" * 100_000, Verdict.FILTERED),
        (json.dumps({"b" + ".b" * 5000: 1, "a": "x"}), Verdict.DELIVER),
        (json.dumps({f"k{number}": number for number in range(10_000)} | {"a": "x"}), Verdict.DELIVER),
        ('{"a": "x", "n": ' + "9" * 100_000 + "}", Verdict.DELIVER),
        ('{"a": "' + "." * 100_000 + '"}', Verdict.FILTERED),
    ],
    ids=["1,000 levels", "arrays", "objects", "dots", "10,000 keys", "a long number", "a text of dots"],
)
def test_a_body_of_any_depth_or_size_is_judged(body: str, expected: Verdict) -> None:
    judgement = judged({"a": ["x"]}, FilterMessage(body), Scope.BODY)
    assert judgement.verdict is expected
    assert all(len(reason.text) < 200 for reason in judgement.reasons)


def test_the_deepest_policies_that_sns_takes_are_judged() -> None:
    nested = '{"a":' * 150 + '["x"]' + "}" * 150
    chosen = '{"$or":[{"a":["x"]},' * 149 + '{"b":["y"]}' + "]}" * 149
    assert judged(nested, FilterMessage(nested), Scope.BODY).verdict is Verdict.DELIVER
    assert len(judged(nested, on_body({}), Scope.BODY).reasons) == 1
    assert judged(chosen, on_body({"b": "y"}), Scope.BODY).verdict is Verdict.DELIVER
    assert len(judged(chosen, on_body({}), Scope.BODY).reasons) == 2
