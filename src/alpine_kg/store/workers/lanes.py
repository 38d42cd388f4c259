"""Two lanes for strangers' queries: a short one that stays clear, and a long one for what takes its time.

Every query starts in the short lane. One that outlives the lane's budget moves to the long lane with the worker it has: at once
when there is room, else it is stopped where it stands (SIGSTOP) until there is. Within a lane the clients take turns, so one
client's hundred queries delay another's by one. Whatever happens to a query happens to its worker: it is killed, and a new one
is forked.
"""

import asyncio
import hashlib
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

from alpine_kg.errors import AlpineKGError, BusyError, ResourceLimitError, TimeLimitError
from alpine_kg.formats import FORMATS, Format
from alpine_kg.store.workers.frames import DATA, END, FAILURE, FORMAT, Request, raised
from alpine_kg.store.workers.process import Worker
from alpine_kg.store.workers.spawner import Channel

_REMEMBERED = 1_000
"""Queries that are remembered as long ones and start in the long lane next time."""


@dataclass(frozen=True)
class LaneSettings:
    """Places in each lane, seconds that queries may take, how many may be there at once, and bytes of an answer that are held."""

    short: int = 4
    long: int = 2
    budget: float = 0.1
    time_limit: float = 30.0
    queue: int = 100
    spool: int = 4 * 2**20


@dataclass
class LaneStatistics:
    """What has happened since the start: answers by outcome, workers started and killed, queries waiting now."""

    outcomes: dict[str, int] = field(default_factory=dict)
    started: int = 0
    killed: int = 0
    moved: int = 0
    waiting: int = 0
    running: int = 0

    def count(self, outcome: str) -> None:
        """Add one to an outcome."""
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1


class Lanes:
    """Runs callers' queries in workers; belongs to one event loop."""

    def __init__(self, channel: Channel, settings: LaneSettings) -> None:
        """Use the workers of a spawner."""
        self._channel = channel
        self.settings = settings
        self.statistics = LaneStatistics()
        self._short = _Lane(settings.short)
        self._long = _Lane(settings.long)
        self._idle: deque[Worker] = deque()
        self._slow: OrderedDict[bytes, None] = OrderedDict()
        self._spares: set[asyncio.Task[None]] = set()

    async def answer(self, request: Request, *, client: str, seconds: float | None = None) -> "Execution":
        """Return an answer that is whole, or that has outgrown the spool and continues as it is read.

        `client` is who takes turns with others; `seconds` may only lower the time limit, which counts from now. Raises
        BusyError when too many wait, TimeLimitError, ResourceLimitError, and what the query itself raises. Cancelling this
        kills the query.
        """
        if self.statistics.waiting + self.statistics.running >= self.settings.queue:
            self.statistics.count("busy")
            raise BusyError("Too many queries are waiting.", "Try again in a few seconds.")
        limit = min(seconds or self.settings.time_limit, self.settings.time_limit)
        execution = Execution(self, request, client, asyncio.get_running_loop().time() + limit, limit)
        try:
            await execution.begin()
        except AlpineKGError as error:
            self.statistics.count(_OUTCOMES.get(type(error), "refused"))
            await execution.aclose()
            raise
        except BaseException:
            self.statistics.count("abandoned")
            await execution.aclose()
            raise
        return execution

    async def close(self) -> None:
        """Kill all idle workers; running queries end with their callers."""
        for task in self._spares:
            task.cancel()
        while self._idle:
            self._idle.popleft().kill()

    async def worker(self) -> Worker:
        """Return an idle worker, or a new one; one more is started behind it, so that the next caller need not wait."""
        while self._idle:
            worker = self._idle.popleft()
            if not worker.gone:
                break
            worker.kill()
        else:
            worker = await self._start()
        if not self._idle and not self._spares:
            task = asyncio.create_task(self._spare())
            self._spares.add(task)
            task.add_done_callback(self._spares.discard)
        return worker

    async def _spare(self) -> None:
        with suppress(AlpineKGError):  # without a spare the next caller starts a worker and is told why it cannot
            self._idle.append(await self._start())

    async def _start(self) -> Worker:
        self.statistics.started += 1
        return await Worker.start(self._channel)

    def give_back(self, worker: Worker, *, reusable: bool) -> None:
        """Take back a worker whose query has ended; one that has worked hard or not ended is killed with its memory."""
        if reusable and len(self._idle) < self.settings.short:
            self._idle.append(worker)
        else:
            self.statistics.killed += not reusable
            worker.kill()

    def lane_for(self, query: bytes) -> "_Lane":
        """Return the lane in which a query starts: one that was long before goes to the long lane without delaying others."""
        return self._long if query in self._slow else self._short

    async def move(self, execution: "Execution", worker: Worker) -> None:
        """Move a query from the short lane to the long one once its budget is spent."""
        await asyncio.sleep(self.settings.budget)
        self.statistics.moved += 1
        self._slow[execution.digest] = None
        while len(self._slow) > _REMEMBERED:
            self._slow.popitem(last=False)
        worker.lower_priority()
        if not self._long.free:
            worker.pause()
            execution.release()
            await self._long.enter(execution.client)
            worker.resume()
        else:
            execution.release()
            await self._long.enter(execution.client)
        execution.lane = self._long


_OUTCOMES: dict[type[AlpineKGError], str] = {
    TimeLimitError: "timeout",
    ResourceLimitError: "killed",
    BusyError: "busy",
}


class Execution:
    """One query on its way: its format once known, and its body as an asynchronous iterator of bytes."""

    def __init__(self, lanes: Lanes, request: Request, client: str, deadline: float, limit: float) -> None:
        """Prepare a query; `Lanes.answer` begins it."""
        self.client = client
        self.digest = hashlib.sha256(request.query.encode("utf-8", "surrogatepass")).digest()
        self.format: Format = FORMATS["srj"]
        self.lane: _Lane | None = None
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
        if lane is self._lanes._long:  # noqa: SLF001 - the lanes are one unit
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
            while not self.whole:
                yield await self._next()
            self._lanes.statistics.count("answered")
        except AlpineKGError as error:
            self._lanes.statistics.count(_OUTCOMES.get(type(error), "broken"))
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
            self._lanes.give_back(worker, reusable=self.whole and self.seconds < self._lanes.settings.budget)
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
                raise raised(payload)


class _Lane:
    """A number of places; clients that wait for one take turns."""

    def __init__(self, places: int) -> None:
        self.free = places
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    async def enter(self, client: str) -> None:
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
