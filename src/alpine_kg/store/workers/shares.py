"""Who is next: who has wasted least, then by what the query has had, then by what its client has had; the past fades."""

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil, inf, log2
from typing import Final

_HALF_LIFE: Final = 15.0
"""Seconds after which half of what somebody has had is forgotten."""
_REMEMBERED: Final = 10_000
"""Clients and addresses that are remembered; one that has had nothing for longest is forgotten first."""
_ALIKE: Final = 0.1
"""Seconds of work up to which queries are alike."""

Rank = tuple[int, int, int, float, float]


class Shares:
    """Ranks queries by what they have had and by what their clients have had lately, to the nearest doubling where it says level.

    First come those whose address, then those whose client has lately wasted least on queries that did not end; of those the ones
    that have had least, and then those whose address and whose client has had least. A client is an address and a name behind a
    blank; without its address in the rank, a new name would make a new client.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nobody having had anything."""
        self._had = _Fading(clock)
        self._wasted = _Fading(clock)

    def add(self, client: str, seconds: float) -> None:
        """Take note that a long query of a client has taken this much more."""
        for name in {client, _address(client)}:
            self._had.add(name, seconds)

    def waste(self, client: str, seconds: float) -> None:
        """Take note that a query of a client has taken this much and was ended before it was answered."""
        for name in {client, _address(client)}:
            self._wasted.add(name, seconds)

    def rank(self, client: str, work: float) -> Rank:
        """Return the place of a client's query that has had so many seconds; the least is next."""
        address = _address(client)
        wasted, own = _level(self._wasted.seconds(address)), _level(self._wasted.seconds(client))
        return wasted, own, _level(work), self._had.of(address), self._had.of(client)


class _Fading:
    """Seconds by name, half of which are forgotten after a while."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        # The logarithm of what somebody has had, plus the half-lives that had gone by then: all fade alike, so the order of
        # these numbers stays right as time goes on, and none of them changes while two are compared.
        self._had: OrderedDict[str, float] = OrderedDict()

    def add(self, name: str, seconds: float) -> None:
        if seconds <= 0:
            return
        more = log2(seconds) + self._clock() / _HALF_LIFE
        high, low = max(more, self.of(name)), min(more, self.of(name))
        self._had[name] = high + log2(1 + 2 ** (low - high))
        self._had.move_to_end(name)
        while len(self._had) > _REMEMBERED:
            self._had.popitem(last=False)

    def of(self, name: str) -> float:
        """Return a number that grows with what somebody has had."""
        return self._had.get(name, -inf)

    def seconds(self, name: str) -> float:
        """Return what is left of what somebody has had."""
        return 2 ** (self.of(name) - self._clock() / _HALF_LIFE)


def _level(seconds: float) -> int:
    return max(0, ceil(log2(seconds / _ALIKE))) if seconds > 0 else 0


def _address(client: str) -> str:
    return client.partition(" ")[0]
