"""Who is next: by what the query has had and how long it has waited, then by what its client has had lately, which fades."""

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
_AGEING: Final = 1.0
"""Seconds of waiting that make up for one doubling: else a flood of queries that end young starves one that takes its time."""

Rank = tuple[int, float, float]


class Shares:
    """Ranks queries: one that has had least for its time of waiting goes first; of those one whose client has had least lately.

    A client is an address and a name behind a blank; without its address in the rank, a new name would make a new client.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nobody having had anything."""
        self._clock = clock
        # The logarithm of what somebody has had, plus the half-lives that had gone by then: all fade alike, so the order of
        # these numbers stays right as time goes on, and none of them changes while two are compared.
        self._had: OrderedDict[str, float] = OrderedDict()

    def add(self, client: str, seconds: float) -> None:
        """Take note that a long query of a client has taken this much more."""
        if seconds <= 0:
            return
        more = log2(seconds) + self._clock() / _HALF_LIFE
        for name in {client, address_of(client)}:
            high, low = max(more, self._of(name)), min(more, self._of(name))
            self._had[name] = high + log2(1 + 2 ** (low - high))
            self._had.move_to_end(name)
        while len(self._had) > _REMEMBERED:
            self._had.popitem(last=False)

    def rank(self, client: str, work: float, waited: float = 0.0) -> Rank:
        """Return the place of a client's query that has had and has waited for so many seconds; the least is next."""
        level = max(0, ceil(log2(work / _ALIKE))) if work > 0 else 0
        return level - int(waited / _AGEING), self._of(address_of(client)), self._of(client)

    def _of(self, name: str) -> float:
        return self._had.get(name, -inf)


def address_of(client: str) -> str:
    """Return the address that a client's name begins with."""
    return client.partition(" ")[0]
