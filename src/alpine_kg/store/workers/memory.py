"""Gives freed memory back to the system: the allocator keeps what many large answers at once took, and would keep it for ever."""

import asyncio
import ctypes
import gc
from typing import Final

_QUIET: Final = 2.0
"""Seconds after the first large release until memory is given back, so that a burst of them costs one walk over the heap."""


class Releases:
    """Gives memory back some time after it was released; any number of calls in between cost nothing."""

    def __init__(self) -> None:
        """Find the allocator's own function, which the C library of Linux has and others lack."""
        self._trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        self._due: asyncio.TimerHandle | None = None

    def note(self) -> None:
        """Take note that something large was released; to be called on the event loop."""
        if self._trim and not self._due:
            self._due = asyncio.get_running_loop().call_later(_QUIET, self._give_back)

    def _give_back(self) -> None:
        self._due = None
        gc.collect()  # what hangs together in a circle has survived the collector's quick rounds by now
        if self._trim:
            self._trim(0)
