"""The confirmation flow: the one place in the screens where a `Permit` is issued."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from connectors.guard import Change, Guard, Permit
from widgets.dialog import Question
from widgets.facts import Fact

if TYPE_CHECKING:
    from tui.app import SluiceApp


def target_facts(change: Change) -> list[Fact]:
    """Where the change goes, in the words of the dialog."""
    target = change.target
    return [
        Fact("queue", target.resource),
        Fact("account", target.account_label, "" if target.account else "warning"),
        Fact("region", target.region),
        Fact("profile", target.profile),
        Fact("endpoint", target.endpoint),
    ]


async def ask(
    app: "SluiceApp",
    guard: Guard,
    change: Change,
    *,
    title: str,
    yes: str,
    facts: Sequence[Fact] = (),
    warning: str = "",
    must_type: str | None = None,
) -> Permit | None:
    """Asks a person about `change`, which was made when the key was pressed. None where the answer is no.

    Raises `Refused` in a read-only context, before it asks. To be awaited in a worker.
    """
    guard.check_change(change)
    question = Question(title, [*facts, *target_facts(change)], yes=yes, warning=warning, must_type=must_type)
    if not await app.push_screen_wait(question):
        return None
    return guard.permit(change, "dialog")
