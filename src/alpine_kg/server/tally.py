"""How many connections each serving process has, and by that whose turn it is to take another: memory that they all share."""

import mmap
from typing import Final

_NUMBER: Final = "q"
_BYTES: Final = 8
_AWAY: Final = 2**63 - 1
"""Stands for a process that takes no connections: nobody has more than that, so nobody waits for it."""
_SLACK: Final = 8
"""One in so many connections is no difference: were hundreds dealt out one by one, the last would wait for long."""


class Tally:
    """A place for each process, in which it alone writes.

    >>> tally = Tally(3)
    >>> tally.write(0, 1)
    >>> tally.is_turn(0)
    True
    >>> tally.write(1, 0)
    >>> tally.is_turn(0), tally.is_turn(1)
    (False, True)
    """

    def __init__(self, places: int) -> None:
        """Make it with nobody there; the processes that are forked afterwards share it."""
        self._numbers = memoryview(mmap.mmap(-1, places * _BYTES)).cast(_NUMBER)
        for place in range(places):
            self.leave(place)

    def write(self, place: int, connections: int) -> None:
        """Put down how many connections a process has."""
        self._numbers[place] = connections

    def leave(self, place: int) -> None:
        """Put down that a process takes no connections."""
        self._numbers[place] = _AWAY

    def is_turn(self, place: int) -> bool:
        """Tell whether no other process has fewer connections than this one, but for a part of very many."""
        fewest = min(self._numbers)
        return self._numbers[place] <= fewest + fewest // _SLACK
