"""Work behind the screen."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from textual.app import App
from textual.worker import Worker

R = TypeVar("R")


def run_in_background(
    app: App[Any],
    work: Callable[[], Coroutine[Any, Any, R]],
    *,
    group: str,
    description: str,
    exclusive: bool = True,
) -> Worker[R]:
    """Runs `work` in a worker of `app`; `exclusive` cancels those of the same group first. A failure does not end
    `app`, which shows it (`Notices.show_failure`). `work` touches no widget: what it found out goes to
    `app.call_later`."""
    worker: Worker[R] = app.run_worker(
        work, group=group, description=description, exclusive=exclusive, exit_on_error=False
    )
    return worker
