"""Queries that burst a parser end a worker at worst: the service goes on, and says what was wrong."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from hostile import PARSE_BOMBS
from processes import session
from running import Service

pytestmark = pytest.mark.usefixtures("nothing_is_left_behind")

SIZES = (60_000, 2 * 2**20)
"""Characters: as long as an address may be, and the whole body limit."""
HONEST = {200, 400, 403, 413, 503, 504}
SECONDS = 5.0


@pytest.mark.parametrize("size", SIZES)
def test_bombs(service: Service, size: int) -> None:
    parents = {process.pid for process in session(service.leader) if process.parent in {0, 1, service.leader}}

    def explode(kind: str) -> None:
        begun = time.perf_counter()
        reply = service.query(PARSE_BOMBS[kind](size), "*/*")
        assert reply.status in HONEST, (kind, reply.body[:200])
        assert reply.status == 200 or reply.media_type == "application/problem+json", kind
        assert time.perf_counter() - begun < SECONDS, kind

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(explode, PARSE_BOMBS))
    assert parents <= {process.pid for process in session(service.leader)}


def test_a_body_over_the_limit_is_not_read_to_its_end(service: Service) -> None:
    reply = service.query("#" * (2 * 2**20) + " ASK {}")
    assert (reply.status, reply.media_type) == (413, "application/problem+json")


def test_others_do_not_notice(service: Service) -> None:
    bombs = [make(200_000) for make in PARSE_BOMBS.values()][::4]

    def look() -> float:
        begun = time.perf_counter()
        assert service.query("ASK {}").status == 200
        return time.perf_counter() - begun

    with ThreadPoolExecutor(4) as pool:
        exploding = [pool.submit(service.query, bomb) for bomb in bombs]
        waits = []
        while not all(each.done() for each in exploding):
            waits.append(look())
            time.sleep(0.02)
        assert {each.result().status for each in exploding} <= HONEST
    assert sorted(waits)[len(waits) // 2] < 0.5


def test_bombs_in_other_places(start: Callable[..., Service]) -> None:
    service = start()
    deep = "(" * 20_000
    for path in (f"/sparql?query={deep}", f"/search?q={deep}", f"/plants?q={'[' * 5_000}", "/" + "../" * 5_000):
        assert service.ask("GET", path).status < 500
    for accept in ("," * 50_000, "a/b;" * 10_000, "text/html;q=" + "9" * 30_000, '"' * 30_000):
        assert service.ask("GET", "/", {"Accept": accept}).status in {200, 400, 406, 431}
    assert service.query("ASK {}").status == 200
