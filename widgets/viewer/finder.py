"""Finder: one query, its matches in the text shown, and which of them is the current one."""

from widgets.viewer.search import BadQuery, Matches, Query, parse, search_steps
from widgets.viewer.steps import Steps


class Finder:
    """Keeps a query while texts change: for another text, or another form of it, `search` again."""

    def __init__(self) -> None:
        self.query: Query | None = None
        self.error: str | None = None
        """Why the last query could not be used, in one printable line."""
        self.matches = Matches()
        self.current: int | None = None
        """The index of the current match, as soon as there is one."""

    def ask(self, typed: str) -> bool:
        """Takes a new query, or an empty one to search for nothing; one that cannot be used changes only `error`."""
        parsed = parse(typed) if typed else None
        self.error = parsed.reason if isinstance(parsed, BadQuery) else None
        if isinstance(parsed, BadQuery):
            return False
        self.query, self.matches, self.current = parsed, Matches(), None
        return True

    def search(self, text: str, origin: int) -> Steps[None]:
        """Searches `text` in short steps. Current becomes the first match at or after `origin`, else the first of all.

        Another query or another search ends this one at its next step.
        """
        matches = self.matches = Matches()
        self.current = None
        if self.query is None:
            return
        for _ in search_steps(text, self.query, matches):
            yield
            if self.matches is not matches:
                return
            nearest = matches.at_or_after(origin)
            if self.current is None and nearest < len(matches):
                self.current = nearest
        if self.current is None and len(matches):
            self.current = 0

    def move(self, by: int) -> bool:
        """Makes the match `by` further on current, from the last one on to the first; whether there is one."""
        if not len(self.matches):
            return False
        self.current = 0 if self.current is None else (self.current + by) % len(self.matches)
        return True

    @property
    def searching(self) -> bool:
        return self.query is not None and not self.matches.complete

    @property
    def label(self) -> str | None:
        """Where the search stands: "3 of 17", "no match", or None where nothing is searched for."""
        if self.query is None:
            return None
        if self.current is None:
            return "searching" if self.searching else "no match"
        return f"{self.current + 1:,} of {self.matches.count}"
