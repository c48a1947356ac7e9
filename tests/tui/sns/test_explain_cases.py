"""`sluice explain --cases`, run as a person runs it: a process of its own."""

import json
from pathlib import Path

from tests.connectors.sns.filter_cases import FILE
from tests.support.command import one_line, run

CASE = {
    "name": "a cheap one",
    "scope": "MessageBody",
    "policy": {"price": [{"numeric": [">=", 100]}]},
    "body": {"price": 12},
    "expected": "filtered",
}


def written(tmp_path: Path, *lines: object) -> str:
    file = tmp_path / "cases.jsonl"
    file.write_bytes(b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines))
    return str(file)


def test_cases_that_turn_out_as_expected_are_counted() -> None:
    ran = run("explain", "--cases", str(FILE))
    count = len(FILE.read_text().splitlines())
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"{count} cases, none differs\n", "")


def test_what_differs_is_printed_with_line_and_reason_and_exit_code_1(tmp_path: Path) -> None:
    attributes = {
        "type": {"DataType": "String", "StringValue": "order"},
        "raw": {"Type": "Binary", "BinaryValue": "aA=="},
    }
    file = written(
        tmp_path,
        CASE,
        CASE | {"expected": "deliver"},
        b"",
        CASE | {"policy": {"price": []}},
        CASE | {"policy": '{\n"price": 5}'},
        {"policy": {"type": ["order"]}, "attributes": attributes, "expected": "filtered"},
        CASE | {"policy": {"price": [{"anything-but": {"equals-ignore-case": "x"}}]}},
        CASE | {"expected": "deliver", "body": "price: 12"},
        CASE | {"expected": "deliver", "message_structure": "json"},
        CASE | {"expected": "deliver", "policy": {name: ["x"] for name in "abcde"}},
    )
    ran = run("explain", "--cases", file)
    assert (ran.returncode, ran.stderr) == (1, "")
    *lines, last = ran.stdout.splitlines()
    assert last == "8 of 9 cases differ"
    assert lines == [
        "line 2 (a cheap one): expected deliver, got filtered: price: 12 is not >= 100",
        'line 4 (a cheap one): expected filtered, got rejected: column 69: "price" has an empty list',
        "line 5 (a cheap one): expected filtered, got rejected: in the policy's text, line 2, column 10: "
        '"price" must have a list of values, or an object of keys within it',
        "line 6: expected filtered, got deliver",
        "line 7 (a cheap one): expected filtered, got unknown: price: 12 may not be taken by anything-but with "
        "equals-ignore-case: AWS's documents disagree on it",
        "line 8 (a cheap one): expected deliver, got filtered: the body is no JSON "
        "(a policy on the body then never matches)",
        "line 9 (a cheap one): expected deliver, got unknown: with MessageStructure json AWS does not say which text a "
        "policy on the body looks at",
        "line 10 (a cheap one): expected deliver, got filtered: no key a in the body; no key b in the body; "
        "no key c in the body; and 2 more",
    ]


def test_a_line_that_is_no_case_is_named_with_exit_code_2(tmp_path: Path) -> None:
    file = written(tmp_path, CASE | {"expected": "deliver"}, b'{"policy": {"a": ["b"]},')
    line = one_line(run("explain", "--cases", file), 2)
    assert "cases.jsonl, line 2, column 25: no JSON: the text ends where a name" in line


def test_a_file_that_cannot_be_used_is_named_with_exit_code_2(tmp_path: Path) -> None:
    assert "there is no file" in one_line(run("explain", "--cases", str(tmp_path / "none.jsonl")), 2)
    assert "can't be read: Is a directory" in one_line(run("explain", "--cases", str(tmp_path)), 2)
    assert "there are no cases in" in one_line(run("explain", "--cases", written(tmp_path, b"", b" ")), 2)
    assert "--cases" in one_line(run("explain"), 2)


def test_a_message_cannot_steer_the_terminal(tmp_path: Path) -> None:
    hostile = "a\x1b]0;owned\x07\u202eb"
    policy = {hostile: [hostile]}
    ran = run(
        "explain", "--cases", written(tmp_path, CASE | {"policy": policy, "name": hostile, "expected": "deliver"})
    )
    assert ran.returncode == 1
    assert not {"\x1b", "\x07", "\u202e"} & set(ran.stdout)


def test_the_help_describes_a_line_and_asks_for_no_network(tmp_path: Path) -> None:
    ran = run("explain", "--help")
    assert ran.returncode == 0
    words = " ".join(ran.stdout.split())
    assert all(word in words for word in ("MessageAttributes", "MessageBody", "rejected", "unknown", "Exit code 1"))
    example = ran.stdout[ran.stdout.index('{"scope"') : ran.stdout.index("\n\n", ran.stdout.index('{"scope"'))]
    assert run("explain", "--cases", written(tmp_path, " ".join(example.split()).encode())).returncode == 0
