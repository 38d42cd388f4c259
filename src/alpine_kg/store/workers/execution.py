"""One query on its way through the lanes, from its turn to the last byte of its answer."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING

from alpine_kg.errors import AlpineKGError, BusyError, ResourceLimitError, TimeLimitError
from alpine_kg.formats import FORMATS, Format
from alpine_kg.store.workers.frames import DATA, END, FAILURE, FORMAT, Request, raised
from alpine_kg.store.workers.lane import Lane
from alpine_kg.store.workers.process import Worker

if TYPE_CHECKING:
    from alpine_kg.store.workers.lanes import Lanes

OUTCOMES: dict[type[AlpineKGError], str] = {
    TimeLimitError: "timeout",
    ResourceLimitError: "killed",
    BusyError: "busy",
}
"""What an error that ends a query counts as; any other counts as refused, or as broken once the answer has begun."""


class Execution:
    """One query on its way: its format once known, and its body as an asynchronous iterator of bytes."""

    def __init__(self, lanes: "Lanes", request: Request, client: str, deadline: float, limit: float) -> None:
        """Prepare a query; `Lanes.answer` begins it."""
        self.client = client
        self.digest = hashlib.sha256(request.query.encode("utf-8", "surrogatepass")).digest()
        self.format: Format = FORMATS["srj"]
        self.lane: Lane | None = None
        self.whole = False
        self.seconds = 0.0
        self._lanes = lanes
        self._request = request
        self._deadline = deadline
        self._limit = limit
        self._worker: Worker | None = None
        self._mover: asyncio.Task[None] | None = None
        self._held: list[bytes] = []
        self._started = 0.0

    async def begin(self) -> None:
        """Wait for a turn, run, and collect the answer up to the spool's size."""
        statistics, loop = self._lanes.statistics, asyncio.get_running_loop()
        lane = self._lanes.lane_for(self.digest)
        statistics.waiting += 1
        try:
            async with asyncio.timeout_at(self._deadline):
                await lane.enter(self.client)
                self.lane = lane
        except TimeoutError:
            raise BusyError(
                "The query waited for its turn until its time was up.", "Try again in a few seconds."
            ) from None
        finally:
            statistics.waiting -= 1
        statistics.running += 1
        self._started = loop.time()
        self._worker = await self._lanes.worker()
        if lane is self._lanes.long:
            self._worker.lower_priority()
        else:
            self._mover = asyncio.create_task(self._lanes.move(self, self._worker))
        self._worker.send(self._request.encode())
        size = 0
        while not self.whole and size < self._lanes.settings.spool:
            self._held.append(await self._next())
            size += len(self._held[-1])
        if self.whole:
            self._lanes.statistics.count("answered")
            await self.aclose()

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the answer; an error while it is being read means that it stays incomplete."""
        try:
            for part in self._held:
                yield part
            if self.whole:
                return  # it was counted when it became whole
            while not self.whole:
                yield await self._next()
            self._lanes.statistics.count("answered")
        except AlpineKGError as error:
            self._lanes.statistics.count(OUTCOMES.get(type(error), "broken"))
            raise
        finally:
            await self.aclose()

    def release(self) -> None:
        """Leave the lane, if the query is in one."""
        if self.lane:
            self.lane.leave()
            self.lane = None

    async def aclose(self) -> None:
        """End the query, whatever its state; does nothing when it has ended already."""
        if self._mover:
            self._mover.cancel()
            with suppress(asyncio.CancelledError):
                await self._mover
            self._mover = None
        if self._worker:
            worker, self._worker = self._worker, None
            self.seconds = asyncio.get_running_loop().time() - self._started
            quick = self.whole and self.seconds < self._lanes.settings.budget
            if quick:
                self._lanes.quick(self.digest)
            self._lanes.give_back(worker, reusable=quick)
        if self._started:
            self._started = 0.0
            self._lanes.statistics.running -= 1
        self.release()

    async def _next(self) -> bytes:
        """Return the next part of the answer, empty at its end."""
        assert self._worker
        while True:
            try:
                async with asyncio.timeout_at(self._deadline):
                    kind, payload = await self._worker.receive()
            except TimeoutError:
                raise TimeLimitError(
                    f"The query was ended after {self._limit:g} seconds.",
                    "Ask for less at once: LIMIT it, or make it more selective.",
                ) from None
            except (asyncio.IncompleteReadError, OSError):
                raise ResourceLimitError(
                    "The query was ended: it took more memory or nested deeper than it may.", "Ask for less at once."
                ) from None
            if kind == FORMAT:
                self.format = FORMATS[payload.decode()]
            elif kind == DATA:
                return payload
            elif kind == END:
                self.whole = True
                return b""
            elif kind == FAILURE:
                self.whole = True  # the worker is fit for the next query
                raise self._worker.cause(raised(payload))
