"""The one way for remote text to the screen.

Bodies, names, attributes and error texts come from other people. A terminal obeys some of the characters in them, and
others reorder or hide what stands beside them, so every one is replaced by a visible stand-in, one for one: offsets
into the result are offsets into the original, and a reader sees that something was there.

Pure Python; the result is a plain `str` that still must reach Textual as `Text` or `Content`, never as markup.
"""

import re
import unicodedata

STAND_IN = "\N{REPLACEMENT CHARACTER}"
MAX_COMBINING_RUN = 4
"""Marks that may stand on one character; more would paint over the lines above and below."""

# C0 and DEL have pictures of their own in Unicode (U+2400..U+2421).
_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
_ALL_BUT_LINES = {code: picture for code, picture in _PICTURES.items() if code not in (0x09, 0x0A)}

# C1, soft hyphen, bidi controls, zero-width and other format characters (category Cf), line and paragraph separators,
# lone surrogates, noncharacters. Written as ranges: asking unicodedata about every character is fifty times slower.
_HOSTILE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_TAB_OR_NEWLINE = re.compile(r"[\t\n]")
_NOT_ASCII_RUN = re.compile(rf"[^\x00-\x7f]{{{MAX_COMBINING_RUN + 1},}}")


def _thin_out_marks(match: re.Match[str]) -> str:
    run = 0
    kept: list[str] = []
    for character in match.group():
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        kept.append(character if run <= MAX_COMBINING_RUN else STAND_IN)
    return "".join(kept)


def printable(text: str, *, limit: int | None = None, multiline: bool = False) -> str:
    """`text` with every character that a terminal could obey or hide replaced by a visible one.

    The result has the same length, unless `limit` (in characters) cuts it; a cut one ends with `…`.
    `multiline` keeps tab and newline; without it they too become visible (`␉`, `␊`), so the result is one line.
    """
    if limit is not None and len(text) > limit:
        text = text[: max(limit - 1, 0)] + "…"
    if not multiline and _TAB_OR_NEWLINE.search(text):
        text = text.translate(_PICTURES)
    if _HOSTILE.search(text):
        text = _HOSTILE.sub(STAND_IN, text.translate(_ALL_BUT_LINES))
    return text if text.isascii() else _NOT_ASCII_RUN.sub(_thin_out_marks, text)
