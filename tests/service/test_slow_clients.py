"""Clients that dawdle, flood or garble cost the others nothing, and are let go of."""

import contextlib
import socket
import time
from collections.abc import Callable

import pytest

from processes import busy, proportional_bytes, wait_until, workers
from running import Service

pytestmark = pytest.mark.usefixtures("nothing_is_left_behind")

IDLE = 1
PATIENCE = 2 * IDLE + 1
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"


@pytest.fixture(scope="module")
def service(start: Callable[..., Service]) -> Service:
    """A server that soon loses patience."""
    return start(
        keep_alive_seconds=IDLE,
        head_seconds=IDLE,
        body_seconds=IDLE,
        send_seconds=IDLE,
        connections=60,
        query_seconds=3,
    )


def closed(connection: socket.socket, seconds: float) -> bool:
    """Tell whether the other side has closed or answered within some seconds."""
    connection.settimeout(seconds)
    try:
        while connection.recv(1 << 16):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        POST + b"Content-Length: 1000\r\n\r\nASK",
        POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nASK",
    ],
    ids=["nothing", "half a line", "half the headers", "half a body", "half a chunk"],
)
def test_one_who_says_no_more_is_let_go(service: Service, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.sendall(sent)
        assert closed(connection, PATIENCE)


def test_one_who_drips_is_let_go(service: Service) -> None:
    """A header a second keeps a connection busy for ever, unless the whole request has a time limit."""
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            time.sleep(0.2)
            try:
                connection.sendall(b"X-Drip: 1\r\n")
            except OSError:
                return
    pytest.fail("the connection was still open")


def test_dawdlers_do_not_lock_others_out(service: Service) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(200):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", service.port)))
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        begun = time.perf_counter()
        statuses = set()
        while time.perf_counter() - begun < PATIENCE and 200 not in statuses:
            with contextlib.suppress(OSError):
                statuses.add(service.ask("GET", "/healthz", timeout=2).status)
        assert 200 in statuses
        assert statuses <= {200, 503}


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", {400, 414, 431}),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000 + b"\r\n\r\n", {400, 431}),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: 1\r\n" * 20_000 + b"\r\n", {400, 431}),
        (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", {400, 505}),
        (b"\x16\x03\x01\x02\x00\x01\x00", {400}),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", {400}),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nASK {}", {400}),
        (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            {400, 415},
        ),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", {400, 415}),
        (b"GET /sparql?query=%ff HTTP/1.1\r\nHost: x\r\n\r\n", {400}),
        (b"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", {400, 404}),
        (b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", {400, 405, 501}),
        (b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", {405, 501}),
    ],
)
def test_garble_is_refused(service: Service, head: bytes, expected: set[int]) -> None:
    with socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(head)
        try:
            answer = connection.recv(4096)
        except ConnectionResetError:
            return  # hanging up on garble is an answer too
    assert not answer or int(answer.split()[1]) in expected


def test_an_endless_body_is_not_taken(service: Service) -> None:
    before = proportional_bytes(service.leader)
    head = POST + b"Transfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"#" * 65_536 + b"\r\n"
    sent = 0
    with socket.create_connection(("127.0.0.1", service.port), timeout=5) as connection:
        connection.sendall(head)
        with contextlib.suppress(OSError):
            for _ in range(3_000):
                connection.sendall(chunk)
                sent += len(chunk)
    assert sent < 60_000_000
    assert proportional_bytes(service.leader) < before + 30_000_000


def test_one_who_takes_nothing_is_let_go(service: Service) -> None:
    text = b"SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(POST + f"Content-Length: {len(text)}\r\n\r\n".encode() + text)
        time.sleep(0.5)
        assert busy(service.leader) or workers(service.leader)
        wait_until(lambda: not busy(service.leader), PATIENCE)


def test_pipelined_requests_are_answered_in_order(service: Service) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE) as connection:
        connection.sendall(request * 50 + request.replace(b"Host", b"Connection: close\r\nHost"))
        received = b""
        while part := connection.recv(1 << 16):
            received += part
    assert received.count(b"HTTP/1.1 200") == 51
