"""`legacy-import`: everything that bodies and attributes really look like when nobody agreed on a format.

None of it is broken by accident. A viewer must show each as it is, decode nothing unasked, and let none of it reach
the terminal as anything but text.
"""

from base64 import b64encode

from connectors.sqs.demo.model import Message, Queue, Typed, made_id

LARGEST_BODY = 900 * 1024
LONG_LINE = 120 * 1024

# gzip of GZIPPED_TEXT, written out because compressors differ in their output from one build to the next.
GZIPPED_TEXT = '{"batch":"2026-03-11","rows":3,"checksum":"0c2f","source":"mainframe","note":"gzip in base64"}\n'
GZIPPED = (
    "H4sIAAAAAAACAxWKSQqAIBRA951C/lpBLVx4G/1oSqjhQFB092z5hges6RhAg+RSMb4yIYBCLVcDvVLA4PBoI82Bo/QztTIqusnJxOyrSW7KXPqv"
    "9jueJGZiTXNqg3f5AOvBdQFfAAAA"
)


def _csv(size: int) -> str:
    text = ["id;sku;quantity;price;warehouse;comment\r\n"]
    length = len(text[0])
    number = 0
    while length < size:
        number += 1
        price = f"{number % 900 + 99}.{number % 100:02d}"
        text.append(f"{number:07d};ART-{number * 7919 % 100000:05d};{number % 17};{price};W{number % 9};ok\r\n")
        length += len(text[-1])
    return "".join(text)[:size]


def _one_line(size: int) -> str:
    records = "".join(f"{made_id('record', number, length=24)}|" for number in range(size // 25 + 1))
    return records[:size]


_XML = """<?xml version="1.0" encoding="UTF-8"?>
<Order xmlns="urn:example:order:1" number="88-1042">
  <!-- exported by the old system -->
  <Customer><Name>Müßig &amp; Söhne</Name><City>Übungsstadt</City></Customer>
  <Line pos="1"><Sku>LMP-0042-BRS</Sku><Quantity unit="pcs">2</Quantity></Line>
  <Remark><![CDATA[deliver <after> 5 p.m. & ring twice]]></Remark>
</Order>
"""
_EDIFACT = (
    "UNA:+.? '\nUNB+UNOC:3+SENDER:14+RECEIVER:14+260311:0412+REF1042'\nUNH+1+ORDERS:D:96A:UN'\n"
    "BGM+220+88-1042+9'\nLIN+1++LMP-0042-BRS:SA'\nQTY+21:2'\nUNT+5+1'\nUNZ+1+REF1042'\n"
)
# AWS refuses characters of C0 in a body, but not their escapes in JSON, and none of C1 and bidi.
_ESCAPES_IN_JSON = (
    '{"log":"\\u001b[31mred\\u001b[0m \\u001b]0;a new window title\\u0007 \\u001b[2J\\u001b[H cleared, NUL \\u0000",'
    '"as it came":"\x9b31mred\x9b0m","file":"invoice-\u202efdp.exe\u202c","twice":"\\\\u001b[5m"}'
)
_C1_AND_BIDI = (
    "One character of C1 is as good as an escape sequence:\n"
    "\x9b31mred\x9b0m \x9d0;a new window title\x9c, next line \x85, delete \x7f\n"
    "right to left: invoice-\u202efdp.exe\u202c, isolated \u2067abc\u2069; zero width: pay\u200bpal, soft\u00adhyphen\n"
)
_MARKUP = (
    "[bold red]ALERT[/bold red] [blink]look[/blink] [@click=app.quit]press here[/] [link=https://example.com]link[/link]\n"
    "[/x] closes nothing, [ is open, [[escaped]] \\[not\\] :warning: $primary {value} %s &amp; <b>bold</b>\n"
)
_WIDE = (
    "wide: 日本語テキスト、全角ＡＢＣ１２３ 한국어 中文\n"
    "emoji: 👩\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 🇯🇵 👍🏽 ❤\ufe0f ☎ ⚠\n"
    "combining: e\u0301 n\u0303 Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324"
    "a\u0335\u0348l\u0323g\u0353o\n"
    "right to left: שלום עולם, مرحبا بالعالم\n"
)

_MESSAGES = (
    Message(
        "Please re-run the import of 10 March.\n\nRows 118 to 240 were skipped: the disk was full.\n-- \nbatch 7",
        {"format": "text/plain"},
    ),
    Message(_XML, {"format": "application/xml", "encoding": "UTF-8"}),
    Message(_EDIFACT, {"format": "application/edifact"}),
    Message(b64encode("Grüße aus dem Archiv: Satz 1 von 3\n".encode()).decode(), {"format": "base64"}),
    Message(GZIPPED, {"format": "base64", "compression": "gzip"}),
    Message(
        "The record is in the attributes.",
        {
            "png_header": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
            "digest": bytes.fromhex(made_id("digest", length=64)),
            "all_bytes": bytes(range(256)),
            "not_utf8": b"Gr\xfc\xdfe",
            "ratio": Typed("Number.float", "0.0625"),
            "record_id": Typed("String.uuid", "6f9619ff-8b86-4d11-b42d-00c04fc964ff"),
            "large": 12345678901234567890,
        },
    ),
    Message(_csv(LARGEST_BODY), {"format": "text/csv", "rows": "all"}),
    Message(_ESCAPES_IN_JSON, {"title": "\x9d0;owned\x9c\x9b31mred", "lines": "first\nsecond\tafter a tab"}),
    Message(_C1_AND_BIDI, {"c1": "\x9b31mred", "bidi": "invoice-\u202efdp.exe", "zero_width": "pay\u200bpal"}),
    Message(_MARKUP, {"click": "[@click=app.quit]press[/]", "closing": "[/x]", "style": "[bold red]"}),
    Message(_WIDE, {"city": "例示市", "flag": "🇯🇵"}),
    Message(_one_line(LONG_LINE), {"format": "records, one line, no space"}),
    Message('{"text":"\\u001b[31mescaped in JSON\\u001b[0m","path":"C:\\\\temp\\\\new","nested":"{\\"a\\":[1,2]}"}'),
    Message('{"id":12345678901234567890123,"price":1.10,"price":2.20,"rate":1E+2,"empty":{},"none":null}'),
    Message('{"order":"ORD-1042","lines":[{"sku":"LMP-0042-BRS","quan', {"note": "cut off by the sender"}),
    Message("id=1042&name=M%C3%BC%C3%9Fig&total=49%2C90&note=", {"format": "application/x-www-form-urlencoded"}),
    Message("123q", {"note": "looks like base64 and is an article number"}),
    Message("    ", {"note": "four spaces"}),
    Message("null"),
    Message("first line\r\nsecond line\r\n\tindented by a tab\r\n\"quoted\", 'single', `back`, \\ backslash\r\n"),
)

LEGACY_IMPORT = Queue(
    "legacy-import",
    _MESSAGES,
    settings={"MaximumMessageSize": "1048576", "VisibilityTimeout": "30"},
    tags={"team": "integration", "env": "demo", "owner": "nobody yet"},
)
