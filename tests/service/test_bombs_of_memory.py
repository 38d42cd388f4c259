"""Queries that would take all memory or all time end at their limits, and give back what they took."""

import http.client
import time
from collections.abc import Callable
from threading import Thread

import pytest

from hostile import RUNAWAYS
from processes import proportional_bytes, wait_until
from running import Service

pytestmark = pytest.mark.usefixtures("nothing_is_left_behind")

LIMIT = 1.0
OVERRUN = 0.5
NOISE = 0.3
"""Seconds that a busy machine may add to a measurement."""


@pytest.mark.parametrize("kind", RUNAWAYS)
def test_a_runaway_is_ended_honestly(service: Service, kind: str) -> None:
    before = proportional_bytes(service.leader)
    begun = time.perf_counter()
    try:
        reply = service.query(RUNAWAYS[kind], "application/sparql-results+json, application/n-triples", timeout=30)
    except http.client.IncompleteRead:
        pass  # an answer that had begun breaks off for everybody to see
    else:
        # A query that the engine sees through is answered; none of the others may be.
        assert reply.status in {200, 400, 403, 503, 504}
        assert reply.status < 500 or reply.media_type == "application/problem+json"
        assert reply.status < 500 or int(reply.headers["retry-after"]) > 0
    assert time.perf_counter() - begun < LIMIT + OVERRUN + NOISE
    wait_until(lambda: proportional_bytes(service.leader) < 1.2 * before + 20e6, 3.0)


def test_queries_that_take_turns_do_not_add_up(start: Callable[..., Service]) -> None:
    """Each may have 300 MB, and keeps it while it waits for its turn; together they may have as much."""
    service = start(query_seconds=6, query_memory_bytes=300_000_000, queries_memory_bytes=300_000_000)
    before = proportional_bytes(service.leader)
    crowd = [Thread(target=service.query, args=(f"{RUNAWAYS['cross product sorted']} #{n}",)) for n in range(8)]
    for thread in crowd:
        thread.start()
    most = before
    while any(thread.is_alive() for thread in crowd):
        most = max(most, proportional_bytes(service.leader))
        time.sleep(0.05)
    assert most - before < 800_000_000  # half a second of four growing queries beyond what they may have
    assert service.query("ASK {}").status == 200


def test_the_caller_may_lower_the_limit_but_not_raise_it(service: Service) -> None:
    for asked, most in (("0.2", 0.2), ("3600", LIMIT)):
        begun = time.perf_counter()
        headers = {"Content-Type": "application/sparql-query"}
        path = f"/sparql?timeout={asked}"
        reply = service.ask("POST", path, headers, RUNAWAYS["cross product counted"].encode())
        assert reply.status in {400, 403, 503, 504}
        assert time.perf_counter() - begun < most + OVERRUN + NOISE
