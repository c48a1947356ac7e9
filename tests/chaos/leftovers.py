"""What a process holds: tasks, sockets, memory. Two of these, an hour of use apart, are to be alike."""

import asyncio
import gc
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

FEW = 20
"""Sockets, both ends of each connection counted: a context keeps as many open as it happened to need at once."""


_READING = {"Watch._list", "Watch._read"}
"""Tasks that come and go while a list is read."""


@dataclass(frozen=True)
class Holdings:
    """`resident` is in bytes, after a collection of garbage."""

    tasks: Counter[str]
    sockets: int
    files: int
    resident: int


def nothing_is_read() -> bool:
    return not _READING & tasks().keys()


def tasks() -> Counter[str]:
    return Counter(task.get_coro().__qualname__ for task in asyncio.all_tasks())  # type: ignore[union-attr]


def holdings() -> Holdings:
    gc.collect()
    links = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    sockets = sum(link.startswith("socket:") for link in links)
    return Holdings(tasks(), sockets, len(links) - sockets, pages * os.sysconf("SC_PAGESIZE"))
