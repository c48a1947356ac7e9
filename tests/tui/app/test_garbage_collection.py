"""When garbage is collected: a look through all objects would hold up whoever presses a key."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.tui.conftest import AtWork
from tui.app import garbage_collection


@pytest.fixture
def collected() -> Iterator[list[int]]:
    """The generations that were collected, in a program that began without."""
    generations: list[int] = []

    def note(phase: str, about: dict[str, Any]) -> None:
        if phase == "start":
            generations.append(about["generation"])

    thresholds = gc.get_threshold()
    gc.collect()
    garbage_collection.disable_until_quiet()
    gc.callbacks.append(note)
    yield generations
    gc.callbacks.remove(note)
    gc.set_threshold(*thresholds)
    gc.unfreeze()
    gc.enable()


async def test_everything_is_looked_through_only_when_no_key_came_for_a_while(
    stub: SqsStub, sluice: AtWork, clock: ManualClock, collected: list[int]
) -> None:
    stub.queue("orders")
    async with sluice(stub.url, clock=clock) as person:
        assert collected == []
        await person.sees("orders")
        await clock.advance(2)
        await until(gc.isenabled)
        await person.press("j")
        held = [[number] for number in range(200_000)]
        await until(lambda: gc.get_count()[2] > 0, what="the young objects of a large answer")
        for _ in range(2):  # a key less than three seconds before each look
            await clock.advance(2.5)
            await person.press("j")
            await clock.advance(2.5)
        assert 2 not in collected
        await clock.advance(5)
        await until(lambda: 2 in collected, what="a quiet moment")
        assert gc.get_count()[2] == 0
        assert len(held) == 200_000
