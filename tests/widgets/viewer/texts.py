"""Texts that a viewer must survive, and what must never reach a terminal."""

import unicodedata

from hypothesis import strategies as st

any_character = st.characters(codec=None, exclude_categories=())
# What breaks viewers: widths 0, 1 and 2, what changes its neighbour's width, line ends, controls, broken surrogates.
awkward_characters = st.sampled_from(
    'a Z1 \t\n\r漢é"\\[]{},:/😀❤\u0301\u0302\ufe0f\u200d\u1161\u0e33\x00\x1b\x07\x7f\x9b\u202e\u2028\ufeff\ud83d\udc00'
)
any_text = st.text(any_character) | st.text(awkward_characters, max_size=300)

HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]0;owned\x07 \x9b31m \u202eabc\u2066 a\u200bb\ufeff \x00\x7f "
    "[@click=app.quit]x[/x] [/] \ud800\udc00 " + "a" + "\u0301" * 500 + " \u2028\u2029 tab\there\r\nsecond line\r"
)


def terminal_obeys(text: str) -> list[str]:
    """The characters of `text` that a terminal would obey or hide, as code points."""
    return [f"U+{ord(c):04X}" for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
