"""Puts an end to a call into C code that takes too long, such as a regular expression that backtracks for ever.

Python's matcher holds the interpreter while it works, so no other thread can help; but it looks for signals now and
then, and an exception raised by a signal's handler ends the match. The timer counts the process's own processor time
(SIGVTALRM), which nothing else here uses and which a busy machine does not run down.
"""

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

Result = TypeVar("Result")


class TookTooLong(Exception):
    """The work did not end in its time."""


class _Deadline:
    """When the work under way is ended, on this thread's processor clock; `moment` is None while there is none."""

    moment: float | None = None
    seconds = 0.0


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """Does `work`; raises TookTooLong when it has used `seconds` of processor time, or a little more.

    Signals reach the main thread only: in any other one, and where the program has its own handler for SIGVTALRM, the
    work is not interrupted.
    """
    if not _can_interrupt():
        return work()
    try:
        try:
            _Deadline.seconds, _Deadline.moment = seconds, time.thread_time() + seconds
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds, seconds / 4)
            return work()
        finally:
            _disarm()
    except TookTooLong:
        _disarm()  # again: it may have been raised within the first one
        raise


def _disarm() -> None:
    _Deadline.moment = None
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _can_interrupt() -> bool:
    if threading.current_thread() is not threading.main_thread():
        return False
    if signal.getsignal(signal.SIGVTALRM) is signal.SIG_DFL:
        # Stays installed: were the default action put back, a signal still under way would end the process.
        signal.signal(signal.SIGVTALRM, _on_timer)
    return signal.getsignal(signal.SIGVTALRM) is _on_timer


def _on_timer(number: int, frame: FrameType | None) -> None:
    if _Deadline.moment is None:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    elif (now := time.thread_time()) >= _Deadline.moment:  # other threads use up the timer too
        _Deadline.moment = now + _Deadline.seconds  # where a destructor or a callback swallows it, it is raised again
        raise TookTooLong
