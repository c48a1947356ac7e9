"""What a body looks like, in a few words. It is recognised and never decoded."""

import re

_LEAST_BASE64 = 24
_LEAST_BASE64_LINE = 60
_SAMPLE = 1024
_BASE64 = re.compile(r"[A-Za-z0-9+/\r\n]++={0,2}")
_BASE64_MIX = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9+/=]"))
_GZIP_IN_BASE64 = "H4sI"
_JWT = re.compile(r"eyJ[\w-]++\.[\w-]++\.[\w-]*+", re.ASCII)
_XML = re.compile(r"<(?:\?xml|!DOCTYPE|!--|[A-Za-z_])", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def describe(text: str, *, is_json: bool = False) -> str:
    """The kind of `text` and its size in bytes of UTF-8, in one line: "text, 12 lines, 340 bytes", "empty".

    `is_json` says that `pretty` read it to its end and found JSON; without it no text is called that.
    """
    if not text:
        return "empty"
    size = len(text.encode("utf-8", "surrogatepass"))
    return f"{_kind(text, is_json)}, {size:,} {'byte' if size == 1 else 'bytes'}"


def _kind(text: str, is_json: bool) -> str:
    body = text.strip()
    if is_json and body[:1] in ("{", "[", '"'):
        return "JSON"  # a bare number or word is JSON too, but says nothing as such
    if _looks_like_base64(body):
        return f"looks like {'gzip in ' if body.startswith(_GZIP_IN_BASE64) else ''}base64 (not decoded)"
    if _JWT.fullmatch(body):
        return "looks like a JWT (not decoded)"
    lines = text.count("\n") + (not text.endswith("\n"))
    kind = "looks like XML" if _XML.match(body) else "text"
    controls = " with control characters" if _CONTROL.search(text) else ""
    return f"{kind}{controls}, {lines:,} {'line' if lines == 1 else 'lines'}"


def _looks_like_base64(body: str) -> bool:
    """Long enough, of the standard alphabet, a multiple of four, mixed as encoded bytes are, in full lines if several.

    Words, numbers and hexadecimal digests have the alphabet too; the mix and the lines keep most of them out.
    """
    sample = body[:_SAMPLE]
    if len(body) < _LEAST_BASE64 or not all(part.search(sample) for part in _BASE64_MIX):
        return False
    if not _BASE64.fullmatch(body):
        return False
    lines = body.split()
    full = {len(line) for line in lines[:-1]}
    return sum(map(len, lines)) % 4 == 0 and len(full) <= 1 and all(length >= _LEAST_BASE64_LINE for length in full)
