"""How many calls may be in flight at once: more on a slow link, fewer when answers come at once.

A call costs about 1.2 ms of processor on the event loop. Where answers come at once, twenty in flight only queue up
behind one another and a key press waits behind them all; four give the same throughput. Where an answer takes 40 ms,
twenty are needed. The time a call takes says which: `limit` follows its moving average, one call for each 2 ms.
"""

FEWEST = 4
MOST = 20
_SECONDS_PER_CALL = 0.002
_WEIGHT = 0.1


class Pace:
    def __init__(self) -> None:
        self._average = FEWEST * _SECONDS_PER_CALL

    def observe(self, seconds: float) -> None:
        """Takes in how long one call took, waiting included."""
        self._average += (seconds - self._average) * _WEIGHT

    @property
    def limit(self) -> int:
        return max(FEWEST, min(MOST, round(self._average / _SECONDS_PER_CALL)))
