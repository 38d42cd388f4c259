"""One lane: a number of places for queries, and who is next."""

import asyncio
from typing import Final

from alpine_kg.store.workers.shares import Shares

_IN_LINE: Final = 4
"""Every so many turns one goes to who has waited longest, whatever their rank.

By rank alone a flood of queries that are given up young, each as good as new, would keep others waiting for ever.
"""


class Lane:
    """A number of places for queries of clients; who waits for one gets it mostly by rank; see `_IN_LINE`."""

    def __init__(self, places: int, shares: Shares) -> None:
        """Make a lane with this many places, all free."""
        self.free = places
        self._shares = shares
        self._waiting: dict[asyncio.Future[None], tuple[str, float]] = {}
        """Who waits, in the order in which they came."""
        self._turns = 0

    @property
    def crowded(self) -> bool:
        """Whether somebody waits for a place."""
        return bool(self._waiting)

    async def enter(self, client: str, work: float = 0.0) -> None:
        """Take a place for a query that has had so many seconds, after waiting for one when there is none."""
        if self.free:
            self.free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[turn] = client, work
        try:
            await turn
        except asyncio.CancelledError:
            # The place may have been handed over at the very moment of giving up.
            if self._waiting.pop(turn, None) is None and not turn.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """Give the place to the next in turn."""
        while self._waiting:
            turn = self._next()
            del self._waiting[turn]
            if not turn.done():
                turn.set_result(None)
                return
        self.free += 1

    def outranked(self, client: str, work: float) -> bool:
        """Tell whether somebody waits who comes before a query of this client that has had so many seconds."""
        rank = self._shares.rank(client, work)
        return any(self._shares.rank(*other) < rank for other in self._waiting.values())

    def _next(self) -> asyncio.Future[None]:
        self._turns += 1
        if self._turns % _IN_LINE == 0:
            return next(iter(self._waiting))
        return min(self._waiting, key=lambda each: self._shares.rank(*self._waiting[each]))
