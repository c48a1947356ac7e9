"""What is said of a walk that ended."""

import pytest

from connectors.errors import ConnectorError, Step
from connectors.sqs.walk import Ending, Progress
from tui.sqs.receive_cost import walk_word


@pytest.mark.parametrize(
    ("ending", "seen", "fifo", "word"),
    [
        (Ending.COUNT, 1, False, "1 message seen, as many as asked for"),
        (Ending.EMPTY, 1_240, False, "1,240 messages seen; after that several looks brought nothing"),
        (Ending.EMPTY, 0, False, "0 messages seen: several looks brought nothing"),
        (Ending.EMPTY, 5, True, "5 messages seen; more of a group waits while messages of it are in flight"),
        (Ending.BYTES, 70, False, "70 messages seen, then stopped: 64.00 MiB of messages are held, which is the most"),
        (Ending.LEASES, 70, False, "70 messages seen, then stopped: the first lease is about to end"),
        (Ending.STOPPED, 70, False, "70 messages seen, then stopped"),
        (Ending.CANCELLED, 70, False, "70 messages seen, then cancelled: they are given back"),
        (Ending.FAILED, 70, False, "70 messages seen, then a look failed"),
    ],
)
def test_how_a_walk_ended_is_said_with_how_much_was_seen(ending: Ending, seen: int, fifo: bool, word: str) -> None:
    error = ConnectorError(Step.TCP, "broken", "try again") if ending is Ending.FAILED else None
    assert walk_word(Progress((), seen, ending, error), fifo=fifo) == word


def test_every_ending_has_a_word_of_its_own() -> None:
    words = {walk_word(Progress((), 7, ending), fifo=False) for ending in Ending}
    assert len(words) == len(Ending)
