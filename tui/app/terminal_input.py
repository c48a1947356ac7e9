"""What the bytes that a terminal sends mean. Any bytes may come: from a terminal that is not set to UTF-8, over a line
that breaks, or from a program that writes to the terminal's input."""

import codecs
from collections.abc import Iterator

from textual.events import Resize
from textual.message import Message

from tui.app.textual_private import InputParser

LONGEST_SEQUENCE = 40
"""Characters. Textual gives up an escape sequence after 32."""
LARGEST_SCREEN = 4096
"""Columns, and lines. A report of more is no report: the screen would take all memory."""


class TerminalInput:
    """Turns bytes into the messages of Textual, and never fails.

    A byte that is not UTF-8 becomes U+FFFD. A sequence on which Textual's parser fails, such as a key with a number
    that is no character, is dropped, and what comes behind it is read.
    """

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._parser = InputParser()

    def read(self, data: bytes, *, tells_size: bool) -> Iterator[Message]:
        """The messages of `data`. `tells_size` says whether the terminal was asked for its size in its input."""
        for piece in _pieces(self._decode(data)):
            yield from self._sane(self._messages(piece), tells_size)

    def tick(self, *, tells_size: bool) -> Iterator[Message]:
        """The messages of what has waited long enough for the rest of its sequence: an escape alone is the key."""
        yield from self._sane(self._messages(""), tells_size)

    def _messages(self, text: str) -> list[Message]:
        try:
            return list(self._parser.feed(text) if text else self._parser.tick())
        except Exception:  # whatever fails in it, the parser's generator has ended
            self._parser = self._parser.renewed()
            return []

    def _sane(self, messages: list[Message], tells_size: bool) -> Iterator[Message]:
        for message in messages:
            if isinstance(message, Resize) and not (tells_size and _is_a_screen(message)):
                self._parser.forget_size()
            else:
                yield message


def _is_a_screen(size: Resize) -> bool:
    pixels = size.pixel_size
    return (
        0 < size.size.width <= LARGEST_SCREEN
        and 0 < size.size.height <= LARGEST_SCREEN
        and (pixels is None or (pixels.width > 0 and pixels.height > 0))
    )


def _pieces(text: str) -> Iterator[str]:
    """`text` in single characters where a sequence may be, so that a broken one takes nothing else with it, and the
    rest of a paste at once."""
    for number, part in enumerate(text.split("\x1b")):
        if number:
            yield "\x1b"
        yield from part[:LONGEST_SEQUENCE]
        if len(part) > LONGEST_SEQUENCE:
            yield part[LONGEST_SEQUENCE:]
