"""Judging a message apart from the keys: in a thread, a moment after the last of several changes."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from textual.timer import Timer
from textual.worker import Worker

from tui.screens.base import SluiceScreen

ResultT = TypeVar("ResultT")


class Judging(Generic[ResultT]):
    """`prepare` reads what is typed and returns what is to be done in the thread, which touches no widget; `show` gets
    the result. While one is under way the next waits for its end, and takes what is typed by then."""

    def __init__(
        self,
        screen: SluiceScreen,
        prepare: Callable[[], Callable[[], ResultT]],
        show: Callable[[ResultT], object],
    ) -> None:
        self._screen = screen
        self._prepare = prepare
        self._show = show
        self._timer: Timer | None = None
        self._is_under_way = self._again = False

    def soon(self) -> None:
        if self._is_under_way:
            self._again = True
        elif self._timer is None:
            self._timer = self._screen.set_timer(self._screen.host.pace.rest, self.begin)

    def begin(self) -> None:
        """Begins now."""
        self._timer = None
        if self._is_under_way or not self._screen.is_attached:
            return
        self._is_under_way, self._again = True, False
        _: Worker[None] = self._screen.run_worker(
            self._run(self._prepare()), group="judge", exit_on_error=False, description="judge the message"
        )

    async def _run(self, judge: Callable[[], ResultT]) -> None:
        try:
            result = await asyncio.to_thread(judge)
        except BaseException:
            self._is_under_way = False
            raise
        self._screen.call_later(self._end, result)

    def _end(self, result: ResultT) -> None:
        self._is_under_way = False
        if self._screen.is_attached:
            self._show(result)
            if self._again:
                self.soon()
