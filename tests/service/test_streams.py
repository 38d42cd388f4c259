"""An answer that is not whole never looks whole, to any HTTP library; one of any size is streamed in bounded memory."""

import http.client
import socket
import threading
import time
from collections.abc import Callable

import httpx
import pytest

from hostile import RUNAWAYS
from processes import proportional_bytes
from running import Service

pytestmark = pytest.mark.usefixtures("nothing_is_left_behind")

ACCEPTS = {
    "cross product": (
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ),
    "unbounded CONSTRUCT": ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"),
}
CASES = [(kind, accept) for kind, accepts in ACCEPTS.items() for accept in accepts]
FEW = CASES[::3]
BOUNDED = 60_000_000


@pytest.fixture(scope="module")
def service(start: Callable[..., Service]) -> Service:
    """A server that commits itself to an answer early, so that every runaway begins before it is ended."""
    return start(query_seconds=0.7, spool_bytes=100_000)


@pytest.fixture(scope="module")
def patient(start: Callable[..., Service]) -> Service:
    """A server that gives long answers the time that they take."""
    return start(query_seconds=120, spool_bytes=100_000)


@pytest.mark.parametrize(("kind", "accept"), CASES)
def test_http_client_sees_that_an_answer_broke_off(service: Service, kind: str, accept: str) -> None:
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        service.query(RUNAWAYS[kind], accept)


@pytest.mark.parametrize(("kind", "accept"), FEW)
def test_httpx_sees_it(service: Service, kind: str, accept: str) -> None:
    headers = {"Accept": accept, "Content-Type": "application/sparql-query"}
    with pytest.raises(httpx.TransportError), httpx.Client(timeout=10) as client:
        client.post(f"http://127.0.0.1:{service.port}/sparql", content=RUNAWAYS[kind], headers=headers)


def test_http_1_0_is_not_deceived(service: Service) -> None:
    """HTTP/1.0 knows no chunks: an answer of unknown length ends with its connection, so it must not end in peace."""
    text = RUNAWAYS["cross product"]
    head = f"POST /sparql HTTP/1.0\r\nContent-Type: application/sparql-query\r\nContent-Length: {len(text)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
        connection.sendall((head + text).encode())
        received = b""
        try:
            while part := connection.recv(1 << 20):
                received = (received + part)[:100]
        except ConnectionResetError:
            return
        assert received.split()[1] in {b"503", b"504"}, "the answer ended as a whole one does"


def test_a_long_answer_is_whole_and_takes_little_memory(patient: Service) -> None:
    text = "SELECT ?a ?b WHERE { ?a <urn:n> ?x . ?b <urn:n> ?y } LIMIT 400000"
    before = proportional_bytes(patient.leader)
    most, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            most.append(proportional_bytes(patient.leader))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        reply = patient.query(text, "text/tab-separated-values")
    finally:
        over.set()
        watching.join()
    assert reply.status == 200
    assert reply.body.count(b"\n") == 400_001
    assert max(most) < before + BOUNDED


def test_a_client_that_reads_slowly_does_not_fill_the_memory(service: Service) -> None:
    text = RUNAWAYS["unbounded CONSTRUCT"]
    before = proportional_bytes(service.leader)
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length:"
        connection.sendall(f"{head} {len(text)}\r\n\r\n{text}".encode())
        for _ in range(10):
            time.sleep(0.1)
            connection.recv(100)
            # The engine remembers which triples it has made, so a worker may grow: the rest of the service may not.
            assert proportional_bytes(service.leader) < before + 300_000_000 + BOUNDED
