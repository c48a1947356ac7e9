"""How much Python works for a call, counted in instructions: the same on every machine, unlike a time."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def instructions(call: Callable[[], object]) -> int:
    """The instructions of the interpreter until `call` returns; what C code does in one of them is not seen."""
    count = 0

    def count_up(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return count_up

    before = sys.gettrace()
    sys.settrace(count_up)
    try:
        call()
    finally:
        sys.settrace(before)
    return count
