"""Whatever bytes a terminal sends, something is made of them and nothing fails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from tui.app.terminal_input import LARGEST_SCREEN, TerminalInput

SEQUENCES = [
    b"\x1b[97:65;2u",  # a key with its shifted key, of the Kitty protocol
    b"\x1b[99999999999u",
    b"\x1b[97;;1114112u",
    b"\x1b[48;0;0;0;0t",
    b"\x1b[48;24;80;0;0t",
    b"\x1b[48;999999;999999;1;1t",
    b"\x1b[<0;5;5M",
    b"\x1b[?2048;1$y",
    b"\x1b[200~",
    b"\x1b[201~",
    b"\x1b",
    b"\xc3",
]


def messages(*pieces: bytes, tells_size: bool = False) -> list[Message]:
    reading = TerminalInput()
    return [message for piece in pieces for message in reading.read(piece, tells_size=tells_size)]


def keys(*pieces: bytes) -> list[str | None]:
    return [message.character for message in messages(*pieces) if isinstance(message, events.Key)]


@pytest.mark.parametrize(
    ("pieces", "typed"),
    [
        ([b"caf\xe9 x"], "caf\ufffd x"),
        ([b"\xff\xfea"], "\ufffd\ufffda"),
        (["é".encode()[:1], "é".encode()[1:]], "é"),
        ([b"\xf0\x9f", b"a"], "\ufffda"),
        ([b"\x1b[99999999999uhello"], "hello"),
        ([b"\x1b[97:65;2uhello"], "hello"),
        ([b"\x1b[999999", b"99999uhello"], "hello"),
    ],
)
def test_what_is_broken_is_replaced_or_dropped_and_what_follows_is_typed(pieces: list[bytes], typed: str) -> None:
    assert "".join(character or "" for character in keys(*pieces)) == typed


def test_a_paste_that_is_not_utf_8_is_pasted_with_stand_ins_and_ends() -> None:
    pasted, typed = messages(b"\x1b[200~" + b"\xe9" * 1000 + b"\x1b[201~", b"a")
    assert isinstance(pasted, events.Paste)
    assert pasted.text == "\ufffd" * 1000
    assert isinstance(typed, events.Key)


def sizes(data: bytes, *, tells_size: bool) -> list[tuple[int, int]]:
    found = messages(data, tells_size=tells_size)
    return [(size.size.width, size.size.height) for size in found if isinstance(size, events.Resize)]


def test_a_size_that_nobody_asked_for_or_no_screen_has_is_dropped() -> None:
    assert sizes(b"\x1b[48;24;80;480;800t", tells_size=True) == [(80, 24)]
    assert sizes(b"\x1b[48;24;80;480;800t", tells_size=False) == []
    assert sizes(b"\x1b[48;0;80;480;800t\x1b[48;24;80;0;800t", tells_size=True) == []
    assert sizes(b"\x1b[48;24;%d;480;800t" % (LARGEST_SCREEN + 1), tells_size=True) == []


def test_the_mouse_is_where_it_was_after_a_size_that_was_dropped() -> None:
    [pressed] = messages(b"\x1b[48;0;0;0;0t\x1b[<0;5;7M")
    assert isinstance(pressed, events.MouseDown)
    assert (pressed.x, pressed.y) == (4, 6)


@given(st.lists(st.one_of(st.binary(max_size=12), st.sampled_from(SEQUENCES)), max_size=12), st.booleans())
def test_nothing_that_comes_in_fails_or_keeps_a_key_from_being_read(pieces: list[bytes], tells_size: bool) -> None:
    reading = TerminalInput()
    for piece in pieces:
        for message in reading.read(piece, tells_size=tells_size):
            assert isinstance(message, Message)
    # first what ends whatever was begun: a character, a paste, a sequence
    after = b"aaaa" + b"\x1b[201~" + b" " * 50 + b"z"
    last = [*reading.read(after, tells_size=tells_size)][-1]
    assert isinstance(last, events.Key)
    assert last.character == "z"
