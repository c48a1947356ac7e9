"""A window that is dragged about: fifty sizes in a burst, and the last one is painted whole."""

import random

import pytest

from tests.e2e.terminal import Terminal
from tests.e2e.test_terminal import SLUICE
from tests.support.stub import SqsStub

TIMES = 50


@pytest.mark.parametrize("where", ["list", "queue", "message", "question", "form"])
def test_after_a_storm_of_sizes_the_last_one_is_painted_whole(where: str, stub: SqsStub) -> None:
    stub.queue("orders", messages=["one", '{"two": [1, 2, 3]}', "three " * 500])
    with Terminal([SLUICE, "open", "queue:orders", "--endpoint-url", stub.url]) as terminal:
        terminal.sees("Queue orders", "A look (p)", "123456789012")
        if where == "list":
            terminal.press("1")
        else:
            terminal.press("p")
            terminal.sees("3 held for")
        keys = {"message": "enter", "question": "d", "form": "s"}.get(where)
        titles = {"list": "Queues 1", "message": "Message of", "question": "Delete messages?", "form": "Send to orders"}
        title = titles.get(where, "Queue orders")
        if keys:
            terminal.press(keys)
        terminal.sees(title)
        chance = random.Random(where)
        for _ in range(TIMES):
            terminal.resize(chance.randrange(2, 200), chance.randrange(1, 60))
        for columns, lines in ((100, 30), (80, 24)):
            terminal.resize(columns, lines)

            def is_whole(screen: str, columns: int = columns, lines: int = lines) -> bool:
                rows = screen.split("\n")
                bar, hints = rows[0], rows[lines - 1]
                return (
                    " default " in bar
                    and bar.endswith("123456789012")
                    and len(bar) == columns - 1
                    and bool(hints.strip())
                    and title in screen
                )

            terminal.until(is_whole, what=f"the whole screen in {columns}x{lines}")
        terminal.press("ctrl+c", "ctrl+c")
        assert terminal.wait() == 0
        assert terminal.complaints() == []
