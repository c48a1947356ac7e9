"""Following from one resource to another."""

from collections.abc import Sequence

from textual.worker import Worker

from tui.screens.base import SluiceScreen
from tui.screens.host import Lead


def follow(screen: SluiceScreen, leads: Sequence[Lead]) -> None:
    """Opens the resource that `leads` has, above `screen`; of several a person chooses one."""
    if len(leads) == 1:
        screen.host.open(leads[0].view)
    elif leads:
        _: Worker[None] = screen.run_worker(
            _choose(screen, leads), group="follow", exclusive=True, exit_on_error=False, description="follow"
        )


async def _choose(screen: SluiceScreen, leads: Sequence[Lead]) -> None:
    view = await screen.host.choose("Follow to", [(lead.view, lead.name) for lead in leads])
    if view is not None:
        screen.host.open(view)
