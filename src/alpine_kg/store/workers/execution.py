"""One query on its way through the lanes, from its turn to the last byte of its answer."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from alpine_kg.errors import AlpineKGError, BusyError, ResourceLimitError, TimeLimitError
from alpine_kg.formats import FORMATS, Format
from alpine_kg.store.workers.frames import DATA, END, FAILURE, FORMAT, WHOLE, Request, raised, unpack_whole
from alpine_kg.store.workers.lane import Lane
from alpine_kg.store.workers.later import Later
from alpine_kg.store.workers.process import LONG, LONGEST, Worker
from alpine_kg.store.workers.stopwatch import Stopwatch

if TYPE_CHECKING:
    from alpine_kg.store.workers.lanes import Lanes

QUANTUM: Final = 0.01
"""Seconds of work after which a query leaves the short lane when others wait for its place; it is let alone before."""
_MUCH: Final = 1.0
"""Seconds of work from which on a query is left what nobody else wants."""
OUTCOMES: dict[type[AlpineKGError], str] = {
    TimeLimitError: "timeout",
    ResourceLimitError: "killed",
    BusyError: "busy",
}
"""What an error that ends a query counts as; any other counts as refused, or as broken once the answer has begun."""


def niceness_for(work: float) -> int:
    """Return how far a query in the long lane gives way once it has taken so many seconds."""
    return LONG if work < _MUCH else LONGEST


class Execution:
    """One query on its way: its format once known, and its body as an asynchronous iterator of bytes."""

    def __init__(
        self, lanes: "Lanes", request: Request, client: str, charge: Callable[[float], None], limit: float
    ) -> None:
        """Prepare a query with so many seconds from now; `Lanes.answer` begins it."""
        self.client = client
        self.digest = hashlib.sha256(request.query.encode("utf-8", "surrogatepass")).digest()
        self.format: Format = FORMATS["srj"]
        self.lane: Lane | None = None
        self.whole = False
        self.memory = 0
        self.accounted = 0.0
        self._lanes = lanes
        self._request = request
        self._charge = charge
        self._deadline = asyncio.get_running_loop().time() + limit
        self._limit = limit
        self._worker: Worker | None = None
        self._governor: Later | None = None
        self._held: list[bytes] = []
        self._begun = False
        self._at_first = 0
        self._crowded_out = False
        self._stopwatch = Stopwatch()

    async def begin(self) -> None:
        """Wait for a turn, run, and collect the answer up to the spool's size."""
        try:
            async with asyncio.timeout_at(self._deadline):
                await self._enter()
                await self._collect()
        except TimeoutError:
            raise self._too_long() from None
        if self.whole:
            self._lanes.statistics.count("answered")
            await self.aclose()

    async def _enter(self) -> None:
        """Wait for a turn."""
        statistics = self._lanes.statistics
        lane = self._lanes.lane_for(self.digest)
        statistics.waiting += 1
        try:
            await lane.enter(self.client)
            self.lane = lane  # before anything else is awaited, so that it is left in any case
        finally:
            statistics.waiting -= 1
        statistics.running += 1
        self._begun = True

    async def _collect(self) -> None:
        """Run, and collect the answer until it is whole or has the spool's size."""
        lane = self.lane
        assert lane
        self._worker = await self._lanes.worker(lane, self.digest)
        self._stopwatch.start(self._worker)
        self._at_first = self._worker.memory_bytes()
        if lane is self._lanes.long:
            self.give_way()
        self._governor = Later(QUANTUM, partial(self._lanes.govern, self))
        self._worker.send(self._request.encode())
        size = 0
        while not self.whole and size < self._lanes.settings.spool:
            self._held.append(await self._next())
            size += len(self._held[-1])

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the answer; an error while it is being read means that it stays incomplete."""
        try:
            for part in self._held:
                yield part
            if self.whole:
                return  # it was counted when it became whole
            while not self.whole:
                try:
                    async with asyncio.timeout_at(self._deadline):
                        part = await self._next()
                except TimeoutError:
                    raise self._too_long() from None
                yield part
            self._lanes.statistics.count("answered")
        except AlpineKGError as error:
            self._lanes.statistics.count(OUTCOMES.get(type(error), "broken"))
            raise
        finally:
            await self.aclose()

    @property
    def work(self) -> float:
        """The seconds that the query has taken so far."""
        return self._stopwatch.read()

    def weigh(self) -> None:
        """Look at how much memory the query has taken."""
        if self._worker:
            self.memory = max(0, self._worker.memory_bytes() - self._at_first)

    def crowd_out(self) -> None:
        """End the query, since all queries together have taken too much memory."""
        self._crowded_out = True
        if self._worker:
            self._worker.end()

    def take_place(self, lane: Lane) -> None:
        """Go on in the long lane."""
        self.lane = lane
        self.give_way()

    def release(self) -> None:
        """Leave the lane, if the query is in one."""
        if self.lane:
            self.lane.leave()
            self.lane = None

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Stop the query where it stands for a while, which does not count as its work."""
        assert self._worker
        worker = self._worker
        self._stopwatch.stop()
        worker.pause()
        try:
            yield
        finally:
            worker.resume()
            self._stopwatch.start(worker)

    async def aclose(self) -> None:
        """End the query, whatever its state; does nothing when it has ended already."""
        if self._governor:
            await self._governor.aclose()
            self._governor = None
        if self._worker:
            worker, self._worker = self._worker, None
            self._stopwatch.stop()
            self._charge(self.work)
            self._lanes.give_back(self, worker)
        if not self.whole:
            self._held.clear()
        if self._begun:
            self._begun = False
            self._lanes.statistics.running -= 1
        self.release()

    def give_way(self) -> None:
        """Let shorter queries' work go before this one's, and everybody's once it has had much."""
        assert self._worker
        self._worker.give_way(niceness_for(self.work))

    def _too_long(self) -> AlpineKGError:
        """Return what to say of a query whose time is up."""
        if not self._begun:
            return BusyError("The query waited for its turn until its time was up.", "Try again in a few seconds.")
        return TimeLimitError(
            f"The query was ended after {self._limit:g} seconds.",
            "Ask for less at once: LIMIT it, or make it more selective.",
        )

    async def _next(self) -> bytes:
        """Return the next part of the answer, empty at its end."""
        assert self._worker
        while True:
            try:
                kind, payload = await self._worker.receive()
            except (asyncio.IncompleteReadError, OSError):
                if self._crowded_out:
                    raise BusyError(
                        "The query was ended: queries together took all the memory that they may, and this one most of it.",
                        "Try again in a few seconds, and ask for less at once.",
                    ) from None
                raise ResourceLimitError(
                    "The query was ended: it took more memory or nested deeper than it may.", "Ask for less at once."
                ) from None
            if kind == FORMAT:
                self.format = FORMATS[payload.decode()]
            elif kind == DATA:
                return payload
            elif kind == WHOLE:
                self.whole = True
                self.format, body = unpack_whole(payload)
                return body
            elif kind == END:
                self.whole = True
                return b""
            elif kind == FAILURE:
                self.whole = True  # the worker is fit for the next query
                raise self._worker.cause(raised(payload))
