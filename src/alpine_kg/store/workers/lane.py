"""One lane: a number of places for queries, which clients take in turns."""

import asyncio
from collections import OrderedDict, deque


class Lane:
    """A number of places; clients that wait for one take turns."""

    def __init__(self, places: int) -> None:
        """Make a lane with this many places, all free."""
        self.free = places
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    async def enter(self, client: str) -> None:
        """Take a place, after waiting for one in turn with the other clients."""
        if self.free and not self._waiting:
            self.free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            # The place may have been handed over at the very moment of giving up.
            if turn.done() and not turn.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """Give the place to the next client in turn."""
        while self._waiting:
            client, turns = self._waiting.popitem(last=False)
            turn = turns.popleft()
            if turns:
                self._waiting[client] = turns
            if not turn.done():
                turn.set_result(None)
                return
        self.free += 1
