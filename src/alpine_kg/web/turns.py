"""Turns: work that is done in the event loop itself, a piece in each of its rounds.

Sixteen requests that come together would else all be answered before the loop looks again at what has come, and one that came a
moment late would wait for all of them twice.
"""

import asyncio
from collections import deque


class Turns:
    """Lets one at a time go on, in the order in which they came."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take(self) -> None:
        """Return in a round of the event loop in which nobody else's turn is."""
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._waiting.append(turn)
        if len(self._waiting) == 1:
            loop.call_soon(self._next)
        await turn

    def _next(self) -> None:
        """Let the first go on in the next round, and the one behind it in the round after that."""
        turn = self._waiting[0]
        if not turn.done():  # a request that was given up is done
            turn.set_result(None)
        self._waiting.popleft()
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._next)
