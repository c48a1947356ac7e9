"""From the form to a draft: what was typed is kept, and every reason against sending is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sqs.models import Draft, MessageAttribute
from tui.sqs.draft import Typed, TypedAttribute, read_form


def read(
    body: str = "hello",
    *attributes: tuple[str, str, str],
    delay: str = "",
    group: str = "",
    deduplication: str = "",
    fifo: bool = False,
    content_based: bool | None = None,
    maximum: int | None = 1024,
) -> tuple[Draft, list[str]]:
    typed = Typed(body, [TypedAttribute(*attribute) for attribute in attributes], delay, group, deduplication)
    return read_form(typed, fifo=fifo, content_based=content_based, maximum=maximum)


def test_what_was_typed_becomes_the_draft() -> None:
    draft, faults = read(
        " body \n",
        ("tenant", "String", " nord licht "),
        ("attempt", "Number", "-3.5e2"),
        ("digest", "Binary", "0x00 FF 1b"),
        ("", "String", ""),
        delay=" 90 ",
        group="customer-7",
    )
    assert faults == []
    assert draft == Draft(
        " body \n",
        (
            MessageAttribute("tenant", "String", text=" nord licht "),
            MessageAttribute("attempt", "Number", text="-3.5e2"),
            MessageAttribute("digest", "Binary", binary=b"\x00\xff\x1b"),
        ),
        90,
        "customer-7",
        None,
    )


@pytest.mark.parametrize(
    ("fault", "attribute"),
    [
        ("is no attribute name", ("two words", "String", "x")),
        ("is no attribute name", ("aws.mine", "String", "x")),
        ("is no attribute name", ("Amazon.mine", "String", "x")),
        ("is no attribute name", ("a..b", "String", "x")),
        ("is no attribute name", (".a", "String", "x")),
        ("is no attribute name", ("a" * 257, "String", "x")),
        ("is no attribute name", ("", "String", "a value without a name")),
        ("has no value", ("name", "String", "")),
        ("has no value", ("name", "Binary", "")),
        ("is no number", ("name", "Number", "one")),
        ("is no number", ("name", "Number", "1,5")),
        ("is no number", ("name", "Number", "٣")),
        ("write the bytes as hex", ("name", "Binary", "zz")),
        ("write the bytes as hex", ("name", "Binary", "abc")),
        ("holds U+001B", ("name", "String", "a\x1b")),
    ],
)
def test_an_attribute_that_sqs_refuses_is_named(fault: str, attribute: tuple[str, str, str]) -> None:
    _, faults = read("hello", attribute)
    assert len(faults) == 1
    assert fault in faults[0]


def test_every_fault_of_one_attribute_is_named() -> None:
    _, faults = read("hello", ("AWS.mine", "Binary", "zz"))
    assert [fault.split("(")[0].strip() for fault in faults] == [
        "'AWS.mine' is no attribute name",
        "'AWS.mine': write the bytes as hex, like 00 ff 7a",
    ]


def test_ten_attributes_become_ten_of_the_draft_in_their_order() -> None:
    draft, faults = read("hello", *((f"a{number}", "String", f"{number}") for number in range(10)))
    assert faults == []
    assert [(attribute.name, attribute.text) for attribute in draft.attributes] == [
        (f"a{number}", f"{number}") for number in range(10)
    ]


def test_a_name_that_stands_twice_and_too_many_attributes_are_named() -> None:
    _, faults = read("hello", ("a", "String", "1"), ("a", "String", "2"))
    assert faults == ["attribute 'a' stands twice"]
    _, faults = read("hello", *((f"a{number}", "String", "1") for number in range(11)))
    assert faults == ["11 attributes; SQS takes 10"]


@pytest.mark.parametrize(
    ("body", "fault"), [("", "is empty"), ("ab\x00", "U+0000 at character 3"), ("\ud800", "U+D800")]
)
def test_a_body_that_sqs_refuses_is_named(body: str, fault: str) -> None:
    _, faults = read(body)
    assert len(faults) == 1
    assert fault in faults[0]


@pytest.mark.parametrize("delay", ["901", "-1", "1.5", "soon", "9" * 5000, "0x10", "1 0"])
def test_a_delay_is_a_whole_number_of_seconds_up_to_a_quarter_of_an_hour(delay: str) -> None:
    draft, faults = read(delay=delay)
    assert draft.delay_seconds is None
    assert faults == ["the delay is a number of seconds from 0 to 900"]


@pytest.mark.parametrize(("delay", "seconds"), [("0", 0), ("900", 900), ("007", 7), ("", None), ("  ", None)])
def test_a_right_delay_is_taken(delay: str, seconds: int | None) -> None:
    draft, faults = read(delay=delay)
    assert (draft.delay_seconds, faults) == (seconds, [])


def test_a_fifo_queue_wants_a_group_and_takes_no_delay() -> None:
    assert read(fifo=True)[1] == ["a FIFO queue wants a message group"]
    assert read(fifo=True, group="g", delay="5")[1] == ["a FIFO queue takes no delay for a single message"]


def test_a_dedup_id_is_wanted_only_where_it_is_known_that_the_queue_makes_none() -> None:
    assert read(fifo=True, group="g", content_based=True)[1] == []
    assert read(fifo=True, group="g", content_based=None)[1] == []
    assert len(read(fifo=True, group="g", content_based=False)[1]) == 1
    assert read(fifo=True, group="g", content_based=False, deduplication="once")[1] == []


def test_a_standard_queue_may_have_a_group_and_needs_none() -> None:
    assert read(group="tenant-1")[0].group_id == "tenant-1"
    assert read()[1] == []


def test_the_size_counts_body_and_attributes_in_bytes() -> None:
    draft, faults = read("ü" * 512, maximum=1024)
    assert (draft.size, faults) == (1024, [])
    _, faults = read("ü" * 512, ("a", "String", "b"), maximum=1024)
    assert faults == ["1,032 bytes; this queue takes 1,024"]
    _, faults = read("x" * (1024 * 1024 + 1), maximum=None)
    assert faults == ["1,048,577 bytes; this queue takes 1,048,576"]


anything = st.text(max_size=30)


@given(
    anything,
    st.lists(st.tuples(anything, st.sampled_from(["String", "Number", "Binary"]), anything), max_size=3),
    anything,
    anything,
    st.booleans(),
)
def test_nothing_that_can_be_typed_raises(
    body: str, attributes: list[tuple[str, str, str]], delay: str, group: str, fifo: bool
) -> None:
    read(body, *attributes, delay=delay, group=group, fifo=fifo)
