"""Queries that come again are answered from memory, as they were answered first, and only where that is the truth."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from alpine_kg.formats import FORMATS, Format
from alpine_kg.store.workers import Request
from alpine_kg.store.workers.frames import HEAD
from alpine_kg.web.answers import Execution, Finished, whole_body
from alpine_kg.web.metrics import Metrics
from alpine_kg.web.repeats import Known, Repeats

ASK = "ASK {}"
CHANGING = [
    "SELECT (NOW() AS ?now) {}",
    "SELECT (now  () AS ?now) {}",
    "SELECT (RAND() AS ?n) {}",
    "SELECT (UUID() AS ?id) {}",
    "SELECT (STRUUID() AS ?id) {}",
    'SELECT (BNODE("x") AS ?b) {}',
    "SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }",
    "SELECT (\\u004EOW() AS ?now) {}",
    "SELECT ?s {?s a ?c} ORDER BYRAND() LIMIT 3",
    "SELECT ?s {?s a ?c FILTER(NOW # ()\n () > ?s)}",
    "SELECT * { ?s ?p 1SERVICE<https://example.org/sparql> { ?s ?p ?o } }",
]


class Streaming(Finished):
    """An answer that has begun and is not whole yet."""

    whole = False


class Counting:
    """Answers with how many questions there were; a long one is no whole answer."""

    federated = True

    def __init__(self, *, size: int = 0) -> None:
        self.asked = 0
        self._size = size

    async def answer(
        self, request: Request, *, client: str, charge: Callable[[float], None], seconds: float | None = None
    ) -> Execution:
        del client, seconds
        self.asked += 1
        charge(1.0)
        body = b"%d" % self.asked + b"x" * self._size
        target: Format = FORMATS[request.results or "nt"]
        return (Streaming if "long" in request.query else Finished)(target, body)


def answers(repeats: Repeats, *requests: Request) -> tuple[list[tuple[str, bytes]], float]:
    """Return formats and bodies of the answers, and the seconds that were charged for all."""
    charged = [0.0]

    def charge(seconds: float) -> None:
        charged[0] += seconds

    async def all_of_them() -> AsyncIterator[tuple[str, bytes]]:
        for request in requests:
            execution = await repeats.answer(request, client="a", charge=charge)
            yield execution.format.extension, await whole_body(execution)

    async def collected() -> list[tuple[str, bytes]]:
        return [each async for each in all_of_them()]

    return asyncio.run(collected()), charged[0]


def test_a_query_that_comes_again_is_answered_as_before_and_charged_to_nobody() -> None:
    metrics = Metrics()
    repeats = Repeats(Counting(), 1 << 20, metrics)
    found, charged = answers(repeats, Request(ASK), Request(ASK), Request(ASK))
    assert found == [("srj", b"1")] * 3
    assert (charged, metrics.repeats, len(repeats.cache)) == (1.0, 2, 1)
    assert repeats.federated


@pytest.mark.parametrize(
    "other",
    [
        Request(ASK + " "),
        Request(ASK, results="csv"),
        Request(ASK, graphs="ttl"),
        Request(ASK, default=("http://example.org/a",)),
        Request(ASK, named=("http://example.org/a",)),
    ],
)
def test_another_text_format_or_dataset_is_another_query(other: Request) -> None:
    found, _ = answers(Repeats(Counting(), 1 << 20), Request(ASK), other, Request(ASK))
    assert [body for _, body in found] == [b"1", b"2", b"1"]


@pytest.mark.parametrize("text", CHANGING)
def test_what_changes_each_time_runs_each_time(text: str) -> None:
    found, _ = answers(Repeats(Counting(), 1 << 20), Request(text), Request(text))
    assert [body for _, body in found] == [b"1", b"2"]


def test_an_answer_that_is_still_coming_is_passed_on_and_not_kept() -> None:
    repeats = Repeats(Counting(), 1 << 20)
    found, _ = answers(repeats, Request("long"), Request("long"))
    assert [body for _, body in found] == [b"1", b"2"]
    assert not len(repeats.cache)


@pytest.mark.parametrize(
    "large",
    [
        {"named": tuple(f"urn:g{number}" for number in range(10_000))},
        {"default": ("urn:" + "x" * 1_000_000,)},
        {"query": "ASK {} # \N{FIRE}" + "x" * 300_000},
    ],
    ids=["many graphs", "a long name", "a wide letter"],
)
def test_a_query_costs_what_it_holds(large: dict[str, Any]) -> None:
    tracemalloc.start()
    repeats = Repeats(Counting(), 1 << 30)
    requests = (Request(**{"query": f"ASK {{}} # {number}"} | large | {"results": f"{number}"}) for number in range(3))
    before = tracemalloc.get_traced_memory()[0]
    for request in requests:
        copy = Request.decode(request.encode()[HEAD.size :])
        repeats.cache.put(copy, Known(FORMATS["srj"], b""))
        del request, copy
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert held / 2 < repeats.cache.size < 2 * held


def test_the_memory_has_a_bound_and_may_be_switched_off() -> None:
    repeats = Repeats(Counting(size=10_000), 100_000)
    answers(repeats, *(Request(f"{ASK} # {number}") for number in range(50)))
    assert 5 < len(repeats.cache) < 10
    assert repeats.cache.size <= 100_000
    found, _ = answers(Repeats(Counting(), 0), Request(ASK), Request(ASK))
    assert [body for _, body in found] == [b"1", b"2"]
