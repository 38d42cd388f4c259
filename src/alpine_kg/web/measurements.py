"""`/metrics`: what operators watch, for who shows the token or asks from this machine."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg import __version__
from alpine_kg.store.workers import Lanes
from alpine_kg.web.authorization import demand_operator
from alpine_kg.web.cache import Answer, Cache, Key
from alpine_kg.web.documents import plain
from alpine_kg.web.metrics import CONTENT_TYPE, Family, counter, exposition, gauge
from alpine_kg.web.openapi import operation
from alpine_kg.web.repeats import Repeats
from alpine_kg.web.representations import Representations
from alpine_kg.web.service import Service

PATH: Final = "/metrics"
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_KILO: Final = 1024


def register(app: FastAPI, service: Service, repeats: Repeats, representations: Representations) -> None:
    """Add the path, over what is counted and the memories of answers."""
    representations.measure = lambda: list(measured(service, repeats, representations.cache))

    async def metrics(request: Request) -> Response:
        demand_operator(request, service)
        own = await run_in_threadpool(representations.measure)
        others = await service.front.measurements() if service.front else {}
        place = service.front.place if service.front else 0
        return plain(exposition({**others, str(place): own}), CONTENT_TYPE, seconds=0)

    described = operation(
        "Measurements for Prometheus",
        "operations",
        ("text/plain",),
        description="For requests from the service's own machine, and for those that show the token.",
    )
    app.get(PATH, operation_id="metrics", **described)(metrics)


def measured(service: Service, repeats: Repeats, cache: Cache[Key, Answer]) -> Iterator[Family]:
    """Yield everything that is measured in this process."""
    yield from service.metrics.families()
    yield gauge("cache_entries", "Finished answers that are kept.", {(): len(cache)})
    yield gauge("cache_bytes", "Bytes that they take, about.", {(): cache.size})
    yield gauge("answers_entries", "Answers to SPARQL queries that are kept.", {(): len(repeats.cache)})
    yield gauge("answers_bytes", "Bytes that they take, about.", {(): repeats.cache.size})
    if isinstance(repeats.behind, Lanes):
        yield from _queries(repeats.behind)
    yield gauge("graph_triples", "Triples of the default graph.", {(): service.graph.summary.triples})
    info = (("version", service.graph.version), ("software", __version__), ("valid", str(service.valid).lower()))
    yield gauge("graph_info", "The graph that is served.", {info: 1})
    yield from _memory(service.front.spawner if service.front else 0)


def _queries(lanes: Lanes) -> Iterator[Family]:
    held = lanes.statistics
    outcomes: dict[tuple[tuple[str, str], ...], float] = {
        (("outcome", outcome),): count for outcome, count in held.outcomes.items()
    }
    yield counter("queries_total", "Callers' SPARQL queries by what became of them.", outcomes)
    yield gauge("queries_waiting", "Queries that wait for a place in a lane.", {(): held.waiting})
    yield gauge("queries_running", "Queries that run.", {(): held.running})
    yield counter("queries_moved_total", "Queries that moved to the long lane.", {(): held.moved})
    yield counter("workers_started_total", "Query workers that were started.", {(): held.started})
    yield counter("workers_killed_total", "Query workers that were ended in the middle of a query.", {(): held.killed})


def _memory(spawner: int) -> Iterator[Family]:
    """Yield the memory of this process, of the spawner, and of the workers that were forked from it."""
    workers = _children(spawner) if spawner else []
    held = {"serving": _bytes(os.getpid())}
    if spawner:
        held |= {"spawner": _bytes(spawner), "workers": sum(map(_bytes, workers))}
    yield gauge(
        "memory_bytes",
        "Memory by who holds it; a page that several processes share is divided among them.",
        {(("of", of),): size for of, size in held.items()},
    )
    yield gauge("workers", "Query workers that there are now.", {(): len(workers)})


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:  # it has gone, or this kernel does not say
        return []


def _bytes(pid: int) -> int:
    """Return a process's proportional share of memory, or all that it has in memory where the kernel does not tell shares."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * _KILO
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except OSError:
        return 0
