"""Two lanes for strangers' queries: a short one that stays clear, and a long one for what takes its time.

Every query starts in the short lane. One that outlives the lane's budget, or a small part of it while others wait, moves to the
long lane with the worker it has: at once when there is room, else it is stopped where it stands (SIGSTOP) until there is. There
queries take turns by slices of time. In both those go first whose clients have lately wasted least on queries that were ended,
then those that have had least, and of these those whose clients' long queries have taken least; and some turns go to who has
waited longest. So one client's hundred queries delay their own, and a flood of new ones starves nobody.
Whatever happens to a query happens to its worker: it is killed, and a new one is forked. What ends well leaves a worker that
has read what its kind of query needs: it is kept for the next of its lane, unless it has grown.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field

from alpine_kg.errors import AlpineKGError, BusyError
from alpine_kg.settings import Settings
from alpine_kg.store.federation.forwarder import Federation
from alpine_kg.store.workers.execution import OUTCOMES, QUANTUM, Execution, niceness_for
from alpine_kg.store.workers.frames import Request
from alpine_kg.store.workers.lane import Lane
from alpine_kg.store.workers.memory import Budget, Releases
from alpine_kg.store.workers.process import LONG, LONGEST, Worker
from alpine_kg.store.workers.shares import Shares
from alpine_kg.store.workers.spawner import Channel

_REMEMBERED = 1_000
"""Queries that are remembered as long ones and start in the long lane next time."""
_SLICE = 0.1
"""Seconds after which a query in the long lane gives way to one of somebody who has had less."""
_SURELY = 0.5
"""The part of the short lane's budget within which a query must stay to be no longer remembered as a long one."""
_START = 0.02
"""Seconds that a new worker costs in place of one that was killed."""
_GROWN = 256 * 2**20
"""Bytes by which a worker of the long lane may have grown to be kept, with blocks of the store that a new one would read anew."""
_SPARES = 2
"""Idle workers that are kept ready, so that a query need not wait until one is forked."""


@dataclass(frozen=True)
class LaneSettings:
    """Places in each lane, and the limits: of time, of queries at once, of their memory together, of an answer that is held."""

    short: int = 2
    long: int = 2
    budget: float = 0.1
    time_limit: float = 30.0
    queue: int = 100
    memory: int = 4 * 2**30
    spool: int = 4 * 2**20

    @classmethod
    def of(cls, settings: Settings) -> "LaneSettings":
        """Return what a service's settings say of its lanes."""
        return cls(
            short=settings.short_lane,
            long=settings.long_lane,
            budget=settings.short_lane_milliseconds / 1000,
            time_limit=settings.query_seconds,
            queue=settings.query_queue,
            memory=settings.queries_memory_bytes,
            spool=settings.spool_bytes,
        )


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

    def __init__(self, channel: Channel, settings: LaneSettings, federation: Federation | None = None) -> None:
        """Use the workers of a spawner, which may ask other endpoints when there is a federation."""
        self.federated = federation is not None
        self._federation = federation
        self._channel = channel
        self.settings = settings
        self.statistics = LaneStatistics()
        self._shares = Shares()
        self._budget = Budget(settings.memory)
        self._releases = Releases()
        self.short = Lane(settings.short, self._shares)
        self.long = Lane(settings.long, self._shares)
        self._idle: deque[Worker] = deque()
        self._used: dict[int, deque[Worker]] = {LONG: deque(), LONGEST: deque()}
        """Idle workers by how far they have given way, from which there is no way back: only queries as long get them."""
        self._slow: OrderedDict[bytes, int] = OrderedDict()
        """How far queries gave way that were long, by digest."""
        self._spares: set[asyncio.Task[None]] = set()

    async def answer(
        self, request: Request, *, client: str, charge: Callable[[float], None], seconds: float | None = None
    ) -> Execution:
        """Return an answer that is whole, or that has outgrown the spool and continues as it is read.

        `client` is who takes turns with others, see `Shares`; `charge` is told the seconds of work once the query has ended;
        `seconds` may only lower the time limit, which counts from now. Raises BusyError when too many wait, TimeLimitError,
        ResourceLimitError, and what the query itself raises. Cancelling this kills the query.
        """
        if self.statistics.waiting + self.statistics.running >= self.settings.queue:
            self.statistics.count("busy")
            raise BusyError("Too many queries are waiting.", "Try again in a few seconds.")
        limit = min(seconds or self.settings.time_limit, self.settings.time_limit)
        execution = Execution(self, request, client, charge, limit)
        try:
            await execution.begin()
        except AlpineKGError as error:
            self.statistics.count(OUTCOMES.get(type(error), "refused"))
            await execution.aclose()
            raise
        except BaseException:
            self.statistics.count("abandoned")
            await execution.aclose()
            raise
        return execution

    async def close(self) -> None:
        """Kill all idle workers; running queries end with their callers."""
        # What is being started cannot be called back, so it is awaited: else it would be left behind.
        await asyncio.gather(*self._spares, return_exceptions=True)
        for idle in (self._idle, *self._used.values()):
            while idle:
                idle.popleft().kill()

    async def worker(self, lane: Lane, query: bytes) -> Worker:
        """Return an idle worker for a query in a lane, or a new one, behind which others are started for the next callers."""
        used = self._used[self._slow.get(query, LONG)] if lane is self.long else None
        while idle := used or self._idle:
            worker = idle.pop()
            if not worker.gone:
                break
            worker.kill()
        else:
            worker = await self._start()
        while len(self._idle) + len(self._spares) < _SPARES:
            task = asyncio.create_task(self._spare())
            self._spares.add(task)
            task.add_done_callback(self._spares.discard)
        return worker

    async def _spare(self) -> None:
        with suppress(AlpineKGError):  # without a spare the next caller starts a worker and is told why it cannot
            self._idle.append(await self._start())

    async def _start(self) -> Worker:
        self.statistics.started += 1
        return await Worker.start(self._channel, self._federation)

    def give_back(self, execution: Execution, worker: Worker) -> None:
        """Take back a worker whose query has ended; one that has worked hard or not ended is killed with its memory."""
        quick = execution.whole and execution.work < self.settings.budget
        if execution.whole and execution.work < self.settings.budget * _SURELY:
            self._slow.pop(execution.digest, None)  # it may have been long at another time
        if execution.whole and execution.digest in self._slow:
            self._slow[execution.digest] = niceness_for(execution.work)
        if not quick:
            self.account(execution, _START)
        if not execution.whole:
            self._shares.waste(execution.client, execution.work)
        if quick and not worker.niceness and len(self._idle) < self.settings.short + _SPARES:
            self._idle.append(worker)
        elif execution.whole and worker.niceness and self._keeps(worker):
            self._used[worker.niceness].append(worker)
        else:
            self.statistics.killed += not execution.whole
            worker.kill()
            self._releases.note()

    def _keeps(self, worker: Worker) -> bool:
        return len(self._used[worker.niceness]) < self.settings.long and worker.growth() < _GROWN

    def lane_for(self, query: bytes) -> Lane:
        """Return the lane in which a query starts: one that was long before goes to the long lane without delaying others."""
        return self.long if query in self._slow else self.short

    async def govern(self, execution: Execution) -> None:
        """Move a query from the short lane to the long one once its budget is spent, and have it take turns there."""
        with self._budget.holding(execution):
            if execution.lane is self.short:
                # Nothing tells of a worker's processor time and memory but a look at it.
                self._budget.weigh(execution)
                while execution.work < (QUANTUM if self.short.crowded else self.settings.budget):
                    await asyncio.sleep(QUANTUM)
                    self._budget.weigh(execution)
                self.note_slow(execution.digest)
                await self._wait_for_turn(execution)
            while True:
                await asyncio.sleep(_SLICE)
                self._budget.weigh(execution)
                self.account(execution)
                execution.give_way()
                if self.long.outranked(execution.client, execution.work):
                    await self._wait_for_turn(execution)

    def note_slow(self, query: bytes) -> None:
        """Have a query start in the long lane when it comes again."""
        self.statistics.moved += 1
        self._slow[query] = LONG
        while len(self._slow) > _REMEMBERED:
            self._slow.popitem(last=False)

    async def _wait_for_turn(self, execution: Execution) -> None:
        """Take a query out of its lane and into the long one, stopped until there is a place."""
        self.account(execution)
        with nullcontext() if self.long.free else execution.stopped():
            execution.release()
            await self.long.enter(execution.client, execution.work)
            execution.take_place(self.long)

    def account(self, execution: Execution, more: float = 0.0) -> None:
        """Take note of what a client's long query has taken since the last time, and of what it costs beside that."""
        work = execution.work
        self._shares.add(execution.client, work - execution.accounted + more)
        execution.accounted = work
