"""Body: one message body in its two forms, as it came and re-indented, got ready in short steps."""

from dataclasses import dataclass, field

from widgets.viewer.document import Document, document_steps
from widgets.viewer.highlight import JsonSpans
from widgets.viewer.kind import describe
from widgets.viewer.pretty import NotJson, pretty_steps, same_place
from widgets.viewer.steps import Steps

HEAD = 32 * 1024
"""Characters shown at once where getting the whole ready takes longer: more than a screen holds."""


@dataclass(eq=False, slots=True)
class Form:
    """One way to show a body."""

    document: Document
    spans: JsonSpans | None = None
    """Its colours, where it is known to be JSON."""
    is_pretty: bool = False


@dataclass(eq=False, slots=True)
class Body:
    """A body that can be shown at once, by its head, and fully when `prepare` has come to its end.

    It is called JSON, coloured and re-indented only after it was read to its end and found valid.
    """

    text: str
    raw: Form = field(init=False)
    """As it came. While `raw_is_whole` is false, only its head."""
    raw_is_whole: bool = field(init=False)
    indented: Form | None = field(init=False, default=None)
    """Re-indented, where it is JSON."""
    why_not: str | None = field(init=False, default=None)
    """Why it cannot be re-indented, in one printable line."""
    ready: bool = field(init=False, default=False)
    kind: str = field(init=False)
    """What it looks like and its size, in one line; see `kind.describe`."""

    def __post_init__(self) -> None:
        self.raw = Form(Document(self.text[:HEAD]))
        self.raw_is_whole = len(self.text) <= HEAD
        self.kind = describe(self.text)

    def prepare(self) -> Steps[None]:
        """Gets the rest ready in steps of a few milliseconds, the form as it came first."""
        if not self.raw_is_whole:
            self.raw = Form((yield from document_steps(self.text)))
            self.raw_is_whole = True
            yield
        outcome = yield from pretty_steps(self.text)
        if isinstance(outcome, NotJson):
            self.why_not = outcome.reason
        else:
            indented = yield from document_steps(outcome)
            self.raw.spans = JsonSpans(self.text)
            self.indented = Form(indented, JsonSpans(outcome), is_pretty=True)
            self.kind = describe(self.text, is_json=True)
        self.ready = True

    def form(self, pretty: bool) -> Form:
        """The form to show: re-indented where that is wanted and possible by now, else as it came."""
        return self.indented if pretty and self.indented is not None else self.raw

    def same_place(self, offset: int, source: Form, target: Form) -> int:
        """Where in `target` the character at `offset` of `source` is."""
        if source.is_pretty == target.is_pretty:
            return offset
        return same_place(source.document.text, target.document.text, offset)
