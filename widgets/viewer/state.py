"""What a status line says about a viewer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ViewerState:
    """All that a status line may want to say. Every text in it is one printable line."""

    kind: str
    """What the body looks like and its size."""
    line: int
    """The line that the top row shows, the first being 1."""
    lines: int
    percent: int
    """How much of all rows is above the bottom edge of the viewer."""
    is_pretty: bool
    """Whether it is shown re-indented."""
    why_not_pretty: str | None
    """Why not, where the person may have expected it."""
    wraps: bool
    loading: bool
    """Whether the body is still being got ready; what is shown so far may be its head only, and not yet re-indented."""
    searching: bool
    matches: str | None
    """Where the search stands: "3 of 17", "no match"; None where nothing is searched for."""
    search_error: str | None
    """Why the last query could not be used, or why the search did not reach the end of the text."""


def status_line(state: ViewerState) -> str:
    """The state in one line, what matters most first, so that it can be cut on the right."""
    parts = [
        state.search_error,
        state.matches if state.matches is None or state.matches[0].isalpha() else f"match {state.matches}",
        state.kind,
        state.why_not_pretty,
        f"line {state.line:,} of {state.lines:,}",
        f"{state.percent} %" if state.percent < 100 or state.line > 1 else None,
        "reading" if state.loading else "pretty" if state.is_pretty else "raw",
        "wrap" if state.wraps else "no wrap",
    ]
    return " · ".join(part for part in parts if part)
