"""Runners: where units of work are worked on. One row each; what comes out never depends on which."""

import concurrent.futures
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Final, Protocol, TypeVar

from alpine_kg.errors import StoreError

T = TypeVar("T")
R = TypeVar("R")
_AHEAD: Final = 2
"""Units that wait for each process, so that none is idle and memory stays bounded."""
_TRIES: Final = 3
"""How often work is given to new processes when one has died."""


class Runner(Protocol):
    """Does work on items; results come in the order of the items."""

    def map(self, work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Yield the result of the work on each item."""
        ...


class Serial:
    """In this process, one after another."""

    def map(self, work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Yield the result of the work on each item."""
        return map(work, items)


class Processes:
    """In several processes of this machine; an item whose process dies is given to another."""

    def __init__(self, count: int) -> None:
        """Work in so many processes; 0 stands for one a core."""
        self._count = count or len(os.sched_getaffinity(0))

    def map(self, work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Yield the result of the work on each item."""
        source, waiting = iter(items), deque[T]()
        for _ in range(_TRIES):
            try:
                yield from self._attempt(work, source, waiting)
            except BrokenProcessPool:
                continue
            return
        raise StoreError(
            "The processes that validate keep ending.", "See the system's log: memory may be short; lower --jobs."
        )

    def _attempt(self, work: Callable[[T], R], source: Iterator[T], waiting: "deque[T]") -> Iterator[R]:
        context = multiprocessing.get_context("fork")
        with concurrent.futures.ProcessPoolExecutor(self._count, mp_context=context) as pool:
            futures = deque(pool.submit(work, item) for item in waiting)
            while True:
                while len(futures) < self._count * _AHEAD:
                    try:
                        waiting.append(next(source))
                    except StopIteration:
                        break
                    futures.append(pool.submit(work, waiting[-1]))
                if not futures:
                    return
                result = futures.popleft().result()
                waiting.popleft()
                yield result


class Cluster:
    """On a Dask cluster, https://distributed.dask.org: it gives the items of a worker that dies to others."""

    def __init__(self, address: str) -> None:
        """Join the cluster whose scheduler has this address; raises StoreError when that cannot be done."""
        try:
            from distributed import Client  # noqa: PLC0415
        except ImportError as error:
            raise StoreError("A cluster needs the extra `cluster`.", "Install alpine-kg[cluster].") from error
        try:
            self._client: Any = Client(address, timeout="10s", set_as_default=False)
        except (OSError, ValueError) as error:
            raise StoreError(
                f"No scheduler answers at {address}.", "Start `dask scheduler` and workers first."
            ) from error

    def map(self, work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Yield the result of the work on each item."""
        source, futures = iter(items), deque[Any]()
        threads = sum(self._client.nthreads().values()) or 1
        while True:
            while len(futures) < threads * _AHEAD:
                try:
                    futures.append(self._client.submit(work, next(source), pure=False))
                except StopIteration:
                    break
            if not futures:
                return
            yield futures.popleft().result()


RUNNERS: Final[dict[str, Callable[[Any], Runner]]] = {
    "serial": lambda _: Serial(),
    "processes": Processes,
    "cluster": Cluster,
}
"""Each runner by name, made of its one parameter."""


def runner(*, jobs: int = 1, cluster: str = "") -> Runner:
    """Return the runner for so many processes, or for a cluster's address."""
    if cluster:
        return RUNNERS["cluster"](cluster)
    return RUNNERS["serial" if jobs == 1 else "processes"](jobs)
