"""When a client hangs up, its query ends within a second, wherever it is on its way; a worker is not lost by it."""

import re
import socket
import time

import pytest

from hostile import RUNAWAYS
from processes import busy, descriptors, wait_until, workers, zombies
from running import TOKEN, Service

pytestmark = pytest.mark.usefixtures("nothing_is_left_behind")

SECONDS = 1.0
NOISE = 0.3


def queries_running(service: Service) -> int:
    """Return how many queries the service itself says are running."""
    text = service.ask("GET", "/metrics", {"Authorization": f"Bearer {TOKEN}"}).body.decode()
    found = re.search(r"^alpine_kg_queries_running(?:{[^}]*})? (\d+)", text, re.MULTILINE)
    assert found, text[:500]
    return int(found[1])


def begin(service: Service, text: str, *, by_get: bool = False) -> socket.socket:
    """Send a query and return the connection without waiting for an answer."""
    connection = socket.create_connection(("127.0.0.1", service.port))
    if by_get:
        words = text.replace(" ", "+").replace("?", "%3F").replace("{", "%7B").replace("}", "%7D")
        connection.sendall(f"GET /sparql?query={words} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    else:
        head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length:"
        connection.sendall(f"{head} {len(text)}\r\n\r\n{text}".encode())
    return connection


@pytest.mark.parametrize("by_get", [False, True])
@pytest.mark.parametrize("kind", ["cross product counted", "catastrophic regex", "unbounded CONSTRUCT"])
@pytest.mark.parametrize("after", [0.05, 0.4])
def test_the_query_ends(service: Service, kind: str, after: float, *, by_get: bool) -> None:
    """After 0.05 s a query is in the short lane, after 0.4 s in the long one; a CONSTRUCT waits for its reader by then."""
    with begin(service, RUNAWAYS[kind], by_get=by_get):
        time.sleep(after)
        assert after < 0.1 or queries_running(service) == 1
    wait_until(lambda: not busy(service.leader) and queries_running(service) == 0, SECONDS + NOISE)


def test_a_reset_ends_it_as_well(service: Service) -> None:
    connection = begin(service, RUNAWAYS["cross product counted"])
    time.sleep(0.3)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()
    wait_until(lambda: not busy(service.leader), SECONDS + NOISE)


def test_queries_that_wait_for_their_turn_are_forgotten(service: Service) -> None:
    crowd = [begin(service, f"{RUNAWAYS['cross product counted']} #{n}") for n in range(20)]
    time.sleep(0.3)
    for connection in crowd:
        connection.close()
    wait_until(lambda: not busy(service.leader), SECONDS + NOISE)
    begun = time.perf_counter()
    assert service.query("ASK {}").status == 200
    assert time.perf_counter() - begun < 0.5


def test_nothing_is_lost_by_many_that_hang_up_at_once(service: Service) -> None:
    for _ in range(3):
        assert service.query("ASK {}").status == 200
    files = descriptors(service.leader)
    for turn in range(150):
        begin(service, f"{RUNAWAYS['cross product counted']} #{turn}").close()
        if turn % 3 == 0:
            time.sleep(0.01)
    wait_until(lambda: not busy(service.leader), SECONDS + NOISE)
    wait_until(lambda: not zombies(service.leader), 3.0)
    assert len(workers(service.leader)) <= 12
    assert descriptors(service.leader) <= files + 20
