"""Work beside other work that begins only after a while: most queries are over by then, and a task costs more than a timer."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any


class Later:
    """A coroutine that becomes a task some seconds from now, unless it is called off before."""

    def __init__(self, seconds: float, begin: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Have what `begin` returns run on this event loop after so many seconds."""
        self._begin = begin
        self._task: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(seconds, self._run)

    @property
    def done(self) -> bool:
        """Whether it has run to its end."""
        return self._task is not None and self._task.done()

    async def aclose(self) -> None:
        """Call it off, and wait until it has ended if it has begun."""
        self._timer.cancel()
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def _run(self) -> None:
        self._task = asyncio.create_task(self._begin())
