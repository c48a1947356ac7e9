"""The confirmation flow: the one place in the screens where a `Permit` is issued."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from connectors.guard import Change, Guard, Permit
from tui.screens.host import Host
from widgets.dialog import Question
from widgets.facts import Fact
from widgets.number import NumberField


def target_facts(change: Change) -> list[Fact]:
    """Where the change goes, in the words of the dialog."""
    target = change.target
    return [
        Fact(target.kind, target.resource),
        Fact("account", target.account_label, "" if target.account else "warning"),
        Fact("region", target.region),
        Fact("profile", target.profile),
        Fact("endpoint", target.endpoint),
    ]


async def ask(
    host: Host,
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
    question = Question(
        title, [*facts, *target_facts(change)], yes=yes, warning=warning, must_type=must_type, sleep=host.clock.sleep
    )
    if not await host.push_screen_wait(question):
        return None
    return guard.permit(change, "dialog")


async def ask_number(
    host: Host,
    guard: Guard,
    change: Change,
    number: NumberField,
    *,
    title: str,
    yes: str,
    facts: Sequence[Fact] = (),
    settle: Callable[[int], Change],
) -> tuple[int, Change, Permit] | None:
    """As `ask`, for a change whose command is known only with the number that is asked for: `settle` makes that
    command, and the target stays the one of `change`."""
    guard.check_change(change)
    question = Question(title, [*facts, *target_facts(change)], yes=yes, number=number, sleep=host.clock.sleep)
    if not await host.push_screen_wait(question) or question.chosen is None:
        return None
    settled = replace(settle(question.chosen), target=change.target)
    return question.chosen, settled, guard.permit(settled, "dialog")
