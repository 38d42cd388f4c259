"""The memory of queries: all together may take so much, and what the serving process has freed goes back to the system."""

import asyncio
import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

_QUIET: Final = 2.0
"""Seconds after the first large release until memory is given back, so that a burst of them costs one walk over the heap."""


class Weighed(Protocol):
    """A query whose memory can be looked at, and which can be ended for it."""

    memory: int

    def weigh(self) -> None:
        """Look at how much memory the query has taken."""

    def crowd_out(self) -> None:
        """End the query."""


class Budget:
    """The memory that queries may take together: each waits for its turn with what it has, so their number is no bound."""

    def __init__(self, most: int) -> None:
        """Allow so many bytes."""
        self._most = most
        self._queries: set[Weighed] = set()

    @contextmanager
    def holding(self, query: Weighed) -> Iterator[None]:
        """Count a query in for a while."""
        self._queries.add(query)
        try:
            yield
        finally:
            self._queries.discard(query)

    def weigh(self, query: Weighed) -> None:
        """Look at a query's memory, and end the one that has taken most when all together have taken too much."""
        query.weigh()
        if sum(each.memory for each in self._queries) > self._most:
            greatest = max(self._queries, key=lambda each: each.memory)
            self._queries.discard(greatest)
            greatest.crowd_out()


class Releases:
    """Gives memory back to the system some time after it was released; any number of calls in between cost nothing.

    The allocator keeps what many large answers at once took, and would keep it for ever.
    """

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
