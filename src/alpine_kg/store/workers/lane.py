"""One lane: a number of places for queries, and who is next."""

import asyncio
from typing import NamedTuple

from alpine_kg.store.workers.shares import Rank, Shares


class _Waiting(NamedTuple):
    client: str
    work: float
    since: float


class Lane:
    """A number of places for queries of clients; who waits for one gets it by rank, and those of one rank as they came."""

    def __init__(self, places: int, shares: Shares) -> None:
        """Make a lane with this many places, all free."""
        self.free = places
        self._shares = shares
        self._waiting: dict[asyncio.Future[None], _Waiting] = {}

    @property
    def crowded(self) -> bool:
        """Whether somebody waits for a place."""
        return bool(self._waiting)

    async def enter(self, client: str, work: float = 0.0) -> None:
        """Take a place for a query that has had so many seconds, after waiting for one when there is none."""
        if self.free:
            self.free -= 1
            return
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._waiting[turn] = _Waiting(client, work, loop.time())
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
            now = asyncio.get_running_loop().time()
            turn = min(self._waiting, key=lambda each: self._rank(self._waiting[each], now))
            del self._waiting[turn]
            if not turn.done():
                turn.set_result(None)
                return
        self.free += 1

    def outranked(self, client: str, work: float) -> bool:
        """Tell whether somebody waits who comes before a query of this client that has had so many seconds."""
        rank = self._shares.rank(client, work)
        now = asyncio.get_running_loop().time()
        return any(self._rank(other, now) < rank for other in self._waiting.values())

    def _rank(self, waiting: _Waiting, now: float) -> Rank:
        return self._shares.rank(waiting.client, waiting.work, now - waiting.since)
