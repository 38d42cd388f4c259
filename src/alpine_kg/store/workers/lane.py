"""One lane: a number of places for queries, and who is next."""

import asyncio
from typing import NamedTuple

from alpine_kg.store.workers.shares import Rank, Shares, address_of


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
            turn = self._next()
            del self._waiting[turn]
            if not turn.done():
                turn.set_result(None)
                return
        self.free += 1

    def outranked(self, client: str, work: float) -> bool:
        """Tell whether somebody waits who comes before a query of this client that has had so many seconds."""
        rank, own = self._shares.rank(client, work), address_of(client)
        for address, turns in self._by_address().items():
            ranks = self._ranks(turns) if address == own else self._ranks(turns, len(turns))
            if min(ranks.values()) < rank:
                return True
        return False

    def _next(self) -> asyncio.Future[None]:
        """Return whose turn it is: first which address's, then which query's of that address.

        The time of waiting counts in full among queries of one address. Among addresses it is divided by how many of their
        queries wait, or the many queries of one would all have waited long, and go before another's.
        """
        by_address = self._by_address()
        turns = min(by_address.values(), key=lambda each: min(self._ranks(each, len(each)).values()))
        ranks = self._ranks(turns)
        return min(turns, key=lambda each: ranks[each])

    def _by_address(self) -> dict[str, list[asyncio.Future[None]]]:
        found: dict[str, list[asyncio.Future[None]]] = {}
        for turn, waiting in self._waiting.items():
            found.setdefault(address_of(waiting.client), []).append(turn)
        return found

    def _ranks(self, turns: list[asyncio.Future[None]], shared: int = 1) -> dict[asyncio.Future[None], Rank]:
        now = asyncio.get_running_loop().time()
        held = ((turn, self._waiting[turn]) for turn in turns)
        return {turn: self._shares.rank(each.client, each.work, (now - each.since) / shared) for turn, each in held}
