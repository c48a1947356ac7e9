"""Finding a view by a part of its name."""

from collections.abc import Iterable
from itertools import islice

from widgets.text import printable

MOST = 20
"""Views that are offered at once."""


def name_of(view: str) -> str:
    """The name in `KIND:NAME`."""
    return view.partition(":")[2]


def found_places(views: Iterable[str], typed: str) -> list[str]:
    """The views of which the name has `typed` in it, at most `MOST`: first the very name, then those that begin with
    it, the shortest first. Without regard to case, and without names that a terminal could obey."""
    wanted = typed.strip().casefold()
    found = [view for view in views if wanted in name_of(view).casefold() and view == printable(view)]

    def rank(view: str) -> tuple[bool, bool, int, str]:
        name = name_of(view).casefold()
        return name != wanted, not name.startswith(wanted), len(name), name

    return [*islice(sorted(found, key=rank), MOST)] if wanted else []


def only_place(views: Iterable[str], typed: str, kind: str = "") -> str | None:
    """The one view that is called `typed`, or the only one that begins so; of `kind` where it is given. None where it
    is none or several."""
    of_kind = [view for view in views if not kind or view.startswith(f"{kind}:")]
    exact = [view for view in of_kind if name_of(view) == typed]
    begins = exact or [view for view in of_kind if name_of(view).casefold().startswith(typed.casefold())]
    return begins[0] if len(begins) == 1 else None
