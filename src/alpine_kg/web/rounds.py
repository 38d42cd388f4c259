"""Rounds of the event loop: work that is done in it, a piece in each.

Sixteen requests that come together would else all be answered before the loop looks again at what has come, and one that came a
moment late would wait for all of them twice.
"""

import asyncio
from collections import deque
from weakref import WeakKeyDictionary

_Waiting = deque["asyncio.Future[None]"]


class Rounds:
    """Gives each who asks a round of the event loop, in the order in which they came."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._waiting: WeakKeyDictionary[asyncio.AbstractEventLoop, _Waiting] = WeakKeyDictionary()

    async def take(self) -> None:
        """Return in a round that nobody else has."""
        loop = asyncio.get_running_loop()
        waiting = self._waiting.setdefault(loop, deque())
        turn: asyncio.Future[None] = loop.create_future()
        waiting.append(turn)
        if len(waiting) == 1:
            loop.call_soon(_next, loop, waiting)
        await turn


def _next(loop: asyncio.AbstractEventLoop, waiting: _Waiting) -> None:
    """Let the first go on in the next round, and the one behind it in the round after that."""
    turn = waiting[0]
    if not turn.done():  # a request that was given up is done
        turn.set_result(None)
    waiting.popleft()
    if waiting:
        loop.call_soon(_next, loop, waiting)
