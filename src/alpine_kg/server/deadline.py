"""A deadline that moves with every request: moving it costs a comparison, where a timer of its own for each costs ten."""

import asyncio
from collections.abc import Callable


class Deadline:
    """Calls a function once a moment has passed; the timer behind it may wake up earlier, and then sleeps on."""

    def __init__(self, loop: asyncio.AbstractEventLoop, expire: Callable[[], None]) -> None:
        """Set no moment yet."""
        self._loop = loop
        self._expire = expire
        self._timer: asyncio.TimerHandle | None = None
        self._waking = 0.0
        self.moment = 0.0
        """When the function is to be called, by the clock of the event loop; 0 while it is not."""

    def set(self, seconds: float) -> None:
        """Have the function called after some seconds, and not before."""
        self.moment = self._loop.time() + seconds
        if self._timer is None or self.moment < self._waking:
            self._sleep()

    def clear(self) -> None:
        """Have it not called."""
        self.moment = 0.0

    def close(self) -> None:
        """Have it never called again."""
        self.moment = 0.0
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _sleep(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._waking = self.moment
        self._timer = self._loop.call_at(self._waking, self._wake)

    def _wake(self) -> None:
        self._timer = None
        if not self.moment:
            return
        if self.moment > self._loop.time():
            self._sleep()
        else:
            self.moment = 0.0
            self._expire()
